//! `junit.xml`, in the dialect that CI systems agree on.
//!
//! A suite is a file, a case is a scenario. Paths stand alone on their lines
//! as `[[ATTACHMENT|path]]` in the only `system-out` of a case, because GitLab,
//! Jenkins and Azure look there, and GitLab shows only the first. Timestamps
//! are whole seconds: strict importers refuse fractions.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Utc};
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::{
    RunLog, ScenarioLog, StepLog,
    story::{Story, clean, in_order},
};
use crate::event::{Artifact, Outcome};

/// How many steps before its end a failure's body repeats.
const LAST_STEPS: usize = 5;

/// The report as XML. `prefix` is put before every path of an artifact, such as
/// `artifacts/`, because CI systems read paths from where the job ran.
#[must_use]
pub fn junit(log: &RunLog, prefix: &str) -> String {
    let mut report = Report::new("deskhand");
    if let Some(took) = log.took {
        report.set_time(whole_milliseconds(took));
    }
    for (file, scenarios) in by_file(log) {
        report.add_test_suite(suite(log, file, &scenarios, prefix));
    }
    report.to_string().unwrap_or_default()
}

/// The scenarios of each file, in the order of the files' first ones.
fn by_file(log: &RunLog) -> Vec<(&str, Vec<&ScenarioLog>)> {
    let mut suites: Vec<(&str, Vec<&ScenarioLog>)> = Vec::new();
    for scenario in &log.scenarios {
        let file = scenario.place.file.as_str();
        match suites.iter_mut().find(|(name, _)| *name == file) {
            Some((_, scenarios)) => scenarios.push(scenario),
            None => suites.push((file, vec![scenario])),
        }
    }
    suites
}

fn suite(log: &RunLog, file: &str, scenarios: &[&ScenarioLog], prefix: &str) -> TestSuite {
    let mut suite = TestSuite::new(clean(file));
    let took = scenarios.iter().filter_map(|scenario| scenario.took).sum();
    suite.set_time(whole_milliseconds(took));
    if let Some(first) = scenarios.first() {
        suite
            .extra
            .insert("timestamp".into(), timestamp(first.started).into());
    }
    suite
        .extra
        .insert("hostname".into(), clean(&log.host).into());
    let mut names = BTreeMap::new();
    for scenario in scenarios {
        let seen: &mut usize = names.entry(scenario.name.as_str()).or_default();
        *seen += 1;
        // Importers take two cases of one name for one case.
        let name = match seen {
            1 => clean(&scenario.name),
            again => format!("{} ({again})", clean(&scenario.name)),
        };
        suite.add_test_case(case(scenario, name, prefix));
    }
    suite
}

fn case(scenario: &ScenarioLog, name: String, prefix: &str) -> TestCase {
    let mut case = TestCase::new(name, status(scenario));
    case.set_classname(classname(&scenario.place.file));
    case.set_time(whole_milliseconds(scenario.took.unwrap_or_default()));
    case.extra
        .insert("file".into(), clean(&scenario.place.file).into());
    case.extra
        .insert("line".into(), scenario.place.line.to_string().into());
    for tag in &scenario.tags {
        case.add_property(Property::new("tag", clean(tag)));
    }
    for step in &scenario.steps {
        let property = format!("step[{}]", step.outcome().word());
        case.add_property(Property::new(property, clean(&step.title)));
    }
    let attachments = attachments(scenario, prefix);
    if !attachments.is_empty() {
        case.set_system_out(attachments);
    }
    case
}

fn status(scenario: &ScenarioLog) -> TestCaseStatus {
    let outcome = scenario.outcome();
    let kind = match outcome {
        Outcome::Passed => return TestCaseStatus::success(),
        Outcome::Skipped => return TestCaseStatus::skipped(),
        Outcome::Failed(_) => NonSuccessKind::Failure,
        Outcome::Error(_) | Outcome::Interrupted => NonSuccessKind::Error,
    };
    let mut status = TestCaseStatus::non_success(kind);
    let (message, verb, body) = if let Some(story) = Story::of(outcome) {
        (
            story.message.to_owned(),
            story.verb.to_owned(),
            story.to_string(),
        )
    } else {
        let place = format!("at {}\n", scenario.place);
        (
            "the run was interrupted".to_owned(),
            "interrupted".to_owned(),
            place,
        )
    };
    status.set_message(clean(&message.replace('\n', " ")));
    status.set_type(verb);
    status.set_description(clean(&format!("{body}{}", last_steps(&scenario.steps))));
    status
}

fn last_steps(steps: &[StepLog]) -> String {
    let is_begun = |step: &&StepLog| !matches!(step.outcome(), Outcome::Skipped);
    let begun: Vec<&StepLog> = steps.iter().filter(is_begun).collect();
    let last = &begun[begun.len().saturating_sub(LAST_STEPS)..];
    let heading = if last.is_empty() {
        ""
    } else {
        "the last steps:\n"
    };
    last.iter().fold(heading.to_owned(), |text, step| {
        let seconds = step.took.unwrap_or_default().as_secs_f64();
        let word = step.outcome().word().to_owned();
        text + &format!("  {}. {} ({word}, {seconds:.2} s)\n", step.id.0, step.title)
    })
}

fn attachments(scenario: &ScenarioLog, prefix: &str) -> String {
    let steps = scenario.steps.iter().flat_map(|step| &step.artifacts);
    let videos = scenario
        .recordings
        .iter()
        .map(|recording| &recording.artifact);
    let all = in_order(steps.chain(videos).chain(&scenario.artifacts));
    let line = |artifact: &&Artifact| format!("[[ATTACHMENT|{prefix}{}]]\n", artifact.path);
    all.iter().map(line).collect()
}

/// `scenarios/editor/save.yaml` is `scenarios.editor.save`.
fn classname(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    clean(stem).trim_matches(['/', '.']).replace('/', ".")
}

fn timestamp(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn whole_milliseconds(duration: Duration) -> Duration {
    Duration::from_millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}
