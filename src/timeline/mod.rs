//! What was done and shown during a recording: all that a film needs in addition to the frames.
//!
//! A timeline is next to its recording as `<name>.timeline.json`; its schema is
//! `schema/timeline.schema.json`. It contains no secret, and nothing about hidden steps. Times are
//! seconds from the first frame of the recording, places are pixels of the screen.

mod edit;
mod read;
mod schema;

use serde::{Deserialize, Serialize};

pub use self::{
    edit::Said,
    read::{LONGEST, Unreadable},
    schema::json_schema,
};
use crate::geometry::{Point, Rect, Size};

/// The only version of the format so far.
pub const VERSION: u32 = 1;

/// One recording, and what happened in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Timeline {
    /// [`VERSION`].
    pub version: u32,
    /// The name of the scenario, for people.
    pub scenario: String,
    /// The scenario's file, as it was named for the run.
    pub file: String,
    /// The name of the recording: `demo`.
    pub recording: String,
    /// The size of the screen.
    pub size: Size,
    /// The length of the recording.
    pub length: f64,
    /// For whom it was played.
    pub pace: Pace,
    /// The seed of all that looks random at the pace of a demo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The frames without the pointer, if the desktop recorded them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clean: Option<Clean>,
    /// The file of the plain video, next to this one, pointer included; its hidden parts are cut
    /// out, so it is shorter than `length` by as much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<String>,
    /// The steps that were played, in the order in which they began; a step in a block
    /// comes after its block.
    pub steps: Vec<Step>,
    /// What the pointer and the keyboard did, in order of time.
    pub input: Vec<Input>,
    /// The words that are shown over the film, in the order of their starts.
    pub captions: Vec<Caption>,
    /// The hidden parts, in order and not overlapping.
    pub hidden: Vec<Span>,
    /// The places that are covered.
    pub covers: Vec<Cover>,
    /// The windows, each time they changed.
    pub windows: Vec<Windows>,
}

/// For whom a scenario was played.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Eq,
    PartialEq,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Pace {
    /// For a report: as fast as the desktop responds.
    #[default]
    Test,
    /// For an audience: as a person would.
    Demo,
}

/// Frames of the screen without the pointer, each with the time at which it was drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Clean {
    /// The file, next to the timeline: lossless video in Matroska, whose timestamps are those of
    /// the timeline. A frame is shown until the next one; hidden parts have no frames.
    pub file: String,
    /// How many frames were recorded.
    pub frames: u64,
    /// How many more there would have been if the machine had not been too busy.
    pub dropped: u64,
}

/// A part of the time of a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// Its start.
    pub from: f64,
    /// Its end, not before its start.
    pub to: f64,
}

/// A step, or a block of steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Step {
    /// Its number in the run: see [`StepId`](crate::event::StepId).
    pub step: usize,
    /// The block that it is played in, if it is in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
    /// Its verb: `click`. A `group` is a chapter.
    pub verb: String,
    /// What it does, in a few words.
    pub title: String,
    /// The file that contains it.
    pub file: String,
    /// The line that it begins in, from 1.
    pub line: usize,
    /// When it was played.
    #[serde(flatten)]
    pub span: Span,
    /// How it ended: `passed`, `failed`; see [`Outcome::word`](crate::event::Outcome::word).
    pub outcome: String,
    /// What it pointed at, or found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Rect>,
    /// The part of the screen that the film shows while it is played, if the scenario sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoom: Option<Zoom>,
}

/// The part of the screen that a film shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Zoom {
    /// All of it.
    Off,
    /// Where something is done.
    Action,
    /// A part of it; the film shows as much around it as its shape requires.
    Area(Rect),
}

/// Something that the pointer or the keyboard did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "kebab-case")]
pub enum Input {
    /// The pointer was put somewhere.
    Move {
        /// When.
        at: f64,
        /// Where.
        to: Point,
    },
    /// A button went down, at the last place of the pointer.
    Down {
        /// When.
        at: f64,
        /// `left`, `middle` or `right`.
        button: String,
    },
    /// A button went up, at the last place of the pointer.
    Up {
        /// When.
        at: f64,
        /// `left`, `middle` or `right`.
        button: String,
    },
    /// The wheel was turned.
    Wheel {
        /// When.
        at: f64,
        /// `up`, `down`, `left` or `right`.
        direction: String,
        /// By how many notches.
        notches: u32,
    },
    /// Keys were pressed together, or stayed down for a while.
    Keys {
        /// When they went down.
        at: f64,
        /// When they went up.
        until: f64,
        /// Each by its name, modifiers first: `ctrl`, `s`.
        keys: Vec<String>,
    },
    /// A text was typed.
    Text {
        /// When its first key went down.
        at: f64,
        /// When its last key went up.
        until: f64,
        /// The text, with `***` in place of each secret.
        text: String,
    },
}

impl Input {
    /// When it began.
    #[must_use]
    pub const fn at(&self) -> f64 {
        match self {
            Self::Move { at, .. }
            | Self::Down { at, .. }
            | Self::Up { at, .. }
            | Self::Wheel { at, .. }
            | Self::Keys { at, .. }
            | Self::Text { at, .. } => *at,
        }
    }
}

/// Words over the film.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Caption {
    /// From when, and until when at the latest.
    #[serde(flatten)]
    pub span: Span,
    /// The words; may have several lines.
    pub text: String,
    /// Where they are.
    #[serde(default)]
    pub position: CaptionPosition,
    /// The step whose words they are.
    pub step: usize,
}

/// How long words have to be shown so that anybody can read them, in seconds: a second to
/// notice them, and 55 ms for each character.
#[must_use]
pub fn reading_time(text: &str) -> f64 {
    let characters = u32::try_from(text.trim().chars().count()).unwrap_or(u32::MAX);
    1.0 + 0.055 * f64::from(characters)
}

/// Where a caption is.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Eq,
    PartialEq,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum CaptionPosition {
    /// In the middle of the lower edge.
    #[default]
    Bottom,
    /// In the middle of the upper edge.
    Top,
    /// In the middle of the picture.
    Center,
    /// In the upper left corner.
    TopLeft,
    /// In the upper right corner.
    TopRight,
    /// In the lower left corner.
    BottomLeft,
    /// In the lower right corner.
    BottomRight,
}

/// A place that is covered for a while.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cover {
    /// From when until when.
    #[serde(flatten)]
    pub span: Span,
    /// The place.
    pub area: Rect,
    /// What is there.
    pub why: Covered,
}

/// What is covered.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Covered {
    /// A secret was typed there.
    Secret,
    /// The scenario masks it in its comparisons.
    Mask,
}

/// The windows at some time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Windows {
    /// Since when.
    pub at: f64,
    /// The windows of the window manager's list, oldest first.
    pub windows: Vec<Window>,
}

/// A window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Its title, without secrets.
    pub title: String,
    /// Where it is, its frame included.
    pub area: Rect,
    /// Whether it has the keyboard.
    pub focused: bool,
}
