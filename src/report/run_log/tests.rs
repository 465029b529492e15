use proptest::prelude::*;

use super::*;
use crate::event::{Artifact, ArtifactKind, EventKind as Kind, StepId};

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
        division: None,
        shuffle: None,
        expected: None,
    }
}

fn scenario_started(id: usize) -> Kind {
    Kind::ScenarioStarted {
        attempt: 1,
        attempts: 1,
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
        yaml: None,
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
fn a_run_that_was_cut_off_lasted_up_to_its_latest_event() {
    let begun = Event::now(run_started());
    let later = Event {
        time: begun.time + Duration::from_secs(7),
        kind: scenario_started(0),
    };
    let log: RunLog = [&begun, &later].into_iter().collect();
    assert_eq!(log.lasted(), Duration::from_secs(7));
}

#[test]
fn a_scenario_that_was_cut_off_still_has_its_trace_and_one_that_ended_what_it_kept() {
    let started = Kind::DesktopStarted {
        scenario: ScenarioId(0),
        display: ":1".to_owned(),
        size: "1280x800".to_owned(),
        sandbox: None,
        viewer: None,
        trace: Some(Artifact::new(ArtifactKind::Trace, "hello/trace.jsonl")),
        took: Duration::from_secs(1),
    };
    let cut_off = folded([run_started(), scenario_started(0), started.clone()]);
    let [trace] = &cut_off.scenarios[0].artifacts[..] else {
        panic!("{:?}", cut_off.scenarios[0].artifacts)
    };
    assert_eq!(trace.path, "hello/trace.jsonl");
    let ended = [
        run_started(),
        scenario_started(0),
        started,
        scenario_passed(0),
    ];
    assert!(folded(ended).scenarios[0].artifacts.is_empty());
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

/// The events of one scenario that needs this many attempts until it passes.
fn attempts(id: usize, count: usize) -> Vec<Kind> {
    let attempt = |number: usize| {
        let (
            Kind::ScenarioStarted {
                name, place, tags, ..
            },
            is_last,
        ) = (scenario_started(id), number == count)
        else {
            unreachable!("it is the start of a scenario");
        };
        let outcome = match (is_last, number) {
            (false, _) => Outcome::Error(Box::new(unplayed(format!("attempt {number}")))),
            (true, 1) => Outcome::Passed,
            (true, _) => Outcome::Flaky,
        };
        vec![
            Kind::ScenarioStarted {
                scenario: ScenarioId(id),
                attempt: number,
                attempts: 3,
                name,
                place,
                tags,
                steps: 1,
                expected: None,
            },
            step_started(id, 1),
            step_passed(id, 1),
            Kind::ScenarioFinished {
                scenario: ScenarioId(id),
                outcome,
                again: !is_last,
                took: Duration::from_secs(id as u64),
                artifacts: Vec::new(),
            },
        ]
    };
    (1..=count).flat_map(attempt).collect()
}

fn skipped(id: usize, shard: Option<usize>) -> Kind {
    Kind::ScenarioSkipped {
        scenario: ScenarioId(id),
        name: format!("scenario {id}"),
        place: place(1),
        tags: Vec::new(),
        reason: "it has no tag `smoke`".to_owned(),
        shard,
        expected: None,
    }
}

/// A run of these events, all at one time.
fn folded(kinds: impl IntoIterator<Item = Kind>) -> RunLog {
    let events: Vec<Event> = kinds
        .into_iter()
        .map(|kind| Event {
            time: DateTime::UNIX_EPOCH,
            kind,
        })
        .collect();
    events.iter().collect()
}

proptest! {
    #[test]
    fn scenarios_that_are_played_side_by_side_fold_as_if_one_came_after_the_other(
        counts in prop::collection::vec(0_usize..4, 1..6),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 100),
    ) {
        let told = |(id, &count): (usize, &usize)| match count {
            0 => vec![skipped(id, None)],
            count => attempts(id, count),
        };
        let tellers: Vec<Vec<Kind>> = counts.iter().enumerate().map(told).collect();
        let whole = |inner: Vec<Kind>| folded([vec![run_started()], inner, vec![run_finished()]].concat());
        let one_by_one = whole(tellers.concat());

        let mut left: Vec<_> = tellers.into_iter().map(Vec::into_iter).collect();
        let mut interleaved = Vec::new();
        for choice in choices {
            left.retain(|teller| !teller.as_slice().is_empty());
            if left.is_empty() {
                break;
            }
            let teller = choice.index(left.len());
            interleaved.extend(left[teller].next());
        }
        interleaved.extend(left.into_iter().flatten());
        prop_assert_eq!(whole(interleaved), one_by_one);
    }
}

#[test]
fn a_scenario_is_its_last_attempt_and_keeps_the_earlier_ones() {
    let log = folded(attempts(0, 3));
    let [scenario] = &log.scenarios[..] else {
        panic!("{log:?}")
    };
    let numbers: Vec<usize> = scenario.all_attempts().map(|log| log.attempt).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(scenario.outcome(), &Outcome::Flaky);
    assert_eq!(scenario.earlier[1].outcome().word(), "error");
    assert_eq!(log.counts().flaky, 1);
    assert_eq!(log.counts().error, 0);
}

#[test]
fn what_another_shard_plays_is_not_told_but_what_was_left_out_is() {
    let Kind::RunStarted {
        version,
        host,
        target,
        ..
    } = run_started()
    else {
        unreachable!("it is the start of a run");
    };
    let shard = Some(Shard { index: 1, count: 2 });
    let start = Kind::RunStarted {
        version,
        host,
        target,
        scenarios: 1,
        jobs: 2,
        shard,
        division: None,
        shuffle: Some(7),
        expected: None,
    };
    let told = [
        vec![start, skipped(1, None), skipped(2, Some(2))],
        attempts(0, 1),
    ]
    .concat();
    let log = folded(told);
    assert_eq!((log.jobs, log.shard, log.shuffle), (2, shard, Some(7)));
    assert_eq!(log.counts().skipped, 1);
    assert_eq!(log.skipped.len(), 2);
    assert_eq!(log.left_out().next().map(|log| log.id), Some(ScenarioId(1)));
    assert_eq!(log.not_begun(), 0);
}

#[test]
fn where_all_shards_are_together_one_that_did_not_play_is_an_error() {
    let missing = skipped(1, Some(2));
    let log = folded([vec![run_started(), missing.clone()], attempts(0, 1)].concat());
    assert_eq!(log.counts().error, 1);
    assert_eq!((log.scenarios[1].attempt, log.scenarios[1].planned), (0, 0));
    // In whichever order it is told.
    let log = folded([vec![run_started(), missing.clone()], attempts(1, 1)].concat());
    let other = folded([vec![run_started()], attempts(1, 1), vec![missing]].concat());
    assert_eq!(log, other);
    assert_eq!((log.counts().passed, log.counts().error), (1, 0));
}

#[test]
fn what_did_not_begin_is_counted_also_after_the_end() {
    let interrupted = [
        run_started(),
        skipped(0, None),
        skipped(1, None),
        run_finished(),
    ];
    let log = folded(interrupted);
    assert_eq!((log.not_begun(), log.counts().skipped), (0, 2));
    // Killed: one that has no tag was never to be played.
    let log = folded([run_started(), skipped(5, None)]);
    assert_eq!((log.not_begun(), log.counts().skipped), (2, 1));
}

#[test]
fn an_event_of_a_kind_that_only_a_newer_version_knows_is_left_out() {
    let new = r#"{"time":"2026-03-05T14:20:00Z","event":"moon-rose","how":"slowly"}"#;
    let text = jsonl([run_started()]) + new + "\n" + &jsonl([run_finished()]);
    let log = RunLog::from_jsonl(text.as_bytes()).expect("events");
    assert_eq!(log.took, Some(Duration::from_secs(3)));
    // The first line says whether it is a run at all.
    let text = new.to_owned() + "\n" + &jsonl([run_started()]);
    assert!(RunLog::from_jsonl(text.as_bytes()).is_err());
}

#[test]
fn an_event_that_a_newer_version_writes_otherwise_names_that_version() {
    let newer = jsonl([run_started()]).replace("0.1.0", "7.0.0");
    let text = newer + &jsonl([run_finished()]).replace("\"took\":3.0", "\"took\":\"soon\"");
    let error = RunLog::from_jsonl(text.as_bytes()).expect_err("no event");
    let said = error.to_string();
    assert!(
        said.starts_with("line 2 is not an event that Deskhand "),
        "{said}"
    );
    assert!(said.contains("version 7.0.0 wrote the file"), "{said}");
}
