//! Blocks: what is played, how often, and what a failure in one does.

use super::*;
use crate::desktop::MemoryHost;

#[tokio::test(start_paused = true)]
async fn an_if_plays_one_of_its_sides() {
    let steps =
        "  - if: { window: Here }\n    then:\n      - press: a\n    else:\n      - press: b\n";
    let here = Rect::new(0, 0, 9, 9);
    let shown = Play::steps(steps).on(|d| d.window_after(Duration::ZERO, "Here", here));
    assert_eq!(shown.played().await.actions(), ["press a"]);
    assert_eq!(Play::steps(steps).played().await.actions(), ["press b"]);
}

#[tokio::test(start_paused = true)]
async fn an_if_looks_once_and_waits_for_nothing() {
    let steps = "  - if: { window: Late }\n    then:\n      - press: a\n  - press: b\n";
    let place = Rect::new(0, 0, 9, 9);
    let late = Play::steps(steps).on(|d| d.window_after(Duration::from_secs(1), "Late", place));
    assert_eq!(late.played().await.actions(), ["press b"]);
}

#[tokio::test(start_paused = true)]
async fn a_step_is_skipped_where_its_if_does_not_hold() {
    let steps = "  - run: mode\n    capture: mode\n  - press: a\n    if: { value: \"${captured.mode}\", \
                 equals: fast }\n  - press: b\n    if: { value: \"${captured.mode}\", differs: fast }\n";
    let played = Play::steps(steps)
        .on(|desktop| desktop.answering("mode", 0, "slow\n"))
        .played()
        .await;
    assert_eq!(played.steps(), ["passed", "skipped", "passed"]);
    assert_eq!(played.outcome(), &Outcome::Passed);
}

#[tokio::test(start_paused = true)]
async fn for_each_plays_its_steps_with_every_entry_in_turn() {
    let steps = "  - for-each: { in: [a, \"${vars.last}\"], as: letter }\n    steps:\n      - type: \
                 <${letter}>\n      - run: echo ${letter}\n        capture: last\n  - type: \
                 ${captured.last}\n";
    let played = Play::text(&format!("vars: {{ last: z }}\nsteps:\n{steps}"))
        .on(|d| {
            let d = d.answering("echo a", 0, "one");
            d.answering("echo z", 0, "two")
        })
        .played()
        .await;
    let typed: Vec<String> = played.actions();
    let typed: Vec<&String> = typed
        .iter()
        .filter(|done| done.starts_with("type"))
        .collect();
    assert_eq!(typed, ["type <a>", "type <z>", "type two"]);
}

const COUNT: &str = "  - repeat-until: { value: \"${captured.count:-0}\", equals: \"3\" }\n    max: \
                     5\n    steps:\n      - run: count\n        capture: count\n";

#[tokio::test(start_paused = true)]
async fn repeat_until_ends_as_soon_as_its_condition_holds() {
    let played = Play::steps(COUNT)
        .on(|d| {
            let d = d.answering("count", 0, "1").answering("count", 0, "2");
            d.answering("count", 0, "3")
        })
        .played()
        .await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    assert_eq!(played.actions().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn repeat_until_fails_at_its_bound_and_says_what_did_not_come() {
    let played = Play::steps(COUNT)
        .on(|desktop| desktop.answering("count", 0, "1"))
        .played()
        .await;
    assert_eq!(played.actions().len(), 5);
    let failure = played.failure();
    assert!(failure.message.contains("5 rounds"), "{failure:?}");
    assert_eq!(failure.verb, "repeat-until");
}

#[tokio::test(start_paused = true)]
async fn repeat_until_plays_nothing_where_its_condition_holds_at_once() {
    let steps = "  - repeat-until: true\n    max: 5\n    steps:\n      - press: a\n";
    let played = Play::steps(steps).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    assert!(played.actions().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_a_block_ends_the_blocks_around_it() {
    let steps = "  - group: outer\n    steps:\n      - group: inner\n        steps:\n          - \
                 assert: { window: Nowhere }\n          - press: a\n      - press: b\n  - press: c\n";
    let played = Play::steps(steps).played().await;
    assert_eq!(
        played.told(),
        [
            "assert window: Nowhere: failed",
            "press a: skipped",
            "group inner: failed",
            "press b: skipped",
            "group outer: failed",
            "press c: skipped",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_soft_failure_in_a_block_fails_the_block_at_its_end() {
    let steps = "  - group: outer\n    steps:\n      - assert: { window: Nowhere }\n        soft: \
                 true\n      - press: b\n  - press: c\n";
    let played = Play::steps(steps).played().await;
    assert_eq!(
        played.told(),
        [
            "assert window: Nowhere: failed",
            "press b: passed",
            "group outer: failed",
            "press c: passed",
        ]
    );
    assert!(matches!(played.outcome(), Outcome::Failed(_)));
}

#[tokio::test(start_paused = true)]
async fn a_used_file_is_played_in_its_place_and_told_with_its_own_lines() {
    let part = "version: 1\nvars:\n  key:\nsteps:\n  - press: ${vars.key}\n  - assert: { window: \
                Nowhere }\n";
    let steps = "  - use: parts/press.yaml\n    with: { key: Tab }\n";
    let played = Play::steps(steps)
        .file("parts/press.yaml", part)
        .played()
        .await;
    assert_eq!(played.actions(), ["press Tab"]);
    let place = &played.failure().place;
    assert!(place.file.ends_with("parts/press.yaml"), "{place:?}");
    assert_eq!((place.line, place.column), (6, 5));
}

#[tokio::test(start_paused = true)]
async fn every_row_of_a_matrix_is_a_scenario_of_its_own() {
    let text = "matrix:\n  - { key: a }\n  - { key: b }\nsteps:\n  - press: ${matrix.key}\n";
    let played = Play::text(text).played().await;
    let names = played.events.iter().filter_map(|event| match &event.kind {
        EventKind::ScenarioStarted { name, .. } => Some(name.as_str()),
        _ => None,
    });
    let names: Vec<&str> = names.collect();
    assert_eq!(names, ["A play [key=a]", "A play [key=b]"]);
    // There is one desktop in these tests, and the first row had it.
    assert_eq!(played.actions(), ["press a"]);
}

#[tokio::test(start_paused = true)]
async fn a_step_in_a_block_names_the_block_around_it() {
    let steps = "  - group: outer\n    steps:\n      - if: true\n        then:\n          - press: \
                 a\n  - press: b\n";
    let played = Play::steps(steps).played().await;
    let mut titles = BTreeMap::new();
    let mut within = Vec::new();
    for event in &played.events {
        if let EventKind::StepStarted {
            step,
            parent,
            title,
            verb,
            ..
        } = &event.kind
        {
            titles.insert(*step, verb.clone());
            let parent = parent.and_then(|parent| titles.get(&parent).cloned());
            within.push((title.clone(), parent.unwrap_or_default()));
        }
    }
    let within: Vec<(&str, &str)> = within.iter().map(|(t, p)| (&**t, &**p)).collect();
    assert_eq!(
        within,
        [
            ("group outer", ""),
            ("if true", "group"),
            ("press a", "if"),
            ("press b", ""),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_input_of_a_used_file_that_nobody_gives_is_what_the_file_says() {
    let part = "version: 1\nvars:\n  key: Escape\nsteps:\n  - press: ${vars.key}\n  - run: date\n    \
                capture: day\n";
    let steps = "  - use: parts/press.yaml\n  - type: ${captured.day}\n";
    let played = Play::steps(steps)
        .file("parts/press.yaml", part)
        .on(|d| d.answering("date", 0, "Monday"))
        .played()
        .await;
    let wanted = ["press Escape", "execute date", "type Monday"];
    assert_eq!(played.actions(), wanted);
}

#[tokio::test(start_paused = true)]
async fn an_error_in_a_block_is_not_forgiven_by_the_blocks_around_it() {
    let steps = "  - group: outer\n    steps:\n      - run: ping\n    soft: true\n    retry: 3\n  - \
                 press: a\n";
    let refuses = |d: MemoryDesktop| d.refusing("ping", "out of memory");
    let played = Play::steps(steps).on(refuses).played().await;
    assert_eq!(
        played.told(),
        ["run ping: error", "group outer: error", "press a: skipped"]
    );
}

#[tokio::test(start_paused = true)]
async fn every_row_of_a_matrix_has_a_desktop_and_a_folder_of_its_own() {
    let text = "version: 1\nname: Rows\nmatrix:\n  size: [640x480, 800x600]\ndesktop: { size: \
                \"${matrix.size}\" }\nsteps:\n  - screenshot: shot\n";
    let source = Source::new("rows.yaml", text.as_bytes());
    let plans = plan::read([source], &Context::default()).unwrap().plans;
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        artifacts: folder.path().to_owned(),
        ..Settings::default()
    };
    let (heard, stop) = (Arc::new(Heard::default()), CancellationToken::new());
    let suite = plans.into_iter().collect();
    run(&suite, Arc::new(MemoryHost), &settings, heard, &stop).await;
    for (row, size) in [("640x480", SIZE), ("800x600", Size::new(800, 600))] {
        let path = folder.path().join(format!("rows.size_{row}/shot.png"));
        let shot = Frame::decode_png(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(shot.size(), size);
    }
}
