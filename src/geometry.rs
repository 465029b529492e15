//! Points, sizes and rectangles, all in whole pixels of the screen.
//!
//! The origin is the top left corner of the screen; x grows to the right and
//! y downwards, as in X11.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A place on the screen, in pixels. Windows may lie partly outside the
/// screen, so both coordinates may be negative.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Pixels from the left edge.
    pub x: i32,
    /// Pixels from the top edge.
    pub y: i32,
}

/// A width and a height, in pixels.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

/// A rectangle of whole pixels: it covers `x..x + width` and `y..y + height`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// The leftmost column.
    pub x: i32,
    /// The topmost row.
    pub y: i32,
    /// Number of columns.
    pub width: u32,
    /// Number of rows.
    pub height: u32,
}

/// The state of a window on the screen.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(strum::IntoStaticStr, strum::VariantArray, strum::VariantNames, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum WindowState {
    /// With a position and a size of its own.
    Normal,
    /// On the whole screen except panels, with its frame.
    Maximized,
    /// Not shown, but in the list of windows.
    Minimized,
    /// Over the whole screen, without a frame.
    Fullscreen,
}

impl WindowState {
    /// The words of all states.
    pub const NAMES: &[&str] = <Self as strum::VariantNames>::VARIANTS;

    const ALL: &[Self] = <Self as strum::VariantArray>::VARIANTS;

    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The state of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.name() == name)
    }
}

impl Point {
    /// The point `x` pixels from the left and `y` pixels from the top.
    #[must_use]
    pub const fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }
}

impl Size {
    /// A size of `width` by `height` pixels.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// The number of pixels; never overflows.
    #[must_use]
    pub const fn area(self) -> u64 {
        self.width as u64 * self.height as u64
    }

    /// The rectangle of this size whose corner is the origin.
    #[must_use]
    pub const fn to_rect(self) -> Rect {
        Rect::new(0, 0, self.width, self.height)
    }

    /// Whether a pixel at `point` exists in a picture of this size.
    #[must_use]
    pub fn contains(self, point: Point) -> bool {
        self.to_rect().contains(point)
    }
}

impl Rect {
    /// The rectangle at `x`, `y` of `width` by `height` pixels.
    #[must_use]
    pub const fn new(x: i32, y: i32, width: u32, height: u32) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// The rectangle of `size` whose top left corner is `corner`.
    #[must_use]
    pub const fn at(corner: Point, size: Size) -> Self {
        Self::new(corner.x, corner.y, size.width, size.height)
    }

    /// Its size without its place.
    #[must_use]
    pub const fn size(self) -> Size {
        Size::new(self.width, self.height)
    }

    /// Its top left corner.
    #[must_use]
    pub const fn corner(self) -> Point {
        Point::new(self.x, self.y)
    }

    /// The pixel in its middle, right and below of it where a side is even.
    #[must_use]
    pub fn middle(self) -> Point {
        let half = |length: u32| i32::try_from(length / 2).unwrap_or(i32::MAX);
        Point::new(
            self.x.saturating_add(half(self.width)),
            self.y.saturating_add(half(self.height)),
        )
    }

    /// The column right of the last one, exact also at the edges of `i32`.
    #[must_use]
    pub const fn right(self) -> i64 {
        self.x as i64 + self.width as i64
    }

    /// The row below the last one, exact also at the edges of `i32`.
    #[must_use]
    pub const fn bottom(self) -> i64 {
        self.y as i64 + self.height as i64
    }

    /// Whether it covers no pixel at all.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// Whether `point` is one of its pixels.
    #[must_use]
    pub fn contains(self, point: Point) -> bool {
        point.x >= self.x
            && point.y >= self.y
            && i64::from(point.x) < self.right()
            && i64::from(point.y) < self.bottom()
    }

    /// Whether all of `other` lies inside it.
    #[must_use]
    pub fn covers(self, other: Rect) -> bool {
        other.x >= self.x
            && other.y >= self.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    /// The part that both rectangles cover; `None` where they do not meet.
    #[must_use]
    pub fn intersection(self, other: Rect) -> Option<Rect> {
        let x = self.x.max(other.x);
        let y = self.y.max(other.y);
        let width = self.right().min(other.right()) - i64::from(x);
        let height = self.bottom().min(other.bottom()) - i64::from(y);
        Some(Rect::new(
            x,
            y,
            u32::try_from(width).ok().filter(|n| *n > 0)?,
            u32::try_from(height).ok().filter(|n| *n > 0)?,
        ))
    }

    /// The smallest rectangle around both. Its sides end at the edge of `u32`.
    #[must_use]
    pub fn union(self, other: Rect) -> Rect {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let length = |end: i64, start: i32| u32::try_from(end - i64::from(start));
        let width = length(self.right().max(other.right()), x);
        let height = length(self.bottom().max(other.bottom()), y);
        Rect::new(x, y, width.unwrap_or(u32::MAX), height.unwrap_or(u32::MAX))
    }

    /// The parts that `other` does not cover: at most four rectangles, which do
    /// not meet each other.
    #[must_use]
    pub fn without(self, other: Rect) -> Vec<Rect> {
        let Some(hole) = self.intersection(other) else {
            return vec![self];
        };
        // Whole rows above and below the hole, and what is on both sides of it.
        let length = |from: i64, to: i64| u32::try_from(to - from).unwrap_or(0);
        let above = length(self.y.into(), hole.y.into());
        let below = length(hole.bottom(), self.bottom());
        let left = length(self.x.into(), hole.x.into());
        let right = length(hole.right(), self.right());
        let edge = |end: i64| i32::try_from(end).unwrap_or(i32::MAX);
        let parts = [
            Rect::new(self.x, self.y, self.width, above),
            Rect::new(self.x, hole.y, left, hole.height),
            Rect::new(edge(hole.right()), hole.y, right, hole.height),
            Rect::new(self.x, edge(hole.bottom()), self.width, below),
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect()
    }

    /// The same rectangle `by` pixels to the right and down, which may be
    /// negative; its place ends at the edges of `i32`.
    #[must_use]
    pub const fn shifted(self, by: Point) -> Rect {
        Rect::new(
            self.x.saturating_add(by.x),
            self.y.saturating_add(by.y),
            self.width,
            self.height,
        )
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.x, self.y)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// A text that is not a size.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a size is written like 1280x800")]
pub struct NoSize;

impl FromStr for Size {
    type Err = NoSize;

    /// Reads `1280x800`; no sign, no space, no zero.
    fn from_str(text: &str) -> Result<Self, NoSize> {
        let number = |part: &str| {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            let number = part.parse().ok().filter(|n| digits && *n > 0);
            number.ok_or(NoSize)
        };
        let (width, height) = text.split_once('x').ok_or(NoSize)?;
        Ok(Self::new(number(width)?, number(height)?))
    }
}

impl fmt::Display for Rect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{} at {},{}", self.width, self.height, self.x, self.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intersection_covers_what_both_cover() {
        let left = Rect::new(-10, 0, 20, 20);
        let right = Rect::new(5, 5, 100, 5);
        assert_eq!(left.intersection(right), Some(Rect::new(5, 5, 5, 5)));
    }

    #[test]
    fn rectangles_that_only_touch_do_not_intersect() {
        let left = Rect::new(0, 0, 10, 10);
        assert_eq!(left.intersection(Rect::new(10, 0, 10, 10)), None);
    }

    #[test]
    fn what_is_left_of_a_rectangle_has_every_pixel_once() {
        let whole = Rect::new(0, 0, 6, 5);
        for hole in [
            Rect::new(2, 1, 2, 2),
            Rect::new(-3, -3, 5, 20),
            Rect::new(5, 4, 9, 9),
            Rect::new(0, 0, 6, 5),
            Rect::new(10, 10, 1, 1),
        ] {
            let parts = whole.without(hole);
            for (x, y) in (0..5).flat_map(|y| (0..6).map(move |x| (x, y))) {
                let point = Point::new(x, y);
                let times = parts.iter().filter(|part| part.contains(point)).count();
                assert_eq!(times, usize::from(!hole.contains(point)), "{hole}: {point}");
            }
        }
    }

    #[test]
    fn the_edges_of_the_number_range_do_not_overflow() {
        let huge = Rect::new(i32::MAX, i32::MAX, u32::MAX, u32::MAX);
        assert!(huge.contains(Point::new(i32::MAX, i32::MAX)));
        assert_eq!(huge.intersection(Rect::new(0, 0, 1, 1)), None);
    }
}
