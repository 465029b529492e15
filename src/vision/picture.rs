//! Pictures that show a difference to people.
//!
//! The differing pixels are red on the pale actual picture, what was forgiven
//! is yellow, masks are hatched blue, and a numbered box is drawn around each
//! area, wide enough to leave its pixels visible.

use image::{GenericImage, GrayImage, RgbImage};

use super::{
    area::Area,
    cluster::Run,
    compare::Difference,
    diagram::{self, Diagram, pale},
    draw::{Pen, Sheet, WHITE, hatch, signed, size_of, widened},
    frame::Frame,
    mask::Mask,
    plate::{Plate, Tag, draw_tags},
    row::{GROUND, Row},
};
use crate::geometry::{Point, Rect, Size};

/// The width in which people see most of a picture, in pixels: about that of a
/// browser's window.
const SHOWN: u32 = 1600;

/// Pixels between what a box marks and its line, and this many more at each
/// enlargement.
const MARGIN: u32 = 5;
const MORE: u32 = 2;

/// A part is enlarged as long as it stays narrower than this.
const LEGIBLE_WIDTH: u32 = 1200;

/// The most that a part is enlarged.
const MAX_SCALE: u32 = 4;

/// What is not larger than this part of the whole, in width and height, is
/// shown enlarged.
const DETAIL: u32 = 5;

/// The actual picture, pale, with everything that differs marked on it.
#[must_use]
pub(crate) fn diff_picture(
    expected: &Frame,
    actual: &Frame,
    mask: &Mask,
    difference: &Difference,
) -> Diagram {
    let size = union(expected.size(), actual.size());
    let mut sheet = pale(actual, size);
    mark(&mut sheet, mask, difference);
    let (pen, inks) = (Pen::new(size.width, SHOWN), (diagram::BOX, diagram::PAPER));
    let boxes = boxes(&difference.areas(), 1, pen);
    number(&mut sheet, &boxes, pen, inks);
    Diagram::new(sheet)
}

/// Expected, actual and diff with their captions, side by side, or one above
/// the other where they are wide; small ones are enlarged. Where they are large
/// and little of them differs, that part follows, enlarged.
#[must_use]
pub(crate) fn comparison_picture(
    expected: &Frame,
    actual: &Frame,
    mask: &Mask,
    difference: &Difference,
) -> Frame {
    let size = union(expected.size(), actual.size());
    let mut diff = pale(actual, size);
    mark(&mut diff, mask, difference);
    let diff = Diagram::new(diff).to_image();
    let pictures = [expected.image(), actual.image(), &diff];
    let areas = difference.areas();
    let scale = (LEGIBLE_WIDTH / size.width.max(1)).clamp(1, MAX_SCALE);
    let whole = Row::new(pictures, size.to_rect(), scale, String::new(), SHOWN);
    let detail = (scale == 1).then(|| Detail::of(&areas, size)).flatten();
    let detail =
        detail.map(|Detail { part, scale, note }| Row::new(pictures, part, scale, note, SHOWN));
    let rows = [Some(&whole), detail.as_ref()].into_iter().flatten();
    let sizes = rows.map(Row::size);
    let all = sizes.reduce(|upper, lower| {
        let height = upper.height + whole.gutter() + lower.height;
        Size::new(upper.width.max(lower.width), height)
    });
    let all = all.unwrap_or_default();
    let mut sheet = RgbImage::from_pixel(all.width, all.height, GROUND);
    let boxes = boxes(&areas, scale, whole.pen);
    for Rect {
        x,
        y,
        width,
        height,
    } in whole.draw(&mut sheet, 0)
    {
        let [x, y] = [x, y].map(i32::unsigned_abs);
        // What is near the edge of a picture does not reach out of it.
        let mut place = sheet.sub_image(x, y, width, height);
        let inks = (diagram::colour(diagram::BOX), WHITE);
        number(&mut *place, &boxes, whole.pen, inks);
    }
    if let Some(detail) = &detail {
        detail.draw(&mut sheet, whole.size().height + whole.gutter());
    }
    sheet.into()
}

/// A part that is worth to be enlarged: where what differs is small beside the
/// whole.
struct Detail {
    part: Rect,
    /// How many times it is enlarged.
    scale: u32,
    /// Which areas are in it, and how large it is.
    note: String,
}

impl Detail {
    fn of(areas: &[Area], size: Size) -> Option<Self> {
        let limit = Size::new(size.width / DETAIL, size.height / DETAIL);
        let fits = |part: Rect| part.width <= limit.width && part.height <= limit.height;
        let all = areas.iter().map(|area| area.bounds).reduce(Rect::union)?;
        let (most, largest) = (1..).zip(areas).max_by_key(|(_, area)| area.pixels)?;
        let (part, which) = match areas.len() {
            1 => (all, String::new()),
            count if fits(all) => (all, format!(", areas 1 to {count}")),
            _ => (largest.bounds, format!(", area {most}")),
        };
        if !fits(part) {
            return None;
        }
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
        let scale = size.width / wanted.width;
        Some(Self {
            part: Rect::at(corner, wanted),
            scale,
            note: format!("{which}, enlarged {scale} times"),
        })
    }
}

/// Gives differing, forgiven and masked pixels their colours.
fn mark(sheet: &mut GrayImage, mask: &Mask, difference: &Difference) {
    for rect in mask.rects() {
        hatch(sheet, *rect, diagram::MASKED);
    }
    let stride = sheet.width() as usize;
    let pixels: &mut [u8] = sheet;
    let kinds = [
        (&difference.forgiven_runs, diagram::FORGIVEN),
        (&difference.runs, diagram::DIFFERS),
    ];
    for (runs, ink) in kinds {
        for Run {
            row, start, end, ..
        } in runs
        {
            let row = &mut pixels[*row as usize * stride..][..stride];
            row[*start as usize..*end as usize].fill(ink.0[0]);
        }
    }
}

/// The boxes around areas of a picture that is this many times enlarged.
fn boxes(areas: &[Area], scale: u32, pen: Pen) -> Vec<Rect> {
    let factor = signed(scale);
    let boxed = |area: &Area| {
        let Rect {
            x,
            y,
            width,
            height,
        } = area.bounds;
        let area = Rect::new(x * factor, y * factor, width * scale, height * scale);
        widened(area, MARGIN + MORE * (scale - 1) + pen.line)
    };
    areas.iter().map(boxed).collect()
}

/// Draws boxes and their numbers. A number covers no box; where there is no room
/// it is made smaller, and left out at last.
fn number<S: Sheet>(sheet: &mut S, boxes: &[Rect], pen: Pen, colours: (S::Pixel, S::Pixel)) {
    let whole = size_of(sheet);
    let mut taken = boxes.to_vec();
    let tags = (1..).zip(boxes).map(|(number, frame)| {
        let label = number.to_string();
        let mut plates = [pen, pen.smaller()]
            .into_iter()
            .map(|pen| Plate::beside(*frame, &label, whole, &taken, pen));
        let plate = plates.find(|plate| plate.is_clear);
        taken.extend(plate.as_ref().map(|plate| plate.rect));
        Tag {
            frame: *frame,
            plate,
            colours,
        }
    });
    let tags: Vec<Tag<S::Pixel>> = tags.collect();
    draw_tags(sheet, &tags, pen);
}

fn union(one: Size, other: Size) -> Size {
    Size::new(one.width.max(other.width), one.height.max(other.height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::{Limits, compare, diagram::BOX};

    fn pair() -> (Frame, Frame) {
        let size = Size::new(60, 40);
        let mut changed = Frame::filled(size, [255; 3]);
        changed.put(&Frame::filled(Size::new(4, 3), [0; 3]), Point::new(20, 20));
        (Frame::filled(size, [255; 3]), changed)
    }

    #[test]
    fn differing_pixels_are_red_and_boxed() {
        let (expected, actual) = pair();
        let mask = Mask::new(vec![Rect::new(50, 0, 10, 40)]);
        let difference = compare(&expected, &actual, &mask, &Limits::default());
        let picture = diff_picture(&expected, &actual, &mask, &difference).to_frame();
        assert_eq!(picture.size(), expected.size());
        assert_eq!(picture.pixel(Point::new(21, 21)), Some([226, 32, 44]));
        assert_eq!(
            picture.pixel(Point::new(13, 20)),
            Some(diagram::colour(BOX).0)
        );
        assert!((50..60).any(|x| picture.pixel(Point::new(x, 5)) == Some([96, 140, 210])));
    }

    #[test]
    fn a_comparison_shows_three_enlarged_parts_with_captions() {
        let (expected, actual) = pair();
        let difference = compare(&expected, &actual, &Mask::default(), &Limits::default());
        let picture = comparison_picture(&expected, &actual, &Mask::default(), &difference);
        assert_eq!(picture.size(), Size::new(60 * 4 * 3 + 16, 40 * 4 + 27));
        assert_eq!(picture.pixel(Point::new(1, 1)), Some(GROUND.0));
    }

    #[test]
    fn a_small_change_of_a_large_picture_is_shown_enlarged() {
        let size = Size::new(1280, 800);
        let expected = Frame::filled(size, [255; 3]);
        let mut actual = expected.clone();
        actual.put(&Frame::filled(Size::new(9, 9), [0; 3]), Point::new(1270, 2));
        let mask = Mask::default();
        let difference = compare(&expected, &actual, &mask, &Limits::default());
        let picture = comparison_picture(&expected, &actual, &mask, &difference);
        // So wide a picture is made smaller to be seen: its captions are larger.
        let (caption, gutter) = (64, 20);
        let row = 800 + caption;
        let size = Size::new(1280 * 3 + gutter * 2, row * 2 + gutter);
        assert_eq!(picture.size(), size);
        let detail = row + gutter + caption;
        let spot = Point::new((1280 + 20) + (1274 - 1024) * 5, signed(detail) + 5 * 5);
        assert_eq!(picture.pixel(spot), Some([0; 3]));
    }

    #[test]
    fn a_wide_part_is_stacked() {
        let line = Frame::filled(Size::new(800, 30), [255; 3]);
        let difference = compare(&line, &line, &Mask::default(), &Limits::default());
        let picture = comparison_picture(&line, &line, &Mask::default(), &difference);
        assert_eq!(picture.size(), Size::new(800, (30 + 27) * 3 + 16));
    }

    #[test]
    fn frames_of_different_sizes_are_shown_whole() {
        let (small, large) = (
            Frame::filled(Size::new(30, 40), [255; 3]),
            Frame::filled(Size::new(60, 20), [255; 3]),
        );
        let difference = compare(&small, &large, &Mask::default(), &Limits::default());
        let picture = diff_picture(&small, &large, &Mask::default(), &difference);
        assert_eq!(picture.size(), Size::new(60, 40));
    }

    #[test]
    fn no_number_covers_what_differs_nor_leaves_the_picture() {
        let size = Size::new(200, 120);
        let expected = Frame::filled(size, [255; 3]);
        let mut actual = expected.clone();
        let spots = [
            (0, 0),
            (60, 0),
            (194, 0),
            (30, 60),
            (60, 58),
            (0, 114),
            (194, 114),
        ];
        for (x, y) in spots {
            actual.put(&Frame::filled(Size::new(6, 6), [0; 3]), Point::new(x, y));
        }
        let mask = Mask::default();
        let difference = compare(&expected, &actual, &mask, &Limits::default());
        let picture = diff_picture(&expected, &actual, &mask, &difference).to_frame();
        let red = |x: i32, y: i32| picture.pixel(Point::new(x, y)) == Some([226, 32, 44]);
        for (x, y) in spots {
            let all = (x..x + 6).all(|x| (y..y + 6).all(|y| red(x, y)));
            assert!(all, "the spot at {x},{y} is covered");
        }
        // Each of the seven plates is filled as no line of a box is.
        let filled = diagram::colour(BOX).0;
        let is_filled = |corner: Point| {
            let part = picture.crop(Rect::at(corner, Size::new(4, 4)));
            part.is_ok_and(|part| part.bytes().chunks(3).all(|pixel| pixel == filled))
        };
        let corners = (0..120).flat_map(|y| (0..200).map(move |x| Point::new(x, y)));
        let filled: Vec<Point> = corners.filter(|corner| is_filled(*corner)).collect();
        let near = |one: &Point, other: &Point| {
            one.x.abs_diff(other.x) < 24 && one.y.abs_diff(other.y) < 20
        };
        let mut plates: Vec<Point> = Vec::new();
        for corner in filled {
            if !plates.iter().any(|plate| near(plate, &corner)) {
                plates.push(corner);
            }
        }
        assert_eq!(plates.len(), spots.len(), "{plates:?}");
    }

    #[test]
    fn pictures_of_any_size_are_compared_in_a_picture() {
        for (one, other) in [
            ((0, 0), (0, 0)),
            ((1, 1), (3, 2)),
            ((2, 90), (90, 2)),
            ((1500, 3), (1500, 3)),
        ] {
            let [one, other] = [(one, [9; 3]), (other, [240; 3])]
                .map(|((width, height), colour)| Frame::filled(Size::new(width, height), colour));
            let mask = Mask::new(vec![Rect::new(-5, -5, 20, 20)]);
            let difference = compare(&one, &other, &mask, &Limits::default());
            let diff = diff_picture(&one, &other, &mask, &difference);
            assert_eq!(diff.size(), union(one.size(), other.size()));
            let picture = comparison_picture(&one, &other, &mask, &difference);
            assert!(picture.size().width > 80, "{}", picture.size());
        }
    }
}
