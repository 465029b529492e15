use super::*;
use crate::event::{ArtifactKind, EventKind as Kind};

fn place(line: usize) -> SourceLocation {
    SourceLocation {
        file: "hello.yaml".to_owned(),
        line,
        column: 1,
    }
}

fn run_started() -> Kind {
    Kind::RunStarted {
        version: "0.1.0".to_owned(),
        host: "here".to_owned(),
        target: "memory".to_owned(),
        scenarios: 2,
        jobs: 1,
        shard: None,
        shuffle: None,
    }
}

fn scenario_started(id: usize) -> Kind {
    Kind::ScenarioStarted {
        attempt: 1,
        expected: None,
        scenario: ScenarioId(id),
        name: format!("scenario {id}"),
        place: place(1),
        tags: vec!["smoke".to_owned()],
        steps: 3,
    }
}

fn step_started(id: usize, step: usize) -> Kind {
    Kind::StepStarted {
        parent: None,
        scenario: ScenarioId(id),
        step: StepId(step),
        verb: "click".to_owned(),
        title: "click 1, 2".to_owned(),
        place: place(step + 1),
        moment: None,
    }
}

fn step_passed(id: usize, step: usize) -> Kind {
    Kind::StepFinished {
        scenario: ScenarioId(id),
        step: StepId(step),
        outcome: Outcome::Passed,
        took: Duration::from_millis(250),
        artifacts: vec![Artifact::new(ArtifactKind::Screenshot, "hello/a.png")],
        notes: vec!["a note".to_owned()],
    }
}

fn scenario_passed(id: usize) -> Kind {
    Kind::ScenarioFinished {
        again: false,
        scenario: ScenarioId(id),
        outcome: Outcome::Passed,
        took: Duration::from_secs(2),
        artifacts: Vec::new(),
    }
}

fn run_finished() -> Kind {
    Kind::RunFinished {
        interrupted: false,
        took: Duration::from_secs(3),
    }
}

fn jsonl(kinds: impl IntoIterator<Item = Kind>) -> String {
    kinds
        .into_iter()
        .map(|kind| serde_json::to_string(&Event::now(kind)).expect("an event is JSON") + "\n")
        .collect::<Vec<_>>()
        .concat()
}

fn whole_run() -> Vec<Kind> {
    vec![
        run_started(),
        scenario_started(1),
        scenario_started(0),
        step_started(1, 1),
        step_started(0, 1),
        step_passed(1, 1),
        step_passed(0, 1),
        scenario_passed(1),
        scenario_passed(0),
        run_finished(),
    ]
}

#[test]
fn scenarios_played_side_by_side_stand_in_the_order_of_their_numbers() {
    let log = RunLog::from_jsonl(jsonl(whole_run()).as_bytes()).expect("a whole file");
    let names: Vec<&str> = log.scenarios.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["scenario 0", "scenario 1"]);
    assert_eq!(log.counts().passed, 2);
    assert_eq!(log.took, Some(Duration::from_secs(3)));
    let step = &log.scenarios[1].steps[0];
    assert_eq!(step.outcome, Some(Outcome::Passed));
    assert_eq!(step.notes, ["a note"]);
    assert_eq!(step.artifacts[0].path, "hello/a.png");
}

#[test]
fn a_file_cut_off_anywhere_still_folds() {
    let text = jsonl(whole_run());
    for end in 0..text.len() {
        let log = RunLog::from_jsonl(&text.as_bytes()[..end]);
        let log = log.unwrap_or_else(|error| panic!("cut at {end}: {error}"));
        assert!(log.counts().passed <= 2);
    }
}

#[test]
fn what_began_and_never_ended_is_interrupted() {
    let text = jsonl([run_started(), scenario_started(0), step_started(0, 1)]);
    let log = RunLog::from_jsonl((text + r#"{"time":"2026-"#).as_bytes()).expect("a cut file");
    assert_eq!(log.took, None);
    assert_eq!(log.counts().interrupted, 1);
    let scenario = &log.scenarios[0];
    assert_eq!(scenario.outcome, None);
    assert_eq!(scenario.outcome(), &Outcome::Interrupted);
    assert_eq!(scenario.steps[0].outcome(), &Outcome::Interrupted);
}

#[test]
fn a_last_line_without_its_line_end_counts_if_it_is_whole() {
    let text = jsonl(whole_run());
    let log = RunLog::from_jsonl(text.trim_end().as_bytes()).expect("a whole file");
    assert_eq!(log.took, Some(Duration::from_secs(3)));
}

#[test]
fn a_bad_line_is_named_by_its_number() {
    let text = jsonl([run_started()]) + "\n{\"event\":\"nonsense\"}\n";
    let error = RunLog::from_jsonl(text.as_bytes()).expect_err("the third line is no event");
    assert_eq!(error.to_string(), "line 3 is not an event");
}

#[test]
fn events_of_what_never_began_are_left_out() {
    let text = jsonl([run_started(), step_started(7, 1), scenario_passed(7)]);
    let log = RunLog::from_jsonl(text.as_bytes()).expect("events");
    assert!(log.scenarios.is_empty());
}
