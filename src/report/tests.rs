//! A run told as events, and what the reports make of it.

use std::time::Duration;

use chrono::{TimeZone, Utc};

use super::{Appearance, RunLog, Terminal};
use crate::event::{
    Artifact, ArtifactKind, Event, EventKind, EventSink, Excerpt, Failure, Moment, Outcome,
    ScenarioId, SourceLocation, StepId, Trouble,
};

pub(super) fn place(line: usize) -> SourceLocation {
    SourceLocation {
        file: "scenarios/editor/save.yaml".to_owned(),
        line,
        column: 5,
    }
}

pub(super) fn failure() -> Outcome {
    Outcome::Failed(Box::new(Failure {
        verb: "screenshot-assert".to_owned(),
        message: "the screen differs from `saved` \u{1b}[31m& more ]]>".to_owned(),
        expected: "at most 0 differing pixels".to_owned(),
        seen: "16 differing pixels\nthe largest cluster has 8".to_owned(),
        circumstances: vec!["the launched program `foo` ended with exit code 7; the end of its output:\ncannot open display".to_owned()],
        help: Some("look at it".to_owned()),
        place: place(9),
        excerpt: Excerpt {
            first_line: 8,
            lines: vec![
                "  - type: <x>".to_owned(),
                "  - screenshot-assert: saved".to_owned(),
            ],
            line: 9,
            column: 5,
            length: 24,
        },
        moment: Some(Moment {
            recording: "demo".to_owned(),
            seconds: 1.25,
        }),
    }))
}

/// A failed click, there, with this message.
pub(super) fn failure_at(file: &str, line: usize, message: &str) -> Outcome {
    let Outcome::Failed(mut failure) = failure() else {
        unreachable!("it is a failure");
    };
    failure.verb = "click".to_owned();
    failure.message = message.to_owned();
    failure.place = SourceLocation {
        file: file.to_owned(),
        ..place(line)
    };
    Outcome::Failed(failure)
}

pub(super) fn trouble() -> Outcome {
    Outcome::Error(Box::new(Trouble {
        verb: "desktop".to_owned(),
        message: "`xvfb` did not start".to_owned(),
        detail: Some("it exited with status 1".to_owned()),
        help: None,
        place: None,
        excerpt: None,
        moment: None,
    }))
}

/// One scenario of one step, which ends as its step does.
pub(super) fn scenario(number: usize, name: &str, outcome: &Outcome) -> Vec<EventKind> {
    let (scenario, step) = (ScenarioId(number), StepId(1));
    let took = Duration::from_micros(1_234_567);
    let of_step = vec![
        Artifact::new(ArtifactKind::Actual, "save/saved.actual.png"),
        Artifact::new(ArtifactKind::Comparison, "save/saved.comparison.png"),
    ];
    let of_scenario = vec![Artifact::new(ArtifactKind::Log, "save/xvfb.log")];
    let passed = outcome.is_passed();
    vec![
        EventKind::ScenarioStarted {
            attempt: 1,
            expected: None,
            scenario,
            name: name.to_owned(),
            place: place(2),
            tags: vec!["smoke".to_owned()],
            steps: 1,
        },
        EventKind::StepStarted {
            parent: None,
            scenario,
            step,
            verb: "screenshot-assert".to_owned(),
            title: "screenshot-assert saved".to_owned(),
            place: place(9),
            moment: None,
        },
        EventKind::StepFinished {
            scenario,
            step,
            outcome: outcome.clone(),
            took,
            artifacts: if passed { Vec::new() } else { of_step },
            notes: Vec::new(),
        },
        EventKind::ScenarioFinished {
            again: false,
            scenario,
            outcome: outcome.clone(),
            took,
            artifacts: if passed { Vec::new() } else { of_scenario },
        },
    ]
}

fn told(kinds: Vec<EventKind>) -> Vec<Event> {
    let start = EventKind::RunStarted {
        version: "0.1.0".to_owned(),
        host: "build-7".to_owned(),
        target: "local".to_owned(),
        scenarios: kinds.len() / 4,
        jobs: 1,
        shard: None,
        shuffle: None,
    };
    let end = EventKind::RunFinished {
        interrupted: false,
        took: Duration::from_secs(2),
    };
    let time = Utc.with_ymd_and_hms(2026, 3, 5, 14, 20, 0).unwrap() + Duration::from_millis(250);
    std::iter::once(start)
        .chain(kinds)
        .chain([end])
        .map(|kind| Event { time, kind })
        .collect()
}

pub(super) fn folded(kinds: Vec<EventKind>) -> RunLog {
    let mut log = RunLog::default();
    for event in told(kinds) {
        log.apply(&event);
    }
    log
}

fn written(kinds: Vec<EventKind>, appearance: Appearance) -> String {
    let mut out = Vec::new();
    let terminal = Terminal::new(&mut out, appearance);
    for event in told(kinds) {
        terminal.emit(&event);
    }
    drop(terminal);
    String::from_utf8(out).unwrap()
}

#[test]
fn a_log_reads_like_the_terminal_without_its_colours() {
    let plain = Appearance {
        colour: false,
        live: false,
        prefix: "artifacts/".to_owned(),
    };
    let text = written(scenario(0, "A note is saved", &failure()), plain);
    let expected = "\
A note is saved  scenarios/editor/save.yaml:2
  ✗ screenshot-assert saved                                           1.23 s
    failed: the screen differs from `saved` ^[[31m& more ]]>
    at scenarios/editor/save.yaml:9:5
      8 |   - type: <x>
      9 |   - screenshot-assert: saved
        |     ^^^^^^^^^^^^^^^^^^^^^^^^
    expected: at most 0 differing pixels
    seen:     16 differing pixels
              the largest cluster has 8
    also:     the launched program `foo` ended with exit code 7; the end of its output:
              cannot open display
    help:     look at it
    video:    1.2 s into the recording `demo`
    files:    artifacts/save/saved.comparison.png
              artifacts/save/saved.actual.png
✗ failed in 1.23 s
  artifacts/save/xvfb.log

0 passed, 1 failed in 2.00 s
";
    assert_eq!(text, expected);
}

#[test]
fn a_live_terminal_shows_the_running_step_and_then_replaces_it() {
    let live = Appearance {
        colour: false,
        live: true,
        prefix: String::new(),
    };
    let text = written(scenario(0, "A note is saved", &Outcome::Passed), live);
    let running = "\r\x1b[2K  … screenshot-assert saved\r\x1b[2K  ✓ screenshot-assert saved";
    assert!(text.contains(running), "{text:?}");
    assert!(text.ends_with("1 passed in 2.00 s\n"), "{text:?}");
}

#[test]
fn an_error_that_no_step_met_is_told_at_the_scenarios_end() {
    let plain = Appearance {
        colour: false,
        live: false,
        prefix: String::new(),
    };
    let mut kinds = scenario(0, "A note is saved", &trouble());
    kinds.drain(1..3);
    let text = written(kinds, plain);
    assert!(
        text.contains("    error: `xvfb` did not start\n    detail:   it exited with status 1\n"),
        "{text}"
    );
    assert_eq!(text.matches("did not start").count(), 1);
}
