//! How a film looks: what a user may set in `style`, each key with its default.
//!
//! Lengths are pixels of the film unless another unit is named, times are seconds of the
//! film. A number out of bounds is refused when it is read, with the bounds.

mod bounds;
mod colour;
mod layout;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use self::bounds::{factor, frames, part, pixels, seconds};
pub use self::colour::{Colour, NoColour};
pub(super) use self::layout::Layout;
use crate::{geometry::Size, timeline::CaptionPosition};

/// The look of a film. Every key may be left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Style {
    /// The film's size. By default that of the screen plus the padding of a background, with odd
    /// numbers rounded up. Each side has 16 to 7680 pixels.
    #[serde(with = "bounds::size")]
    pub size: Option<Size>,
    /// Frames per second, 5 to 60.
    #[serde(deserialize_with = "frames")]
    pub frame_rate: u32,
    /// The pointer that is drawn over the screen.
    pub pointer: Pointer,
    /// The rings around clicks.
    pub clicks: Clicks,
    /// The keys that are pressed.
    pub keys: Keys,
    /// The words over the film.
    pub captions: Captions,
    /// The titles of chapters.
    pub chapters: Chapters,
    /// What the film begins with, if it has a text.
    pub title_card: Card,
    /// What the film ends with, if it has a text.
    pub end_card: Card,
    /// When the film shows only a part of the screen.
    pub zoom: ZoomStyle,
    /// What is around the screen.
    pub background: Background,
    /// What covers the places that must not be visible.
    pub covers: CoverLook,
    /// How fast the film plays parts in which nothing happens.
    pub idle: Idle,
    /// The last picture.
    pub hold: Hold,
    /// The sound.
    pub audio: Audio,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            size: None,
            frame_rate: 30,
            pointer: Pointer::default(),
            clicks: Clicks::default(),
            keys: Keys::default(),
            captions: Captions::default(),
            chapters: Chapters::default(),
            title_card: Card::default(),
            end_card: Card::default(),
            zoom: ZoomStyle::default(),
            background: Background::default(),
            covers: CoverLook::default(),
            idle: Idle::default(),
            hold: Hold::default(),
            audio: Audio::default(),
        }
    }
}

/// The pointer of a film.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Pointer {
    /// Its height in pixels of the screen, 8 to 256; it grows with the zoom. Default 30.
    #[serde(deserialize_with = "pixels::<_, 8, 256>")]
    pub size: u32,
    /// The name of an installed cursor theme, such as `Adwaita`; `none` for no pointer.
    /// By default a pointer that this program draws, which is the same on every machine.
    pub theme: Option<String>,
    /// Whether it has a soft shadow. Default true.
    pub shadow: bool,
}

impl Default for Pointer {
    fn default() -> Self {
        Self {
            size: 30,
            theme: None,
            shadow: true,
        }
    }
}

/// The rings around clicks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Clicks {
    /// Their colour, `none` for no rings. Default `#2f7df6`.
    #[serde(with = "colour::or_none")]
    pub ring: Option<Colour>,
}

impl Default for Clicks {
    fn default() -> Self {
        Self {
            ring: Some(Colour::new(0x2f, 0x7d, 0xf6)),
        }
    }
}

/// The keys that are pressed, drawn as caps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Keys {
    /// Which of them. Default `shortcuts`.
    pub show: ShownKeys,
    /// Where they are. Default `bottom-right`.
    pub position: CaptionPosition,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            show: ShownKeys::default(),
            position: CaptionPosition::BottomRight,
        }
    }
}

/// Which keys are shown.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShownKeys {
    /// Keys that are pressed, and the text that is typed.
    All,
    /// Keys that are pressed, but no text that is typed.
    #[default]
    Shortcuts,
    /// None.
    None,
}

/// The words over a film.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Captions {
    /// The height of a line of text, 8 to 256. By default a thirtieth of the film's height.
    #[serde(deserialize_with = "bounds::font_size")]
    pub font_size: Option<u32>,
    /// The colour of the letters. Default `#ffffff`.
    pub colour: Colour,
    /// The colour of the box behind them. Default `#16181dd9`.
    pub background: Colour,
    /// The place of captions that do not set one. Default `bottom`.
    pub position: CaptionPosition,
}

impl Default for Captions {
    fn default() -> Self {
        Self {
            font_size: None,
            colour: Colour::new(0xff, 0xff, 0xff),
            background: Colour::new(0x16, 0x18, 0x1d).with_alpha(0xd9),
            position: CaptionPosition::Bottom,
        }
    }
}

/// The titles of chapters, which are the groups of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Chapters {
    /// Whether each is shown when its chapter begins. Default true.
    pub titles: bool,
    /// How long, 0.5 to 20. Default 2.5.
    #[serde(deserialize_with = "seconds::<_, 500, 20_000>")]
    pub seconds: f64,
}

impl Default for Chapters {
    fn default() -> Self {
        Self {
            titles: true,
            seconds: 2.5,
        }
    }
}

/// A picture that contains only words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Card {
    /// Its large words; without them there is no card.
    pub text: Option<String>,
    /// The smaller words below.
    pub subtitle: Option<String>,
    /// How long it is shown, 0.5 to 60. Default 2.5.
    #[serde(deserialize_with = "seconds::<_, 500, 60_000>")]
    pub seconds: f64,
}

impl Default for Card {
    fn default() -> Self {
        Self {
            text: None,
            subtitle: None,
            seconds: 2.5,
        }
    }
}

/// When and how the film zooms in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ZoomStyle {
    /// What it does if the scenario says nothing. Default `action`.
    pub auto: AutoZoom,
    /// How many times larger the screen becomes, 1 to 6. Default 1.6.
    #[serde(deserialize_with = "factor::<_, 1, 6>")]
    pub factor: f64,
    /// How long it takes to zoom in or out, 0.2 to 5. Default 0.9.
    #[serde(deserialize_with = "seconds::<_, 200, 5_000>")]
    pub seconds: f64,
}

impl Default for ZoomStyle {
    fn default() -> Self {
        Self {
            auto: AutoZoom::default(),
            factor: 1.6,
            seconds: 0.9,
        }
    }
}

/// Whether a film zooms in automatically.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AutoZoom {
    /// On what is done.
    #[default]
    Action,
    /// Never.
    Off,
}

/// What is around the screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Background {
    /// One colour, or two for a gradient from the upper left to the lower right corner;
    /// `none`, the default, for a film of nothing but the screen.
    #[serde(with = "colour::ground")]
    pub colour: Option<Ground>,
    /// What is left free at each side, 0 to 1000. Default 64.
    #[serde(deserialize_with = "pixels::<_, 0, 1000>")]
    pub padding: u32,
    /// The radius of the screen's corners, 0 to 100. Default 12.
    #[serde(deserialize_with = "pixels::<_, 0, 100>")]
    pub corners: u32,
    /// Whether the screen has a soft shadow. Default true.
    pub shadow: bool,
    /// The title in a window frame drawn around the screen; by default there is no frame.
    pub window_title: Option<String>,
}

impl Default for Background {
    fn default() -> Self {
        Self {
            colour: None,
            padding: 64,
            corners: 12,
            shadow: true,
            window_title: None,
        }
    }
}

/// The colours of a background.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ground {
    /// In the upper left corner.
    pub from: Colour,
    /// In the lower right corner.
    pub to: Colour,
}

/// How places that must not be visible are covered.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoverLook {
    /// Only the mean colours of large squares are left.
    #[default]
    Blur,
    /// One colour.
    Box,
    /// Everything is visible.
    None,
}

/// The parts in which nothing is drawn, typed or moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Idle {
    /// How many times faster the film plays them, 1 to 100. Default 4.
    #[serde(deserialize_with = "factor::<_, 1, 100>")]
    pub speed_up: f64,
    /// How long nothing has to happen before a part counts as idle, 0.2 to 60. Default 1.5.
    #[serde(deserialize_with = "seconds::<_, 200, 60_000>")]
    pub after: f64,
    /// How long each of them may last in the film, 0.2 to 600. Default 3.
    #[serde(deserialize_with = "seconds::<_, 200, 600_000>")]
    pub longest_pause: f64,
}

impl Default for Idle {
    fn default() -> Self {
        Self {
            speed_up: 4.0,
            after: 1.5,
            longest_pause: 3.0,
        }
    }
}

/// The last picture of the screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Hold {
    /// How long it stays, 0 to 60. Default 1.5.
    #[serde(deserialize_with = "seconds::<_, 0, 60_000>")]
    pub seconds: f64,
}

impl Default for Hold {
    fn default() -> Self {
        Self { seconds: 1.5 }
    }
}

/// The sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Audio {
    /// A file of sound; by default the film is silent.
    pub file: Option<String>,
    /// The volume, 0 to 1, relative to that of the file. Default 1.
    #[serde(deserialize_with = "part")]
    pub volume: f64,
    /// How long it takes to fade in and out, 0 to 30. Default 1.
    #[serde(deserialize_with = "seconds::<_, 0, 30_000>")]
    pub fade: f64,
}

impl Default for Audio {
    fn default() -> Self {
        Self {
            file: None,
            volume: 1.0,
            fade: 1.0,
        }
    }
}
