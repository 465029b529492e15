//! What a storyboard promises, on recordings made up here.

mod motion;
mod time;

use super::*;
use crate::{
    geometry::{Point, Rect},
    timeline::{Caption, Clean, Covered, Input, Pace, Step, Windows, Zoom, reading_time},
};

const SCREEN: Size = Size::new(1280, 800);

/// A recording that is made up.
struct Recording(Timeline);

impl Recording {
    fn of(length: f64) -> Self {
        let clean = Clean {
            file: "demo.clean.mkv".to_owned(),
            frames: 9,
            dropped: 0,
        };
        Self(Timeline {
            size: SCREEN,
            length,
            scenario: "Saves a file".to_owned(),
            clean: Some(clean),
            windows: vec![Windows::default()],
            ..Timeline::default()
        })
    }

    fn click(mut self, at: f64, x: i32, y: i32) -> Self {
        let button = || "left".to_owned();
        let to = Point::new(x, y);
        self.0.input.extend([
            Input::Move { at, to },
            Input::Down {
                at: at + 0.002,
                button: button(),
            },
            Input::Up {
                at: at + 0.004,
                button: button(),
            },
        ]);
        self
    }

    fn keys(mut self, at: f64, keys: &[&str]) -> Self {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        self.0.input.push(Input::Keys {
            at,
            until: at + 0.01,
            keys,
        });
        self
    }

    fn caption(mut self, from: f64, to: f64, text: &str) -> Self {
        let span = Span { from, to };
        self.0.captions.push(Caption {
            span,
            text: text.to_owned(),
            ..Caption::default()
        });
        self
    }

    fn hidden(mut self, from: f64, to: f64) -> Self {
        self.0.hidden.push(Span { from, to });
        self
    }

    fn cover(mut self, from: f64, to: f64, area: Rect) -> Self {
        let span = Span { from, to };
        self.0.covers.push(Cover {
            span,
            area,
            why: Covered::Secret,
        });
        self
    }

    fn step(mut self, from: f64, to: f64, verb: &str, zoom: Option<Zoom>) -> Self {
        let step = self.0.steps.len();
        let span = Span { from, to };
        let title = format!("{verb} {step}");
        let verb = verb.to_owned();
        self.0.steps.push(Step {
            step,
            verb,
            title,
            span,
            zoom,
            ..Step::default()
        });
        self
    }

    fn film(&self) -> Film {
        self.styled(&Style::default())
    }

    fn styled(&self, style: &Style) -> Film {
        Film::plan(&self.0, style)
    }
}

/// What a test does in a second, which nobody could follow.
fn hasty() -> Recording {
    Recording::of(4.0)
        .click(1.0, 100, 100)
        .click(1.02, 1200, 700)
        .keys(1.04, &["ctrl", "s"])
        .click(1.05, 640, 400)
        .click(1.3, 642, 400)
        .click(1.5, 60, 780)
        .caption(1.05, 1.06, "Now the file is saved.")
}

/// The first frame that shows an action.
fn frame_of(film: &Film, action: usize) -> u32 {
    let time = film.pacing.actions[action].from;
    (0..film.frames())
        .find(|frame| film.time_of(*frame) >= time)
        .unwrap()
}

fn far(one: Place, other: Place) -> f64 {
    let (x, y) = (one.x - other.x, one.y - other.y);
    (x * x + y * y).sqrt()
}
