//! Where the screen is in a film.

use super::Style;
use crate::{
    film::number,
    geometry::{Rect, Size},
};

impl Style {
    /// The size of a film of a screen, and where the screen is in it.
    pub(in crate::film) fn layout(&self, screen: Size) -> Layout {
        Layout::new(self, screen)
    }
}

/// Where the screen is in a film.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::film) struct Layout {
    /// The film's size, both numbers even.
    pub(in crate::film) film: Size,
    /// Where the screen is.
    pub(in crate::film) stage: Rect,
    /// The height of the window's title bar above it.
    pub(in crate::film) bar: u32,
}

impl Layout {
    /// The height of a title bar.
    const BAR: u32 = 40;

    fn new(style: &Style, screen: Size) -> Self {
        let screen = Size::new(screen.width.clamp(1, 8192), screen.height.clamp(1, 8192));
        let background = &style.background;
        let has_ground = background.colour.is_some();
        let padding = if has_ground { background.padding } else { 0 };
        let bar = background.window_title.as_ref().map_or(0, |_| Self::BAR);
        let even = |n: u32| n + n % 2;
        let own = Size::new(
            screen.width + padding * 2,
            screen.height + bar + padding * 2,
        );
        let film = style.size.unwrap_or(own);
        let film = Size::new(even(film.width), even(film.height));
        // A small film keeps room for the screen.
        let padding = padding.min(film.width / 4).min(film.height / 4);
        let bar = bar.min(film.height / 4);
        let width = film.width - padding * 2;
        let height = film.height - padding * 2 - bar;
        let scale = (f64::from(width) / f64::from(screen.width))
            .min(f64::from(height) / f64::from(screen.height));
        let scale = if style.size.is_none() { 1.0 } else { scale };
        let scaled = |n: u32| number::rounded(f64::from(n) * scale).max(1);
        let size = Size::new(
            scaled(screen.width).min(width),
            scaled(screen.height).min(height),
        );
        let middle =
            |whole: u32, part: u32| i32::try_from(whole.saturating_sub(part) / 2).unwrap_or(0);
        let top = middle(film.height, size.height + bar) + i32::try_from(bar).unwrap_or(0);
        let stage = Rect::new(middle(film.width, size.width), top, size.width, size.height);
        Self { film, stage, bar }
    }
}
