//! A requested change of a window, and its result.

use serde::{Deserialize, Serialize};

use super::Window;
use crate::geometry::WindowState;

/// `POST /api/windows/{window}`: a requested change of a window; what is left out stays as it is.
/// Positions and sizes are those of the program's own area, as in the list of windows; at the left
/// or upper edge, a window comes as near to its position as it can with all of its frame visible. A
/// maximized or fullscreen window becomes normal if a position or a size is requested.
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
    /// Its state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<WindowState>,
    /// Whether it comes to the front and gets the keyboard.
    pub raise: bool,
    /// Whether it is closed; then nothing else may be requested.
    pub close: bool,
}

impl Arrangement {
    /// Whether a position or a size is requested.
    #[must_use]
    pub const fn has_place(&self) -> bool {
        self.x.is_some() || self.y.is_some() || self.width.is_some() || self.height.is_some()
    }

    /// Whether nothing is requested.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.has_place() && self.state.is_none() && !self.raise && !self.close
    }

    /// Whether a window has the requested position and size.
    #[must_use]
    pub fn is_place_of(&self, window: &Window) -> bool {
        self.x.is_none_or(|x| x == window.x)
            && self.y.is_none_or(|y| y == window.y)
            && self.width.is_none_or(|width| width == window.width)
            && self.height.is_none_or(|height| height == window.height)
    }
}

/// The result of an [`Arrangement`].
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Arranged {
    /// Whether the window has changed as requested, and its program has drawn it since.
    pub done: bool,
    /// The window as it is now; null if it is gone.
    pub window: Option<Window>,
    /// Its state now; null if it is gone.
    pub state: Option<WindowState>,
}
