mod telling;

use chrono::{DateTime, Utc};

use self::telling::{Telling, of_one, shard};
use super::*;
use crate::{
    event::{Artifact, ArtifactKind, Outcome},
    report::{Dialect, Paths, ScenarioLog, junit, tests::failure},
};

fn merged(runs: impl IntoIterator<Item = Run>) -> Merged {
    merge(runs.into_iter().collect()).expect("runs of one suite")
}

fn log(merged: &Merged) -> RunLog {
    merged.events.iter().collect()
}

/// The JUnit report without what no two runs have in common.
fn report(log: &RunLog) -> String {
    let mut log = log.clone();
    log.host = "somewhere".to_owned();
    log.took = None;
    for scenario in &mut log.scenarios {
        scenario.started = DateTime::<Utc>::UNIX_EPOCH;
        for attempt in &mut scenario.earlier {
            attempt.started = DateTime::<Utc>::UNIX_EPOCH;
        }
    }
    let same = |path: &str| path.to_owned();
    let paths = Paths {
        file: &same,
        attachment: &same,
    };
    junit(&log, Dialect::Common, paths)
}

fn word(log: &RunLog, number: usize) -> &'static str {
    let mut scenarios = log.scenarios.iter();
    let found = scenarios.find(|scenario| scenario.id == ScenarioId(number));
    found.map_or("none", |scenario| scenario.outcome().word())
}

#[test]
fn shards_of_which_one_was_cut_off_and_played_again_are_a_single_run() {
    let single = merged([shard("whole", (1, 1), 0, None)]);
    let expected = report(&log(&single));
    assert!(
        expected.contains("<flakyFailure ") && expected.contains("<rerunError "),
        "{expected}"
    );
    assert!(expected.contains("<skipped message="), "{expected}");
    let whole = shard("2", (2, 3), 0, None).events.len();
    for cut in 1..whole {
        let runs = [
            shard("1", (1, 3), 3, None),
            shard("2 again", (2, 3), 100, None),
            shard("3", (3, 3), 1, None),
            shard("2", (2, 3), 2, Some(cut)),
        ];
        let together = merged(runs);
        assert_eq!(report(&log(&together)), expected, "cut after {cut} events");
        assert_eq!(together.missing, []);
        let log = log(&together);
        assert_eq!(
            (log.parts.len(), log.not_begun(), log.interrupted),
            (4, 0, false)
        );
        assert_eq!(log.host, "node-1, node-2, node-3");
    }
}

#[test]
fn the_order_in_which_runs_are_given_changes_nothing() {
    let runs = || {
        vec![
            shard("1", (1, 3), 3, None),
            shard("2", (2, 3), 2, Some(20)),
            shard("3", (3, 3), 1, None),
        ]
    };
    let mut turned = runs();
    turned.rotate_left(1);
    turned.swap(0, 1);
    assert_eq!(merged(turned).events, merged(runs()).events);
}

#[test]
fn a_merge_can_be_merged_with_what_was_missing() {
    let given = || [shard("1", (1, 3), 3, None), shard("3", (3, 3), 1, None)];
    let first = merged(given());
    assert_eq!(first.missing, [Shard { index: 2, count: 3 }]);
    let first = Run {
        name: "merged".to_owned(),
        events: first.events,
    };
    let together = merged([first, shard("2", (2, 3), 2, None)]);
    let at_once = merged(given().into_iter().chain([shard("2", (2, 3), 2, None)]));
    assert_eq!(report(&log(&together)), report(&log(&at_once)));
    assert_eq!(together.missing, []);
    assert_eq!(log(&together).parts.len(), 3);
}

#[test]
fn a_merge_that_a_killed_run_left_unfinished_can_be_finished() {
    let [first, killed, third] = [
        shard("1", (1, 3), 3, None),
        shard("2", (2, 3), 2, Some(9)),
        shard("3", (3, 3), 1, None),
    ];
    let unfinished = merged([first.clone(), killed.clone(), third.clone()]);
    assert!(log(&unfinished).interrupted);
    let unfinished = Run {
        name: "merged".to_owned(),
        events: unfinished.events,
    };
    let again = shard("2 again", (2, 3), 100, None);
    let finished = log(&merged([unfinished, again.clone()]));
    assert_eq!((finished.interrupted, finished.not_begun()), (false, 0));
    let at_once = log(&merged([first, killed, third, again]));
    assert_eq!(report(&finished), report(&at_once));
}

#[test]
fn what_a_missing_shard_should_have_played_is_an_error() {
    let together = merged([shard("1", (1, 3), 3, None), shard("3", (3, 3), 1, None)]);
    let missing = Shard { index: 2, count: 3 };
    assert_eq!(together.missing, [missing]);
    let log = log(&together);
    assert_eq!(log.missing, [missing]);
    for number in [1, 4, 7] {
        assert_eq!(word(&log, number), "error");
    }
    let xml = report(&log);
    let element = "<error message=\"shard 2 of 3 is missing\" type=\"shard\">";
    assert_eq!(xml.matches(element).count(), 3, "{xml}");
    assert_eq!(log.counts().skipped, 1);
}

#[test]
fn a_shard_of_which_everything_was_played_by_others_is_not_missing() {
    let mut by_hand = Telling::new("by hand", None, 50, 3);
    for number in [1, 4, 7] {
        by_hand.play(number, &[Outcome::Passed]);
    }
    let shards = [shard("1", (1, 3), 3, None), shard("3", (3, 3), 1, None)];
    let together = merged(shards.into_iter().chain([by_hand.end()]));
    assert_eq!(together.missing, []);
    assert_eq!(word(&log(&together), 4), "passed");
}

#[test]
fn what_a_shard_was_cut_off_before_is_an_error_that_says_so() {
    let together = merged([
        shard("1", (1, 3), 3, None),
        shard("2", (2, 3), 2, Some(9)),
        shard("3", (3, 3), 1, None),
    ]);
    assert_eq!(together.missing, []);
    let log = log(&together);
    assert_eq!(word(&log, 1), "interrupted");
    assert_eq!(word(&log, 7), "error");
    let xml = report(&log);
    assert!(
        xml.contains("message=\"shard 2 of 3 ended before it played this scenario\""),
        "{xml}"
    );
    assert!(log.interrupted);
}

#[test]
fn what_several_runs_finished_are_attempts_in_the_order_of_their_starts() {
    for (first, second, together, count) in [
        (vec![failure()], vec![Outcome::Passed], "flaky", 2),
        (vec![Outcome::Passed], vec![failure()], "failed", 2),
        (vec![failure()], vec![failure()], "failed", 2),
        (vec![Outcome::Passed], vec![Outcome::Passed], "passed", 2),
        (
            vec![failure(), Outcome::Flaky],
            vec![Outcome::Passed],
            "flaky",
            3,
        ),
        (
            vec![Outcome::Passed],
            vec![Outcome::Interrupted],
            "passed",
            1,
        ),
        (vec![failure()], vec![Outcome::Interrupted], "failed", 1),
        (
            vec![Outcome::Interrupted],
            vec![Outcome::Passed],
            "passed",
            1,
        ),
        (
            vec![Outcome::Interrupted],
            vec![Outcome::Interrupted],
            "interrupted",
            1,
        ),
    ] {
        let later = of_one("later", 100, &second).end();
        let log = log(&merged([later, of_one("sooner", 0, &first).end()]));
        assert_eq!(word(&log, 0), together, "{first:?} {second:?}");
        let numbers = log.scenarios[0].all_attempts().map(|log| log.attempt);
        assert!(numbers.eq(1..=count), "{first:?} {second:?}");
    }
}

#[test]
fn an_attempt_that_failed_before_its_run_was_cut_off_makes_a_pass_flaky() {
    let cut = of_one("cut", 0, &[failure(), failure()]);
    let mut cut = cut.cut();
    cut.events.truncate(6);
    let log = log(&merged([
        cut,
        of_one("again", 50, &[Outcome::Passed]).end(),
    ]));
    assert_eq!(word(&log, 0), "flaky");
    assert_eq!(log.scenarios[0].earlier.len(), 1);
}

#[test]
fn what_one_run_skipped_and_another_played_was_played() {
    let mut narrow = of_one("narrow", 0, &[Outcome::Passed]);
    narrow.skip(1, "it has no tag `smoke`", None);
    let mut other = Telling::new("other", None, 9, 1);
    other.skip(0, "it passed in the last run", None);
    other.play(1, &[failure()]);
    let log = log(&merged([narrow.end(), other.end()]));
    assert_eq!((word(&log, 0), word(&log, 1)), ("passed", "failed"));
    assert_eq!(
        (log.counts().skipped, log.planned, log.interrupted),
        (0, 2, false)
    );
}

#[test]
fn a_run_that_was_cut_off_leaves_the_others_that_it_was_to_play_undone() {
    let mut cut = Telling::new("cut", None, 0, 4);
    cut.play(0, &[Outcome::Passed]);
    cut.skip(9, "it has no tag `smoke`", None);
    let cut = cut.cut();
    let log = log(&merged([cut.clone()]));
    assert_eq!((log.not_begun(), log.interrupted), (3, true));
    let mut rest = Telling::new("rest", None, 50, 3);
    for number in 1..4 {
        rest.play(number, &[Outcome::Passed]);
    }
    let log = super::tests::log(&merged([cut, rest.end()]));
    assert_eq!((log.not_begun(), log.interrupted), (0, false));
}

#[test]
fn runs_of_different_suites_are_put_together_if_none_is_a_shard() {
    let mut renamed = of_one("other", 5, &[Outcome::Passed]).end();
    for event in &mut renamed.events {
        if let EventKind::ScenarioStarted { name, .. } = &mut event.kind {
            "another".clone_into(name);
        }
    }
    let together = merged([of_one("one", 0, &[failure()]).end(), renamed.clone()]);
    let log = log(&together);
    let names: Vec<&str> = log.scenarios.iter().map(|log| log.name.as_str()).collect();
    assert_eq!(names, ["scenario 0", "another"]);
    assert_eq!((word(&log, 0), word(&log, 1)), ("failed", "passed"));

    let error = merge(vec![shard("1", (1, 3), 3, None), renamed]).expect_err("another suite");
    assert_eq!(
        error.to_string(),
        "1 and other are not shards of one suite: scenario 1 is `scenario 0` in \
         scenarios/editor/save.yaml in the one and `another` in scenarios/editor/save.yaml in \
         the other; play all shards with the same files and options"
    );
}

#[test]
fn shards_of_different_divisions_are_refused() {
    let runs = vec![shard("a", (1, 3), 3, None), shard("b", (2, 4), 3, None)];
    let error = merge(runs).expect_err("another division");
    assert_eq!(
        error.to_string(),
        "a is one of 3 shards and b is one of 4: give only runs of one division"
    );
}

#[test]
fn shards_that_divided_the_suite_differently_are_refused() {
    let divided = |name, index, digest| {
        let mut run = shard(name, (index, 3), 3, None);
        if let EventKind::RunStarted { division, .. } = &mut run.events[0].kind {
            *division = Some(digest);
        }
        run
    };
    let alike = vec![divided("a", 1, 7), divided("b", 2, 7)];
    assert!(merge(alike).is_ok());
    let error = merge(vec![divided("a", 1, 7), divided("b", 2, 8)]).expect_err("another choice");
    assert_eq!(
        error.to_string(),
        "a and b are not shards of one suite: they chose different scenarios, or were given \
         different durations; play all shards with the same files and options"
    );
}

#[test]
fn a_run_that_is_given_beside_what_it_was_put_into_counts_once() {
    let all =
        [1, 2, 3].map(|index| shard("a", (index, 3), 3 + i64::try_from(index).unwrap(), None));
    let once = merged(all.clone());
    let [first, ..] = all;
    let again = Run {
        name: "merged".to_owned(),
        events: once.events.clone(),
    };
    assert_eq!(merged([again, first]).events, once.events);
}

#[test]
fn a_shard_of_a_smaller_suite_is_refused() {
    let mut smaller = shard("2", (2, 3), 3, None);
    smaller.events.retain(|event| {
        !matches!(&event.kind, EventKind::ScenarioSkipped { scenario, .. } if scenario.0 == 9)
    });
    let error = merge(vec![shard("1", (1, 3), 3, None), smaller]).expect_err("a smaller suite");
    assert!(
        error
            .to_string()
            .contains("only the other has `scenario 9` in "),
        "{error}"
    );
}

#[test]
fn what_is_no_run_is_named() {
    let nothing = Run {
        name: "shard-7".to_owned(),
        events: Vec::new(),
    };
    let error = merge(vec![shard("1", (1, 3), 3, None), nothing]).expect_err("no run");
    assert!(
        error.to_string().starts_with("shard-7 is not a run: "),
        "{error}"
    );
}

#[test]
fn files_of_one_path_in_two_runs_get_two_paths_and_events_name_them() {
    let together = merged([
        of_one("later", 100, &[failure()]).end(),
        of_one("sooner", 0, &[failure()]).end(),
    ]);
    let paths: Vec<(usize, &str, &str)> = together
        .files
        .iter()
        .map(|file| (file.run, file.from.as_str(), file.to.as_str()))
        .collect();
    assert_eq!(
        paths,
        [
            (0, "s0/0.21", "s0-2/0.21"),
            (0, "s0/0.25", "s0-2/0.25"),
            (0, "s0/0.log", "s0-2/0.log"),
            (1, "s0/0.21", "s0/0.21"),
            (1, "s0/0.25", "s0/0.25"),
            (1, "s0/0.log", "s0/0.log"),
        ]
    );
    let log = log(&together);
    let named = log.scenarios[0].all_attempts().flat_map(ScenarioLog::files);
    let mut named: Vec<&str> = named.map(|artifact| artifact.path.as_str()).collect();
    let mut moved: Vec<&str> = paths.iter().map(|(_, _, to)| *to).collect();
    named.sort_unstable();
    moved.sort_unstable();
    assert_eq!(named, moved);
}

#[test]
fn files_outside_of_a_run_are_not_its_own_and_reports_keep_their_places() {
    for (path, moved) in [
        ("../precious", None),
        ("/etc/passwd", None),
        ("a/../../b", None),
        ("", None),
        ("alone.log", Some("files/alone.log")),
        ("report.html/x.log", Some("report.html-2/x.log")),
    ] {
        let mut run = of_one("one", 0, &[failure()]).end();
        for event in &mut run.events {
            if let EventKind::ScenarioFinished { artifacts, .. } = &mut event.kind {
                path.clone_into(&mut artifacts[0].path);
            }
        }
        let together = merged([run]);
        let log = log(&together);
        let left = log.scenarios[0].artifacts.first();
        assert_eq!(left.map(|artifact| artifact.path.as_str()), moved, "{path}");
        let mut files = together.files.iter();
        assert_eq!(
            files.any(|file| file.from == path),
            moved.is_some(),
            "{path}"
        );
    }
}

#[test]
fn a_trace_of_a_scenario_that_ended_is_a_file_only_if_it_was_kept() {
    let trace = Artifact::new(ArtifactKind::Trace, "one/trace.jsonl");
    for (ends, kept, is_there) in [
        (true, true, true),
        (true, false, false),
        (false, false, true),
    ] {
        let mut run = of_one("one", 0, &[failure()]).end();
        run.events
            .retain(|event| ends || !matches!(event.kind, EventKind::ScenarioFinished { .. }));
        for event in &mut run.events {
            if let EventKind::ScenarioFinished { artifacts, .. } = &mut event.kind {
                *artifacts = kept.then(|| trace.clone()).into_iter().collect();
            }
        }
        let is_start = |event: &Event| matches!(event.kind, EventKind::ScenarioStarted { .. });
        let start = run.events.iter().position(is_start).unwrap();
        let started = EventKind::DesktopStarted {
            scenario: ScenarioId(0),
            display: ":1".to_owned(),
            size: "1280x800".to_owned(),
            sandbox: None,
            viewer: None,
            trace: Some(trace.clone()),
            took: Duration::from_secs(1),
        };
        run.events.insert(start + 1, Event::now(started));
        let files = merged([run]).files;
        let there = files.iter().any(|file| file.from == trace.path);
        assert_eq!(there, is_there, "ends: {ends}, kept: {kept}");
    }
}
