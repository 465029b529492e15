//! Setup, steps and teardown, and what ends a scenario early.

use super::{
    screenshots::{ASSERT, REGION},
    *,
};

#[tokio::test(start_paused = true)]
async fn a_failed_setup_skips_the_steps_and_the_teardown_is_played() {
    let steps =
        "setup:\n  - launch: nowhere\nsteps:\n  - type: never\nteardown:\n  - press: Escape\n";
    let played = Play::text(steps)
        .on(|d| d.without_program("nowhere"))
        .played()
        .await;
    assert_eq!(played.steps(), ["error", "skipped", "passed"]);
    assert_eq!(
        played.message(),
        "there is no program `nowhere` on the desktop's machine"
    );
}

#[tokio::test(start_paused = true)]
async fn a_soft_failure_goes_on_and_still_fails_the_scenario() {
    let steps = format!("{ASSERT}    soft: true\n    timeout: 1s\n  - type: goes on\n");
    let white = Frame::filled(REGION.size(), WHITE);
    let played = Play::text(&steps).baseline("seen", &white).played().await;
    assert_eq!(played.steps(), ["failed", "passed"]);
    assert!(matches!(played.outcome(), Outcome::Failed(_)));
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_is_an_error_by_its_name() {
    let white = Frame::filled(REGION.size(), WHITE);
    let dies = |desktop: MemoryDesktop| desktop.without_after(Duration::from_secs(1), "x11vnc");
    let played = Play::text(ASSERT)
        .baseline("seen", &white)
        .on(dies)
        .played()
        .await;
    assert_eq!(
        played.message(),
        "the desktop process `x11vnc` ended while the scenario was playing"
    );
    let Outcome::Error(trouble) = played.outcome() else {
        panic!("an error")
    };
    assert!(
        trouble
            .detail
            .as_ref()
            .unwrap()
            .contains("the last words of x11vnc")
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_that_breaks_because_the_x_server_died_is_explained_by_that() {
    let steps = "steps:\n  - wait-ready\n  - press: { key: a, times: 100 }\n  - wait-ready\n";
    let dies = |desktop: MemoryDesktop| desktop.without_after(Duration::from_millis(200), "xvfb");
    let played = Play::text(steps).on(dies).played().await;
    assert_eq!(
        played.message(),
        "the desktop process `xvfb` ended while the scenario was playing"
    );
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_ends_the_step_and_plays_the_teardown_and_keeps_the_recording() {
    let white = Frame::filled(REGION.size(), WHITE);
    let steps = format!(
        "{}teardown:\n  - press: Escape\n",
        ASSERT.replace("steps:\n", "steps:\n  - record: demo\n")
    );
    let play = Play::text(&steps)
        .baseline("seen", &white)
        .stopped_after(Duration::from_secs(2));
    let played = play.played().await;
    assert_eq!(played.steps(), ["passed", "interrupted", "passed"]);
    assert!(matches!(played.outcome(), Outcome::Interrupted));
    assert!(played.artifacts(ArtifactKind::Video)[0].ends_with("artifacts/play/demo.mp4"));
    let Some(EventKind::RunFinished {
        interrupted: true, ..
    }) = played.events.last().map(|e| &e.kind)
    else {
        panic!("{:?}", played.events.last())
    };
}

#[tokio::test(start_paused = true)]
async fn a_desktop_that_does_not_start_is_an_error_of_the_scenario() {
    let text = format!("version: 1\nname: Another\n{ASSERT}");
    let sources = ["a.yaml", "b.yaml"].map(|name| Source::new(name, text.as_bytes()));
    let plans = plan::read(sources, &Context::default()).unwrap().plans;
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        artifacts: folder.path().to_owned(),
        ..Settings::default()
    };
    let heard = Arc::new(Heard::default());
    let host = Arc::new(OneDesktop {
        desktop: Mutex::new(None),
        offers: Extensions::all(),
    });
    let suite = plans.into_iter().collect();
    let stop = CancellationToken::new();
    run(&suite, host, &settings, heard.clone(), &stop).await;
    let outcomes: Vec<String> = heard
        .0
        .lock()
        .unwrap()
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::ScenarioFinished {
                outcome: Outcome::Error(trouble),
                ..
            } => Some(trouble.message.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(outcomes, ["no desktop is left", "no desktop is left"]);
}

const FAILS: &str = "  - assert: { command: 'false' }\n";
const ESCAPE: &str = "teardown:\n  - press: Escape\n";

fn failing(desktop: MemoryDesktop) -> MemoryDesktop {
    desktop.answering("false", 1, "")
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_the_setup_skips_the_steps_and_fails_the_scenario() {
    let text = format!("setup:\n{FAILS}steps:\n  - type: never\n{ESCAPE}");
    let played = Play::text(&text).on(failing).played().await;
    assert_eq!(played.steps(), ["failed", "skipped", "passed"]);
    assert!(matches!(played.outcome(), Outcome::Failed(_)));
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_the_teardown_is_an_error_of_the_scenario() {
    let text = format!("steps:\n  - type: a\nteardown:\n{FAILS}  - type: never\n");
    let played = Play::text(&text).on(failing).played().await;
    assert_eq!(played.steps(), ["passed", "failed", "skipped"]);
    assert!(matches!(played.outcome(), Outcome::Error(_)));
}

#[tokio::test(start_paused = true)]
async fn a_teardown_cannot_hide_why_the_scenario_failed() {
    let text = format!("steps:\n  - wait: {{ window: Nowhere }}\nteardown:\n{FAILS}");
    let played = Play::text(&text).on(failing).played().await;
    assert_eq!(played.steps(), ["failed", "failed"]);
    let trouble = played.trouble();
    assert!(
        trouble.message.starts_with("the teardown failed: "),
        "{trouble:?}"
    );
    let detail = trouble.detail.as_ref().unwrap();
    assert!(
        detail.contains("`window: Nowhere` is not on the screen"),
        "{detail}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_the_setup_captured_is_known_to_the_teardown() {
    let text = "setup:\n  - run: mktemp -d\n    capture: folder\nsteps:\n  - type: \
                a\nteardown:\n  - run: rm -r ${captured.folder}\n";
    let played = Play::text(text)
        .on(|desktop| desktop.answering("mktemp -d", 0, "/tmp/x\n"))
        .played()
        .await;
    assert_eq!(played.actions().last().unwrap(), "execute rm -r /tmp/x");
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_ends_every_block_around_the_step() {
    let text = format!(
        "steps:\n  - repeat-until: {{ window: Never }}\n    max: 1000\n    steps:\n      - group: a \
         round\n        steps:\n          - wait: {{ window: Never }}\n            timeout: \
         1m\n{ESCAPE}"
    );
    let played = Play::text(&text)
        .stopped_after(Duration::from_secs(5))
        .played()
        .await;
    assert_eq!(
        played.told(),
        [
            "wait window: Never: interrupted",
            "group a round: interrupted",
            "repeat-until window: Never: interrupted",
            "press Escape: passed",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_desktop_that_lacks_what_a_step_needs_is_never_started() {
    let text = "steps:\n  - if: { window: Nowhere }\n    then:\n      - run: date\n";
    let played = Play::text(text)
        .offering(Extensions::of(&[Extensions::FILES]))
        .played()
        .await;
    let Outcome::Error(trouble) = played.outcome() else {
        panic!("{:?}", played.outcome())
    };
    assert!(trouble.message.contains("exec"), "{}", trouble.message);
    assert!(played.steps().is_empty() && played.actions().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_looks_at_nothing_and_takes_everything_to_hold() {
    let text = "steps:\n  - wait: { window: Nowhere }\n  - click: { text: Save }\n  - run: { command: \
                date, stdout: never }\n    capture: day\n  - type: ${captured.day}\n  - \
                screenshot-assert: missing\n  - repeat-until: { window: Never }\n    max: 9\n    \
                steps:\n      - press: Tab\n";
    let played = Play::text(text).dry().played().await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    let actions = played.actions();
    assert_eq!(
        actions.iter().filter(|done| *done == "press Tab").count(),
        1
    );
    assert!(
        !actions.iter().any(|done| done.contains("date")),
        "{actions:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_in_the_setup_skips_the_steps_and_plays_the_teardown() {
    let text = format!("setup:\n  - wait: 1m\nsteps:\n  - type: never\n{ESCAPE}");
    let played = Play::text(&text)
        .stopped_after(Duration::from_secs(5))
        .played()
        .await;
    assert_eq!(played.steps(), ["interrupted", "skipped", "passed"]);
    assert_eq!(played.actions(), ["press Escape"]);
}

#[tokio::test(start_paused = true)]
async fn behind_an_interrupt_no_other_scenario_begins() {
    let text = "matrix:\n  - { n: a }\n  - { n: b }\nsteps:\n  - wait: 1m\n    name: ${matrix.n}\n";
    let played = Play::text(text)
        .stopped_after(Duration::from_secs(5))
        .played()
        .await;
    assert_eq!(played.told(), ["a: interrupted"]);
    let begun = |event: &&Event| matches!(event.kind, EventKind::ScenarioStarted { .. });
    assert_eq!(played.events.iter().filter(begun).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_error_in_a_step_skips_the_others_and_plays_the_teardown() {
    let text = format!("steps:\n  - run: ping\n  - type: never\n{ESCAPE}");
    let refuses = |d: MemoryDesktop| d.refusing("ping", "out of memory");
    let played = Play::text(&text).on(refuses).played().await;
    assert_eq!(played.steps(), ["error", "skipped", "passed"]);
    assert_eq!(played.trouble().verb, "run");
}
