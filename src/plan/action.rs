//! What a step does, with every value in place.

use crate::{
    geometry::{Point, Rect, Size},
    input::{Button, Chord, Key},
    scenario::Need,
};

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Waits until the desktop is ready.
    WaitReady,
    /// Starts a program in the desktop's session and goes on.
    Launch {
        /// A command line for the shell.
        command: String,
    },
    /// Presses and lets go a button of the pointer.
    Click {
        /// Where; `None` is where the pointer is.
        at: Option<Spot>,
        /// With which button.
        button: Button,
        /// How often, 1 to 3.
        count: u32,
    },
    /// Types a text.
    Type {
        /// The text, which may have several lines.
        text: String,
    },
    /// Presses one key.
    Press {
        /// Which one.
        key: Key,
        /// How often, 1 to 100.
        times: u32,
    },
    /// Presses several keys together.
    Hotkey {
        /// Which ones.
        chord: Chord,
    },
    /// Compares the screen with a baseline.
    ScreenshotAssert(ScreenshotAssert),
    /// Starts or stops a recording.
    Record(Record),
}

impl Action {
    /// The word for it in a scenario; the spellings `double-click` and
    /// `right-click` are `click`.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::WaitReady => "wait-ready",
            Self::Launch { .. } => "launch",
            Self::Click { .. } => "click",
            Self::Type { .. } => "type",
            Self::Press { .. } => "press",
            Self::Hotkey { .. } => "hotkey",
            Self::ScreenshotAssert(_) => "screenshot-assert",
            Self::Record(_) => "record",
        }
    }

    /// What it needs of the desktop beside a screen, a pointer and a keyboard.
    #[must_use]
    pub const fn needs(&self) -> Option<Need> {
        match self {
            Self::Launch { .. } => Some(Need::Execute),
            _ => None,
        }
    }
}

/// A place to point at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spot {
    /// A pixel.
    At(Point),
    /// A share of the screen's width and height, each 0 to 1.
    Share {
        /// From the left edge.
        x: f64,
        /// From the top edge.
        y: f64,
    },
}

impl Spot {
    /// The pixel that it is on a screen of this size; a share of 1 is the last
    /// column or row.
    #[must_use]
    pub fn resolve(self, screen: Size) -> Point {
        match self {
            Self::At(point) => point,
            Self::Share { x, y } => Point::new(share(x, screen.width), share(y, screen.height)),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float is cut to the range of i32, and the result to the screen"
)]
fn share(part: f64, pixels: u32) -> i32 {
    let last = pixels.saturating_sub(1);
    let pixel = (part * f64::from(pixels)).floor() as i32;
    pixel.clamp(0, i32::try_from(last).unwrap_or(i32::MAX))
}

/// How the screen is compared with a baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct ScreenshotAssert {
    /// The name of the baseline, safe as a file name: `<name>.png` in the
    /// plan's folder of baselines.
    pub baseline: String,
    /// The part of the screen that counts, never empty; `None` is all of it.
    pub region: Option<Rect>,
    /// What does not count, in pixels of the screen (not of the region).
    pub mask: Vec<Rect>,
    /// How far two pixels may be apart and still be equal, 0 to 1.
    pub tolerance: f32,
    /// How many pixels may differ.
    pub max_pixels: u64,
    /// How many pixels the largest connected patch of differing ones may have.
    pub max_cluster: u64,
}

/// What happens to the recording.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Record {
    /// It starts.
    Start {
        /// Its name, safe as a file name and used once in the scenario.
        name: String,
    },
    /// The one that is running stops.
    Stop,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_screen_is_always_a_pixel_of_it() {
        let screen = Size::new(1440, 900);
        let at = |x, y| Spot::Share { x, y }.resolve(screen);
        assert_eq!(at(0.0, 0.0), Point::new(0, 0));
        assert_eq!(at(0.5, 0.5), Point::new(720, 450));
        assert_eq!(at(1.0, 1.0), Point::new(1439, 899));
    }
}
