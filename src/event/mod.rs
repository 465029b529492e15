//! What happened while a plan was played: the one stream from which every
//! report is made.
//!
//! Each event is complete in itself and can be written as one line of JSON; a file
//! of them is enough to make every report again, on another machine, without
//! the scenario's text. So a failure carries the drawn lines of the scenario,
//! and every path in it is relative to the folder of the artifacts, with `/`.

mod outcome;
mod place;
mod trace;

use std::{path::Path, time::Duration};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::{
    outcome::{Artifact, ArtifactKind, Candidate, Failure, Moment, Outcome, Trouble, WidgetLine},
    place::{Excerpt, SourceLocation},
    trace::{Looks, Patch, Snapshot, When, WindowLine},
};
pub use crate::{
    shard::Shard,
    vision::{Change, ChangeKind, Changes},
};

/// Takes events as they happen. Many scenarios may be played side by side, so a
/// sink is shared; one that cannot keep an event remembers why, and goes on.
pub trait EventSink: Send + Sync {
    /// Takes one event.
    fn emit(&self, event: &Event);
}

/// Something that happened, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The wall clock, for people.
    pub time: DateTime<Utc>,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

impl Event {
    /// The event of `kind`, now.
    #[must_use]
    pub fn now(kind: EventKind) -> Self {
        Self {
            time: Utc::now(),
            kind,
        }
    }
}

/// The kinds of event, in the order in which a run has them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EventKind {
    /// The first event of every run.
    RunStarted {
        /// Deskhand's version.
        version: String,
        /// The machine that plays.
        host: String,
        /// The desktop's kind: `local`, `leap0`, `url`, `memory`.
        target: String,
        /// The number of scenarios that will be played; 0 if that depends on how they
        /// end.
        scenarios: usize,
        /// How many of them are played side by side, at least 1.
        #[serde(default = "one")]
        jobs: usize,
        /// The share of the suite that this run plays, if it was divided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shard: Option<Shard>,
        /// A digest of how the suite was divided: the same on every machine that divided
        /// the same scenarios in the same way.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        division: Option<u32>,
        /// The seed of their order, if they were shuffled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shuffle: Option<u64>,
        /// How long its scenarios took in earlier runs, added up, as far as that is known: how long
        /// this run would take if it played them one after another.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            with = "maybe_seconds"
        )]
        expected: Option<Duration>,
    },
    /// The run was merged from others, after they were played.
    RunsMerged {
        /// Those others, in the order of their shards, or else of their starts.
        runs: Vec<Part>,
        /// The shards of which no run was given.
        missing: Vec<Shard>,
    },
    /// A scenario is left out. If a merged run has one with a `shard`, that shard's run should have
    /// played it, but did not.
    ScenarioSkipped {
        /// Which one.
        scenario: ScenarioId,
        /// Its name, for people.
        name: String,
        /// Its file and the line of its name (else its first).
        place: SourceLocation,
        /// Free words to choose scenarios by.
        tags: Vec<String>,
        /// Why, in a few words: "it has no tag `smoke`".
        reason: String,
        /// The shard that plays it, from 1, if that is the reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shard: Option<usize>,
        /// How long it took in an earlier run, where that is known.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            with = "maybe_seconds"
        )]
        expected: Option<Duration>,
    },
    /// A scenario begins, once for each attempt. Its desktop is not ready yet.
    ScenarioStarted {
        /// Which one, for all its later events.
        scenario: ScenarioId,
        /// Which attempt it is, from 1.
        #[serde(default = "one")]
        attempt: usize,
        /// How many there are at most.
        #[serde(default = "one")]
        attempts: usize,
        /// Its name, for people.
        name: String,
        /// Its file and the line of its name (else its first).
        place: SourceLocation,
        /// Free words to choose scenarios by.
        tags: Vec<String>,
        /// The number of its steps.
        steps: usize,
        /// How long it took in an earlier run, where that is known.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            with = "maybe_seconds"
        )]
        expected: Option<Duration>,
    },
    /// The desktop of a scenario answers.
    DesktopStarted {
        /// The scenario.
        scenario: ScenarioId,
        /// X11's name of its display.
        display: String,
        /// The screen, as `1280x800`.
        size: String,
        /// The sandbox that it is in, if it is in one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sandbox: Option<String>,
        /// The page that shows it in a browser, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        viewer: Option<String>,
        /// Where the trace is written, if there is one; after the end of the scenario, its
        /// artifacts say whether it was kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trace: Option<Artifact>,
        /// How long it took from nothing.
        #[serde(with = "seconds")]
        took: Duration,
    },
    /// A step begins.
    StepStarted {
        /// The scenario.
        scenario: ScenarioId,
        /// Which step of it.
        step: StepId,
        /// The block that it is played in, if it is in one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<StepId>,
        /// Its verb: `click`.
        verb: String,
        /// What it does, in a few words: its `name`, else verb and argument.
        title: String,
        /// Where it is written.
        place: SourceLocation,
        /// The line that it begins in, without the space around it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        yaml: Option<String>,
        /// The time of the running recording when the step begins, if there is one.
        moment: Option<Moment>,
    },
    /// A step ended.
    StepFinished {
        /// The scenario.
        scenario: ScenarioId,
        /// Which step of it.
        step: StepId,
        /// How it ended.
        outcome: Outcome,
        /// From its start to its end.
        #[serde(with = "seconds")]
        took: Duration,
        /// The files that it left: pictures, videos.
        artifacts: Vec<Artifact>,
        /// Remarks that do not affect the outcome.
        notes: Vec<String>,
    },
    /// A recording is complete and saved.
    RecordingSaved {
        /// The scenario.
        scenario: ScenarioId,
        /// Its name in the scenario: `demo`.
        name: String,
        /// The video.
        artifact: Artifact,
        /// What films are made of in addition to it: its timeline and, if the desktop recorded
        /// them, its frames without the pointer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        film: Vec<Artifact>,
        /// The length of the recording.
        #[serde(with = "seconds")]
        span: Duration,
    },
    /// An attempt at a scenario ended, its desktop is gone.
    ScenarioFinished {
        /// The scenario.
        scenario: ScenarioId,
        /// The worst of its steps, or what kept it from playing.
        outcome: Outcome,
        /// Whether it is tried again.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
        /// From its start to its end, the desktop's start included.
        #[serde(with = "seconds")]
        took: Duration,
        /// What belongs to no single step: the desktop's logs.
        artifacts: Vec<Artifact>,
    },
    /// The last event of every run.
    RunFinished {
        /// Whether it was interrupted.
        interrupted: bool,
        /// From its start to its end.
        #[serde(with = "seconds")]
        took: Duration,
    },
}

/// One of the runs that another was merged from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The machine that played it.
    pub host: String,
    /// The share of the suite that it played, if the suite was divided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// When it began.
    pub started: DateTime<Utc>,
    /// From its start to its end; `None` if it was cut off.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "maybe_seconds"
    )]
    pub took: Option<Duration>,
    /// How many scenarios it began.
    pub scenarios: usize,
}

/// The value that old events imply, which do not contain it.
const fn one() -> usize {
    1
}

/// A scenario's number in its suite, from 0: the same whichever of its scenarios are
/// played, and on which machine.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScenarioId(pub usize);

/// A step's number in its scenario, from 1, in the order in which steps begin:
/// one that is repeated has another number each time.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(pub usize);

/// The path of an artifact as every report writes it: relative, with `/`.
#[must_use]
pub fn relative(path: &Path) -> String {
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// Durations that may be missing, as [`seconds`].
mod maybe_seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde asks for this signature")]
    pub(super) fn serialize<S: Serializer>(
        value: &Option<Duration>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.map(|value| value.as_secs_f64()).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Duration>, D::Error> {
        let seconds = Option::<f64>::deserialize(from)?;
        let duration = seconds.map(Duration::try_from_secs_f64).transpose();
        duration.map_err(serde::de::Error::custom)
    }
}

/// Durations as seconds with a fraction, which is what people and JUnit read.
mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(value.as_secs_f64())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        let seconds = f64::deserialize(from)?;
        Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_line_of_json_and_can_be_read_back() {
        let event = Event::now(EventKind::StepFinished {
            scenario: ScenarioId(0),
            step: StepId(3),
            outcome: Outcome::Passed,
            took: Duration::from_millis(1250),
            artifacts: vec![Artifact::new(
                ArtifactKind::Actual,
                "hello/saved.actual.png",
            )],
            notes: vec!["two\nlines".to_owned()],
        });
        let line = serde_json::to_string(&event).expect("an event is JSON");
        assert!(!line.contains('\n'));
        assert!(line.contains(r#""event":"step-finished""#), "{line}");
        assert!(line.contains(r#""took":1.25"#), "{line}");
        assert_eq!(
            serde_json::from_str::<Event>(&line).expect("the same event"),
            event
        );
    }

    #[test]
    fn a_failure_of_an_older_version_has_no_changes() {
        let old = r#"{"is":"failed","verb":"click","message":"m","expected":"e","seen":"s",
            "help":null,"place":{"file":"a.yaml","line":1,"column":1},"excerpt":{"first_line":1,
            "lines":["- click"],"line":1,"column":3,"length":5},"moment":null}"#;
        let outcome: Outcome = serde_json::from_str(old).expect("a failure");
        let Outcome::Failed(failure) = &outcome else {
            panic!("{outcome:?}");
        };
        assert!(failure.changes.is_empty());
        let again = serde_json::to_string(&outcome).expect("it is JSON");
        assert!(!again.contains("changes"), "{again}");
    }
}
