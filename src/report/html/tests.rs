use std::time::Duration;

use chrono::DateTime;

use super::*;
use crate::{
    event::{
        Artifact, ArtifactKind, Changes, Excerpt, Failure, Moment, Part, ScenarioId,
        SourceLocation, StepId, Trouble,
    },
    report::{DesktopLog, RecordingLog, SkippedLog, StepLog, tests::differing},
    shard::Shard,
};

const HOSTILE: &str = "</pre></script><img src=x onerror=\"alert('1')\">\u{202e}\x1b[31m";

fn place(line: usize) -> SourceLocation {
    SourceLocation {
        file: "dir/hello.yaml".to_owned(),
        line,
        column: 5,
    }
}

fn failed(message: &str) -> Outcome {
    Outcome::Failed(Box::new(Failure {
        verb: "screenshot-assert".to_owned(),
        message: message.to_owned(),
        expected: "at most 60 pixels".to_owned(),
        seen: "900 pixels".to_owned(),
        circumstances: vec!["the launched program `foo` ended with exit code 7; the end of its output:\ncannot open <display>".to_owned()],
        help: Some("accept it".to_owned()),
        widgets: Vec::new(),
        changes: Changes::default(),
        place: place(12),
        excerpt: Excerpt {
            first_line: 12,
            lines: vec!["  - screenshot-assert: saved".to_owned()],
            line: 12,
            column: 5,
            length: 17,
        },
        moment: Some(Moment {
            recording: "demo".to_owned(),
            seconds: 7.25,
        }),
    }))
}

fn error(message: &str) -> Outcome {
    Outcome::Error(Box::new(Trouble {
        verb: "desktop".to_owned(),
        message: message.to_owned(),
        detail: Some("the end of a log".to_owned()),
        help: None,
        place: None,
        excerpt: None,
        moment: None,
    }))
}

fn step(outcome: Outcome) -> StepLog {
    StepLog {
        parent: None,
        id: StepId(1),
        verb: "click".to_owned(),
        title: "click 1, 2".to_owned(),
        place: place(11),
        yaml: None,
        moment: None,
        outcome: Some(outcome),
        took: Some(Duration::from_millis(1250)),
        artifacts: Vec::new(),
        notes: Vec::new(),
    }
}

fn scenario(id: usize, name: &str, outcome: Option<Outcome>) -> ScenarioLog {
    ScenarioLog {
        id: ScenarioId(id),
        attempt: 1,
        attempts: 1,
        earlier: Vec::new(),
        expected: None,
        name: name.to_owned(),
        place: place(1),
        tags: Vec::new(),
        planned: 1,
        started: DateTime::UNIX_EPOCH,
        desktop: Some(DesktopLog {
            display: ":99".to_owned(),
            size: "1280x800".to_owned(),
            viewer: None,
            took: Duration::from_secs(2),
        }),
        steps: outcome.clone().map(step).into_iter().collect(),
        recordings: Vec::new(),
        outcome,
        again: false,
        took: Some(Duration::from_secs(4)),
        artifacts: Vec::new(),
    }
}

fn run(scenarios: Vec<ScenarioLog>) -> RunLog {
    RunLog {
        version: "0.1.0".to_owned(),
        host: "here".to_owned(),
        target: "local".to_owned(),
        planned: scenarios.len(),
        started: Some(DateTime::UNIX_EPOCH),
        took: Some(Duration::from_secs(9)),
        scenarios,
        ..RunLog::default()
    }
}

fn count(page: &str, what: &str) -> usize {
    page.matches(what).count()
}

#[test]
fn hostile_text_stays_text_wherever_it_stands() {
    let mut log = run(vec![
        scenario(0, HOSTILE, Some(failed(HOSTILE))),
        scenario(1, HOSTILE, Some(error(HOSTILE))),
    ]);
    for text in [&mut log.version, &mut log.host, &mut log.target] {
        HOSTILE.clone_into(text);
    }
    for scenario in &mut log.scenarios {
        HOSTILE.clone_into(&mut scenario.place.file);
        scenario.tags.push(HOSTILE.to_owned());
        scenario.artifacts = vec![Artifact::new(ArtifactKind::Log, HOSTILE)];
        scenario.recordings = vec![RecordingLog {
            name: "demo".to_owned(),
            artifact: Artifact::new(ArtifactKind::Video, HOSTILE),
            film: Vec::new(),
            span: Duration::from_secs(9),
        }];
        let step = &mut scenario.steps[0];
        HOSTILE.clone_into(&mut step.title);
        HOSTILE.clone_into(&mut step.verb);
        step.notes.push(HOSTILE.to_owned());
        step.artifacts = vec![Artifact::new(ArtifactKind::Actual, HOSTILE)];
    }
    let page = render(&log);
    assert!(!page.contains("<img src=x"));
    assert!(!page.contains("onerror=\""));
    assert!(!page.contains(['\u{202e}', '\x1b']));
    assert_eq!(count(&page, "</script>"), 1);
}

#[test]
fn every_outcome_is_shown_and_the_worst_stands_first() {
    let page = render(&run(vec![
        scenario(0, "a good one", Some(Outcome::Passed)),
        scenario(1, "a cut one", None),
        scenario(2, "a broken one", Some(error("`xvfb` stopped"))),
        scenario(3, "a bad one", Some(failed("the screen differs"))),
        scenario(4, "a skipped one", Some(Outcome::Skipped)),
    ]));
    let order = ["a bad", "a broken", "a cut", "a skipped", "a good"];
    let places = order.map(|name| page.find(name).expect(name));
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.contains("<h1>1 of 5 scenarios passed</h1>"));
    for word in ["passed", "failed", "error", "interrupted", "skipped"] {
        assert_eq!(count(&page, &format!("data-outcome=\"{word}\"")), 1);
        assert_eq!(count(&page, &format!("<b>1</b> {word}")), 1);
    }
    assert!(page.contains(r#"data-outcome="failed" open>"#));
    assert!(page.contains(r#"data-outcome="passed">"#));
    assert!(page.contains("<code>xvfb</code> stopped"));
    assert!(page.contains("the end of a log"));
}

#[test]
fn a_failure_is_told_once_with_all_that_is_known() {
    let mut scenario = scenario(0, "one", Some(failed("the screen differs")));
    scenario.recordings.push(RecordingLog {
        name: "demo".to_owned(),
        artifact: Artifact::new(ArtifactKind::Video, "one/demo.mp4"),
        film: Vec::new(),
        span: Duration::from_secs(9),
    });
    scenario.steps[0].artifacts = [
        (ArtifactKind::Diff, "one/a b.diff.png"),
        (ArtifactKind::Expected, "one/a b.expected.png"),
        (ArtifactKind::Actual, "one/a b.actual.png"),
        (ArtifactKind::Comparison, "one/a b.comparison.png"),
    ]
    .map(|(kind, path)| Artifact::new(kind, path))
    .to_vec();
    let page = render(&run(vec![scenario]));
    assert_eq!(count(&page, "<article"), 1);
    for part in [
        "<code>dir/hello.yaml:12:5</code>",
        "<span class=\"caret\">     ^^^^^^^^^^^^^^^^^</span>",
        "at most 60 pixels",
        "900 pixels",
        "accept it",
        "data-video=\"v0-0\" data-at=\"7.250\"",
        "id=\"v0-0\" controls preload=\"metadata\" src=\"./one/demo.mp4\"",
        "src=\"./one/a%20b.expected.png\"",
        "data-way=\"slider\"",
        "data-pixels=\"./one/a%20b.actual.js\"",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    assert!(!page.contains("comparison.png"));
}

#[test]
fn what_changed_is_a_list_with_the_place_of_each_in_the_pictures() {
    let mut log = scenario(0, "one", Some(differing()));
    log.steps = vec![step(differing())];
    let page = render(&run(vec![log]));
    for part in [
        r#"<li data-area="10 10 120 32" tabindex="0" data-change="moved">"#,
        "1 and 3.",
        "moved by (0, 3): 120x32 at 40,60, 312 pixels, by tolerance (9 %)",
        r#"<li data-area="170 10 120 32" tabindex="0" data-change="text">"#,
        "text changed from <code>&lt;Save&gt;</code> to <code>Safe</code>",
        "<li>and one smaller area</li>",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    assert!(
        !render(&run(vec![scenario(0, "one", Some(failed("it differs")))]))
            .contains("What changed")
    );
}

#[test]
fn a_check_that_is_only_noted_is_shown_at_its_step_and_not_among_the_failures() {
    let Outcome::Failed(failure) = failed("there is no update") else {
        unreachable!("it is a failure");
    };
    let mut log = scenario(0, "Noted", Some(Outcome::Passed));
    log.steps = vec![step(Outcome::Noted(failure))];
    let page = render(&run(vec![log]));
    assert_eq!(
        count(&page, "Does not hold, but is optional: there is no update"),
        1
    );
    assert_eq!(count(&page, "seen: 900 pixels"), 1);
    assert_eq!(count(&page, "<article class=\"finding"), 0);
    assert!(page.contains("div class=\"step noted\""), "{page}");
}

#[test]
fn a_moment_in_a_recording_that_was_not_saved_has_no_button() {
    let page = render(&run(vec![scenario(0, "one", Some(failed("no")))]));
    assert!(!page.contains("class=\"seek\""));
}

#[test]
fn a_run_that_was_cut_off_says_so() {
    let mut log = run(vec![scenario(0, "one", None)]);
    log.took = None;
    log.planned = 3;
    let page = render(&log);
    assert!(page.contains("The run ended unexpectedly"));
    assert!(page.contains("2 scenarios did not start."));
    assert!(page.contains("One more step was not played."));
}

/// A scenario that passed only at its second attempt.
fn flaky() -> ScenarioLog {
    let mut first = scenario(7, "a flaky one", Some(failed("the screen differs")));
    first.steps[0].artifacts = vec![Artifact::new(ArtifactKind::Actual, "one/saved.png")];
    let mut last = scenario(7, "a flaky one", Some(Outcome::Flaky));
    last.steps[0].outcome = Some(Outcome::Passed);
    let picture = Artifact::new(ArtifactKind::Screenshot, "one/attempt-2/end.png");
    last.steps[0].artifacts = vec![picture];
    (last.attempt, last.earlier) = (2, vec![first]);
    last
}

#[test]
fn every_attempt_is_shown_with_its_steps_and_pictures_and_has_names_of_its_own() {
    let page = render(&run(vec![flaky()]));
    assert!(page.contains("<h1>The scenario passed only when tried again</h1>"));
    assert!(page.contains(r#"data-outcome="flaky" open>"#));
    assert!(page.contains("<b>1</b> flaky"));
    assert!(page.contains("2 attempts, 8.00 s"));
    let attempts: Vec<&str> = page.split("<section class=\"attempt\">").skip(1).collect();
    assert_eq!(attempts.len(), 2);
    for (attempt, parts) in attempts.iter().zip([
        [
            "Attempt 1 ",
            "the screen differs",
            "./one/saved.png",
            "id=\"s7-1\"",
            "badge failed",
        ],
        [
            "Attempt 2 ",
            "passed",
            "./one/attempt-2/end.png",
            "id=\"s7.2-1\"",
            "badge passed",
        ],
    ]) {
        for part in parts {
            assert!(attempt.contains(part), "{part} is missing");
        }
    }
    let mut ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .map(|it| it.split('"').next().unwrap())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn flaky_scenarios_come_after_what_failed_and_are_counted_among_what_passed() {
    let page = render(&run(vec![
        scenario(0, "a good one", Some(Outcome::Passed)),
        flaky(),
    ]));
    assert!(page.contains("<h1>All 2 scenarios passed, 1 of them only when tried again</h1>"));
    assert!(page.find("a flaky").unwrap() < page.find("a good").unwrap());
    let page = render(&run(vec![
        flaky(),
        scenario(8, "a bad one", Some(failed("no"))),
    ]));
    assert!(page.contains("<h1>1 of 2 scenarios passed</h1>"));
    assert!(page.find("a bad").unwrap() < page.find("a flaky").unwrap());
}

#[test]
fn what_was_left_out_is_a_list_for_each_reason_that_is_folded() {
    let mut log = run(vec![scenario(0, "one", Some(Outcome::Passed))]);
    let skipped = |number: usize, name: &str, reason: &str, shard| SkippedLog {
        id: ScenarioId(number),
        name: name.to_owned(),
        place: place(3),
        tags: Vec::new(),
        reason: reason.to_owned(),
        shard,
        expected: None,
    };
    log.skipped = vec![
        skipped(1, HOSTILE, "it has no tag `smoke`", None),
        skipped(2, "two", "the run stopped after 1 failure", None),
        skipped(3, "three", "it has no tag `smoke`", None),
        skipped(4, "elsewhere", "shard 2 of 2 plays it", Some(2)),
    ];
    log.shard = Some(Shard { index: 1, count: 2 });
    let page = render(&log);
    assert!(page.contains("<h1>The scenario passed</h1>"));
    assert!(page.contains("<b>3</b> skipped"));
    assert_eq!(count(&page, "it has no tag <code>smoke</code>"), 1);
    assert!(
        page.contains("<details class=\"scenario skipped left-out\" data-outcome=\"skipped\">")
    );
    assert!(!page.contains("elsewhere") && !page.contains("<img src=x"));
}

#[test]
fn the_head_says_how_it_was_played_and_by_which_machines() {
    let mut log = run(vec![scenario(0, "one", Some(Outcome::Passed))]);
    assert!(!render(&log).contains("Side by side"));
    (log.jobs, log.shuffle) = (4, Some(17));
    log.shard = Some(Shard { index: 2, count: 3 });
    let page = render(&log);
    for fact in [
        "<dt>Side by side</dt><dd>4</dd>",
        "<dt>Shard</dt><dd>2 of 3</dd>",
        "<dt>Shuffled with</dt><dd>17</dd>",
        "<dt>Machine</dt><dd>here</dd>",
    ] {
        assert!(page.contains(fact), "{fact} is missing");
    }
    log.shard = None;
    log.missing = vec![Shard { index: 3, count: 3 }];
    log.parts = [Some(Duration::from_secs(9)), None]
        .into_iter()
        .map(|took| Part {
            host: HOSTILE.to_owned(),
            shard: Some(Shard { index: 1, count: 3 }),
            started: DateTime::UNIX_EPOCH,
            took,
            scenarios: 5,
        })
        .collect();
    let page = render(&log);
    assert!(page.contains("Shard 3 of 3 is missing."));
    assert!(page.contains("Merged from 2 runs"));
    assert!(page.contains("cut off") && !page.contains("<dt>Machine</dt>"));
    assert!(page.contains("class=\"run error\"") && !page.contains("<img src=x"));
}

#[test]
fn what_is_inside_of_a_scenario_that_passed_is_unfolded_by_the_script() {
    let page = render(&run(vec![
        scenario(0, "a good one", Some(Outcome::Passed)),
        scenario(1, "a bad one", Some(failed("no"))),
    ]));
    assert_eq!(count(&page, "<noscript class=\"body\">"), 1);
    assert_eq!(count(&page, "<div class=\"body\">"), 1);
}

#[test]
fn a_step_stands_in_the_list_of_its_block_and_is_never_lost() {
    let mut log = scenario(0, "one", Some(failed("no")));
    let nested = |id: usize, parent: Option<usize>| StepLog {
        id: StepId(id),
        parent: parent.map(StepId),
        ..step(Outcome::Passed)
    };
    log.steps = vec![nested(1, None), nested(2, Some(1)), nested(3, Some(9))];
    // A file of events may say anything.
    log.steps
        .extend((4..4_000).map(|id| nested(id, Some(id - 1))));
    let page = render(&run(vec![log]));
    assert_eq!(count(&page, "class=\"step passed\""), 3_999);
    assert_eq!(count(&page, "<ol style=\"--depth:1\">"), 2);
    assert_eq!(count(&page, "--depth:"), 13);
    assert!(page.contains("id=\"s0-2\""));
}

#[test]
fn tags_have_buttons_with_how_many_scenarios_have_them() {
    let mut logs = vec![
        scenario(0, "one", Some(Outcome::Passed)),
        scenario(1, "two", Some(Outcome::Passed)),
    ];
    assert!(!render(&run(logs.clone())).contains("data-tag=\""));
    logs[0].tags = vec!["smoke".to_owned(), HOSTILE.to_owned()];
    logs[1].tags = vec!["smoke".to_owned()];
    let page = render(&run(logs));
    assert!(
        page.contains("data-tag=\"smoke\" aria-pressed=\"false\">smoke <span class=\"aside\">2")
    );
    assert!(!page.contains("<img src=x"));
}

#[test]
fn a_step_carries_its_line_of_yaml() {
    let mut log = scenario(0, "one", Some(failed("no")));
    log.steps[0].yaml = Some("- click: \"<Save>\"".to_owned());
    let page = render(&run(vec![log]));
    assert!(
        page.contains("data-yaml=\"- click: &quot;&lt;Save&gt;&quot;\""),
        "{page}"
    );
}

#[test]
fn a_run_without_events_is_still_a_page() {
    assert!(render(&RunLog::default()).contains("<h1>No scenario was played</h1>"));
}
