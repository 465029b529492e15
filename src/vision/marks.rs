//! A picture of the screen that shows people where something was found, nearly
//! found, or looked for.

use super::{
    canvas::{Canvas, Colour, WHITE, signed, text_width},
    font,
    frame::Frame,
};
use crate::geometry::{Point, Rect, Size};

/// A place that is pointed at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mark {
    /// Where it is; what is outside of the screen is not drawn.
    pub rect: Rect,
    /// What stands beside it, such as `1: 0.83`. ASCII letters, digits and the
    /// commonest signs are drawn, others leave a gap; empty, there is no plate.
    pub label: String,
    /// What it is, which is its colour.
    pub kind: MarkKind,
}

/// What a mark points at.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum MarkKind {
    /// What was looked for; green.
    Found,
    /// What nearly is it; orange.
    Near,
    /// Where it was looked for; blue.
    Area,
}

impl MarkKind {
    const fn colour(self) -> Colour {
        match self {
            Self::Found => [22, 128, 60],
            Self::Near => [196, 84, 0],
            Self::Area => [36, 96, 200],
        }
    }
}

/// The width of a box's line, which lies around what is marked.
const LINE: u32 = 2;

/// Pixels of the screen for each dot of a letter.
const DOT: u32 = 2;

/// Pixels around the text of a plate.
const PAD: u32 = 4;

/// The screen, a little darker except where something is marked, with a box
/// around each mark and its label on a plate beside the box. Plates stay on the
/// screen, and clear of what is marked as long as there is room.
#[must_use]
pub fn marked_picture(screen: &Frame, marks: &[Mark]) -> Frame {
    let whole = screen.size().to_rect();
    let inside = |mark: &Mark| {
        whole
            .intersection(mark.rect)
            .map(|rect| (rect, mark.clone()))
    };
    let mut marks: Vec<(Rect, Mark)> = marks.iter().filter_map(inside).collect();
    // Areas lie below what was found in them.
    marks.sort_by_key(|(_, mark)| mark.kind != MarkKind::Area);
    let mut canvas = Canvas::new(whole.size(), WHITE);
    canvas.draw(screen, Point::default(), 1);
    if !marks.is_empty() {
        canvas.dim();
    }
    for (rect, _) in &marks {
        if let Ok(part) = screen.crop(*rect) {
            canvas.draw(&part, rect.corner(), 1);
        }
    }
    for (rect, mark) in &marks {
        canvas.outline(framed(*rect, whole), mark.kind.colour());
    }
    let targets = marks.iter().filter(|(_, mark)| mark.kind != MarkKind::Area);
    let mut taken: Vec<Rect> = targets.map(|(rect, _)| framed(*rect, whole)).collect();
    // What was found has the first choice of room.
    marks.sort_by_key(|(_, mark)| mark.kind == MarkKind::Area);
    for (rect, mark) in marks.iter().filter(|(_, mark)| !mark.label.is_empty()) {
        let plate = plate(framed(*rect, whole), plate_size(&mark.label), whole, &taken);
        canvas.fill(plate, mark.kind.colour());
        let pad = signed(PAD);
        canvas.text(
            &mark.label,
            Point::new(plate.x + pad, plate.y + pad),
            DOT,
            WHITE,
        );
        taken.push(plate);
    }
    canvas.into_frame()
}

/// A box around a part of the screen, as far as the screen goes.
fn framed(part: Rect, whole: Rect) -> Rect {
    let line = signed(LINE);
    let (width, height) = (part.width + LINE * 2, part.height + LINE * 2);
    let around = Rect::new(part.x - line, part.y - line, width, height);
    whole.intersection(around).unwrap_or(part)
}

fn plate_size(label: &str) -> Size {
    let gap = font::GAP * DOT;
    let text = text_width(label).saturating_mul(DOT).saturating_sub(gap);
    Size::new(text.saturating_add(PAD * 2), font::HEIGHT * DOT + PAD * 2)
}

/// Where a plate goes: above its box, below, at its right, at its left, or in
/// its corner; the first of these that is clear of what is taken, or else the
/// first that needs no moving to stay on the screen.
fn plate(frame: Rect, size: Size, whole: Rect, taken: &[Rect]) -> Rect {
    let (width, height) = (signed(size.width), signed(size.height));
    let (right, bottom) = (
        frame.x.saturating_add(signed(frame.width)),
        frame.y.saturating_add(signed(frame.height)),
    );
    let at_right = right.saturating_sub(width);
    let [room_x, room_y] = [
        signed(whole.width).saturating_sub(width).max(0),
        signed(whole.height).saturating_sub(height).max(0),
    ];
    // Along its box a plate may be moved to stay on the screen.
    let along_x = |x: i32, y| (x.clamp(0, room_x), y);
    let along_y = |x, y: i32| (x, y.clamp(0, room_y));
    let corners = [
        along_x(frame.x, frame.y.saturating_sub(height)),
        along_x(at_right, frame.y.saturating_sub(height)),
        along_x(frame.x, bottom),
        along_x(at_right, bottom),
        along_y(right, frame.y),
        along_y(frame.x.saturating_sub(width), frame.y),
        (frame.x, frame.y),
        (at_right, bottom.saturating_sub(height)),
    ];
    let places = corners.map(|(x, y)| Rect::new(x, y, size.width, size.height));
    let mut on_screen = places.into_iter().filter(|place| whole.covers(*place));
    let clear = |place: &Rect| {
        taken
            .iter()
            .all(|other| other.intersection(*place).is_none())
    };
    let best = on_screen.clone().find(clear).or_else(|| on_screen.next());
    best.unwrap_or_else(|| {
        let (x, y) = (frame.x.clamp(0, room_x), frame.y.clamp(0, room_y));
        Rect::new(x, y, size.width, size.height)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Size = Size::new(300, 200);
    const PAPER: Colour = [200; 3];

    fn mark(rect: Rect, label: &str, kind: MarkKind) -> Mark {
        Mark {
            rect,
            label: label.to_owned(),
            kind,
        }
    }

    fn picture(marks: &[Mark]) -> Frame {
        marked_picture(&Frame::filled(SCREEN, PAPER), marks)
    }

    fn colour(picture: &Frame, x: i32, y: i32) -> Colour {
        picture.pixel(Point::new(x, y)).unwrap()
    }

    #[test]
    fn what_is_marked_stays_as_it_is_within_a_box_of_two_pixels() {
        let found = mark(Rect::new(100, 100, 40, 20), "1", MarkKind::Found);
        let picture = picture(&[found]);
        for (x, y) in [(100, 100), (139, 119), (120, 110)] {
            assert_eq!(colour(&picture, x, y), PAPER);
        }
        for (x, y) in [(98, 98), (99, 110), (140, 110), (141, 121)] {
            assert_eq!(colour(&picture, x, y), MarkKind::Found.colour());
        }
        let [outside, ..] = colour(&picture, 142, 122);
        assert!(outside < PAPER[0] && outside > PAPER[0] / 2);
    }

    #[test]
    fn a_plate_stands_beside_its_box_and_on_the_screen() {
        for (x, y) in [(0, 0), (150, 0), (290, 0), (290, 190), (0, 190), (150, 90)] {
            let rect = Rect::new(x, y, 10, 10);
            let whole = SCREEN.to_rect();
            let plate = plate(framed(rect, whole), plate_size("1: 0.83"), whole, &[]);
            assert!(whole.covers(plate), "{plate}");
            assert_eq!(plate.intersection(rect), None, "{plate}");
        }
    }

    #[test]
    fn plates_cover_neither_each_other_nor_what_is_marked() {
        let rects = [0, 24, 48].map(|y| Rect::new(100, 60 + y, 90, 20));
        let whole = SCREEN.to_rect();
        let mut taken: Vec<Rect> = rects.map(|rect| framed(rect, whole)).to_vec();
        for rect in rects {
            let plate = plate(framed(rect, whole), plate_size("1: 0.83"), whole, &taken);
            assert!(
                taken
                    .iter()
                    .all(|other| other.intersection(plate).is_none())
            );
            taken.push(plate);
        }
    }

    #[test]
    fn a_mark_of_the_whole_screen_has_its_plate_inside() {
        let picture = picture(&[mark(SCREEN.to_rect(), "area", MarkKind::Area)]);
        assert_eq!(colour(&picture, 3, 3), MarkKind::Area.colour());
        assert_eq!(colour(&picture, 150, 100), PAPER);
    }

    #[test]
    fn without_a_mark_the_screen_is_as_it_was() {
        let outside = mark(Rect::new(i32::MAX, -90, u32::MAX, 90), "1", MarkKind::Near);
        assert_eq!(picture(&[]), Frame::filled(SCREEN, PAPER));
        assert_eq!(picture(&[outside]), Frame::filled(SCREEN, PAPER));
        let long = mark(Rect::new(5, 5, 9, 9), &"long ".repeat(99), MarkKind::Near);
        assert_eq!(picture(&[long]).size(), SCREEN);
    }
}
