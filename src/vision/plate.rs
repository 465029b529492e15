//! Boxes around places of a picture, and what stands beside them on plates.

use super::draw::{Pen, Sheet, fill, signed, widened};
use crate::geometry::{Point, Rect, Size};

/// A box with its plate.
pub(super) struct Tag<P> {
    /// The outer side of the box's line.
    pub(super) frame: Rect,
    pub(super) plate: Option<Plate>,
    /// The colour of the line and of the plate, and that of the text and of a thin
    /// edge around all of it, which is seen on any ground.
    pub(super) colours: (P, P),
}

/// Draws boxes and their plates, these on top.
pub(super) fn draw_tags<S: Sheet>(sheet: &mut S, tags: &[Tag<S::Pixel>], pen: Pen) {
    for tag in tags {
        pen.edge(sheet, tag.frame, tag.colours.1);
        pen.frame(sheet, tag.frame, tag.colours.0);
    }
    for tag in tags {
        if let Some(plate) = &tag.plate {
            plate.draw(sheet, tag.colours);
            // Where they touch, box and plate are one.
            pen.frame(sheet, tag.frame, tag.colours.0);
        }
    }
}

/// A label that was given its place.
pub(super) struct Plate {
    text: String,
    pen: Pen,
    /// What it covers.
    pub(super) rect: Rect,
    /// Whether it covers nothing that was taken.
    pub(super) is_clear: bool,
}

impl Plate {
    /// A label where it covers least of what is `taken`, within the `whole`: above
    /// its box, below, at its right, at its left, or in its corner, whichever is the
    /// first of the best. What does not fit at all ends in dots.
    pub(super) fn beside(frame: Rect, label: &str, whole: Size, taken: &[Rect], pen: Pen) -> Self {
        let margin = pen.pad * 2;
        let text = pen.fitting(label, whole.width.saturating_sub(margin));
        let size = Size::new(pen.width(&text) + margin, pen.text + pen.edge * 2);
        let covered = |place: &Rect| -> u64 {
            let shared = taken.iter().filter_map(|other| other.intersection(*place));
            shared.map(|shared| shared.size().area()).sum()
        };
        let places = places(frame, size, whole).into_iter();
        let inside = whole.to_rect();
        let best = places
            .filter(|place| inside.covers(*place))
            .min_by_key(covered);
        let rect = best.unwrap_or_else(|| Rect::at(moved_in(frame.corner(), size, whole), size));
        Self {
            text,
            pen,
            rect,
            is_clear: best.is_some_and(|best| covered(&best) == 0),
        }
    }

    fn draw<S: Sheet>(&self, sheet: &mut S, (ink, paper): (S::Pixel, S::Pixel)) {
        let Self { pen, rect, .. } = self;
        fill(sheet, widened(*rect, pen.edge), paper);
        fill(sheet, *rect, ink);
        let inner = rect.shifted(Point::new(signed(pen.pad), signed(pen.edge)));
        pen.write(sheet, &self.text, inner.corner(), paper);
    }
}

/// Where a plate may go, the best places first. Along its box it is moved to stay
/// within the whole.
fn places(frame: Rect, size: Size, whole: Size) -> [Rect; 8] {
    let (width, height) = (signed(size.width), signed(size.height));
    let right = frame.x.saturating_add(signed(frame.width));
    let bottom = frame.y.saturating_add(signed(frame.height));
    let (at_right, above) = (right.saturating_sub(width), frame.y.saturating_sub(height));
    let inside = |x, y| moved_in(Point::new(x, y), size, whole);
    let along_x = |x, y| Point::new(inside(x, y).x, y);
    let along_y = |x, y| Point::new(x, inside(x, y).y);
    let corners = [
        along_x(frame.x, above),
        along_x(at_right, above),
        along_x(frame.x, bottom),
        along_x(at_right, bottom),
        along_y(right, frame.y),
        along_y(frame.x.saturating_sub(width), frame.y),
        Point::new(frame.x, frame.y),
        Point::new(at_right, bottom.saturating_sub(height)),
    ];
    corners.map(|corner| Rect::at(corner, size))
}

/// The corner of a plate that stays within the whole, as far as that is possible.
fn moved_in(corner: Point, size: Size, whole: Size) -> Point {
    let within = |at: i32, whole: u32, own: u32| at.clamp(0, signed(whole.saturating_sub(own)));
    let x = within(corner.x, whole.width, size.width);
    Point::new(x, within(corner.y, whole.height, size.height))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Size = Size::new(300, 200);

    fn plate(frame: Rect, taken: &[Rect]) -> Plate {
        Plate::beside(frame, "1: 0.83", WHOLE, taken, Pen::new(300, 300))
    }

    #[test]
    fn a_plate_stands_beside_its_box_and_on_the_picture() {
        for (x, y) in [(0, 0), (150, 0), (290, 0), (290, 190), (0, 190), (150, 90)] {
            let frame = Rect::new(x, y, 10, 10);
            let plate = plate(frame, &[frame]);
            assert!(
                WHOLE.to_rect().covers(plate.rect) && plate.is_clear,
                "{}",
                plate.rect
            );
            assert_eq!(plate.rect.intersection(frame), None, "{}", plate.rect);
        }
    }

    #[test]
    fn plates_cover_neither_each_other_nor_what_is_marked() {
        let mut taken = [0, 24, 48].map(|y| Rect::new(100, 60 + y, 90, 20)).to_vec();
        for frame in taken.clone() {
            let plate = plate(frame, &taken);
            assert!(plate.is_clear, "{}", plate.rect);
            taken.push(plate.rect);
        }
    }

    #[test]
    fn where_there_is_no_room_a_plate_covers_as_little_as_can_be() {
        let frame = Rect::new(0, 0, 300, 195);
        let plate = plate(frame, &[frame, Rect::new(0, 0, 80, 195)]);
        assert!(WHOLE.to_rect().covers(plate.rect) && !plate.is_clear);
        assert!(plate.rect.x >= 80, "{}", plate.rect);
    }

    #[test]
    fn a_label_that_is_too_long_ends_in_dots() {
        let pen = Pen::new(300, 300);
        let all = pen.fitting("Speichern", 200);
        assert_eq!(all, "Speichern");
        let long = pen.fitting(&"Speichern ".repeat(90), 200);
        assert!(
            long.starts_with("Speichern Speich") && long.ends_with('…'),
            "{long}"
        );
        assert!(pen.width(&long) <= 200);
        assert_eq!(pen.fitting("Speichern", 3), "");
    }
}
