//! What a frame of a film is made of. Two frames with the same recipe are the same picture.

use super::{
    Film, Place, View,
    paint::ring,
    style::{Colour, CoverLook},
};
use crate::{geometry::Rect, vision::Frame};

/// What a frame is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Recipe {
    /// The screen.
    pub(super) ground: Ground,
    /// The rings around clicks.
    pub(super) rings: Vec<Ring>,
    /// The pointer.
    pub(super) pointer: Option<Arrow>,
    /// The boards by their numbers, each with its opacity, of 255.
    pub(super) boards: Vec<(usize, u8)>,
}

/// A picture of the screen and its visible part.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ground {
    /// The number of the picture in the recording.
    pub(super) picture: u64,
    /// The places that are covered.
    pub(super) covers: Vec<Rect>,
    /// The visible part.
    pub(super) view: View,
}

/// A ring, in pixels of the film.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ring {
    pub(super) place: Place,
    pub(super) phase: f64,
    pub(super) scale: f64,
    pub(super) colour: Colour,
}

/// A pointer, in pixels of the film.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Arrow {
    pub(super) tip: Place,
    pub(super) height: f64,
}

/// The picture of the recording that is shown.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// Its number.
    pub(super) picture: u64,
    /// Since when it was on the screen, in seconds of the timeline.
    pub(super) since: f64,
    /// The screen.
    pub(super) frame: Frame,
}

/// How long before and after its time a place is also covered, because the times of frames are not
/// exact; in seconds.
const SLACK: f64 = 0.1;

/// How much smaller the pointer becomes while a button is pressed, as a part of its size.
const SHRINKS: f64 = 0.15;

impl Film {
    /// What a frame is made of while a picture of the recording is shown.
    pub(super) fn recipe(&self, frame: u32, shown: &Shown) -> Recipe {
        let time = self.time_of(frame);
        let boards = self.boards.iter().enumerate();
        let boards = boards.map(|(index, board)| (index, board.seen(time)));
        let mut boards: Vec<(usize, u8)> = boards.filter(|(_, seen)| *seen > 0).collect();
        let hiding = boards
            .iter()
            .rposition(|(index, seen)| *seen == u8::MAX && self.boards[*index].hides_all());
        if let Some(hiding) = hiding {
            boards.drain(..hiding);
            return Recipe {
                ground: Ground::default(),
                rings: Vec::new(),
                pointer: None,
                boards,
            };
        }
        let view = self.camera.view(time);
        let covers = self.covered(shown.since, self.clock().source(time));
        Recipe {
            ground: Ground {
                picture: shown.picture,
                covers,
                view,
            },
            rings: self.rings(time, view),
            pointer: self.arrow(time, view),
            boards,
        }
    }

    /// The places of a picture that are covered, if the picture has been on the screen since a
    /// given time and is shown for a moment of the recording. What was drawn while a place had to
    /// be covered stays covered as long as it is visible.
    pub(super) fn covered(&self, since: f64, time: f64) -> Vec<Rect> {
        if self.style.covers == CoverLook::None {
            return Vec::new();
        }
        let time = time.max(since);
        let covers = self
            .covers
            .iter()
            .filter(|cover| since <= cover.span.to + SLACK && time >= cover.span.from - SLACK);
        covers.map(|cover| cover.area).collect()
    }

    /// Where a place of the screen is in the film, and how many times larger it is.
    fn in_film(&self, place: Place, view: View) -> (Place, f64) {
        let stage = self.layout.stage;
        let scale = f64::from(stage.width) / view.width;
        let place = Place {
            x: (place.x - view.x) * scale + f64::from(stage.x),
            y: (place.y - view.y) * scale + f64::from(stage.y),
        };
        (place, scale)
    }

    fn is_on_stage(&self, place: Place) -> bool {
        let stage = self.layout.stage;
        let inside = |at: f64, start: i32, length: u32| {
            let at = at - f64::from(start);
            (0.0..f64::from(length)).contains(&at)
        };
        inside(place.x, stage.x, stage.width) && inside(place.y, stage.y, stage.height)
    }

    fn rings(&self, time: f64, view: View) -> Vec<Ring> {
        let Some(colour) = self.style.clicks.ring else {
            return Vec::new();
        };
        let presses = self.track.presses();
        let next = presses.partition_point(|press| press.span.from <= time);
        let recent = presses[..next].iter().rev();
        let recent = recent.take_while(|press| time - press.span.from < ring::SECONDS);
        let rings = recent.map(|press| {
            let middle = Place {
                x: f64::from(press.place.x) + 0.5,
                y: f64::from(press.place.y) + 0.5,
            };
            let (place, scale) = self.in_film(middle, view);
            let phase = (time - press.span.from) / ring::SECONDS;
            Ring {
                place,
                phase,
                scale,
                colour,
            }
        });
        rings
            .filter(|ring| self.is_on_stage(ring.place))
            .take(4)
            .collect()
    }

    fn arrow(&self, time: f64, view: View) -> Option<Arrow> {
        if !self.has_pointer {
            return None;
        }
        let (tip, scale) = self.in_film(self.track.place(time), view);
        let pressed = 1.0 - SHRINKS * self.track.pressed(time);
        let height = f64::from(self.style.pointer.size) * scale * pressed;
        self.is_on_stage(tip).then_some(Arrow { tip, height })
    }
}
