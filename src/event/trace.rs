//! What could be seen while a scenario was played: the lines of a trace.
//!
//! A trace is a file next to the scenario's other artifacts, with a line of JSON for each look at
//! the screen. Each line builds on the ones before it: what is left out is unchanged.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::StepId;
use crate::geometry::{Point, Rect};

/// What could be seen at one moment, and what had changed since the moment before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The step that had just ended, or was about to begin.
    pub step: StepId,
    /// Which of the two.
    pub when: When,
    /// Seconds from the start of the first step.
    pub at: f64,
    /// The size of the screen, if it has changed, and with the first picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen: Option<(u32, u32)>,
    /// What looks different on the screen; nothing if nothing was drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawn: Vec<Patch>,
    /// Where the pointer is, if it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<Point>,
    /// What the step pointed at, or found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Rect>,
    /// The windows of the list, if they changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub windows: Option<Vec<WindowLine>>,
    /// How often the step's checks looked at the screen, if they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looks: Option<Looks>,
    /// What was read on the screen in this step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<String>,
    /// What launched programs wrote since the moment before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// What the desktop's own processes wrote since the moment before, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub logs: BTreeMap<String, String>,
}

impl Snapshot {
    /// A moment at which nothing had changed.
    #[must_use]
    pub const fn of(step: StepId, when: When) -> Self {
        Self {
            step,
            when,
            at: 0.0,
            screen: None,
            drawn: Vec::new(),
            pointer: None,
            target: None,
            windows: None,
            looks: None,
            read: None,
            written: None,
            logs: BTreeMap::new(),
        }
    }
}

/// Whether a moment is before a step or after it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Before it, if the screen had changed since the previous step.
    Before,
    /// After it.
    #[default]
    After,
}

/// How often the screen or its widgets were looked at in a step, and how long that took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Looks {
    /// How often in all.
    pub count: usize,
    /// How long the last of them took until the answer arrived, in milliseconds, in order; at most
    /// 20.
    pub last: Vec<f64>,
}

/// A part of the screen that looks different.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Patch {
    /// Its left edge, in pixels.
    pub x: i32,
    /// Its upper edge, in pixels.
    pub y: i32,
    /// The part as a PNG, in base64.
    pub png: String,
}

/// A window in a list.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct WindowLine {
    /// Its title.
    pub title: String,
    /// Where it is, in pixels.
    pub area: Rect,
    /// Whether keys go to it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub focused: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
const fn is_false(is: &bool) -> bool {
    !*is
}
