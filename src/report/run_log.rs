//! The run as a whole, folded from its events one by one.
//!
//! A run may be cut off at any event: the machine is switched off, the process
//! is killed. The fold therefore asks for nothing to be complete. What began and
//! never ended stays without an outcome, and reports call that interrupted.

use std::{
    io::{self, BufRead},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::event::{
    Artifact, Event, EventKind, EventSink, Moment, Outcome, ScenarioId, SourceLocation, StepId,
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
    /// When it began.
    pub started: Option<DateTime<Utc>>,
    /// From its start to its end; `None` if it was cut off.
    pub took: Option<Duration>,
    /// Whether somebody stopped it.
    pub interrupted: bool,
    /// The scenarios that began, in the order of their numbers.
    pub scenarios: Vec<ScenarioLog>,
}

/// One scenario of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioLog {
    /// Its number in the run.
    pub id: ScenarioId,
    /// Its name, for people.
    pub name: String,
    /// Its file and line.
    pub place: SourceLocation,
    /// Free words to choose scenarios by.
    pub tags: Vec<String>,
    /// How many steps it has, played or not, blocks as one each.
    pub planned: usize,
    /// When it began.
    pub started: DateTime<Utc>,
    /// Its desktop, once that answered.
    pub desktop: Option<DesktopLog>,
    /// The steps that began, in their order.
    pub steps: Vec<StepLog>,
    /// The recordings that were saved.
    pub recordings: Vec<RecordingLog>,
    /// How it ended; `None` if it was cut off.
    pub outcome: Option<Outcome>,
    /// From its start to its end.
    pub took: Option<Duration>,
    /// What belongs to no single step: the desktop's logs.
    pub artifacts: Vec<Artifact>,
}

/// The desktop of a scenario.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DesktopLog {
    /// X11's name of its display.
    pub display: String,
    /// The screen, as `1280x800`.
    pub size: String,
    /// How long it took from nothing.
    pub took: Duration,
}

/// One step of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct StepLog {
    /// Its number in the scenario.
    pub id: StepId,
    /// The block that it was played in, if it was in one.
    pub parent: Option<StepId>,
    /// Its verb: `click`.
    pub verb: String,
    /// What it does, in a few words.
    pub title: String,
    /// Where it is written.
    pub place: SourceLocation,
    /// Where the running recording was at its start, if there was one.
    pub moment: Option<Moment>,
    /// How it ended; `None` if it was cut off.
    pub outcome: Option<Outcome>,
    /// From its start to its end.
    pub took: Option<Duration>,
    /// What it left: pictures, videos.
    pub artifacts: Vec<Artifact>,
    /// Things worth a line that changed nothing.
    pub notes: Vec<String>,
}

/// A recording of a scenario.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RecordingLog {
    /// Its name in the scenario.
    pub name: String,
    /// The video.
    pub artifact: Artifact,
    /// How long the recording was on.
    pub span: Duration,
}

/// How many scenarios ended in which way.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// As the scenario expects.
    pub passed: usize,
    /// Passed, but only when tried again.
    pub flaky: usize,
    /// Otherwise than the scenario expects.
    pub failed: usize,
    /// We could not find out.
    pub error: usize,
    /// Stopped or cut off.
    pub interrupted: usize,
    /// Never begun, because something before it went wrong.
    pub skipped: usize,
}

/// Why a file of events could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file itself cannot be read.
    #[error("cannot read the events")]
    Io(#[from] io::Error),
    /// A line is not an event.
    #[error("line {line} is not an event")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// Adds each event as it happens.
impl EventSink for Mutex<RunLog> {
    fn emit(&self, event: &Event) {
        let log = self.lock();
        log.unwrap_or_else(PoisonError::into_inner).apply(event);
    }
}

impl RunLog {
    /// Reads a file of events, one JSON object a line.
    ///
    /// The last line may be cut in half, as a killed process leaves it; it is
    /// then left out. Empty lines mean nothing.
    ///
    /// # Errors
    ///
    /// If the reader fails, or a whole line is not an event.
    pub fn from_jsonl(reader: impl BufRead) -> Result<Self, ReadError> {
        let mut log = Self::default();
        read_events(reader, &mut |event| log.apply(event))?;
        Ok(log)
    }

    /// Adds one event. An event of a scenario or step that never began is left
    /// out, for there is nothing to tell of it.
    pub fn apply(&mut self, event: &Event) {
        match &event.kind {
            EventKind::RunStarted {
                version,
                host,
                target,
                scenarios,
                ..
            } => {
                self.version.clone_from(version);
                self.host.clone_from(host);
                self.target.clone_from(target);
                self.planned = *scenarios;
                self.started = Some(event.time);
            }
            EventKind::RunFinished { interrupted, took } => {
                self.interrupted = *interrupted;
                self.took = Some(*took);
            }
            EventKind::ScenarioStarted {
                scenario,
                name,
                place,
                tags,
                steps,
                ..
            } => self.begin(ScenarioLog {
                id: *scenario,
                name: name.clone(),
                place: place.clone(),
                tags: tags.clone(),
                planned: *steps,
                started: event.time,
                desktop: None,
                steps: Vec::new(),
                recordings: Vec::new(),
                outcome: None,
                took: None,
                artifacts: Vec::new(),
            }),
            EventKind::ScenarioSkipped { .. } => {}
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
        let mut counts = Counts::default();
        for scenario in &self.scenarios {
            *match scenario.outcome() {
                Outcome::Passed => &mut counts.passed,
                Outcome::Flaky => &mut counts.flaky,
                Outcome::Failed(_) => &mut counts.failed,
                Outcome::Error(_) => &mut counts.error,
                Outcome::Interrupted => &mut counts.interrupted,
                Outcome::Skipped => &mut counts.skipped,
            } += 1;
        }
        counts
    }

    /// Puts a scenario in its place; played side by side they begin in any order.
    fn begin(&mut self, scenario: ScenarioLog) {
        let at = self.scenarios.partition_point(|log| log.id < scenario.id);
        self.scenarios.insert(at, scenario);
    }
}

/// Shows each event of a file to `see`; the last line may be cut in half.
pub(super) fn read_events(
    mut reader: impl BufRead,
    see: &mut dyn FnMut(&Event),
) -> Result<(), ReadError> {
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice(&bytes) {
            Ok(event) => see(&event),
            Err(_) if !bytes.ends_with(b"\n") => break,
            Err(source) => return Err(ReadError::Line { line, source }),
        }
    }
    Ok(())
}

impl ScenarioLog {
    /// How it ended: interrupted, if it was cut off.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        self.outcome.as_ref().unwrap_or(&Outcome::Interrupted)
    }

    /// Adds an event that happened inside this scenario.
    fn apply(&mut self, kind: &EventKind) {
        match kind.clone() {
            EventKind::DesktopStarted {
                display,
                size,
                took,
                ..
            } => {
                self.desktop = Some(DesktopLog {
                    display,
                    size,
                    took,
                });
            }
            EventKind::StepStarted {
                step,
                parent,
                verb,
                title,
                place,
                moment,
                ..
            } => self.steps.push(StepLog {
                id: step,
                parent,
                verb,
                title,
                place,
                moment,
                outcome: None,
                took: None,
                artifacts: Vec::new(),
                notes: Vec::new(),
            }),
            EventKind::StepFinished {
                step,
                outcome,
                took,
                artifacts,
                notes,
                ..
            } => {
                if let Some(log) = self.steps.iter_mut().rev().find(|log| log.id == step) {
                    log.outcome = Some(outcome);
                    log.took = Some(took);
                    log.artifacts = artifacts;
                    log.notes = notes;
                }
            }
            EventKind::RecordingSaved {
                name,
                artifact,
                span,
                ..
            } => self.recordings.push(RecordingLog {
                name,
                artifact,
                span,
            }),
            EventKind::ScenarioFinished {
                outcome,
                took,
                artifacts,
                ..
            } => {
                self.outcome = Some(outcome);
                self.took = Some(took);
                self.artifacts = artifacts;
            }
            EventKind::RunStarted { .. }
            | EventKind::RunFinished { .. }
            | EventKind::ScenarioSkipped { .. }
            | EventKind::ScenarioStarted { .. } => {}
        }
    }
}

impl ScenarioLog {
    /// How deep a step is in blocks: 0 for one that is in none.
    #[must_use]
    pub fn depth(&self, step: &StepLog) -> usize {
        self.blocks_around(step).count()
    }

    /// Whether a step is a block in which others were played.
    #[must_use]
    pub fn is_block(&self, step: &StepLog) -> bool {
        self.steps.iter().any(|other| other.parent == Some(step.id))
    }

    /// Whether how a block ended was told at a step inside of it.
    #[must_use]
    pub fn is_told_inside(&self, block: &StepLog) -> bool {
        let mut inside = self
            .steps
            .iter()
            .filter(|step| step.parent == Some(block.id));
        inside.any(|step| step.outcome == block.outcome)
    }
}

impl ScenarioLog {
    /// What went wrong and counts for how the scenario ended, in the order in which it
    /// happened, each with its step; the last has none if it belongs to no step.
    /// What was tried again and then passed does not count.
    #[must_use]
    pub fn faults(&self) -> Vec<(Option<&StepLog>, &Outcome)> {
        let outcome = self.outcome();
        if matches!(outcome, Outcome::Passed | Outcome::Flaky | Outcome::Skipped) {
            return Vec::new();
        }
        let is_fault =
            |outcome: &Outcome| matches!(outcome, Outcome::Failed(_) | Outcome::Error(_));
        let counts = |step: &&StepLog| {
            let mut blocks = self.blocks_around(step);
            is_fault(step.outcome())
                && !self.is_told_inside(step)
                && !blocks.any(|block| block.outcome().is_passed())
        };
        let steps = self.steps.iter().filter(counts);
        let mut faults: Vec<_> = steps.map(|step| (Some(step), step.outcome())).collect();
        if is_fault(outcome) && self.steps.iter().all(|step| step.outcome() != outcome) {
            faults.push((None, outcome));
        }
        faults
    }

    /// The blocks that a step is in, the innermost first.
    fn blocks_around(&self, step: &StepLog) -> impl Iterator<Item = &StepLog> {
        let parent = |step: &StepLog| {
            let id = step.parent?;
            // A file of events may say anything; a step is never in a later one.
            let found = self.steps.iter().find(|other| other.id == id);
            found.filter(|found| found.id < step.id)
        };
        std::iter::successors(parent(step), move |block| parent(block))
    }
}

impl StepLog {
    /// How it ended: interrupted, if it was cut off.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        self.outcome.as_ref().unwrap_or(&Outcome::Interrupted)
    }
}

#[cfg(test)]
mod tests;
