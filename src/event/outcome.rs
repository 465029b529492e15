//! How a step or a scenario ended.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::place::{Excerpt, SourceLocation};
use crate::{geometry::Rect, vision::Changes};

/// How a step or a scenario ended, from best to worst.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// As the scenario expects.
    Passed,
    /// A scenario passed, but only when it was tried again.
    Flaky,
    /// A check did not hold, but its step is optional: only for steps, and counted as passed for
    /// everything that follows.
    Noted(Box<Failure>),
    /// Never begun: something before it went wrong, or it was left out.
    Skipped,
    /// The desktop did something other than the scenario expects.
    Failed(Box<Failure>),
    /// Deskhand could not find out.
    Error(Box<Trouble>),
    /// Somebody stopped the run, or the time of the block around it was over.
    Interrupted,
}

impl Outcome {
    /// Whether it is [`Outcome::Passed`].
    #[must_use]
    pub const fn is_passed(&self) -> bool {
        matches!(self, Self::Passed)
    }

    /// Its word: `passed`, `flaky`, `noted`, `skipped`, `failed`, `error`, `interrupted`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Flaky => "flaky",
            Self::Noted(_) => "noted",
            Self::Skipped => "skipped",
            Self::Failed(_) => "failed",
            Self::Error(_) => "error",
            Self::Interrupted => "interrupted",
        }
    }
}

/// The desktop did something other than the scenario expects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// The verb that found it: `screenshot-assert`.
    pub verb: String,
    /// One line without a dot at its end: "the screen differs from `saved`".
    pub message: String,
    /// What the scenario expects; may have several lines.
    pub expected: String,
    /// What was there instead; may have several lines.
    pub seen: String,
    /// What else may explain it, such as a launched program that ended; each
    /// may have several lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub circumstances: Vec<String>,
    /// What to do next, where that is known.
    pub help: Option<String>,
    /// The widgets that were on the screen, as far as programs reported them; a child
    /// comes after its parent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub widgets: Vec<WidgetLine>,
    /// What differs between two pictures, if pictures were compared; places are on the screen.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub changes: Changes,
    /// Where the step is written.
    pub place: SourceLocation,
    /// The step's lines, drawn.
    pub excerpt: Excerpt,
    /// Where to look in the video.
    pub moment: Option<Moment>,
}

/// A widget on the screen, as a line of a tree.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct WidgetLine {
    /// In how many others it is nested.
    pub depth: u32,
    /// Its role, name, states and value: `textbox "Name": Ann`.
    pub text: String,
    /// Where it could be seen on the screen, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Rect>,
}

/// An error: what prevented Deskhand from finding out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trouble {
    /// The verb that met it, or `desktop`.
    pub verb: String,
    /// One line: "`xvfb` stopped while the scenario played".
    pub message: String,
    /// Any further details: the end of a log, a cause.
    pub detail: Option<String>,
    /// What to do next, where that is known.
    pub help: Option<String>,
    /// Where the step is written, if it met one.
    pub place: Option<SourceLocation>,
    /// The step's lines, drawn, if it met one.
    pub excerpt: Option<Excerpt>,
    /// Where to look in the video.
    pub moment: Option<Moment>,
}

/// A moment in a recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// The recording's name in the scenario.
    pub recording: String,
    /// Seconds from its start.
    pub seconds: f64,
}

/// A file that a run left, in the folder of its artifacts.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    /// What it shows.
    pub kind: ArtifactKind,
    /// Relative to the folder of the artifacts, with `/`.
    pub path: String,
    /// The baseline that this picture of the screen can become.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<Box<Candidate>>,
}

/// What a picture of the screen can become.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The file of the baseline, from the folder in which the run was started,
    /// with `/`: `scenarios/baselines/hello/saved.png`.
    pub baseline: String,
    /// The environment that the picture was made in: names with their values.
    pub environment: BTreeMap<String, String>,
}

impl Artifact {
    /// The artifact at `path`, relative to the folder of the artifacts.
    pub fn new(kind: ArtifactKind, path: impl Into<String>) -> Self {
        Self {
            kind,
            path: path.into(),
            candidate: None,
        }
    }
}

/// What an artifact shows.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ArtifactKind {
    /// Expected, actual and diff side by side, to show first.
    Comparison,
    /// The baseline, as it was compared.
    Expected,
    /// The screen, as it was compared.
    Actual,
    /// The widgets, as they were compared.
    Tree,
    /// The differing pixels, marked.
    Diff,
    /// A picture of the screen.
    Screenshot,
    /// A video.
    Video,
    /// The frames of a recording without the pointer, to make films of.
    Frames,
    /// What was done during a recording: see the module `timeline`.
    Timeline,
    /// Text that a process wrote.
    Log,
    /// A file of the desktop's machine.
    File,
    /// What could be seen before and after each step: a line of JSON for each look.
    Trace,
}
