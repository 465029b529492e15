//! What a run has to decide about, found by its path.

use super::answer::Problem;
use crate::{
    cli::accept::baseline::Offer,
    event::Artifact,
    report::{RunLog, ScenarioLog, StepLog},
};

/// An artifact that can become a baseline, with its step.
pub(super) struct Found<'l> {
    pub(super) scenario: &'l ScenarioLog,
    pub(super) step: &'l StepLog,
    pub(super) artifact: &'l Artifact,
}

/// All artifacts of steps, each scenario as it was played last.
pub(super) fn artifacts(log: &RunLog) -> impl Iterator<Item = Found<'_>> {
    log.scenarios.iter().flat_map(|scenario| {
        scenario.steps.iter().flat_map(move |step| {
            step.artifacts.iter().map(move |artifact| Found {
                scenario,
                step,
                artifact,
            })
        })
    })
}

/// An artifact of the run by its path.
pub(super) fn found<'l>(log: &'l RunLog, artifact: &str) -> Result<Found<'l>, Problem> {
    let mut all = artifacts(log);
    all.find(|found| found.artifact.path == artifact)
        .ok_or_else(nothing)
}

impl Found<'_> {
    /// What can become a baseline, if it can.
    pub(super) fn offer(&self) -> Option<Offer> {
        Offer::of(self.artifact)
    }
}

/// Nothing is found.
pub(super) fn nothing() -> Problem {
    Problem::new("the run has no such picture or tree".to_owned())
}
