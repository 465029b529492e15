//! The report as one JSON document, for programs.
//!
//! Unlike `events.jsonl`, which tells what happened in order, it gives the results:
//! a program that wants to know which scenarios failed, and where, reads it without
//! folding anything. Its schema is in `schema/report.schema.json`.

mod schema;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

pub use self::schema::json_schema;
use super::{
    RunLog, ScenarioLog, StepLog,
    story::Story,
    verdict::{Verdict, sentence},
};
use crate::{
    event::{Artifact, Changes, Moment, Outcome, SourceLocation},
    shard::Shard,
};

/// The version of the document: it changes when programs that read it have to be adapted.
const FORMAT: u32 = 1;

/// The report as a JSON document. `file` is the path of a scenario's file as its readers
/// know it; paths of artifacts are relative to the folder of the artifacts.
#[must_use]
pub fn json(log: &RunLog, file: &dyn Fn(&str) -> String) -> serde_json::Value {
    let document = Document {
        format: FORMAT,
        deskhand: &log.version,
        outcome: Verdict::of(log).word(),
        summary: sentence(log),
        counts: counts(log),
        started: log.started,
        took: log.took.map(seconds),
        host: &log.host,
        target: &log.target,
        shard: log.shard,
        missing_shards: &log.missing,
        scenarios: log
            .scenarios
            .iter()
            .map(|log| scenario(log, file))
            .collect(),
        skipped: log
            .left_out()
            .map(|log| Skipped {
                name: &log.name,
                place: place(&log.place, file),
                tags: &log.tags,
                reason: &log.reason,
            })
            .collect(),
    };
    // Every key is a text, so this cannot fail.
    serde_json::to_value(document).unwrap_or_default()
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    format: u32,
    deskhand: &'a str,
    outcome: &'static str,
    summary: String,
    counts: Counts,
    started: Option<DateTime<Utc>>,
    took: Option<f64>,
    host: &'a str,
    target: &'a str,
    shard: Option<Shard>,
    missing_shards: &'a [Shard],
    scenarios: Vec<Scenario<'a>>,
    skipped: Vec<Skipped<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Counts {
    passed: usize,
    flaky: usize,
    failed: usize,
    error: usize,
    interrupted: usize,
    skipped: usize,
    not_started: usize,
}

#[derive(Serialize)]
struct Place {
    file: String,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Scenario<'a> {
    name: &'a str,
    #[serde(flatten)]
    place: Place,
    tags: &'a [String],
    outcome: &'static str,
    attempts: Vec<Attempt<'a>>,
}

#[derive(Serialize)]
struct Attempt<'a> {
    outcome: &'static str,
    started: DateTime<Utc>,
    took: Option<f64>,
    findings: Vec<Finding<'a>>,
    steps: Vec<Step<'a>>,
    artifacts: Vec<File<'a>>,
}

/// What went wrong, as far as it is known.
#[derive(Serialize)]
struct Finding<'a> {
    outcome: &'static str,
    verb: &'a str,
    message: &'a str,
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<&'a Changes>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    circumstances: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    video: Option<&'a Moment>,
}

#[derive(Serialize)]
struct Step<'a> {
    number: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<usize>,
    verb: &'a str,
    title: &'a str,
    #[serde(flatten)]
    place: Place,
    outcome: &'static str,
    took: Option<f64>,
    notes: &'a [String],
    artifacts: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    kind: crate::event::ArtifactKind,
    path: &'a str,
}

#[derive(Serialize)]
struct Skipped<'a> {
    name: &'a str,
    #[serde(flatten)]
    place: Place,
    tags: &'a [String],
    reason: &'a str,
}

fn counts(log: &RunLog) -> Counts {
    let counts = log.counts();
    Counts {
        passed: counts.passed,
        flaky: counts.flaky,
        failed: counts.failed,
        error: counts.error,
        interrupted: counts.interrupted,
        skipped: counts.skipped,
        not_started: log.not_begun(),
    }
}

fn scenario<'a>(log: &'a ScenarioLog, file: &dyn Fn(&str) -> String) -> Scenario<'a> {
    // What its shard did not play has no attempt, but an error that says so.
    let attempts = log.all_attempts().map(|log| attempt(log, file));
    Scenario {
        name: &log.name,
        place: place(&log.place, file),
        tags: &log.tags,
        outcome: log.outcome().word(),
        attempts: attempts.collect(),
    }
}

fn attempt<'a>(log: &'a ScenarioLog, file: &dyn Fn(&str) -> String) -> Attempt<'a> {
    let findings = log.faults().into_iter();
    let findings = findings.filter_map(|(step, outcome)| finding(step, outcome, file));
    let videos = log.recordings.iter().map(|recording| &recording.artifact);
    Attempt {
        outcome: log.outcome().word(),
        started: log.started,
        took: log.took.map(seconds),
        findings: findings.collect(),
        steps: log.steps.iter().map(|log| step(log, file)).collect(),
        artifacts: files(videos.chain(&log.artifacts)),
    }
}

fn finding<'a>(
    step: Option<&StepLog>,
    outcome: &'a Outcome,
    file: &dyn Fn(&str) -> String,
) -> Option<Finding<'a>> {
    let story = Story::of(outcome)?;
    Some(Finding {
        outcome: outcome.word(),
        verb: story.verb,
        message: story.message,
        place: story.place.map(|it| place(it, file)),
        step: step.map(|step| step.id.0),
        expected: story.expected,
        seen: story.seen,
        changes: story.changes,
        circumstances: story.circumstances,
        detail: story.detail,
        help: story.help,
        video: story.moment,
    })
}

fn step<'a>(log: &'a StepLog, file: &dyn Fn(&str) -> String) -> Step<'a> {
    Step {
        number: log.id.0,
        block: log.parent.map(|parent| parent.0),
        verb: &log.verb,
        title: &log.title,
        place: place(&log.place, file),
        outcome: log.outcome().word(),
        took: log.took.map(seconds),
        notes: &log.notes,
        artifacts: files(log.artifacts.iter()),
    }
}

fn files<'a>(artifacts: impl Iterator<Item = &'a Artifact>) -> Vec<File<'a>> {
    let file = |artifact: &'a Artifact| File {
        kind: artifact.kind,
        path: &artifact.path,
    };
    artifacts.map(file).collect()
}

fn place(place: &SourceLocation, file: &dyn Fn(&str) -> String) -> Place {
    Place {
        file: file(&place.file),
        line: place.line,
        column: place.column,
    }
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}

#[cfg(test)]
mod tests;
