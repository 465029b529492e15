use super::{
    super::{
        draw::{Pen, fill},
        needle::tests::cut_out,
    },
    *,
};
use crate::geometry::Size;
use image::{Rgb, RgbImage};
use proptest::prelude::*;

const SCREEN: Size = Size::new(1440, 900);
const BLUE: [u8; 3] = [53, 132, 228];

/// What screens are drawn on.
struct Canvas(RgbImage);

impl Canvas {
    fn new(size: Size, colour: [u8; 3]) -> Self {
        Self(RgbImage::from_pixel(size.width, size.height, Rgb(colour)))
    }

    fn fill(&mut self, rect: Rect, colour: [u8; 3]) {
        fill(&mut self.0, rect, Rgb(colour));
    }

    /// Writes a line of letters, `height` pixels high with all that they may have.
    fn text(&mut self, text: &str, corner: Point, height: u32, colour: [u8; 3]) {
        let pen = Pen {
            text: height,
            ..Pen::new(1, 1)
        };
        pen.write(&mut self.0, text, corner, Rgb(colour));
    }

    fn into_frame(self) -> Frame {
        self.0.into()
    }
}

/// What the desktops of these tests have of their theme.
struct Theme {
    paper: [u8; 3],
    ink: [u8; 3],
    accent: [u8; 3],
}

const LIGHT: Theme = Theme {
    paper: [250, 250, 250],
    ink: [46, 52, 54],
    accent: BLUE,
};

/// A desktop: a wallpaper, two windows with text, and a toolbar with buttons.
fn desktop(theme: &Theme) -> Frame {
    let mut canvas = Canvas::new(SCREEN, [0; 3]);
    for band in 0..900 {
        let shade = u8::try_from(band / 8).unwrap();
        canvas.fill(
            Rect::new(0, band, 1440, 1),
            [30 + shade / 2, 60 + shade, 90 + shade],
        );
    }
    for (left, top) in [(40, 60), (760, 200)] {
        canvas.fill(Rect::new(left, top, 640, 560), theme.paper);
        canvas.fill(Rect::new(left, top, 640, 36), [222, 221, 218]);
        for line in 0..24 {
            let text = [
                "the fault lied deep",
                "a pixel cut apart",
                "include 3172 at 4",
            ][line % 3];
            let y = top + 120 + i32::try_from(line).unwrap() * 17;
            let words = format!(
                "{line} {text} {}",
                7919 * i32::try_from(line).unwrap() + left
            );
            canvas.text(
                &words,
                Point::new(left + 14, y),
                if line % 5 == 0 { 18 } else { 13 },
                theme.ink,
            );
        }
        for (number, x) in (0..).zip([left + 10, left + 90, left + 170]) {
            button(
                &mut canvas,
                Point::new(x, top + 50),
                ["edit", "clip", "fixed"][number],
                theme,
            );
        }
    }
    canvas.into_frame()
}

/// A button of 70x40 pixels with a badge of its own.
fn button(canvas: &mut Canvas, corner: Point, caption: &str, theme: &Theme) {
    let Point { x, y } = corner;
    canvas.fill(Rect::new(x, y, 70, 40), [205, 203, 200]);
    canvas.fill(Rect::new(x + 1, y + 1, 68, 38), [240, 240, 239]);
    canvas.fill(Rect::new(x + 6, y + 10, 18, 20), theme.accent);
    canvas.fill(Rect::new(x + 11, y + 15, 8, 10), theme.paper);
    canvas.text(caption, Point::new(x + 29, y + 13), 14, theme.ink);
}

const EDIT: Rect = Rect::new(50, 110, 70, 40);

fn needle(screen: &Frame, part: Rect) -> Needle {
    Needle::from(&screen.crop(part).unwrap())
}

fn changed(frame: &Frame, mut change: impl FnMut(u8) -> u8) -> Frame {
    let bytes = frame.bytes().iter().map(|channel| change(*channel));
    Frame::new(frame.size(), bytes.collect()).unwrap()
}

/// Adds up to `most` to each channel or takes it away, always the same way.
fn noisy(frame: &Frame, most: i16) -> Frame {
    let mut state = 7_u32;
    changed(frame, |channel| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = i16::try_from(state >> 16).unwrap_or(i16::MAX) % (2 * most + 1) - most;
        u8::try_from((i16::from(channel) + noise).clamp(0, 255)).unwrap()
    })
}

fn rects(matches: &[Match]) -> Vec<Rect> {
    matches.iter().map(|place| place.rect).collect()
}

fn is_about(place: Rect, wanted: Rect) -> bool {
    (place.x - wanted.x).abs() <= 1 && (place.y - wanted.y).abs() <= 1
}

#[test]
fn the_same_pixels_are_found_where_they_are_and_score_one() {
    let screen = desktop(&LIGHT);
    let part = Rect::new(143, 290, 61, 33);
    let search = find(&screen, &needle(&screen, part), None, 0.9);
    assert_eq!(
        search.found,
        [Match {
            rect: part,
            score: 1.0
        }]
    );
    assert!(search.misses.is_empty());
}

#[test]
fn all_places_with_the_same_pixels_are_found_in_reading_order() {
    let mut canvas = Canvas::new(Size::new(300, 200), [9; 3]);
    let places = [(200, 3), (5, 20), (90, 20), (90, 60), (229, 159)];
    for (x, y) in places {
        button(&mut canvas, Point::new(x, y), "edit", &LIGHT);
    }
    let screen = canvas.into_frame();
    let search = find(
        &screen,
        &needle(&screen, Rect::new(5, 20, 70, 40)),
        None,
        0.9,
    );
    assert_eq!(
        rects(&search.found),
        places.map(|(x, y)| Rect::new(x, y, 70, 40))
    );
}

#[test]
fn places_that_overlap_by_more_than_half_count_once() {
    let mut canvas = Canvas::new(Size::new(40, 8), [255; 3]);
    for x in (0..40).step_by(4) {
        canvas.fill(Rect::new(x, 0, 2, 8), [0; 3]);
    }
    let screen = canvas.into_frame();
    let search = find(&screen, &needle(&screen, Rect::new(0, 0, 8, 8)), None, 0.9);
    let columns: Vec<i32> = search.found.iter().map(|place| place.rect.x).collect();
    assert_eq!(columns, [0, 4, 8, 12, 16, 20, 24, 28, 32]);
}

/// A list of nine rows, `apart` pixels from each other, each with an icon of
/// 18x18 that a needle of 24x27 reaches around into the next row.
fn list(apart: i32) -> Frame {
    let mut canvas = Canvas::new(Size::new(200, 300), [255; 3]);
    for row in 0..9 {
        let y = 10 + row * apart;
        canvas.fill(Rect::new(13, y + 4, 18, 18), BLUE);
        canvas.fill(Rect::new(17, y + 8, 6, 10), LIGHT.paper);
    }
    canvas.into_frame()
}

#[test]
fn rows_that_a_needle_overlaps_by_a_pixel_are_all_found() {
    let screen = list(26);
    let cut = screen.crop(Rect::new(10, 10, 24, 27)).unwrap();
    let rows: Vec<Rect> = (0..9)
        .map(|row| Rect::new(10, 10 + row * 26, 24, 27))
        .collect();
    for (name, cut) in [
        ("exact", cut.clone()),
        ("nearly", noisy(&cut, 2)),
        ("alike", noisy(&cut, 24)),
    ] {
        let search = find(&screen, &Needle::from(&cut), None, 0.8);
        assert_eq!(rects(&search.found), rows, "{name}");
    }
}

#[test]
fn two_even_places_that_overlap_by_a_pixel_are_both_found() {
    let mut canvas = Canvas::new(Size::new(100, 80), [255; 3]);
    canvas.fill(Rect::new(30, 10, 24, 53), BLUE);
    let wanted = Needle::from(&Frame::filled(Size::new(24, 27), BLUE));
    let search = find(&canvas.into_frame(), &wanted, None, 0.9);
    let places = [10, 36].map(|y| Rect::new(30, y, 24, 27));
    assert_eq!(rects(&search.found), places);
}

#[test]
fn an_area_limits_the_search_and_places_are_told_on_the_screen() {
    let screen = desktop(&LIGHT);
    let wanted = needle(&screen, EDIT);
    assert_eq!(find(&screen, &wanted, None, 0.9).found.len(), 2);
    let right = Rect::new(700, -50, 5000, 5000);
    let search = find(&screen, &wanted, Some(right), 0.9);
    assert_eq!(rects(&search.found), [Rect::new(770, 250, 70, 40)]);
}

#[test]
fn transparent_pixels_of_the_needle_may_be_anything_on_the_screen() {
    let screen = desktop(&LIGHT);
    let badge = |x: u32, y: u32| (6..24).contains(&x) && (10..30).contains(&y);
    let drawn = screen.crop(EDIT).unwrap();
    let wanted = cut_out(&changed(&drawn, |c| c), badge).unwrap();
    let search = find(&screen, &wanted, None, 0.9);
    // The badge is that of all six buttons, on one and the same paper.
    let corners: Vec<(i32, i32)> = search.found.iter().map(|m| (m.rect.x, m.rect.y)).collect();
    let expected = [50, 130, 210].map(|x| (x, 110)).into_iter();
    assert!(
        expected
            .chain([770, 850, 930].map(|x| (x, 250)))
            .eq(corners)
    );
    // It is found on noise as well.
    let search = find(&noisy(&screen, 12), &wanted, None, 0.9);
    assert_eq!(search.found.len(), 6, "{search:?}");
    assert!(search.found.iter().any(|place| is_about(place.rect, EDIT)));
}

#[test]
fn noise_brightness_and_jpeg_do_not_hide_a_needle() {
    let screen = desktop(&LIGHT);
    let jpeg = screen.encode_jpeg(70);
    let jpeg = image::load_from_memory(&jpeg).unwrap().to_rgb8().into_raw();
    let disturbed = [
        ("noise", noisy(&screen, 16)),
        ("brighter", changed(&screen, |c| c.saturating_add(12))),
        ("darker", changed(&screen, |c| c.saturating_sub(14))),
        ("jpeg", Frame::new(SCREEN, jpeg).unwrap()),
    ];
    let parts = [
        Rect::new(133, 112, 64, 32),
        Rect::new(213, 111, 66, 38),
        Rect::new(900, 330, 200, 100),
        Rect::new(60, 300, 60, 14),
        Rect::new(58, 121, 32, 32),
        Rect::new(61, 231, 150, 61),
    ];
    for (name, seen) in &disturbed {
        for part in parts {
            let search = find(seen, &needle(&screen, part), None, 0.8);
            let best = search.found.iter().find(|place| is_about(place.rect, part));
            assert!(
                best.is_some_and(|best| best.score < 1.0),
                "{name}, {part}: {search:?}"
            );
        }
    }
}

#[test]
fn without_its_background_an_icon_is_found_on_any_other() {
    let icon = Rect::new(6, 6, 24, 28);
    let on = |ground: [u8; 3], at: Point| {
        let mut canvas = Canvas::new(Size::new(200, 120), ground);
        canvas.fill(Rect::new(at.x + 4, at.y + 4, 16, 20), BLUE);
        canvas.fill(Rect::new(at.x + 8, at.y + 8, 8, 5), LIGHT.paper);
        canvas.fill(Rect::new(at.x + 8, at.y + 16, 8, 3), [230, 97, 0]);
        canvas.into_frame()
    };
    let cut = on([244; 3], icon.corner()).crop(icon).unwrap();
    let screen = on([36, 31, 49], Point::new(120, 50));
    let search = find(&screen, &Needle::from(&cut), None, THRESHOLD);
    assert!(search.found.is_empty(), "{search:?}");
    let needle = Needle::from(&cut).without_background().unwrap();
    let place = Match {
        rect: Rect::new(120, 50, 24, 28),
        score: 1.0,
    };
    assert_eq!(find(&screen, &needle, None, THRESHOLD).found, [place]);
    let search = find(&noisy(&screen, 6), &needle, None, THRESHOLD);
    assert_eq!(rects(&search.found), [place.rect]);
}

#[test]
fn one_pixel_that_changed_in_a_list_leaves_a_row_where_it_is() {
    let mut canvas = Canvas::new(Size::new(300, 400), LIGHT.paper);
    for row in 0..15 {
        let y = 8 + row * 25;
        canvas.fill(Rect::new(10, y, 16, 16), BLUE);
        canvas.text(
            &format!("report 2025 0{row} of the year"),
            Point::new(34, y + 2),
            13,
            LIGHT.ink,
        );
    }
    let screen = canvas.into_frame();
    for row in 0..15 {
        let part = Rect::new(8, 5 + row * 25, 180, 23);
        let mut cut = screen.crop(part).unwrap();
        cut.put(&Frame::filled(Size::new(1, 1), [249; 3]), Point::new(1, 1));
        let search = find(&screen, &Needle::from(&cut), None, THRESHOLD);
        let best = search
            .found
            .iter()
            .max_by(|one, other| one.score.total_cmp(&other.score));
        assert_eq!(best.unwrap().rect, part, "{search:?}");
    }
}

#[test]
fn an_icon_on_a_slightly_other_grey_is_found_and_one_that_is_greyed_is_not() {
    let icon = |ground: [u8; 3], ink: [u8; 3]| {
        let mut canvas = Canvas::new(Size::new(120, 90), ground);
        canvas.fill(Rect::new(50, 40, 16, 2), ink);
        canvas.fill(Rect::new(50, 46, 16, 2), ink);
        canvas.fill(Rect::new(50, 52, 10, 2), ink);
        canvas.into_frame()
    };
    let part = Rect::new(46, 36, 24, 22);
    let wanted = needle(&icon([246, 245, 244], [80; 3]), part);
    let search = find(&icon([214, 211, 208], [80; 3]), &wanted, None, THRESHOLD);
    assert_eq!(rects(&search.found), [part]);
    let search = find(&icon([246, 245, 244], [163; 3]), &wanted, None, THRESHOLD);
    assert!(search.found.is_empty(), "{search:?}");
    assert_eq!(search.misses[0].rect, part);
}

#[test]
fn what_is_not_there_is_not_found() {
    let screen = desktop(&LIGHT);
    let mut canvas = Canvas::new(Size::new(70, 40), [205, 203, 200]);
    canvas.fill(Rect::new(1, 1, 68, 38), [240, 240, 239]);
    for step in 0..14 {
        canvas.fill(Rect::new(6 + step, 8 + step, 4, 4), LIGHT.ink);
        canvas.fill(Rect::new(40 - step, 8 + step, 4, 4), LIGHT.ink);
    }
    let search = find(&screen, &Needle::from(&canvas.into_frame()), None, 0.8);
    assert!(search.found.is_empty(), "{search:?}");
    assert!(search.misses.len() <= 3 && search.misses.is_sorted_by(|a, b| a.score >= b.score));
    for (index, one) in search.misses.iter().enumerate() {
        let later = &search.misses[index + 1..];
        assert!(
            later
                .iter()
                .all(|other| !is_same_place(one.rect, other.rect))
        );
    }
}

#[test]
fn a_theme_of_another_colour_makes_a_near_miss() {
    let orange = Theme {
        accent: [230, 97, 0],
        ..LIGHT
    };
    let wanted = needle(&desktop(&LIGHT), EDIT);
    let search = find(&desktop(&orange), &wanted, None, 0.9);
    assert!(search.found.is_empty(), "{search:?}");
    let best = search.misses[0];
    assert_eq!(best.rect, EDIT);
    assert!(best.score > 0.4 && best.score < 0.85, "{best:?}");
}

#[test]
fn a_needle_without_a_shape_is_compared_by_its_colour() {
    let mut canvas = Canvas::new(Size::new(400, 300), [255; 3]);
    canvas.fill(Rect::new(100, 90, 40, 30), [200, 40, 40]);
    let screen = canvas.into_frame();
    let exact = Needle::from(&Frame::filled(Size::new(40, 30), [200, 40, 40]));
    let alike = Needle::from(&Frame::filled(Size::new(40, 30), [203, 42, 39]));
    let other = Needle::from(&Frame::filled(Size::new(40, 30), [40, 200, 200]));
    let place = Rect::new(100, 90, 40, 30);
    assert_eq!(
        find(&screen, &exact, None, 0.9).found,
        [Match {
            rect: place,
            score: 1.0
        }]
    );
    let search = find(&screen, &alike, None, 0.9);
    assert_eq!(rects(&search.found), [place]);
    assert!(search.found[0].score > 0.95 && search.found[0].score < 1.0);
    assert!(find(&screen, &other, None, 0.9).found.is_empty());
}

#[test]
fn an_even_area_holds_an_even_needle_side_by_side() {
    let screen = Frame::filled(Size::new(100, 64), [7; 3]);
    let wanted = Needle::from(&Frame::filled(Size::new(32, 32), [7; 3]));
    let search = find(&screen, &wanted, None, 0.9);
    let corners: Vec<(i32, i32)> = search.found.iter().map(|m| (m.rect.x, m.rect.y)).collect();
    assert_eq!(
        corners,
        [(0, 0), (32, 0), (64, 0), (0, 32), (32, 32), (64, 32)]
    );
}

#[test]
fn a_needle_larger_than_the_area_is_nowhere() {
    let screen = desktop(&LIGHT);
    let wanted = needle(&screen, Rect::new(0, 0, 100, 100));
    for area in [
        Rect::new(0, 0, 99, 400),
        Rect::new(0, 0, 400, 99),
        Rect::new(1400, 0, 400, 400),
        Rect::new(-50, 0, 120, 400),
        Rect::new(i32::MAX, i32::MIN, u32::MAX, u32::MAX),
        Rect::default(),
    ] {
        assert_eq!(
            find(&screen, &wanted, Some(area), 0.5),
            Search::default(),
            "{area}"
        );
    }
}

#[test]
fn no_size_is_too_odd() {
    let screen = noisy(&Frame::filled(Size::new(37, 23), [120; 3]), 90);
    let other = noisy(&Frame::filled(Size::new(37, 23), [121; 3]), 80);
    for width in [0, 1, 2, 3, 5, 8, 9, 16, 17, 36, 37, 38] {
        for height in [0, 1, 2, 3, 7, 8, 22, 23, 24] {
            let size = Size::new(width, height);
            let pixels = other.crop(Rect::new(0, 0, width.min(37), height.min(23)));
            let pixels = pixels.ok().filter(|frame| frame.size() == size);
            let frame = pixels.unwrap_or_else(|| Frame::filled(size, [3; 3]));
            for threshold in [0.0, 0.9, 1.0, f32::NAN] {
                let _ = find(&screen, &Needle::from(&frame), None, threshold);
            }
        }
    }
    let nothing = Frame::filled(Size::new(0, 0), [0; 3]);
    assert_eq!(
        find(&nothing, &Needle::from(&screen), None, 0.5),
        Search::default()
    );
}

#[test]
fn a_button_that_is_greyed_out_is_a_near_miss() {
    let drawn = desktop(&LIGHT);
    let wanted = needle(&drawn, EDIT);
    let paper = 250;
    let grey = |channel: u8| channel.midpoint(paper);
    let search = find(&changed(&drawn, grey), &wanted, None, 0.9);
    assert!(search.found.is_empty(), "{search:?}");
    assert_eq!(search.misses[0].rect, EDIT);
}

#[test]
fn a_button_with_another_caption_is_a_near_miss() {
    let mut canvas = Canvas::new(Size::new(300, 200), LIGHT.paper);
    button(&mut canvas, Point::new(120, 80), "edit", &LIGHT);
    let screen = canvas.into_frame();
    let mut canvas = Canvas::new(Size::new(70, 40), LIGHT.paper);
    button(&mut canvas, Point::new(0, 0), "exit", &LIGHT);
    let search = find(&screen, &Needle::from(&canvas.into_frame()), None, 0.9);
    assert!(search.found.is_empty(), "{search:?}");
    assert_eq!(search.misses[0].rect, Rect::new(120, 80, 70, 40));
    assert!(search.misses[0].score > 0.6, "{search:?}");
}

/// A picture of few colours, so that much of it is the same.
pub(super) fn speckled(most: u32) -> impl Strategy<Value = Frame> {
    (1..=most, 1..=most).prop_flat_map(|(width, height)| {
        let colours = [[0; 3], [255; 3], [0, 0, 255], [250, 255, 0]];
        let pixels = proptest::collection::vec(0..colours.len(), (width * height) as usize);
        pixels.prop_map(move |pixels| {
            let pixels = pixels.into_iter().flat_map(|index| colours[index]);
            Frame::new(Size::new(width, height), pixels.collect()).unwrap()
        })
    })
}

/// All places of the needle's pixels, looked for one by one.
pub(super) fn one_by_one(
    screen: &Frame,
    needle: &Frame,
    counts: impl Fn(u32, u32) -> bool,
) -> Vec<Rect> {
    let size = needle.size();
    let is_there = |corner: Point| {
        (0..size.height).all(|y| {
            (0..size.width).all(|x| {
                let (right, down) = (x.cast_signed(), y.cast_signed());
                let seen = screen.pixel(Point::new(corner.x + right, corner.y + down));
                !counts(x, y) || seen == needle.pixel(Point::new(right, down))
            })
        })
    };
    let mut found: Vec<Rect> = Vec::new();
    for y in 0..=screen.size().height.cast_signed() - size.height.cast_signed() {
        for x in 0..=screen.size().width.cast_signed() - size.width.cast_signed() {
            let place = Rect::new(x, y, size.width, size.height);
            let is_free = !found.iter().any(|other| is_same_place(*other, place));
            if is_free && is_there(Point::new(x, y)) {
                found.push(place);
            }
        }
    }
    found
}

proptest! {
    #[test]
    fn the_same_pixels_are_found_as_if_looked_for_one_by_one(
        screen in speckled(24),
        drawn in speckled(3),
        hidden in 0..9_u32,
    ) {
        let counts = |x: u32, y: u32| y * 3 + x != hidden;
        let Ok(wanted) = cut_out(&drawn, counts) else { return Ok(()) };
        let expected = one_by_one(&screen, &drawn, counts);
        let search = find(&screen, &wanted, None, 2.0);
        // A needle of one colour is laid side by side, whole rows of it first.
        let colours = drawn.bytes().as_chunks::<3>().0;
        if colours.iter().all(|colour| *colour == colours[0]) {
            prop_assert_eq!(search.found.is_empty(), expected.is_empty());
        } else {
            prop_assert_eq!(rects(&search.found), expected);
        }
    }

    #[test]
    fn nothing_is_too_odd(
        screen in speckled(40),
        drawn in speckled(40),
        holes in 1..7_u32,
        within in proptest::option::of((-50..50_i32, -50..50_i32, 0..100_u32, 0..100_u32)),
        threshold in -1.0..2.0_f32,
    ) {
        let counts = |x: u32, y: u32| !(x + y * 3).is_multiple_of(holes);
        let within = within.map(|(x, y, width, height)| Rect::new(x, y, width, height));
        let needles = [Ok(Needle::from(&drawn)), cut_out(&drawn, counts)];
        for wanted in needles.into_iter().flatten() {
            let search = find(&screen, &wanted, within, threshold);
            for place in search.found.iter().chain(&search.misses) {
                prop_assert!(screen.size().to_rect().covers(place.rect));
                prop_assert!(within.is_none_or(|part| part.covers(place.rect)));
                prop_assert!((0.0..=1.0).contains(&place.score), "{}", place.score);
            }
        }
    }
}
