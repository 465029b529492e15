//! What ends a step early, before its place is known: the verbs say what is wrong, and the player
//! adds where it is written.

use std::time::Duration;

use crate::{
    desktop::{DesktopError, HostError},
    event::{Changes, Excerpt, Failure, Moment, Outcome, SourceLocation, Trouble, WidgetLine},
};

/// Why a step did not pass.
#[derive(Debug)]
pub(super) enum Fault {
    /// The desktop did something other than the scenario expects.
    Failed(Mismatch),
    /// Deskhand could not find out.
    Broken(Breakage),
}

/// The desktop did something other than the scenario expects.
#[derive(Debug, Default)]
pub(super) struct Mismatch {
    /// One line.
    pub(super) message: String,
    pub(super) expected: String,
    pub(super) seen: String,
    pub(super) help: Option<String>,
    /// What differs, if pictures were compared.
    pub(super) changes: Box<Changes>,
    /// Whether the steps after it still make sense, whatever the step says.
    pub(super) goes_on: bool,
}

/// What prevented Deskhand from finding out.
#[derive(Clone, Debug, Default)]
pub(super) struct Breakage {
    /// One line.
    pub(super) message: String,
    pub(super) detail: Option<String>,
    pub(super) help: Option<String>,
}

/// Where a step is written, and where it is in the video.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) verb: &'static str,
    pub(super) place: SourceLocation,
    pub(super) excerpt: Excerpt,
    /// What may also explain a failure.
    pub(super) circumstances: Vec<String>,
    /// The widgets that were on the screen when it failed.
    pub(super) widgets: Vec<WidgetLine>,
    pub(super) moment: Option<Moment>,
}

impl Fault {
    pub(super) fn broken(message: impl Into<String>) -> Self {
        Self::Broken(Breakage {
            message: message.into(),
            ..Breakage::default()
        })
    }

    pub(super) fn goes_on(&self) -> bool {
        matches!(self, Self::Failed(mismatch) if mismatch.goes_on)
    }

    /// The same as an outcome of the step of `scene`.
    pub(super) fn into_outcome(self, scene: Scene) -> Outcome {
        let Scene {
            verb,
            place,
            excerpt,
            circumstances,
            widgets,
            moment,
        } = scene;
        match self {
            Self::Failed(mismatch) => Outcome::Failed(Box::new(Failure {
                verb: verb.to_owned(),
                message: mismatch.message,
                expected: mismatch.expected,
                seen: mismatch.seen,
                circumstances,
                help: mismatch.help,
                changes: *mismatch.changes,
                widgets,
                place,
                excerpt,
                moment,
            })),
            Self::Broken(breakage) => {
                let (place, excerpt) = (Some(place), Some(excerpt));
                let trouble = breakage.into_trouble(verb);
                Outcome::Error(Box::new(Trouble {
                    place,
                    excerpt,
                    moment,
                    ..trouble
                }))
            }
        }
    }
}

impl Breakage {
    /// The same as an error that no step met.
    pub(super) fn into_trouble(self, verb: &str) -> Trouble {
        Trouble {
            verb: verb.to_owned(),
            message: self.message,
            detail: self.detail,
            help: self.help,
            place: None,
            excerpt: None,
            moment: None,
        }
    }
}

impl From<DesktopError> for Fault {
    fn from(error: DesktopError) -> Self {
        Self::broken(error.to_string())
    }
}

impl From<HostError> for Breakage {
    fn from(error: HostError) -> Self {
        Self {
            message: error.message,
            detail: error.detail,
            help: error.help,
        }
    }
}

/// A duration for people: `10 s`, `0.5 s`.
pub(super) fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}
