//! A run told as events, and what the reports make of it.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{TimeZone, Utc};

use super::{Appearance, RunLog, Terminal, lines};
use crate::{
    event::{
        Artifact, ArtifactKind, Change, ChangeKind, Changes, Event, EventKind, EventSink, Excerpt,
        Failure, Moment, Outcome, ScenarioId, SourceLocation, StepId, Trouble,
    },
    geometry::{Point, Rect},
};

/// Takes what is written, for a test to look at.
#[derive(Clone, Default)]
pub(super) struct Taken(Arc<Mutex<Vec<u8>>>);

impl Write for Taken {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Taken {
    /// What was written since the last time.
    pub(super) fn text(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

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
        widgets: Vec::new(),
        changes: Changes::default(),
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

/// A failed comparison of a part of the screen.
pub(super) fn differing() -> Outcome {
    let Outcome::Failed(mut failure) = failure() else {
        unreachable!("it is a failure");
    };
    let change = |boxes: &[usize], kind, x: i32| Change {
        boxes: boxes.to_vec(),
        kind,
        area: Rect::new(x, 60, 120, 32),
        pixels: 312,
        decided: "by tolerance (9 %)".to_owned(),
    };
    let text = ChangeKind::Text {
        from: "<Save>".to_owned(),
        to: "Safe".to_owned(),
    };
    let by = Point::new(0, 3);
    failure.changes = Changes {
        told: vec![
            change(&[1, 3], ChangeKind::Moved { by }, 40),
            change(&[2], text, 200),
        ],
        more: 1,
        origin: Point::new(30, 50),
    };
    Outcome::Failed(failure)
}

/// A check that did not hold, and need not.
pub(super) fn noted() -> Outcome {
    match failure_at("scenarios/editor/save.yaml", 7, "there is no update") {
        Outcome::Failed(failure) => Outcome::Noted(failure),
        other => other,
    }
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
            attempts: 1,
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
            yaml: None,
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

fn is_first(kind: &EventKind) -> bool {
    matches!(kind, EventKind::ScenarioStarted { attempt: 1, .. })
}

fn told(kinds: Vec<EventKind>) -> Vec<Event> {
    let start = EventKind::RunStarted {
        version: "0.1.0".to_owned(),
        host: "build-7".to_owned(),
        target: "local".to_owned(),
        scenarios: kinds.iter().filter(|kind| is_first(kind)).count(),
        jobs: 1,
        shard: None,
        division: None,
        shuffle: None,
        expected: None,
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
    told_to(told(kinds), appearance)
}

fn told_to(events: Vec<Event>, appearance: Appearance) -> String {
    let out = Taken::default();
    let terminal = Terminal::new(out.clone(), appearance);
    for event in events {
        terminal.emit(&event);
    }
    out.text()
}

/// Without colours, as in a log.
fn in_a_log() -> Appearance {
    Appearance {
        colour: false,
        live: false,
        prefix: String::new(),
    }
}

/// The same events of a run that plays two scenarios side by side.
fn side_by_side(mut events: Vec<Event>) -> Vec<Event> {
    if let EventKind::RunStarted { jobs, .. } = &mut events[0].kind {
        *jobs = 2;
    }
    events
}

/// Two scenarios whose events alternate; the second ends first.
fn alternating() -> Vec<EventKind> {
    let [one, two] = [(0, "One"), (1, "Two")].map(|(number, name)| {
        let mut kinds = scenario(number, name, &Outcome::Passed);
        if let EventKind::StepStarted { title, .. } = &mut kinds[1] {
            *title = format!("a step of {name}");
        }
        kinds
    });
    let [a, b, c, d] = [0, 1, 2, 3].map(|at| [two[at].clone(), one[at].clone()]);
    [a, b, c, d].concat()
}

const ONE: &str = "\
One  scenarios/editor/save.yaml:2
  ✓ a step of One                                                     1.23 s
✓ passed in 1.23 s

";

#[test]
fn scenarios_that_are_played_side_by_side_are_one_block_each_as_they_end() {
    let text = told_to(side_by_side(told(alternating())), in_a_log());
    let expected = format!("{}{ONE}2 passed in 2.00 s\n", ONE.replace("One", "Two"));
    assert_eq!(text, expected);
}

#[test]
fn a_terminal_has_a_line_for_each_scenario_and_one_of_progress_below_the_blocks() {
    let out = Taken::default();
    let lines = lines(out.clone(), Box::new(|| (60, 24)), false);
    let terminal = Terminal::new(out.clone(), in_a_log()).drawing(lines);
    let mut events = side_by_side(told(alternating()));
    // However slow this machine is, no time has passed since then.
    let soon = Utc::now() + Duration::from_secs(3600);
    for event in &mut events {
        event.time = soon;
    }
    for event in &events[..=4] {
        terminal.emit(event);
    }
    let drawn = out.text();
    let last = drawn.rsplit("\x1b[J").next().unwrap();
    let lines = "   0 s  Two  a step of Two\r\n   0 s  One  a step of One\r\n  0 of 2";
    assert_eq!(last, lines, "{drawn:?}");
    for event in &events[5..] {
        terminal.emit(event);
    }
    let drawn = out.text();
    // Cleared, the block, and the lines of what is left.
    let block = format!("\r\x1b[2A\x1b[J{}", ONE.replace("One", "Two"));
    assert!(drawn.contains(&block), "{drawn:?}");
    let left = "   0 s  One  starting the desktop\r\n  1 of 2";
    assert!(drawn.contains(left), "{drawn:?}");
    assert!(drawn.ends_with("\x1b[J2 passed in 2.00 s\n"), "{drawn:?}");
}

/// A scenario that passes when it is tried again.
pub(super) fn flaky() -> Vec<EventKind> {
    let mut kinds = scenario(0, "Flaky", &failure_at("a.yaml", 5, "it is missing"));
    if let EventKind::ScenarioFinished { again, .. } = &mut kinds[3] {
        *again = true;
    }
    let mut second = scenario(0, "Flaky", &Outcome::Flaky);
    if let EventKind::ScenarioStarted {
        attempt, attempts, ..
    } = &mut second[0]
    {
        (*attempt, *attempts) = (2, 3);
    }
    if let EventKind::StepFinished {
        outcome, artifacts, ..
    } = &mut second[2]
    {
        *outcome = Outcome::Passed;
        artifacts.clear();
    }
    kinds.extend(second);
    kinds
}

#[test]
fn a_check_that_is_only_noted_is_drawn_and_its_scenario_passes() {
    let mut kinds = scenario(0, "Noted", &noted());
    if let Some(EventKind::ScenarioFinished { outcome, .. }) = kinds.last_mut() {
        *outcome = Outcome::Passed;
    }
    let text = written(kinds, in_a_log());
    assert!(text.contains("  ○ screenshot-assert saved"), "{text}");
    assert!(text.contains("    noted: there is no update\n"), "{text}");
    assert!(
        text.contains("    expected: at most 0 differing pixels\n"),
        "{text}"
    );
    assert!(text.ends_with("\n1 passed in 2.00 s\n"), "{text}");
}

#[test]
fn a_scenario_that_is_tried_again_is_told_as_one_with_all_its_attempts() {
    let text = written(flaky(), in_a_log());
    let end = "\
✗ failed in 1.23 s
  save/xvfb.log
tries again (attempt 2 of 3)
  ✓ screenshot-assert saved                                           1.23 s
~ flaky in 1.23 s
  save/xvfb.log

0 passed, 1 flaky in 2.00 s
";
    assert!(text.ends_with(end), "{text}");
    assert_eq!(told_to(side_by_side(told(flaky())), in_a_log()), text);
}

#[test]
fn the_end_lists_what_did_not_just_pass_and_counts_what_was_left_out() {
    let mut kinds = flaky();
    kinds.extend(scenario(1, "Failed", &failure()));
    kinds.extend(scenario(2, "Broken", &trouble()));
    kinds.extend(scenario(3, "Good", &Outcome::Passed));
    for (number, reason) in [
        (4, "it has no tag `smoke`"),
        (5, "the run stopped after 2 failures"),
        (6, "it has no tag `smoke`"),
    ] {
        kinds.push(EventKind::ScenarioSkipped {
            scenario: ScenarioId(number),
            name: format!("scenario {number}"),
            place: place(2),
            tags: Vec::new(),
            reason: reason.to_owned(),
            shard: None,
            expected: None,
        });
    }
    let text = written(kinds, in_a_log());
    let end = "
✗ scenarios/editor/save.yaml:9  Failed
! scenarios/editor/save.yaml:2  Broken
~ scenarios/editor/save.yaml:2  Flaky (passed on attempt 2)
- 2 skipped: it has no tag `smoke`
- 1 skipped: the run stopped after 2 failures
1 passed, 1 failed, 1 flaky, 1 error, 3 skipped in 2.00 s
";
    assert!(text.ends_with(end), "{text}");
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

#[test]
fn what_changed_is_told_in_words_in_the_terminal() {
    let text = written(scenario(0, "It saves", &differing()), in_a_log());
    let told =
        "changes:  1 and 3. moved by (0, 3): 120x32 at 40,60, 312 pixels, by tolerance (9 %)\n";
    assert!(text.contains(told), "{text}");
    assert!(
        text.contains("2. text changed from `<Save>` to `Safe`: "),
        "{text}"
    );
    assert!(text.contains("and one smaller area\n"), "{text}");
}
