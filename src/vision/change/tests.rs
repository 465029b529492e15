use super::*;
use crate::{
    geometry::Size,
    vision::{Mask, compare, text::Word},
};

const PAPER: [u8; 3] = [244, 244, 242];
const INK: [u8; 3] = [20, 24, 30];

/// A page with rectangles of colours, in their order.
fn page(things: &[(Rect, [u8; 3])]) -> Frame {
    let mut frame = Frame::filled(Size::new(200, 120), PAPER);
    for (rect, colour) in things {
        frame.put(&Frame::filled(rect.size(), *colour), rect.corner());
    }
    frame
}

/// An icon at a place: a frame with two strokes in it.
fn icon(x: i32, y: i32, [line, fill]: [[u8; 3]; 2]) -> Vec<(Rect, [u8; 3])> {
    vec![
        (Rect::new(x, y, 24, 16), line),
        (Rect::new(x + 1, y + 1, 22, 14), fill),
        (Rect::new(x + 4, y + 4, 9, 2), line),
        (Rect::new(x + 8, y + 6, 2, 6), line),
    ]
}

fn told(expected: &Frame, actual: &Frame) -> Vec<Change> {
    let limits = Limits::default();
    let difference = compare(expected, actual, &Mask::default(), &limits);
    let changes = changes([expected, actual], &difference, &limits, None);
    assert_eq!(changes.more, 0);
    changes.told
}

fn kinds(expected: &Frame, actual: &Frame) -> Vec<String> {
    let told = told(expected, actual);
    told.iter().map(|change| change.kind.to_string()).collect()
}

const COLOURS: [[u8; 3]; 2] = [INK, [200, 220, 255]];

#[test]
fn a_thing_that_is_three_pixels_lower_moved() {
    let [one, other] = [40, 43].map(|y| page(&icon(30, y, COLOURS)));
    assert_eq!(kinds(&one, &other), ["moved by (0, 3)"]);
    assert_eq!(kinds(&other, &one), ["moved by (0, -3)"]);
}

#[test]
fn a_thing_that_is_far_away_is_told_once_with_both_its_boxes() {
    let [one, other] = [20, 150].map(|x| page(&icon(x, 40, COLOURS)));
    let told = told(&one, &other);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        told[0].kind,
        ChangeKind::Moved {
            by: Point::new(130, 0)
        }
    );
    assert_eq!(told[0].boxes, [1, 2]);
    assert_eq!(told[0].area, Rect::new(20, 40, 154, 16));
}

#[test]
fn a_thing_on_bare_ground_is_new_or_gone() {
    let (one, other) = (page(&[]), page(&icon(30, 40, COLOURS)));
    assert_eq!(kinds(&one, &other), ["new"]);
    assert_eq!(kinds(&other, &one), ["gone"]);
}

#[test]
fn the_same_strokes_in_another_colour_are_recoloured() {
    let one = page(&icon(30, 40, COLOURS));
    for colours in [
        [INK, [255, 200, 200]],
        [[90, 20, 20], COLOURS[1]],
        [[120, 120, 120], [60, 60, 60]],
    ] {
        assert_eq!(kinds(&one, &page(&icon(30, 40, colours))), ["recoloured"]);
    }
}

/// An icon as [`icon`] draws, with a dot that it does not have.
fn spotted(x: i32, y: i32, [line, fill]: [[u8; 3]; 2]) -> Vec<(Rect, [u8; 3])> {
    let mut all = icon(x, y, [line, fill]);
    all.push((Rect::new(x + 18, y + 5, 2, 2), line));
    all
}

#[test]
fn what_changed_inside_of_a_thing_that_moved_is_not_hidden() {
    for (x, y) in [(33, 40), (30, 43), (60, 40), (150, 70)] {
        let one = page(&icon(30, 40, COLOURS));
        let other = page(&spotted(x, y, COLOURS));
        for frames in [[&one, &other], [&other, &one]] {
            let found = kinds(frames[0], frames[1]);
            let is_told = !found.iter().any(|kind| kind.starts_with("moved"));
            assert!(is_told, "{found:?}");
        }
    }
}

#[test]
fn what_changed_inside_of_a_recoloured_thing_is_not_hidden() {
    let one = page(&icon(30, 40, COLOURS));
    let other = page(&spotted(30, 40, [[250; 3], [30, 60, 120]]));
    assert_eq!(kinds(&one, &other), ["changed"]);
    assert_eq!(kinds(&other, &one), ["changed"]);
}

#[test]
fn a_row_that_is_inserted_is_more_than_a_move_of_the_others() {
    let rows = |heights: &[i32]| {
        let rows = heights.iter().zip((30..).step_by(20));
        let rows = rows.flat_map(|(height, y)| {
            let stroke = Rect::new(36 + 2 * height, y + height, 3, 8);
            [(Rect::new(30, y, 40, 2), INK), (stroke, INK)]
        });
        page(&rows.collect::<Vec<_>>())
    };
    for inserted in [&[9, 4, 6][..], &[4, 9, 6], &[4, 4, 6]] {
        let found = kinds(&rows(&[4, 6]), &rows(inserted));
        let is_told = !found.iter().any(|kind| kind.starts_with("moved"));
        assert!(is_told, "{found:?}");
    }
}

#[test]
fn a_flat_area_that_grew_did_not_move() {
    let bar = |width| {
        page(&[
            (Rect::new(20, 40, 160, 10), [180; 3]),
            (Rect::new(20, 40, width, 10), [30, 90, 220]),
        ])
    };
    let found = kinds(&bar(60), &bar(110));
    assert!(
        !found.iter().any(|kind| kind.starts_with("moved")),
        "{found:?}"
    );
}

#[test]
fn a_dot_that_changed_places_with_another_did_not_move() {
    let choice = |left: [u8; 3], right: [u8; 3]| {
        let all = [icon(30, 40, [INK, left]), icon(100, 40, [INK, right])];
        page(&all.concat())
    };
    let (off, on) = ([255; 3], [30, 90, 220]);
    let found = kinds(&choice(off, on), &choice(on, off));
    assert!(
        !found.iter().any(|kind| kind.starts_with("moved")),
        "{found:?}"
    );
}

#[test]
fn an_upright_bar_is_a_caret_and_a_faint_one_is_not() {
    let bar = |colour| page(&[(Rect::new(60, 40, 1, 17), colour)]);
    assert_eq!(kinds(&page(&[]), &bar([0; 3])), ["caret"]);
    assert_eq!(kinds(&bar([0; 3]), &page(&[])), ["caret"]);
    assert_eq!(kinds(&page(&[]), &bar([200; 3])), ["new"]);
}

#[test]
fn a_stroke_among_letters_is_no_caret() {
    let letters = |bar: bool| {
        let mut all: Vec<(Rect, [u8; 3])> = (0..4)
            .map(|n| (Rect::new(30 + n * 12, 42, 6, 8), INK))
            .collect();
        all.extend(bar.then_some((Rect::new(63, 38, 1, 12), INK)));
        page(&all)
    };
    assert_eq!(kinds(&letters(false), &letters(true)), ["new"]);
}

#[test]
fn a_part_of_a_letter_is_neither_new_nor_gone() {
    let letter = |foot: bool| {
        let mut all = vec![
            (Rect::new(40, 40, 2, 12), INK),
            (Rect::new(42, 40, 5, 2), INK),
            (Rect::new(42, 45, 4, 2), INK),
        ];
        all.extend(foot.then_some((Rect::new(40, 51, 3, 2), INK)));
        page(&all)
    };
    assert_eq!(kinds(&letter(false), &letter(true)), ["changed"]);
}

#[test]
fn edges_that_are_softer_are_smoothing_only() {
    let edge = |left: u8, right: u8| {
        page(&[
            (Rect::new(60, 30, 1, 40), [left; 3]),
            (Rect::new(61, 30, 8, 40), [0; 3]),
            (Rect::new(69, 30, 1, 40), [right; 3]),
        ])
    };
    let found = kinds(&edge(170, 60), &edge(100, 130));
    assert!(
        found.iter().all(|kind| kind == "smoothing only"),
        "{found:?}"
    );
    // The same edge a pixel further is not.
    let found = kinds(&edge(244, 0), &edge(0, 244));
    assert!(!found.contains(&"smoothing only".to_owned()), "{found:?}");
}

#[test]
fn what_is_beyond_the_edge_of_one_picture_is_gone_or_new() {
    let (small, large) = (
        Frame::filled(Size::new(60, 40), PAPER),
        Frame::filled(Size::new(64, 40), PAPER),
    );
    assert_eq!(kinds(&large, &small), ["gone"]);
    assert_eq!(kinds(&small, &large), ["new"]);
}

#[test]
fn pictures_of_any_size_can_be_told() {
    for (one, other) in [((0, 0), (3, 3)), ((1, 1), (1, 1)), ((1, 200), (200, 1))] {
        let [one, other] = [(one, [9; 3]), (other, [240; 3])]
            .map(|((width, height), colour)| Frame::filled(Size::new(width, height), colour));
        assert!(!told(&one, &other).is_empty());
    }
    let empty = page(&[]);
    assert!(told(&empty, &empty).is_empty());
}

fn word(text: &str, bounds: Rect, confidence: f32) -> Word {
    Word {
        text: text.to_owned(),
        bounds,
        line: 0,
        confidence,
    }
}

#[test]
fn words_are_told_only_where_both_are_certain() {
    let one = page(&icon(30, 40, COLOURS));
    let mut other = one.clone();
    other.put(&Frame::filled(Size::new(5, 5), INK), Point::new(36, 49));
    let limits = Limits::default();
    let difference = compare(&one, &other, &Mask::default(), &limits);
    let kind = |from: &str, to: &str, confidence| {
        let read = |frame: &Frame, area: Rect| {
            let text = if *frame == one { from } else { to };
            let [first, second] = [Rect::new(31, 48, 6, 7), Rect::new(37, 48, 17, 7)]
                .map(|place| place.shifted(Point::new(-area.x, -area.y)));
            vec![word("to", first, 0.9), word(text, second, confidence)]
        };
        let told = changes([&one, &other], &difference, &limits, Some(&read)).told;
        told[0].kind.to_string()
    };
    assert_eq!(
        kind("Save", "Safe", 0.9),
        "text changed from `Save` to `Safe`"
    );
    assert_eq!(kind("Save", "Safe", 0.5), "changed");
    assert_eq!(kind("Save", "Save", 0.9), "changed");
}

#[test]
fn a_change_is_one_line_and_names_its_boxes() {
    let change = |boxes: &[usize], kind| Change {
        boxes: boxes.to_vec(),
        kind,
        area: Rect::new(40, 60, 120, 32),
        pixels: 312,
        decided: "by tolerance (9 %)".to_owned(),
    };
    let changes = Changes {
        told: vec![
            change(
                &[1, 3, 4],
                ChangeKind::Moved {
                    by: Point::new(0, 3),
                },
            ),
            change(&[2], ChangeKind::Gone),
        ],
        more: 2,
        origin: Point::default(),
    };
    assert_eq!(
        changes.to_string(),
        "1, 3 and 4. moved by (0, 3): 120x32 at 40,60, 312 pixels, by tolerance (9 %)\n\
         2. gone: 120x32 at 40,60, 312 pixels, by tolerance (9 %)\n\
         and 2 smaller areas"
    );
    let text = serde_json::to_string(&changes).unwrap();
    assert!(
        text.contains(r#""is":"moved","by":{"x":0,"y":3}"#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Changes>(&text).unwrap(), changes);
}

/// What is said of a word of eight letters, from x 40 to 96, of which the seventh differs,
/// where each frame is read with these letters, beginning there.
fn told_of_a_word(readings: [(&str, i32); 2]) -> String {
    let frames = [0, 6].map(|lower| {
        let strokes = (0..8).map(|letter| {
            let y = if letter == 6 { 50 + lower } else { 50 };
            (Rect::new(40 + letter * 7, y, 3, 10), INK)
        });
        page(&strokes.collect::<Vec<_>>())
    });
    let [expected, actual] = &frames;
    let limits = Limits::default();
    let difference = compare(expected, actual, &Mask::default(), &limits);
    let reader = |frame: &Frame, around: Rect| {
        let (text, x) = readings[usize::from(frame == actual)];
        let width = u32::try_from(96 - x).unwrap();
        let bounds = Rect::new(x - around.x, 50 - around.y, width, 10);
        vec![Word {
            text: text.to_owned(),
            bounds,
            line: 0,
            confidence: 0.95,
        }]
    };
    let changes = changes([expected, actual], &difference, &limits, Some(&reader));
    let kinds = changes.told.iter().map(|change| change.kind.to_string());
    kinds.collect::<Vec<_>>().join("; ")
}

#[test]
fn a_word_that_was_read_without_its_first_letter_gets_it_from_the_other_frame() {
    let right = "text changed from `desktop!` to `desktob!`";
    assert_eq!(told_of_a_word([("desktop!", 40), ("desktob!", 40)]), right);
    assert_eq!(told_of_a_word([("desktop!", 40), ("esktob!", 47)]), right);
    assert_eq!(told_of_a_word([("esktop!", 47), ("desktob!", 40)]), right);
}

#[test]
fn readings_that_differ_where_the_pixels_are_equal_are_not_told() {
    for actual in ["dosktob!", "esktob!", "Desktob!"] {
        let told = told_of_a_word([("desktop!", 40), (actual, 40)]);
        assert!(!told.contains("text"), "{actual}: {told}");
    }
}
