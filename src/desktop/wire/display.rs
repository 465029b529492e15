//! What the screen shows, and where the pointer is.

use serde::{Deserialize, Deserializer, Serialize};

use crate::geometry::{Point, Rect, Size};

/// `GET /api/healthz`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// Whether the display answers.
    pub ok: bool,
}

/// `GET /api/display`: the X display and its size in pixels.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct DisplayInfo {
    /// X11's name of the display, `:0`.
    pub display: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl DisplayInfo {
    /// The size of the screen.
    #[must_use]
    pub const fn size(&self) -> Size {
        Size::new(self.width, self.height)
    }
}

/// One window that the window manager lists. A desktop may leave
/// out any field or give null, which then reads as 0, "" or false.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Window {
    /// X11's number of the window, `0x04000007`.
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// The workspace it is on; -1 for all.
    #[serde(deserialize_with = "or_default")]
    pub desktop: i64,
    /// The id of its process; 0 if unknown.
    #[serde(deserialize_with = "or_default")]
    pub pid: i64,
    /// Left edge, in pixels of the screen.
    #[serde(deserialize_with = "or_default")]
    pub x: i32,
    /// Top edge, in pixels of the screen.
    #[serde(deserialize_with = "or_default")]
    pub y: i32,
    /// Width in pixels.
    #[serde(deserialize_with = "or_default")]
    pub width: u32,
    /// Height in pixels.
    #[serde(deserialize_with = "or_default")]
    pub height: u32,
    /// Instance and class, `xfce4-terminal.Xfce4-terminal`.
    #[serde(alias = "class_", deserialize_with = "or_default")]
    pub class: String,
    /// The machine that its program runs on.
    #[serde(deserialize_with = "or_default")]
    pub host: String,
    /// Its title.
    #[serde(deserialize_with = "or_default")]
    pub title: String,
    /// Whether it is focused.
    #[serde(deserialize_with = "or_default")]
    pub focused: bool,
}

/// The value, or its default where there is null.
fn or_default<'de, D, T>(value: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(value)?.unwrap_or_default())
}

impl Window {
    /// Where it is on the screen.
    #[must_use]
    pub const fn rect(&self) -> Rect {
        Rect::new(self.x, self.y, self.width, self.height)
    }
}

/// A position, as the protocol writes it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Pixels from the left edge.
    pub x: i32,
    /// Pixels from the top edge.
    pub y: i32,
}

/// The answer to a click: where it was, and what happened to the focus. A desktop with only the
/// protocol returns only the first.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Clicked {
    /// Pixels from the left edge.
    pub x: i32,
    /// Pixels from the top edge.
    pub y: i32,
    /// Who has the keyboard after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<FocusAfter>,
}

impl Clicked {
    /// Where the click was.
    #[must_use]
    pub const fn point(self) -> Point {
        Point::new(self.x, self.y)
    }
}

/// Who has the keyboard after a click.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FocusAfter {
    /// The window that was clicked.
    Taken,
    /// Another window, which came up or was raised by the click.
    Elsewhere,
    /// The click closed or minimized its window.
    Closed,
    /// The click opened a menu or another popup.
    Popup,
    /// The same as before: what was clicked does not accept the focus.
    Refused,
    /// The same as before, 200 ms later, although the window accepts the focus.
    Late,
}

impl From<Position> for Point {
    fn from(position: Position) -> Self {
        Self::new(position.x, position.y)
    }
}

impl From<Point> for Position {
    fn from(point: Point) -> Self {
        Self {
            x: point.x,
            y: point.y,
        }
    }
}

/// How a picture of the screen is encoded.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ImageFormat {
    /// PNG: every pixel as it is.
    #[default]
    Png,
    /// JPEG, smaller and not exact.
    Jpeg {
        /// 1 (small) to 100 (good); the desktop's own choice unless given.
        quality: Option<u8>,
    },
}

impl ImageFormat {
    /// Its name in a request.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg { .. } => "jpeg",
        }
    }

    /// Its media type in an answer.
    #[must_use]
    pub const fn mime_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg { .. } => "image/jpeg",
        }
    }
}
