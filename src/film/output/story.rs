//! What a film says and when. It is kept next to the film, and later films of the same scenario are
//! compared with it.

use serde::{Deserialize, Serialize};

use super::{
    Show,
    moments::{is_still, moments, typed},
};
use crate::{
    film::{Place, Style},
    geometry::Size,
};

/// The only version of the format so far.
pub(super) const VERSION: u32 = 1;

/// What a film says and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Story {
    /// The version of the format, 1.
    pub version: u32,
    /// The name of the scenario.
    pub scenario: String,
    /// The name of the recording.
    pub recording: String,
    /// The size of the composed frames, in pixels.
    pub size: Size,
    /// Frames per second, as they were composed.
    pub frame_rate: u32,
    /// Frames per second of the kept film, if they are fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_rate: Option<u32>,
    /// A digest of the style.
    pub style: String,
    /// The titles of the chapters.
    pub chapters: Vec<String>,
    /// The captions.
    pub captions: Vec<String>,
    /// The steps.
    pub steps: Vec<StoryStep>,
}

/// A step of a film.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StoryStep {
    /// What it does, in a few words.
    pub title: String,
    /// The text that it types.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub types: String,
    /// The frame that shows its end, from 0.
    pub frame: u32,
    /// Whether its picture depends on when things happen: the camera moves there, or a
    /// program has been started that will show itself at any time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsettled: bool,
    /// Where the pointer is in that frame, in its pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<[i32; 2]>,
}

impl Story {
    /// The story of a film.
    #[must_use]
    pub fn of(show: Show<'_>) -> Self {
        let steps = moments(show).into_iter().map(|moment| StoryStep {
            title: moment.step.title.clone(),
            types: typed(show, moment.step),
            frame: moment.frame,
            unsettled: moment.step.verb == "launch" || !is_still(show, moment.frame),
            pointer: pointer(show, moment.frame),
        });
        let chapters = show.film.chapters().into_iter();
        let captions = show.film.captions().into_iter();
        Self {
            version: VERSION,
            scenario: show.timeline.scenario.clone(),
            recording: show.timeline.recording.clone(),
            size: show.film.size(),
            frame_rate: show.film.frame_rate(),
            kept_rate: None,
            style: digest(show.style),
            chapters: chapters.map(|chapter| chapter.title).collect(),
            captions: captions.map(|caption| caption.text).collect(),
            steps: steps.collect(),
        }
    }
}

/// A short digest that differs for different styles.
#[must_use]
pub fn digest(style: &Style) -> String {
    let text = serde_json::to_string(style).unwrap_or_default();
    format!("{:08x}", crc32fast::hash(text.as_bytes()))
}

/// Where the pointer is in a frame, in pixels of the film.
pub(super) fn pointer(show: Show<'_>, frame: u32) -> Option<[i32; 2]> {
    let Place { x, y } = show.film.pointer_at(frame)?;
    let (view, stage) = (show.film.camera_at(frame), show.film.layout.stage);
    let x = f64::from(stage.x) + (x - view.x) / view.width * f64::from(stage.width);
    let y = f64::from(stage.y) + (y - view.y) / view.height * f64::from(stage.height);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast ends at the bounds of its type"
    )]
    let whole = [x, y].map(|number| number.round() as i32);
    Some(whole)
}
