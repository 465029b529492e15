//! The moments of a film that are compared or kept: the ends of its steps.

use super::Show;
use crate::timeline::{Input, Step};

/// The end of a step in the film.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment<'a> {
    pub(super) step: &'a Step,
    /// The frame that shows it.
    pub(super) frame: u32,
    /// The frame in which the step begins.
    pub(super) begins: u32,
}

/// How long the camera must stand still before and after a moment, in parts of a second.
const STILL_PARTS: u32 = 4;

/// Verbs that are about the recording, and not about what it shows.
const BESIDE_THE_FILM: [&str; 2] = ["record", "caption"];

/// The ends of all visible steps without steps of their own, in order.
pub(super) fn moments(show: Show<'_>) -> Vec<Moment<'_>> {
    let steps = &show.timeline.steps;
    let is_block = |step: &Step| steps.iter().any(|other| other.parent == Some(step.step));
    let shown = steps
        .iter()
        .filter(|step| !BESIDE_THE_FILM.contains(&&*step.verb) && !is_block(step));
    let mut moments: Vec<Moment> = shown
        .map(|step| Moment {
            step,
            frame: settled(show, step),
            begins: frame_at(show, show.film.film_time(step.span.from)),
        })
        .collect();
    // Steps are in the order of their starts, and a film never goes back.
    moments.sort_by_key(|moment| moment.frame);
    moments
}

/// The frame that shows the result of a step: the one at its end, or the first one after it in
/// which the camera stands still, if there is one before anything else is done.
fn settled(show: Show<'_>, step: &Step) -> u32 {
    let film = show.film;
    let end = frame_at(show, film.film_time(step.span.to));
    let inputs = show.timeline.input.iter().map(Input::at);
    let next = inputs.filter(|at| *at > step.span.to).reduce(f64::min);
    let next = next.map_or(film.frames() - 1, |at| frame_at(show, film.film_time(at)));
    let mut frames = end..=next;
    frames.find(|frame| is_still(show, *frame)).unwrap_or(end)
}

/// Whether the camera stands still for a while before and after a frame.
pub(super) fn is_still(show: Show<'_>, frame: u32) -> bool {
    let film = show.film;
    let around = film.frame_rate().div_ceil(STILL_PARTS);
    let after = (frame + around).min(film.frames() - 1);
    film.camera_at(frame.saturating_sub(around)) == film.camera_at(after)
        && film.camera_at(frame) == film.camera_at(after)
}

/// The frame that is shown at a time of the film.
pub(super) fn frame_at(show: Show<'_>, seconds: f64) -> u32 {
    let last = show.film.frames() - 1;
    let frame = (seconds * f64::from(show.film.frame_rate())).floor();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast ends at the bounds of its type, and takes no number for 0"
    )]
    let frame = frame as u32;
    frame.min(last)
}

/// The text that a step typed, if it typed one.
pub(super) fn typed(show: Show<'_>, step: &Step) -> String {
    let inputs = show.timeline.input.iter();
    inputs
        .filter(|input| (step.span.from..=step.span.to).contains(&input.at()))
        .filter_map(|input| match input {
            Input::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

/// When a step first pressed a button, if it did.
pub(super) fn pressed(show: Show<'_>, step: &Step) -> Option<f64> {
    let inputs = show.timeline.input.iter();
    let mut inputs = inputs.filter(|input| (step.span.from..=step.span.to).contains(&input.at()));
    inputs.find_map(|input| match input {
        Input::Down { at, .. } => Some(*at),
        _ => None,
    })
}
