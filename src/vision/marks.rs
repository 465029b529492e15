//! A picture of the screen that shows people where something was found, nearly
//! found, or looked for.

use image::{Rgb, RgbImage};

use super::{
    draw::{Pen, WHITE, paste, widened},
    frame::Frame,
    plate::{Plate, Tag, draw_tags},
};
use crate::geometry::Rect;

/// A place that is pointed at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Mark {
    /// Where it is; what is outside the screen is not drawn.
    pub rect: Rect,
    /// What stands beside it, such as `1: 0.83`; empty, there is no plate. The
    /// letters of Latin, Greek, Cyrillic and some more scripts are drawn, others are
    /// empty boxes.
    pub label: String,
    /// What it is, which is its colour.
    pub kind: MarkKind,
}

/// What a mark points at.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum MarkKind {
    /// What was looked for; green.
    Found,
    /// What nearly is it; orange.
    Near,
    /// Where it was looked for; blue.
    Area,
}

impl MarkKind {
    const fn colour(self) -> Rgb<u8> {
        match self {
            Self::Found => Rgb([22, 128, 60]),
            Self::Near => Rgb([196, 84, 0]),
            Self::Area => Rgb([36, 96, 200]),
        }
    }
}

/// The width in which people see most of a screen, in pixels: about that of a
/// browser's window.
const SHOWN: u32 = 1600;

/// The screen, a little darker except where something is marked, with a box
/// around each mark and its label on a plate beside the box. Plates stay on the
/// screen, and clear of what is marked as long as there is room.
#[must_use]
pub(crate) fn marked_picture(screen: &Frame, marks: &[Mark]) -> Frame {
    let whole = screen.size().to_rect();
    let inside = |mark: &Mark| Some((whole.intersection(mark.rect)?, mark.clone()));
    let mut marks: Vec<(Rect, Mark)> = marks.iter().filter_map(inside).collect();
    if marks.is_empty() {
        return screen.clone();
    }
    let pen = Pen::new(whole.width, SHOWN);
    let mut sheet = screen.image().clone();
    dim(&mut sheet);
    for (rect, _) in &marks {
        paste(&mut sheet, screen.image(), *rect, rect.corner(), 1);
    }
    let framed = |rect: Rect| widened(rect, pen.line).intersection(whole).unwrap_or(rect);
    let targets = marks.iter().filter(|(_, mark)| mark.kind != MarkKind::Area);
    let mut taken: Vec<Rect> = targets.map(|(rect, _)| framed(*rect)).collect();
    // What was found has the first choice of room.
    marks.sort_by_key(|(_, mark)| mark.kind == MarkKind::Area);
    let tags = marks.iter().map(|(rect, mark)| {
        let frame = framed(*rect);
        let labelled = !mark.label.is_empty();
        let plate = labelled.then(|| Plate::beside(frame, &mark.label, whole.size(), &taken, pen));
        taken.extend(plate.as_ref().map(|plate| plate.rect));
        let colours = (mark.kind.colour(), WHITE);
        Tag {
            frame,
            plate,
            colours,
        }
    });
    let mut tags: Vec<Tag<Rgb<u8>>> = tags.collect();
    // Areas lie below what was found in them.
    tags.reverse();
    draw_tags(&mut sheet, &tags, pen);
    sheet.into()
}

/// Makes it a little darker, so that what is drawn again as it was stands out.
fn dim(sheet: &mut RgbImage) {
    for channel in sheet.iter_mut() {
        *channel -= channel.div_ceil(4);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Point, Size};

    const SCREEN: Size = Size::new(300, 200);
    const PAPER: [u8; 3] = [200; 3];

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

    fn colour(picture: &Frame, x: i32, y: i32) -> [u8; 3] {
        picture.pixel(Point::new(x, y)).unwrap()
    }

    #[test]
    fn what_is_marked_stays_as_it_is_within_a_box_with_a_light_edge() {
        let found = mark(Rect::new(100, 100, 40, 20), "1", MarkKind::Found);
        let picture = picture(&[found]);
        for (x, y) in [(100, 100), (139, 119), (120, 110)] {
            assert_eq!(colour(&picture, x, y), PAPER);
        }
        for (x, y) in [(98, 98), (99, 110), (140, 110), (141, 121)] {
            assert_eq!(colour(&picture, x, y), MarkKind::Found.colour().0);
        }
        assert_eq!(colour(&picture, 142, 110), [255; 3]);
        let [outside, ..] = colour(&picture, 143, 123);
        assert!(outside < PAPER[0] && outside > PAPER[0] / 2);
    }

    #[test]
    fn a_mark_of_the_whole_screen_has_its_plate_inside() {
        let picture = picture(&[mark(SCREEN.to_rect(), "area", MarkKind::Area)]);
        assert_eq!(colour(&picture, 3, 3), MarkKind::Area.colour().0);
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
