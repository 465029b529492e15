//! The run as a whole, folded from its events one by one.
//!
//! A run may be cut off at any event: the machine is switched off, the process
//! is killed. The fold therefore asks for nothing to be complete. What began and
//! never ended stays without an outcome, and reports call that interrupted.
//!
//! Scenarios may be played side by side, in any order. The fold separates their events and puts the
//! scenarios in the order of their numbers, so reports do not depend on when each was played.

mod read;
mod scenario;

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};

pub use self::{
    read::{ReadError, read_events},
    scenario::{DesktopLog, RecordingLog, ScenarioLog, StepLog},
};
use crate::{
    event::{Event, EventKind, EventSink, Outcome, Part, ScenarioId, SourceLocation, Trouble},
    shard::Shard,
};

/// A run, as far as its events tell it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunLog {
    /// Deskhand's version.
    pub version: String,
    /// The machine that played.
    pub host: String,
    /// The desktop's kind: `local`, `memory`.
    pub target: String,
    /// How many scenarios were to be played.
    pub planned: usize,
    /// How many of them were played side by side.
    pub jobs: usize,
    /// The share of the suite that was played, if it was divided.
    pub shard: Option<Shard>,
    /// A digest of how the suite was divided, if it was.
    pub division: Option<u32>,
    /// The seed of their order, if they were shuffled.
    pub shuffle: Option<u64>,
    /// How long its scenarios took earlier, added up, where that is known.
    pub expected: Option<Duration>,
    /// When it began.
    pub started: Option<DateTime<Utc>>,
    /// From its start to its end; `None` if it was cut off.
    pub took: Option<Duration>,
    /// When the latest of its events happened.
    pub latest: Option<DateTime<Utc>>,
    /// Whether somebody stopped it.
    pub interrupted: bool,
    /// The runs that it was merged from, if it was.
    pub parts: Vec<Part>,
    /// The shards of which those runs had none.
    pub missing: Vec<Shard>,
    /// The scenarios that began, in the order of their numbers, and those that a
    /// missing shard did not play.
    pub scenarios: Vec<ScenarioLog>,
    /// The scenarios that did not begin, in the order of their numbers, also those
    /// that another shard plays.
    pub skipped: Vec<SkippedLog>,
}

/// A scenario that was left out.
#[derive(Clone, Debug, PartialEq)]
pub struct SkippedLog {
    /// Its number in the suite.
    pub id: ScenarioId,
    /// Its name, for people.
    pub name: String,
    /// Its file and line.
    pub place: SourceLocation,
    /// Free words to choose scenarios by.
    pub tags: Vec<String>,
    /// Why, in a few words.
    pub reason: String,
    /// The shard that plays it, if that is the reason.
    pub shard: Option<usize>,
    /// How long it took in an earlier run, where that is known.
    pub expected: Option<Duration>,
}

/// How many scenarios ended in which way.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// As the scenario expects.
    pub passed: usize,
    /// Passed, but only when tried again.
    pub flaky: usize,
    /// Not as the scenario expects.
    pub failed: usize,
    /// Deskhand could not find out.
    pub error: usize,
    /// Stopped or cut off.
    pub interrupted: usize,
    /// Left out; what another shard plays does not count.
    pub skipped: usize,
}

/// Adds each event as it happens.
impl EventSink for Mutex<RunLog> {
    fn emit(&self, event: &Event) {
        let log = self.lock();
        log.unwrap_or_else(PoisonError::into_inner).apply(event);
    }
}

impl RunLog {
    /// How long it took; up to its latest event, if it was cut off.
    #[must_use]
    pub fn lasted(&self) -> Duration {
        let cut_off = || (self.latest? - self.started?).to_std().ok();
        self.took.or_else(cut_off).unwrap_or_default()
    }

    /// Adds one event. An event of a scenario or step that never began is left
    /// out, because there is nothing to say about it.
    pub fn apply(&mut self, event: &Event) {
        self.latest = self.latest.max(Some(event.time));
        match &event.kind {
            EventKind::RunStarted { .. } => self.start(event),
            EventKind::RunsMerged { runs, missing } => {
                self.parts.clone_from(runs);
                self.missing.clone_from(missing);
            }
            EventKind::RunFinished { interrupted, took } => {
                self.interrupted = *interrupted;
                self.took = Some(*took);
            }
            EventKind::ScenarioStarted { .. } => {
                if let Some(attempt) = ScenarioLog::begun(event) {
                    self.begin(attempt);
                }
            }
            EventKind::ScenarioSkipped { .. } => self.skip(event),
            EventKind::DesktopStarted { scenario, .. }
            | EventKind::StepStarted { scenario, .. }
            | EventKind::StepFinished { scenario, .. }
            | EventKind::RecordingSaved { scenario, .. }
            | EventKind::ScenarioFinished { scenario, .. } => {
                let found = self.scenarios.iter_mut().find(|log| log.id == *scenario);
                if let Some(log) = found {
                    log.apply(&event.kind);
                }
            }
        }
    }

    /// How many scenarios ended in which way.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            skipped: self.left_out().count(),
            ..Counts::default()
        };
        for scenario in &self.scenarios {
            *match scenario.outcome() {
                Outcome::Passed | Outcome::Noted(_) => &mut counts.passed,
                Outcome::Flaky => &mut counts.flaky,
                Outcome::Failed(_) => &mut counts.failed,
                Outcome::Error(_) => &mut counts.error,
                Outcome::Interrupted => &mut counts.interrupted,
                Outcome::Skipped => &mut counts.skipped,
            } += 1;
        }
        counts
    }

    /// The scenarios that no shard plays, each with its reason.
    pub fn left_out(&self) -> impl Iterator<Item = &SkippedLog> {
        self.skipped.iter().filter(|log| log.shard.is_none())
    }

    /// How many scenarios were to be played, and neither began nor are told to be left
    /// out: those after which the run was cut off.
    #[must_use]
    pub fn not_begun(&self) -> usize {
        // Those that were never to be played are reported too; a run that has an end told
        // of all others.
        let told = self.took.map_or(0, |_| self.left_out().count());
        self.planned.saturating_sub(self.scenarios.len() + told)
    }

    fn start(&mut self, event: &Event) {
        if let EventKind::RunStarted {
            version,
            host,
            target,
            scenarios,
            jobs,
            shard,
            division,
            shuffle,
            expected,
        } = event.kind.clone()
        {
            (self.version, self.host, self.target) = (version, host, target);
            (self.planned, self.jobs, self.shard) = (scenarios, jobs, shard);
            (self.division, self.shuffle, self.expected) = (division, shuffle, expected);
            self.started = Some(event.time);
        }
    }

    /// Puts a scenario in its place. If it began before, this is another attempt.
    fn begin(&mut self, mut attempt: ScenarioLog) {
        self.skipped.retain(|log| log.id != attempt.id);
        match self
            .scenarios
            .binary_search_by_key(&attempt.id, |log| log.id)
        {
            Ok(at) => {
                let before = &mut self.scenarios[at];
                attempt.earlier = std::mem::take(&mut before.earlier);
                let before = std::mem::replace(before, attempt);
                if before.attempt > 0 {
                    self.scenarios[at].earlier.push(before);
                }
            }
            Err(at) => self.scenarios.insert(at, attempt),
        }
    }

    /// Keeps a scenario that was left out, unless it was played.
    fn skip(&mut self, event: &Event) {
        let EventKind::ScenarioSkipped {
            scenario: id,
            name,
            place,
            tags,
            reason,
            shard,
            expected,
        } = event.kind.clone()
        else {
            return;
        };
        let Err(at) = self.scenarios.binary_search_by_key(&id, |log| log.id) else {
            return;
        };
        // The run of one shard says nothing about the others. Where all are together, one
        // that should have played it did not.
        if shard.is_some() && self.shard.is_none() {
            let missed = ScenarioLog {
                id,
                name,
                place,
                tags,
                attempt: 0,
                outcome: Some(Outcome::Error(Box::new(unplayed(reason)))),
                ..ScenarioLog::at(event.time)
            };
            self.scenarios.insert(at, missed);
            return;
        }
        let log = SkippedLog {
            id,
            name,
            place,
            tags,
            reason,
            shard,
            expected,
        };
        match self.skipped.binary_search_by_key(&id, |log| log.id) {
            Ok(at) => self.skipped[at] = log,
            Err(at) => self.skipped.insert(at, log),
        }
    }
}

/// What is reported about a scenario that its shard did not play.
fn unplayed(reason: String) -> Trouble {
    let help = "play that shard again, and give its artifacts to `deskhand report` together \
                with the others";
    Trouble {
        verb: "shard".to_owned(),
        message: reason,
        detail: None,
        help: Some(help.to_owned()),
        place: None,
        excerpt: None,
        moment: None,
    }
}

#[cfg(test)]
mod tests;
