//! Scenarios played by the program itself, as a user would.

use std::{fs, path::PathBuf, time::Duration};

use crate::run::{Run, assert_video_plays, send};

#[test]
fn hello_passes_and_leaves_reports_and_a_video() {
    let ended = Run::of("hello.yaml").ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    assert!(ended.said.contains("1 passed"), "{}", ended.said);
    assert!(
        ended
            .file("junit.xml")
            .contains(r#"tests="1" failures="0" errors="0" skipped="0""#)
    );
    assert!(ended.file("report.html").contains("A note is written"));
    ended.assert_video_plays("hello/demo.mp4");
    ended.assert_nothing_is_left();
}

#[test]
fn the_calculator_is_worked_by_clicks() {
    let ended = Run::of("calculator.yaml").ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    ended.assert_video_plays("calculator/sum.mp4");
    ended.assert_nothing_is_left();
}

#[test]
fn one_wrong_letter_fails_at_its_assert() {
    let ended = Run::of("hello.yaml")
        .with("Hello, desktop!", "Hello, desktob!")
        .with("name: both lines are on the page", "timeout: 1s")
        .ended();
    assert_eq!(ended.status, 1, "{}", ended.said);
    let junit = ended.file("junit.xml");
    assert_eq!(junit.matches("<failure ").count(), 1, "{junit}");
    assert!(junit.contains("at hello.yaml:17:5"), "{junit}");
    let picture = "hello/written.step-7.comparison.png";
    assert!(
        junit.contains(&format!("[[ATTACHMENT|artifacts/{picture}]]")),
        "{junit}"
    );
    assert!(ended.place.path().join("artifacts").join(picture).exists());
    assert!(ended.said.contains("differing pixels"), "{}", ended.said);
    ended.assert_video_plays("hello/demo.mp4");
    ended.assert_nothing_is_left();
}

/// Of a run's steps: their names, their outcomes, and what was seen instead.
fn steps(events: &str) -> Vec<(String, String, String)> {
    let events = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let events: Vec<serde_json::Value> = events.collect();
    let of_kind = |kind: &'static str| events.iter().filter(move |event| event["event"] == kind);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    of_kind("step-finished")
        .map(|end| {
            let start = of_kind("step-started").find(|start| start["step"] == end["step"]);
            let (outcome, title) = (&end["outcome"], &start.unwrap()["title"]);
            (
                text(title),
                text(&outcome["is"]),
                text(&outcome["seen"]) + &changes(outcome),
            )
        })
        .collect()
}

/// What changed in the areas of a difference, each with its kind and place.
fn changes(outcome: &serde_json::Value) -> String {
    let told = outcome["changes"]["told"].as_array();
    let line = |(at, change): (usize, &serde_json::Value)| {
        let (kind, area) = (change["is"].as_str().unwrap(), &change["area"]);
        let [x, y, width, height] = ["x", "y", "width", "height"].map(|side| &area[side]);
        format!("\n{}. {kind} {width}x{height} at {x},{y}", at + 1)
    };
    told.into_iter().flatten().enumerate().map(line).collect()
}

#[test]
fn a_difference_that_a_person_sees_is_a_failure_and_no_other() {
    let ended = Run::of("failing/eyes.yaml").ended();
    assert_eq!(ended.status, 1, "{}", ended.said);
    let steps = steps(&ended.file("events.jsonl"));
    for (name, outcome, _) in &steps {
        let expected = if name.starts_with("fails, ") {
            "failed"
        } else {
            "passed"
        };
        assert_eq!(outcome, expected, "{name}\n{}", ended.said);
    }
    for (name, place) in [
        ("fails, the window moved", "1. moved 344x374 at 469,226"),
        (
            "fails, without the mask the caret",
            " changes in 1x19 at 493,252",
        ),
        ("fails, one letter is another", "1. text 7x8 at 425,259"),
        (
            "fails, without the mask the spinner",
            " changes in 9x17 at 306,470",
        ),
    ] {
        let (_, _, seen) = steps.iter().find(|step| step.0.starts_with(name)).unwrap();
        assert!(seen.contains(place), "{name}: {seen}");
        assert!(!seen.contains("2. "), "{name}: {seen}");
    }
    ended.assert_nothing_is_left();
}

#[test]
fn a_misspelt_verb_and_a_misspelt_key_are_shown_together_and_nothing_starts() {
    let ended = Run::of("hello.yaml")
        .with("- wait-ready", "- wait-redy")
        .with("region: page", "regoin: page")
        .ended();
    assert_eq!(ended.status, 3, "{}", ended.said);
    for word in ["wait-redy", "wait-ready", "regoin", "region"] {
        assert!(ended.said.contains(word), "{}", ended.said);
    }
    assert!(!ended.place.path().join("artifacts").exists());
    ended.place.assert_nothing_is_left(Duration::ZERO);
}

#[test]
fn a_path_that_is_not_there_is_wrong_usage() {
    let mut run = Run::of("hello.yaml");
    run.scenario = PathBuf::from("nowhere.yaml");
    let ended = run.ended();
    assert_eq!(ended.status, 2);
    assert!(ended.said.contains("nowhere.yaml"), "{}", ended.said);
}

#[test]
fn a_missing_program_of_the_desktop_is_named_with_its_package() {
    let ended = Run::of("hello.yaml").with_path("/nowhere").ended();
    assert_eq!(ended.status, 4, "{}", ended.said);
    assert!(ended.said.contains("Xvfb (package xvfb)"), "{}", ended.said);
    assert!(ended.said.contains("--install-deps"), "{}", ended.said);
    ended.place.assert_nothing_is_left(Duration::ZERO);
}

#[test]
fn a_missing_package_of_a_scenario_is_named_with_the_command_that_installs_it() {
    let scenario = "version: 1\nname: Two programs\ndesktop: { packages: [dpkg, no-such-1, \
        no-such-2] }\nsteps:\n  - wait-ready\n";
    let ended = Run::text(scenario).ended();
    assert_eq!(ended.status, 4, "{}", ended.said);
    let said = ended.said.split_whitespace().collect::<Vec<_>>().join(" ");
    let command = "sudo apt-get install --no-install-recommends no-such-1 no-such-2";
    for part in [
        "its packages are not installed: `no-such-1`, `no-such-2`",
        command,
    ] {
        assert!(said.contains(part), "{said}");
    }
    ended.place.assert_nothing_is_left(Duration::ZERO);
}

#[test]
fn a_missing_program_under_test_is_an_error_of_its_step() {
    let ended = Run::of("hello.yaml")
        .with("launch: l3afpad", "launch: l4afpad")
        .ended();
    assert_eq!(ended.status, 4, "{}", ended.said);
    assert!(
        ended.said.contains("there is no program `l4afpad`"),
        "{}",
        ended.said
    );
    ended.assert_nothing_is_left();
}

#[test]
fn a_killed_x_server_is_an_error_that_names_it() {
    let run = Run::of("hello.yaml").with("type: 007", "type: 008");
    let child = run.started();
    run.has_told(r#""step":7,"verb""#);
    send("-9", run.place.process("Xvfb").unwrap());
    let ended = run.end_of(child);
    assert_eq!(ended.status, 4, "{}", ended.said);
    let junit = ended.file("junit.xml");
    assert!(
        junit.contains("<error ") && junit.contains("`xvfb`"),
        "{junit}"
    );
    ended.assert_video_plays("hello/demo.mp4");
    ended.assert_nothing_is_left();
}

#[test]
fn an_interrupt_ends_the_recording_and_writes_the_reports() {
    let run = Run::of("hello.yaml").with("type: 007", "type: 008");
    let child = run.started();
    run.has_told(r#""step":7,"verb""#);
    send("-TERM", child.id());
    let ended = run.end_of(child);
    assert_eq!(ended.status, 130, "{}", ended.said);
    assert!(ended.file("junit.xml").contains(r#"type="interrupted""#));
    assert!(ended.file("report.html").contains("interrupted"));
    ended.assert_video_plays("hello/demo.mp4");
    ended.assert_nothing_is_left();
}

#[test]
fn a_killed_run_leaves_nothing_but_what_it_recorded() {
    let run = Run::of("hello.yaml").with("type: 007", "type: 008");
    let mut child = run.started();
    run.has_told(r#""step":7,"verb""#);
    assert!(!run.place.processes().is_empty());
    child.kill().unwrap();
    child.wait().unwrap();
    run.place.assert_nothing_is_left(Duration::from_secs(5));
    let recordings = run.place.path().join("artifacts/recordings");
    let left: Vec<_> = fs::read_dir(recordings).unwrap().flatten().collect();
    // The video, and its clean frames.
    assert_eq!(left.len(), 2, "{left:?}");
    for video in left {
        assert_video_plays(&video.path());
    }
}

#[test]
fn an_interrupt_while_the_desktop_starts_leaves_nothing() {
    let run = Run::of("hello.yaml");
    let child = run.started();
    run.has_told("scenario-started");
    send("-INT", child.id());
    let ended = run.end_of(child);
    assert_eq!(ended.status, 130, "{}", ended.said);
    ended.place.assert_nothing_is_left(Duration::ZERO);
}
