//! Scenarios that were tried again, and those that were left out.

use std::time::Duration;

use super::{common, everything};
use crate::{
    event::{EventKind, Outcome, ScenarioId},
    report::tests::{failure, failure_at, place, scenario, trouble},
};

/// A scenario whose attempts end so.
pub(super) fn tried(number: usize, outcomes: &[Outcome]) -> Vec<EventKind> {
    let attempt = |(at, outcome): (usize, &Outcome)| {
        let mut kinds = scenario(number, &format!("Tried {number}"), outcome);
        for kind in &mut kinds {
            match kind {
                EventKind::ScenarioStarted { attempt, .. } => *attempt = at + 1,
                EventKind::ScenarioFinished { again, took, .. } => {
                    *again = at + 1 < outcomes.len();
                    *took = Duration::from_secs(at as u64 + 1);
                }
                EventKind::StepFinished { artifacts, .. } => {
                    for artifact in artifacts {
                        artifact.path = artifact.path.replace("save/", &format!("save-{at}/"));
                    }
                }
                _ => {}
            }
        }
        kinds
    };
    outcomes.iter().enumerate().flat_map(attempt).collect()
}

pub(super) fn left_out(number: usize, reason: &str) -> EventKind {
    EventKind::ScenarioSkipped {
        scenario: ScenarioId(number),
        name: format!("Left out {number}"),
        place: place(2),
        tags: vec!["slow".to_owned()],
        reason: reason.to_owned(),
        shard: None,
        expected: None,
    }
}

#[test]
fn a_flaky_case_passed_and_tells_what_went_wrong_before() {
    let xml = common(tried(0, &[failure(), trouble(), Outcome::Flaky]));
    assert!(
        xml.contains(r#"tests="1" failures="0" errors="0""#),
        "{xml}"
    );
    let case = r#"time="3.000" file="repo/scenarios/editor/save.yaml" line="2">"#;
    assert!(xml.contains(case), "{xml}");
    let failure = "<flakyFailure message=\"the screen differs from `saved` [31m&amp; more ]]&gt;\" \
        type=\"screenshot-assert\">\n                <stackTrace>the screen differs from";
    let error = "<flakyError message=\"`xvfb` did not start\" type=\"desktop\">\n                \
        <stackTrace>`xvfb` did not start\n";
    let xml = xml.replace("&apos;", "'");
    assert!(xml.contains(failure) && xml.contains(error), "{xml}");
    for none in ["<failure", "<error", "<rerun"] {
        assert!(!xml.contains(none), "{xml}");
    }
    assert!(
        xml.contains(r#"<property name="attempts" value="3"/>"#),
        "{xml}"
    );
    // The pictures of every attempt, in the only place where readers look.
    assert_eq!(xml.matches("<system-out>").count(), 1, "{xml}");
    assert!(
        xml.contains("<system-out>[[ATTACHMENT|repo/artifacts/save-0/saved.comparison.png]]"),
        "{xml}"
    );
    assert!(
        xml.contains("[[ATTACHMENT|repo/artifacts/save-1/saved.actual.png]]"),
        "{xml}"
    );
}

#[test]
fn a_case_that_never_passed_is_told_by_its_first_attempt() {
    let later = failure_at("scenarios/parts/close.yaml", 4, "it does not close");
    let xml = common(tried(0, &[failure(), trouble(), later]));
    assert!(
        xml.contains(r#"tests="1" failures="1" errors="0""#),
        "{xml}"
    );
    let case = r#"time="1.000" file="repo/scenarios/editor/save.yaml" line="9">"#;
    assert!(xml.contains(case), "{xml}");
    for (element, count) in [
        ("<failure message=\"the screen differs", 1),
        ("<rerunError message=\"`xvfb` did not start\"", 1),
        (
            "<rerunFailure message=\"it does not close\" type=\"click\">",
            1,
        ),
        ("<error", 0),
        ("<flaky", 0),
    ] {
        assert_eq!(xml.matches(element).count(), count, "{element}: {xml}");
    }
}

#[test]
fn what_was_left_out_is_a_skipped_case_with_its_reason() {
    let mut kinds = scenario(1, "Played", &Outcome::Passed);
    kinds.push(left_out(0, "it has no tag `smoke`"));
    let xml = common(kinds);
    let counts = r#"tests="2" failures="0" errors="0" skipped="1""#;
    assert_eq!(xml.matches(counts).count(), 2, "{xml}");
    let first = xml.find("<testcase name=\"Left out 0\"").unwrap();
    assert!(
        first < xml.find("<testcase name=\"Played\"").unwrap(),
        "{xml}"
    );
    assert!(
        xml.contains("<skipped message=\"it has no tag `smoke`\"/>"),
        "{xml}"
    );
}

#[test]
fn the_order_of_playing_changes_nothing() {
    let kinds = everything();
    let played = |kind: &EventKind, number: usize| {
        format!("{kind:?}").contains(&format!("ScenarioId({number})"))
    };
    let mut backwards = Vec::new();
    for number in (0..9).rev() {
        backwards.extend(kinds.iter().filter(|kind| played(kind, number)).cloned());
    }
    assert_eq!(backwards.len(), kinds.len());
    assert_eq!(common(backwards), common(kinds));
}
