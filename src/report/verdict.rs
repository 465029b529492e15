//! How a run ended, as one word and as a sentence, for every report alike.

use super::{RunLog, ScenarioLog};
use crate::event::Outcome;

/// The worst of a run's scenarios, which decides how the run ended, from best to worst.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Verdict {
    /// Nothing went wrong.
    Passed,
    /// Everything passed, but some of it only when it was tried again.
    Flaky,
    /// The desktop did something other than a scenario expects.
    Failed,
    /// Deskhand could not find out, or a shard is missing.
    Error,
    /// Somebody stopped the run, or it was cut off.
    Interrupted,
}

impl Verdict {
    /// That of a run.
    #[must_use]
    pub fn of(log: &RunLog) -> Self {
        let is_cut_off = log.took.is_none() && log.not_begun() > 0;
        let mut worst = Self::Passed;
        if log.interrupted || is_cut_off {
            worst = Self::Interrupted;
        } else if !log.missing.is_empty() {
            worst = Self::Error;
        }
        let outcomes = log.scenarios.iter().map(ScenarioLog::outcome);
        outcomes.map(Self::of_scenario).fold(worst, Self::max)
    }

    const fn of_scenario(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Passed | Outcome::Noted(_) | Outcome::Skipped => Self::Passed,
            Outcome::Flaky => Self::Flaky,
            Outcome::Failed(_) => Self::Failed,
            Outcome::Error(_) => Self::Error,
            Outcome::Interrupted => Self::Interrupted,
        }
    }

    /// The word for it, as for an [`Outcome`].
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Flaky => "flaky",
            Self::Failed => "failed",
            Self::Error => "error",
            Self::Interrupted => "interrupted",
        }
    }
}

/// The run in one line.
pub(super) fn sentence(log: &RunLog) -> String {
    let counts = log.counts();
    let all = log.scenarios.len() + log.not_begun();
    let passed = counts.passed + counts.flaky;
    let noun = if all == 1 { "scenario" } else { "scenarios" };
    match (all, passed) {
        (0, _) => "No scenario was played".to_owned(),
        (1, 1) if counts.flaky == 1 => "The scenario passed only when tried again".to_owned(),
        (1, 1) => "The scenario passed".to_owned(),
        (1, 0) if counts.failed == 1 => "The scenario failed".to_owned(),
        (_, passed) if passed == all && counts.flaky == all => {
            format!("All {all} {noun} passed, but only when tried again")
        }
        (_, passed) if passed == all && counts.flaky > 0 => {
            let flaky = counts.flaky;
            format!("All {all} {noun} passed, {flaky} of them only when tried again")
        }
        (_, passed) if passed == all => format!("All {all} {noun} passed"),
        (_, 0) => format!("None of {all} {noun} passed"),
        (_, passed) => format!("{passed} of {all} {noun} passed"),
    }
}

/// What is missing, if the run did not reach its end, in sentences.
pub(super) fn warnings(log: &RunLog) -> Vec<String> {
    let shard = |shard| format!("Shard {shard} is missing.");
    let mut told: Vec<String> = log.missing.iter().map(shard).collect();
    if log.interrupted {
        told.push("The run was stopped before its end.".to_owned());
    } else if log.took.is_none() {
        told.push("The run ended unexpectedly: its last events are missing.".to_owned());
    }
    match log.not_begun() {
        0 => {}
        1 => told.push("One scenario did not start.".to_owned()),
        missing => told.push(format!("{missing} scenarios did not start.")),
    }
    told
}
