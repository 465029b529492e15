//! What differs, at one glance.

use image::RgbImage;

use super::{
    diagram,
    draw::signed,
    frame::Frame,
    row::{GROUND, Row},
};
use crate::geometry::{Rect, Size};

/// The width in which terminals show pictures, in pixels: eighty letters.
const SHOWN: u32 = 640;

/// The least that is shown of a picture, in pixels: higher than half its width,
/// so that three of them stand side by side.
const LEAST: Size = Size::new(210, 120);

/// Expected, actual and diff side by side, only the part of each in which pixels
/// differ, by the colour that [`super::picture::diff_picture`] gives them.
/// `None` where the diff has none.
#[must_use]
pub(crate) fn glimpse(expected: &Frame, actual: &Frame, diff: &Frame) -> Option<Frame> {
    let part = shown(differing(diff)?, diff.size());
    let pictures = [expected, actual, diff].map(Frame::image);
    let row = Row::new(pictures, part, 1, String::new(), SHOWN);
    let Size { width, height } = row.size();
    let mut sheet = RgbImage::from_pixel(width, height, GROUND);
    row.draw(&mut sheet, 0);
    Some(sheet.into())
}

/// The smallest rectangle around all pixels that differ.
fn differing(diff: &Frame) -> Option<Rect> {
    let colour = diagram::colour(diagram::DIFFERS).0;
    let rows = (0..diff.size().height).filter_map(|y| {
        let row = diff.row(y).as_chunks::<3>().0;
        let first = row.iter().position(|pixel| *pixel == colour)?;
        let last = row.iter().rposition(|pixel| *pixel == colour)?;
        let [first, last] = [first, last].map(|x| i32::try_from(x).unwrap_or(i32::MAX));
        let width = (last - first).unsigned_abs() + 1;
        Some(Rect::new(first, signed(y), width, 1))
    });
    rows.reduce(Rect::union)
}

/// A part with its surroundings, inside a picture of `size`.
fn shown(part: Rect, size: Size) -> Rect {
    let width = part.width.max(LEAST.width).min(size.width);
    let height = part.height.max(LEAST.height).max(width / 2 + 1);
    let height = height.min(size.height);
    let start = |start: i32, length: u32, wanted: u32, whole: u32| {
        let start = start + (signed(length) - signed(wanted)) / 2;
        start.clamp(0, signed(whole - wanted))
    };
    Rect::new(
        start(part.x, part.width, width, size.width),
        start(part.y, part.height, height, size.height),
        width,
        height,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use crate::vision::{Limits, Mask, compare, picture::diff_picture};

    fn glimpsed(expected: &Frame, actual: &Frame, mask: &Mask) -> Option<Frame> {
        let difference = compare(expected, actual, mask, &Limits::default());
        let diff = diff_picture(expected, actual, mask, &difference).to_frame();
        glimpse(expected, actual, &diff)
    }

    #[test]
    fn the_part_that_differs_is_shown_and_no_mask() {
        let size = Size::new(1000, 700);
        let expected = Frame::filled(size, [255; 3]);
        let mut actual = expected.clone();
        let block = Frame::filled(Size::new(10, 10), [0; 3]);
        for corner in [Point::new(900, 600), Point::new(10, 10)] {
            actual.put(&block, corner);
        }
        let mask = Mask::new(vec![Rect::new(0, 0, 40, 40)]);
        let shown = glimpsed(&expected, &actual, &mask).unwrap();
        assert_eq!(shown.size(), Size::new(3 * 210 + 2 * 8, 120 + 27));
        let dark = |frame: &Frame| {
            let pixels = frame.bytes().as_chunks::<3>().0.iter();
            pixels.filter(|pixel| **pixel == [0; 3]).count()
        };
        assert_eq!(dark(&shown), 100);
        assert_eq!(glimpsed(&expected, &expected, &mask), None);
    }

    #[test]
    fn pictures_of_any_size_are_glimpsed() {
        for (one, other) in [
            ((3, 5), (5, 3)),
            ((2000, 9), (2000, 9)),
            ((1, 1), (900, 700)),
        ] {
            let [one, other] = [(one, [9; 3]), (other, [240; 3])]
                .map(|((width, height), colour)| Frame::filled(Size::new(width, height), colour));
            assert!(glimpsed(&one, &other, &Mask::default()).is_some());
        }
    }
}
