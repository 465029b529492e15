//! One scenario of a run, folded from its events.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::event::{
    Artifact, Event, EventKind, Moment, Outcome, ScenarioId, SourceLocation, StepId,
};

/// One scenario of a run: its last attempt, and the attempts before it.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioLog {
    /// Its number in the suite.
    pub id: ScenarioId,
    /// Which attempt this is, from 1; 0 if its shard did not play it.
    pub attempt: usize,
    /// How many attempts there are at most.
    pub attempts: usize,
    /// The attempts before this one, from the first; they have none of their own.
    pub earlier: Vec<ScenarioLog>,
    /// Its name, for people.
    pub name: String,
    /// Its file and line.
    pub place: SourceLocation,
    /// Free words to choose scenarios by.
    pub tags: Vec<String>,
    /// How many steps it has, played or not, blocks as one each.
    pub planned: usize,
    /// How long it took in an earlier run, where that is known.
    pub expected: Option<Duration>,
    /// When this attempt began.
    pub started: DateTime<Utc>,
    /// Its desktop, once that answered.
    pub desktop: Option<DesktopLog>,
    /// The steps that began, in their order.
    pub steps: Vec<StepLog>,
    /// The recordings that were saved.
    pub recordings: Vec<RecordingLog>,
    /// How it ended; `None` if it was cut off.
    pub outcome: Option<Outcome>,
    /// Whether another attempt comes after this one.
    pub again: bool,
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
    /// The page that shows it in a browser, if there is one.
    pub viewer: Option<String>,
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
    /// The line that it begins in, without the space around it, where that is known.
    pub yaml: Option<String>,
    /// Where the running recording was at its start, if there was one.
    pub moment: Option<Moment>,
    /// How it ended; `None` if it was cut off.
    pub outcome: Option<Outcome>,
    /// From its start to its end.
    pub took: Option<Duration>,
    /// The files that it left: pictures, videos.
    pub artifacts: Vec<Artifact>,
    /// Remarks that do not affect the outcome.
    pub notes: Vec<String>,
}

/// A recording of a scenario.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RecordingLog {
    /// Its name in the scenario.
    pub name: String,
    /// The video.
    pub artifact: Artifact,
    /// What films are made of in addition to it: its timeline, and frames without the pointer.
    pub film: Vec<Artifact>,
    /// The length of the recording.
    pub span: Duration,
}

impl ScenarioLog {
    /// One about which only its beginning is known.
    pub(super) fn at(started: DateTime<Utc>) -> Self {
        let place = SourceLocation {
            file: String::new(),
            line: 1,
            column: 1,
        };
        Self {
            id: ScenarioId(0),
            attempt: 1,
            attempts: 1,
            earlier: Vec::new(),
            name: String::new(),
            place,
            tags: Vec::new(),
            planned: 0,
            expected: None,
            started,
            desktop: None,
            steps: Vec::new(),
            recordings: Vec::new(),
            outcome: None,
            again: false,
            took: None,
            artifacts: Vec::new(),
        }
    }

    /// The attempt that begins with an event, if one does.
    pub(super) fn begun(event: &Event) -> Option<Self> {
        let EventKind::ScenarioStarted {
            scenario,
            attempt,
            attempts,
            name,
            place,
            tags,
            steps,
            expected,
        } = event.kind.clone()
        else {
            return None;
        };
        Some(Self {
            id: scenario,
            attempt: attempt.max(1),
            attempts,
            name,
            place,
            tags,
            planned: steps,
            expected,
            ..Self::at(event.time)
        })
    }

    /// Whether it is being played: it began, and has not come to its end.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.outcome.is_none() || self.again
    }

    /// How long ago its first attempt began.
    pub(in crate::report) fn since(&self, now: DateTime<Utc>) -> Duration {
        let first = self.earlier.first().unwrap_or(self);
        (now - first.started).to_std().unwrap_or_default()
    }

    /// All its attempts, from the first to the last.
    pub fn all_attempts(&self) -> impl Iterator<Item = &Self> {
        self.earlier.iter().chain([self])
    }

    /// Whether it was tried again.
    #[must_use]
    pub fn is_retried(&self) -> bool {
        !self.earlier.is_empty()
    }

    /// Everything that this attempt left: what its steps did, its videos, and what
    /// belongs to no step.
    pub fn files(&self) -> impl Iterator<Item = &Artifact> {
        let steps = self.steps.iter().flat_map(|step| &step.artifacts);
        let recordings = self.recordings.iter();
        let recorded =
            recordings.flat_map(|recording| recording.film.iter().chain([&recording.artifact]));
        steps.chain(recorded).chain(&self.artifacts)
    }

    /// How it ended: interrupted, if it was cut off.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        self.outcome.as_ref().unwrap_or(&Outcome::Interrupted)
    }

    /// Adds an event that happened inside this scenario.
    pub(super) fn apply(&mut self, kind: &EventKind) {
        match kind.clone() {
            EventKind::DesktopStarted {
                display,
                size,
                viewer,
                trace,
                took,
                ..
            } => {
                // All that is left of it if the run is cut off.
                self.artifacts = trace.into_iter().collect();
                self.desktop = Some(DesktopLog {
                    display,
                    size,
                    viewer,
                    took,
                });
            }
            EventKind::StepStarted {
                step,
                parent,
                verb,
                title,
                place,
                yaml,
                moment,
                ..
            } => self.steps.push(StepLog {
                id: step,
                parent,
                verb,
                title,
                place,
                yaml,
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
                film,
                span,
                ..
            } => self.recordings.push(RecordingLog {
                name,
                artifact,
                film,
                span,
            }),
            EventKind::ScenarioFinished {
                outcome,
                again,
                took,
                artifacts,
                ..
            } => {
                self.outcome = Some(outcome);
                self.again = again;
                self.took = Some(took);
                self.artifacts = artifacts;
            }
            EventKind::RunStarted { .. }
            | EventKind::RunsMerged { .. }
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

    /// Whether a step inside a block already explains how it ended.
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

    /// The attempt whose faults explain how the scenario ended: the last in which
    /// something went wrong, or the last of all.
    #[must_use]
    pub fn explaining(&self) -> &Self {
        let wrong = self.all_attempts().filter(|log| !log.faults().is_empty());
        wrong.last().unwrap_or(self)
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
