//! What is asked of a window, and what it then is.

use serde::{Deserialize, Serialize};

use super::Window;
use crate::geometry::WindowState;

/// `POST /api/windows/{window}`: what is asked of a window; what is left out stays as
/// it is. Positions and sizes are those of the program's own area, as in the list of
/// windows; at the left or upper edge, a window comes as near to its position as lets
/// all of its frame be seen. A window that is maximized or covers the whole screen becomes normal
/// where a position or a size is asked for.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Arrangement {
    /// Its left edge, in pixels of the screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<i32>,
    /// Its top edge, in pixels of the screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<i32>,
    /// Its width in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Its height in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// How it takes its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<WindowState>,
    /// Whether it comes to the front and gets the keyboard.
    pub raise: bool,
    /// Whether it is closed; then nothing else may be asked for.
    pub close: bool,
}

impl Arrangement {
    /// Whether a position or a size is asked for.
    #[must_use]
    pub const fn has_place(&self) -> bool {
        self.x.is_some() || self.y.is_some() || self.width.is_some() || self.height.is_some()
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.has_place() && self.state.is_none() && !self.raise && !self.close
    }

    /// Whether a window has the position and the size that are asked for.
    #[must_use]
    pub fn is_place_of(&self, window: &Window) -> bool {
        self.x.is_none_or(|x| x == window.x)
            && self.y.is_none_or(|y| y == window.y)
            && self.width.is_none_or(|width| width == window.width)
            && self.height.is_none_or(|height| height == window.height)
    }
}

/// What became of an [`Arrangement`].
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Arranged {
    /// Whether the window is as was asked, and its program has drawn it since.
    pub done: bool,
    /// The window as it is now; null if it is gone.
    pub window: Option<Window>,
    /// How it takes its place now; null if it is gone.
    pub state: Option<WindowState>,
}
