//! Pictures that show a difference to people.
//!
//! The differing pixels are red on the pale actual picture, what was forgiven
//! is yellow, masks are hatched blue, and a numbered box is drawn around each
//! cluster, wide enough to leave its pixels visible.

use super::{
    area::Area,
    canvas::{Canvas, Colour, WHITE, signed, text_width},
    cluster::Run,
    compare::Difference,
    diagram::{Diagram, Ink},
    frame::Frame,
    mask::Mask,
};
use crate::geometry::{Point, Rect, Size};

const BOX: Colour = [214, 0, 110];
const BAR: Colour = [38, 43, 50];
const BAR_TEXT: Colour = [236, 239, 243];

/// Pixels of a box between what it marks and its outer edge, at no and at each
/// further enlargement.
const MARGIN: u32 = 7;

/// The height of a box's number.
const LABEL: u32 = 11;

/// The height of the bar with a picture's caption.
const CAPTION: u32 = 24;

/// Pixels between two pictures.
const GUTTER: u32 = 8;

/// A part is enlarged as long as it stays narrower than this.
const LEGIBLE_WIDTH: u32 = 1200;

/// The most that a part is enlarged.
const MAX_SCALE: u32 = 4;

/// What is not larger than this part of the whole, in width and height, is
/// shown enlarged.
const DETAIL: u32 = 5;

/// A picture that is so much wider than high is put above the others, not
/// beside them.
const WIDE: u32 = 2;

/// The actual picture, pale, with everything that differs marked on it.
#[must_use]
pub fn diff_picture(
    expected: &Frame,
    actual: &Frame,
    mask: &Mask,
    difference: &Difference,
) -> Diagram {
    let size = union(expected.size(), actual.size());
    let mut canvas = Canvas::pale(actual, size);
    mark(&mut canvas, mask, difference);
    boxes(
        &mut canvas,
        (&difference.areas(), 1),
        (Ink::BOX, Ink::PAPER),
    );
    canvas.into_diagram()
}

/// Expected, actual and diff with their captions, side by side, or one above
/// the other where they are wide; small ones are enlarged. Where they are large
/// and little of them differs, that part follows, enlarged.
#[must_use]
pub fn comparison_picture(
    expected: &Frame,
    actual: &Frame,
    mask: &Mask,
    difference: &Difference,
) -> Frame {
    let size = union(expected.size(), actual.size());
    let areas = difference.areas();
    let scale = (LEGIBLE_WIDTH / size.width.max(1)).clamp(1, MAX_SCALE);
    let mut diff = Canvas::pale(actual, size);
    mark(&mut diff, mask, difference);
    let diff = diff.into_diagram().to_frame();
    let [expected, actual] = [expected, actual].map(|frame| {
        let mut canvas = Canvas::new(size, WHITE);
        canvas.draw(frame, Point::default(), 1);
        canvas.into_frame()
    });
    let frames = [
        ("expected", &expected),
        ("actual", &actual),
        ("diff", &diff),
    ];
    let whole = row(&frames, |frame| {
        let mut canvas = Canvas::enlarged(frame, scale);
        boxes(&mut canvas, (&areas, scale), (BOX, WHITE));
        canvas
    });
    let detail = if scale == 1 {
        detail(&areas, size)
    } else {
        None
    };
    let Some((part, scale)) = detail else {
        return whole;
    };
    let parts = row(&frames, |frame| {
        let part = frame.crop(part).unwrap_or_else(|_| frame.clone());
        Canvas::enlarged(&part, scale)
    });
    above(&whole, &parts)
}

/// The part that is worth to be enlarged, and how much: where what differs is
/// small beside the whole.
fn detail(areas: &[Area], size: Size) -> Option<(Rect, u32)> {
    let all = areas.iter().map(|area| area.bounds).reduce(Rect::union)?;
    let most = areas.iter().max_by_key(|area| area.pixels)?.bounds;
    let limit = Size::new(size.width / DETAIL, size.height / DETAIL);
    let fits = |part: &Rect| part.width <= limit.width && part.height <= limit.height;
    let part = [all, most].into_iter().find(fits)?;
    // With its surroundings, and of the shape of the whole.
    let wanted = Size::new(limit.width.max(1), limit.height.max(1));
    let middle = |start: i32, length: u32, wanted: u32, whole: u32| {
        let start = start + (signed(length) - signed(wanted)) / 2;
        start.clamp(0, signed(whole - wanted))
    };
    let corner = Point::new(
        middle(part.x, part.width, wanted.width, size.width),
        middle(part.y, part.height, wanted.height, size.height),
    );
    Some((Rect::at(corner, wanted), size.width / wanted.width))
}

/// Pictures with their captions, side by side, or one above the other where they
/// are wide.
/// The frames with their captions, side by side, or one above the other where
/// they are wide.
pub(super) fn row(frames: &[(&str, &Frame); 3], draw: impl Fn(&Frame) -> Canvas) -> Frame {
    let drawn = frames.map(|(caption, frame)| (caption, draw(frame)));
    let cell = drawn[0].1.size;
    let stacked = cell.width >= cell.height * WIDE;
    let height = cell.height + CAPTION;
    let size = if stacked {
        Size::new(cell.width, height * 3 + GUTTER * 2)
    } else {
        Size::new(cell.width * 3 + GUTTER * 2, height)
    };
    let mut canvas = Canvas::new(size, WHITE);
    for (number, (caption, picture)) in (0..).zip(drawn) {
        let corner = if stacked {
            point(0, number * (height + GUTTER))
        } else {
            point(number * (cell.width + GUTTER), 0)
        };
        canvas.fill(Rect::new(corner.x, corner.y, cell.width, CAPTION), BAR);
        canvas.text(caption, Point::new(corner.x + 6, corner.y + 5), 2, BAR_TEXT);
        let below = Point::new(corner.x, corner.y + signed(CAPTION));
        canvas.draw(&picture.into_frame(), below, 1);
    }
    canvas.into_frame()
}

fn above(upper: &Frame, lower: &Frame) -> Frame {
    let (one, other) = (upper.size(), lower.size());
    let size = Size::new(
        one.width.max(other.width),
        one.height + GUTTER + other.height,
    );
    let mut canvas = Canvas::new(size, WHITE);
    canvas.draw(upper, Point::default(), 1);
    canvas.draw(lower, point(0, one.height + GUTTER), 1);
    canvas.into_frame()
}

/// Gives differing, forgiven and masked pixels their colours.
fn mark(canvas: &mut Canvas<Ink>, mask: &Mask, difference: &Difference) {
    for rect in mask.rects() {
        canvas.hatch(*rect, Ink::MASKED);
    }
    let kinds = [
        (&difference.forgiven_runs, Ink::FORGIVEN),
        (&difference.runs, Ink::DIFFERS),
    ];
    for (runs, ink) in kinds {
        for Run {
            row, start, end, ..
        } in runs
        {
            let corner = point(*start, *row);
            canvas.fill(Rect::new(corner.x, corner.y, end - start, 1), ink);
        }
    }
}

/// Draws the boxes with their numbers, above each, or below or beside it where
/// the picture ends: never on what it marks.
fn boxes<C: Copy>(canvas: &mut Canvas<C>, (areas, scale): (&[Area], u32), (line, paper): (C, C)) {
    for (number, area) in (1..).zip(areas) {
        let area = widened(enlarged(area.bounds, scale), MARGIN + 2 * (scale - 1));
        canvas.outline(area, line);
        let label = number.to_string();
        let (width, above) = (text_width(&label) + 3, area.y - signed(LABEL));
        let below = area.y + signed(area.height);
        let corner = if above >= 0 {
            Point::new(area.x, above)
        } else if below + signed(LABEL) <= signed(canvas.size.height) {
            Point::new(area.x, below)
        } else {
            Point::new(area.x - signed(width), area.y.max(0))
        };
        canvas.fill(Rect::new(corner.x, corner.y, width, LABEL), line);
        canvas.text(&label, Point::new(corner.x + 2, corner.y + 2), 1, paper);
    }
}

fn enlarged(area: Rect, scale: u32) -> Rect {
    let factor = signed(scale);
    Rect::new(
        area.x * factor,
        area.y * factor,
        area.width * scale,
        area.height * scale,
    )
}

fn widened(area: Rect, by: u32) -> Rect {
    let (x, y) = (area.x - signed(by), area.y - signed(by));
    Rect::new(x, y, area.width + by * 2, area.height + by * 2)
}

fn union(one: Size, other: Size) -> Size {
    Size::new(one.width.max(other.width), one.height.max(other.height))
}

fn point(x: u32, y: u32) -> Point {
    Point::new(signed(x), signed(y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::{Limits, compare};

    fn pair() -> (Frame, Frame) {
        let size = Size::new(60, 40);
        let mut changed = Canvas::new(size, WHITE);
        changed.fill(Rect::new(20, 20, 4, 3), [0; 3]);
        (Frame::filled(size, WHITE), changed.into_frame())
    }

    #[test]
    fn differing_pixels_are_red_and_boxed() {
        let (expected, actual) = pair();
        let mask = Mask::new(vec![Rect::new(50, 0, 10, 40)]);
        let difference = compare(&expected, &actual, &mask, &Limits::default());
        let picture = diff_picture(&expected, &actual, &mask, &difference);
        assert_eq!(picture.size(), expected.size());
        assert_eq!(picture.pixel(Point::new(21, 21)), Some([226, 32, 44]));
        assert_eq!(picture.pixel(Point::new(13, 20)), Some(BOX));
        assert!((50..60).any(|x| picture.pixel(Point::new(x, 5)) == Some([96, 140, 210])));
    }

    #[test]
    fn a_comparison_shows_three_enlarged_parts_with_captions() {
        let (expected, actual) = pair();
        let difference = compare(&expected, &actual, &Mask::default(), &Limits::default());
        let picture = comparison_picture(&expected, &actual, &Mask::default(), &difference);
        assert_eq!(picture.size(), Size::new(60 * 4 * 3 + 16, 40 * 4 + CAPTION));
        assert_eq!(picture.pixel(Point::new(1, 1)), Some(BAR));
    }

    #[test]
    fn a_small_change_of_a_large_picture_is_shown_enlarged() {
        let size = Size::new(1280, 800);
        let mut changed = Canvas::new(size, WHITE);
        changed.fill(Rect::new(1270, 2, 9, 9), [0; 3]);
        let (expected, actual) = (Frame::filled(size, WHITE), changed.into_frame());
        let mask = Mask::default();
        let difference = compare(&expected, &actual, &mask, &Limits::default());
        let picture = comparison_picture(&expected, &actual, &mask, &difference);
        let row = 800 + CAPTION;
        assert_eq!(picture.size(), Size::new(1280 * 3 + 16, row * 2 + GUTTER));
        let detail = row + GUTTER + CAPTION;
        let spot = Point::new((1280 + 8) + (1274 - 1024) * 5, signed(detail) + 5 * 5);
        assert_eq!(picture.pixel(spot), Some([0; 3]));
    }

    #[test]
    fn a_wide_part_is_stacked() {
        let line = Frame::filled(Size::new(800, 30), WHITE);
        let difference = compare(&line, &line, &Mask::default(), &Limits::default());
        let picture = comparison_picture(&line, &line, &Mask::default(), &difference);
        assert_eq!(picture.size(), Size::new(800, (30 + CAPTION) * 3 + 16));
    }

    #[test]
    fn frames_of_different_sizes_are_shown_whole() {
        let (small, large) = (
            Frame::filled(Size::new(30, 40), WHITE),
            Frame::filled(Size::new(60, 20), WHITE),
        );
        let difference = compare(&small, &large, &Mask::default(), &Limits::default());
        let picture = diff_picture(&small, &large, &Mask::default(), &difference);
        assert_eq!(picture.size(), Size::new(60, 40));
    }
}
