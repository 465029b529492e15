//! Two frames, pixel by pixel.

use super::ChangeKind;
use crate::{
    geometry::{Point, Rect},
    vision::frame::{CHANNELS, Frame},
};

pub(super) type Colour = [u8; CHANNELS];

/// Channels that are no further apart, of 255, are equal: some desktops send JPEGs of
/// the best quality.
const EQUAL: u8 = 2;

/// A frame, of which pixels outside can be asked for.
#[derive(Clone, Copy)]
pub(super) struct View<'f> {
    pixels: &'f [Colour],
    width: i32,
    height: i32,
}

impl<'f> View<'f> {
    fn new(frame: &'f Frame) -> Self {
        let signed = |length: u32| i32::try_from(length).unwrap_or(i32::MAX);
        let size = frame.size();
        Self {
            pixels: frame.bytes().as_chunks::<CHANNELS>().0,
            width: signed(size.width),
            height: signed(size.height),
        }
    }

    /// The colour at a point; `None` outside.
    #[inline]
    pub(super) fn at(&self, point: Point) -> Option<Colour> {
        let Point { x, y } = point;
        if x < 0 || y < 0 || x >= self.width || y >= self.height {
            return None;
        }
        let index = usize::try_from(i64::from(y) * i64::from(self.width) + i64::from(x));
        self.pixels.get(index.ok()?).copied()
    }

    fn bounds(&self) -> Rect {
        Rect::new(0, 0, self.width.unsigned_abs(), self.height.unsigned_abs())
    }
}

/// The expected and the actual frame.
#[derive(Clone, Copy)]
pub(super) struct Scene<'f> {
    pub(super) expected: View<'f>,
    pub(super) actual: View<'f>,
}

impl<'f> Scene<'f> {
    pub(super) fn new([expected, actual]: [&'f Frame; 2]) -> Self {
        Self {
            expected: View::new(expected),
            actual: View::new(actual),
        }
    }

    pub(super) const fn views(&self) -> [View<'f>; 2] {
        [self.expected, self.actual]
    }

    /// Both colours at a point; `None` where one of the frames does not have it.
    #[inline]
    pub(super) fn at(&self, point: Point) -> Option<[Colour; 2]> {
        Some([self.expected.at(point)?, self.actual.at(point)?])
    }

    /// Of an area that lies beyond the edge of one frame, which one it is.
    pub(super) fn beyond(&self, area: Rect) -> Option<ChangeKind> {
        let [of_expected, of_actual] = self.views().map(|view| view.bounds().intersection(area));
        match (of_expected, of_actual) {
            (Some(_), None) => Some(ChangeKind::Gone),
            (None, Some(_)) => Some(ChangeKind::New),
            _ => None,
        }
    }
}

/// How far the most different channels of two colours are apart, of 255.
#[inline]
pub(super) fn apart(one: Colour, other: Colour) -> u8 {
    let [r, g, b] = [0, 1, 2].map(|n: usize| one[n].abs_diff(other[n]));
    r.max(g).max(b)
}

/// Whether two colours are the same, but for noise.
#[inline]
pub(super) fn equal(one: Colour, other: Colour) -> bool {
    apart(one, other) <= EQUAL
}

/// The brightness, 0 to 255.
#[inline]
pub(super) fn brightness(colour: Colour) -> i32 {
    let [r, g, b] = colour.map(i32::from);
    (r * 77 + g * 150 + b * 29) >> 8
}

/// The points of a rectangle, row by row.
pub(super) fn points(rect: Rect) -> impl Iterator<Item = Point> {
    let end = |end: i64| i32::try_from(end).unwrap_or(i32::MAX);
    let (right, bottom) = (end(rect.right()), end(rect.bottom()));
    (rect.y..bottom).flat_map(move |y| (rect.x..right).map(move |x| Point::new(x, y)))
}

/// This many points of an area tell what all of them would.
const SAMPLE: u64 = 16_384;

/// The points of a rectangle, or about as many of them as a sample needs: other columns
/// in each row.
pub(super) fn sampled(rect: Rect) -> impl Iterator<Item = Point> {
    let step = i32::try_from(rect.size().area() / SAMPLE)
        .unwrap_or(i32::MAX)
        .max(1);
    let end = |end: i64| i32::try_from(end).unwrap_or(i32::MAX);
    let (right, bottom) = (end(rect.right()), end(rect.bottom()));
    (rect.y..bottom).flat_map(move |y| {
        let first = rect.x + y.wrapping_mul(7919).rem_euclid(step);
        let every = usize::try_from(step).unwrap_or(1);
        (first..right).step_by(every).map(move |x| Point::new(x, y))
    })
}

/// A rectangle with this many more pixels at each side.
pub(super) fn widened(rect: Rect, by: u32) -> Rect {
    let corner = Point::new(
        rect.x.saturating_sub_unsigned(by),
        rect.y.saturating_sub_unsigned(by),
    );
    Rect::new(
        corner.x,
        corner.y,
        rect.width + 2 * by,
        rect.height + 2 * by,
    )
}

/// Whether `part` is at least this many in a hundred of `whole`, and there is some.
pub(super) const fn is_share(part: usize, whole: usize, percent: usize) -> bool {
    whole > 0 && part * 100 >= whole * percent
}
