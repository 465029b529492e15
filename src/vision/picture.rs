//! Pictures that show a difference to people.
//!
//! The differing pixels are red on the pale actual picture, what was forgiven
//! is yellow, masks are hatched blue, and a numbered box is drawn around each
//! cluster, wide enough to leave its pixels visible.

use super::{
    canvas::{Canvas, Colour, WHITE, signed, text_width},
    cluster::{Cluster, Run},
    compare::Difference,
    frame::Frame,
    mask::Mask,
};
use crate::geometry::{Point, Rect, Size};

const RED: Colour = [226, 32, 44];
const YELLOW: Colour = [240, 190, 40];
const BLUE: Colour = [96, 140, 210];
const BOX: Colour = [214, 0, 110];
const BAR: Colour = [38, 43, 50];
const BAR_TEXT: Colour = [236, 239, 243];

/// Pixels of a box between what it marks and its outer edge, at no and at each
/// further enlargement.
const MARGIN: u32 = 7;

/// Clusters that are no further apart than this, as the parts of one letter
/// are, get one box.
const NEAR: u32 = 14;

/// The height of a box's number.
const LABEL: u32 = 11;

/// More boxes than this hide what they show.
const MAX_BOXES: usize = 12;

/// The height of the bar with a picture's caption.
const CAPTION: u32 = 24;

/// Pixels between two pictures.
const GUTTER: u32 = 8;

/// A part is enlarged as long as it stays narrower than this.
const LEGIBLE_WIDTH: u32 = 1200;

/// The most that a part is enlarged.
const MAX_SCALE: u32 = 4;

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
) -> Frame {
    let mut canvas = marked(expected, actual, mask, difference, 1);
    boxes(&mut canvas, &difference.clusters, 1);
    canvas.into_frame()
}

/// Expected, actual and diff with their captions, side by side, or one above
/// the other where they are wide; small parts are enlarged.
#[must_use]
pub fn comparison_picture(
    expected: &Frame,
    actual: &Frame,
    mask: &Mask,
    difference: &Difference,
) -> Frame {
    let whole = union(expected.size(), actual.size());
    let scale = (LEGIBLE_WIDTH / whole.width.max(1)).clamp(1, MAX_SCALE);
    let cell = Size::new(whole.width * scale, whole.height * scale + CAPTION);
    let stacked = whole.width >= whole.height * WIDE;
    let size = if stacked {
        Size::new(cell.width, cell.height * 3 + GUTTER * 2)
    } else {
        Size::new(cell.width * 3 + GUTTER * 2, cell.height)
    };
    let mut plain = [expected, actual].map(|frame| {
        let mut canvas = Canvas::new(Size::new(whole.width * scale, whole.height * scale), WHITE);
        canvas.draw(frame, Point::default(), scale);
        canvas
    });
    for canvas in &mut plain {
        boxes(canvas, &difference.clusters, scale);
    }
    let mut diff = marked(expected, actual, mask, difference, scale);
    boxes(&mut diff, &difference.clusters, scale);
    let [left, middle] = plain;
    let mut canvas = Canvas::new(size, WHITE);
    for (number, (caption, part)) in
        (0..).zip([("expected", left), ("actual", middle), ("diff", diff)])
    {
        let step = number
            * if stacked {
                cell.height + GUTTER
            } else {
                cell.width + GUTTER
            };
        let corner = if stacked {
            point(0, step)
        } else {
            point(step, 0)
        };
        canvas.fill(Rect::new(corner.x, corner.y, cell.width, CAPTION), BAR);
        canvas.text(caption, Point::new(corner.x + 6, corner.y + 5), 2, BAR_TEXT);
        canvas.draw(
            &part.into_frame(),
            Point::new(corner.x, corner.y + signed(CAPTION)),
            1,
        );
    }
    canvas.into_frame()
}

/// The actual picture, pale, with differing, forgiven and masked pixels in
/// their colours, every pixel `scale` pixels wide and high.
fn marked(
    expected: &Frame,
    actual: &Frame,
    mask: &Mask,
    difference: &Difference,
    scale: u32,
) -> Canvas {
    let size = union(expected.size(), actual.size());
    let mut canvas = Canvas::new(size, WHITE);
    canvas.draw(actual, Point::default(), 1);
    canvas.pale();
    for rect in mask.rects() {
        canvas.hatch(*rect, BLUE);
    }
    for (runs, colour) in [(&difference.forgiven_runs, YELLOW), (&difference.runs, RED)] {
        for Run { row, start, end } in runs {
            let corner = point(*start, *row);
            canvas.fill(Rect::new(corner.x, corner.y, end - start, 1), colour);
        }
    }
    if scale == 1 {
        return canvas;
    }
    let mut enlarged = Canvas::new(Size::new(size.width * scale, size.height * scale), WHITE);
    enlarged.draw(&canvas.into_frame(), Point::default(), scale);
    enlarged
}

/// Where boxes are drawn: around clusters that lie together, from the top, in
/// pixels of the compared pictures.
fn areas(clusters: &[Cluster]) -> Vec<Rect> {
    let mut areas: Vec<Rect> = Vec::new();
    for cluster in clusters {
        let mut area = cluster.bounds;
        let is_near = |other: &Rect| widened(*other, NEAR).intersection(area).is_some();
        let mut near = areas.iter().position(is_near);
        while let Some(index) = near {
            area = around(areas.swap_remove(index), area);
            near = areas
                .iter()
                .position(|other| widened(*other, NEAR).intersection(area).is_some());
        }
        areas.push(area);
    }
    areas.sort_by_key(|area| (area.y, area.x));
    areas.truncate(MAX_BOXES);
    areas
}

/// Draws the boxes with their numbers, above each, or below or beside it where
/// the picture ends: never on what it marks.
fn boxes(canvas: &mut Canvas, clusters: &[Cluster], scale: u32) {
    for (number, area) in (1..).zip(areas(clusters)) {
        let area = widened(enlarged(area, scale), MARGIN + 2 * (scale - 1));
        canvas.outline(area, BOX);
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
        canvas.fill(Rect::new(corner.x, corner.y, width, LABEL), BOX);
        canvas.text(&label, Point::new(corner.x + 2, corner.y + 2), 1, WHITE);
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

fn around(one: Rect, other: Rect) -> Rect {
    let (x, y) = (one.x.min(other.x), one.y.min(other.y));
    let right = one.right().max(other.right()) - i64::from(x);
    let bottom = one.bottom().max(other.bottom()) - i64::from(y);
    Rect::new(
        x,
        y,
        u32::try_from(right).unwrap_or(0),
        u32::try_from(bottom).unwrap_or(0),
    )
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
    use crate::vision::compare;

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
        let difference = compare(&expected, &actual, &mask, 0.1);
        let picture = diff_picture(&expected, &actual, &mask, &difference);
        assert_eq!(picture.size(), expected.size());
        assert_eq!(picture.pixel(Point::new(21, 21)), Some(RED));
        assert_eq!(picture.pixel(Point::new(13, 20)), Some(BOX));
        assert!((50..60).any(|x| picture.pixel(Point::new(x, 5)) == Some(BLUE)));
    }

    #[test]
    fn clusters_that_lie_together_get_one_box() {
        let cluster = |x, y| Cluster {
            pixels: 1,
            bounds: Rect::new(x, y, 2, 2),
        };
        let found = areas(&[cluster(50, 50), cluster(10, 10), cluster(16, 14)]);
        assert_eq!(found, [Rect::new(10, 10, 8, 6), Rect::new(50, 50, 2, 2)]);
    }

    #[test]
    fn a_comparison_shows_three_enlarged_parts_with_captions() {
        let (expected, actual) = pair();
        let difference = compare(&expected, &actual, &Mask::default(), 0.1);
        let picture = comparison_picture(&expected, &actual, &Mask::default(), &difference);
        assert_eq!(picture.size(), Size::new(60 * 4 * 3 + 16, 40 * 4 + CAPTION));
        assert_eq!(picture.pixel(Point::new(1, 1)), Some(BAR));
    }

    #[test]
    fn a_wide_part_is_stacked() {
        let line = Frame::filled(Size::new(800, 30), WHITE);
        let difference = compare(&line, &line, &Mask::default(), 0.1);
        let picture = comparison_picture(&line, &line, &Mask::default(), &difference);
        assert_eq!(picture.size(), Size::new(800, (30 + CAPTION) * 3 + 16));
    }

    #[test]
    fn frames_of_different_sizes_are_shown_whole() {
        let (small, large) = (
            Frame::filled(Size::new(30, 40), WHITE),
            Frame::filled(Size::new(60, 20), WHITE),
        );
        let difference = compare(&small, &large, &Mask::default(), 0.1);
        let picture = diff_picture(&small, &large, &Mask::default(), &difference);
        assert_eq!(picture.size(), Size::new(60, 40));
    }
}
