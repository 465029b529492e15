use super::*;
use crate::geometry::{Point, Rect};

const WHITE: Pixel = [255; 3];
const BLACK: Pixel = [0; 3];

/// A picture drawn with one character a pixel: `#` black, `+` and `-` grey.
fn drawn(rows: &[&str]) -> Frame {
    let size = Size::new(
        rows[0].len().try_into().unwrap(),
        rows.len().try_into().unwrap(),
    );
    let colour = |c| match c {
        b'#' => BLACK,
        b'+' => [128; 3],
        b'-' => [220; 3],
        _ => WHITE,
    };
    Frame::new(
        size,
        rows.iter()
            .flat_map(|row| row.bytes().flat_map(colour))
            .collect(),
    )
    .unwrap()
}

fn pixels(expected: &Frame, actual: &Frame) -> u64 {
    compare(expected, actual, &Mask::default(), &Limits::default()).pixels
}

#[test]
fn equal_frames_do_not_differ() {
    let frame = drawn(&["  #  ", " ##  ", "  #  "]);
    let difference = compare(&frame, &frame, &Mask::default(), &Limits::EXACT);
    assert_eq!((difference.pixels, difference.compared), (0, 15));
    assert!(difference.within(&Limits::EXACT));
}

#[test]
fn a_changed_letter_is_a_cluster_at_its_place() {
    let one = drawn(&[
        "          ",
        "      #   ",
        "      #   ",
        "      #   ",
        "          ",
    ]);
    let bar = drawn(&[
        "          ",
        "     ###  ",
        "      #   ",
        "     ###  ",
        "          ",
    ]);
    let difference = compare(&one, &bar, &Mask::default(), &Limits::default());
    assert_eq!(difference.pixels, 4);
    assert_eq!(difference.clusters.len(), 4);
    assert_eq!(difference.clusters[0].bounds, Rect::new(5, 1, 1, 1));
    assert!(!difference.within(&Limits::default()));
    assert!(difference.within(&Limits {
        max_pixels: 4,
        max_cluster: 1,
        ..Limits::default()
    }));
    assert!(!difference.within(&Limits {
        max_pixels: 3,
        max_cluster: 1,
        ..Limits::default()
    }));
}

#[test]
fn many_small_changes_are_not_one_large_one() {
    let (white, dots) = (drawn(&["     ", "     "]), drawn(&["# # #", "     "]));
    let moved = drawn(&["###  ", "     "]);
    let limits = Limits {
        max_pixels: 3,
        max_cluster: 1,
        ..Limits::default()
    };
    assert!(compare(&white, &dots, &Mask::default(), &Limits::default()).within(&limits));
    assert!(!compare(&white, &moved, &Mask::default(), &Limits::default()).within(&limits));
}

#[test]
fn what_a_mask_covers_does_not_count() {
    let (one, other) = (drawn(&["    ", "    "]), drawn(&["#  #", "    "]));
    let mask = Mask::new(vec![Rect::new(0, 0, 1, 2), Rect::new(-5, 0, 6, 1)]);
    let difference = compare(&one, &other, &mask, &Limits::default());
    assert_eq!((difference.pixels, difference.compared), (1, 6));
    assert_eq!(difference.clusters[0].bounds, Rect::new(3, 0, 1, 1));
}

#[test]
fn a_colour_within_the_tolerance_is_equal() {
    let size = Size::new(4, 4);
    let (one, other) = (
        Frame::filled(size, [100, 100, 100]),
        Frame::filled(size, [104, 98, 101]),
    );
    assert_eq!(pixels(&one, &other), 0);
    assert_eq!(
        compare(&one, &other, &Mask::default(), &Limits::EXACT).pixels,
        16
    );
}

#[test]
fn a_smoothed_edge_is_forgiven_and_counted_apart() {
    let rows = |middle| ["######", "######", middle, "      ", "      "];
    let (one, other) = (drawn(&rows("###+  ")), drawn(&rows("###-  ")));
    let difference = compare(&one, &other, &Mask::default(), &Limits::default());
    assert_eq!((difference.pixels, difference.forgiven), (0, 1));
}

#[test]
fn an_edge_that_is_smoothed_in_one_frame_only_is_not_forgiven() {
    let rows = |middle| ["######", "######", middle, "      ", "      "];
    let smoothed = drawn(&rows("###+  "));
    for hard in ["####  ", "###   "] {
        let hard = drawn(&rows(hard));
        for (one, other) in [(&smoothed, &hard), (&hard, &smoothed)] {
            let difference = compare(one, other, &Mask::default(), &Limits::default());
            assert_eq!((difference.pixels, difference.forgiven), (1, 0));
        }
    }
}

#[test]
fn a_moved_block_is_not_forgiven() {
    let one = drawn(&["       ", " ###   ", " ###   ", " ###   ", "       "]);
    let other = drawn(&["       ", "  ###  ", "  ###  ", "  ###  ", "       "]);
    assert_eq!(pixels(&one, &other), 6);
}

#[test]
fn frames_of_different_sizes_differ_where_one_ends() {
    let (one, other) = (drawn(&["   ", "   "]), drawn(&["    ", "    ", "    "]));
    let difference = compare(&one, &other, &Mask::default(), &Limits::default());
    assert_eq!(difference.pixels, 2 + 4);
    let generous = Limits {
        tolerance: 1.0,
        area_tolerance: 1.0,
        max_pixels: 99,
        max_cluster: 99,
    };
    assert!(!difference.within(&generous));
}

#[test]
fn a_change_across_the_middle_of_a_large_frame_is_one_cluster() {
    let size = Size::new(1000, 600);
    let one = Frame::filled(size, WHITE);
    let mut other = one.clone();
    let block = Frame::filled(Size::new(10, 40), BLACK);
    other.put(&block, Point::new(300, 280));
    let difference = compare(&one, &other, &Mask::default(), &Limits::default());
    let cluster = Cluster {
        pixels: 400,
        by_area: 0,
        bounds: Rect::new(300, 280, 10, 40),
    };
    assert_eq!(difference.clusters, [cluster]);
}

#[test]
fn with_a_tolerance_of_everything_black_is_white() {
    let generous = Limits {
        tolerance: 1.0,
        area_tolerance: 1.0,
        ..Limits::EXACT
    };
    let difference = compare(
        &Frame::filled(Size::new(40, 40), BLACK),
        &Frame::filled(Size::new(40, 40), WHITE),
        &Mask::default(),
        &generous,
    );
    assert_eq!(difference.pixels, 0);
}

/// A frame of one colour with a rectangle of another one in it.
fn with_panel(ground: Pixel, panel: Pixel, rect: Rect) -> [Frame; 2] {
    let before = Frame::filled(Size::new(300, 200), ground);
    let mut after = before.clone();
    after.put(&Frame::filled(rect.size(), panel), rect.corner());
    [before, after]
}

fn judged([before, after]: &[Frame; 2]) -> Difference {
    compare(before, after, &Mask::default(), &Limits::default())
}

#[test]
fn a_panel_that_anybody_sees_differs_as_an_area() {
    let rect = Rect::new(43, 57, 201, 101);
    for (ground, panel) in [
        (WHITE, [0xe5; 3]),
        (WHITE, [0xff, 0xf3, 0xcd]),
        (WHITE, [0xf6, 0xf8, 0xfa]),
        (WHITE, [0xff, 0xff, 0xb1]),
        ([30; 3], [53; 3]),
        ([39, 44, 92], [39, 44, 60]),
    ] {
        for pair in [
            with_panel(ground, panel, rect),
            with_panel(panel, ground, rect),
        ] {
            let difference = judged(&pair);
            let all = u64::from(rect.width * rect.height);
            assert_eq!(difference.pixels, all, "{ground:?} {panel:?}");
            assert_eq!(difference.by_area, all, "{ground:?} {panel:?}");
            let bounds: Vec<Rect> = difference.clusters.iter().map(|each| each.bounds).collect();
            assert_eq!(bounds, [rect]);
            let words = difference.areas()[0].decided_by(&Limits::default());
            assert_eq!(words, "by area tolerance (1.3 %)");
        }
    }
}

#[test]
fn a_panel_that_nobody_sees_matches() {
    let rect = Rect::new(43, 57, 201, 101);
    for (ground, panel) in [
        ([0, 254, 252], [47, 254, 252]),
        (WHITE, [252; 3]),
        ([100; 3], [103; 3]),
        ([30; 3], [33; 3]),
        (BLACK, [3; 3]),
    ] {
        let difference = judged(&with_panel(ground, panel, rect));
        assert_eq!(difference.pixels, 0, "{ground:?} {panel:?}");
    }
}

#[test]
fn the_larger_an_area_the_less_it_may_differ() {
    let panel = |level: u8, width: u32, height: u32| {
        judged(&with_panel(
            WHITE,
            [level; 3],
            Rect::new(24, 36, width, height),
        ))
        .pixels
    };
    // The first of each pair is within the limit of its size, the second is not.
    for (width, height, levels) in [
        (1, 1, [214, 211]),
        (40, 1, [236, 231]),
        (1, 40, [236, 231]),
        (4, 4, [243, 238]),
        (12, 12, [250, 247]),
        (200, 100, [250, 247]),
    ] {
        let [within, beyond] = levels.map(|level| panel(level, width, height));
        let all = u64::from(width * height);
        assert_eq!((within, beyond), (0, all), "{width}x{height}");
    }
}

#[test]
fn the_tolerance_for_areas_is_its_own() {
    let [before, after] = with_panel(WHITE, [0xe5; 3], Rect::new(30, 30, 60, 60));
    let within = |area_tolerance: f32| {
        let limits = Limits {
            area_tolerance,
            ..Limits::default()
        };
        compare(&before, &after, &Mask::default(), &limits).within(&limits)
    };
    assert!(within(0.06) && !within(0.05));
}

#[test]
fn noise_is_no_area_however_large_it_is() {
    // The same in every run, and as even as a small generator makes it.
    let mut state = 0x2545_F491_u32;
    let mut level = |spread: u32| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state % (spread * 2 + 1)
    };
    let size = Size::new(640, 400);
    let before = Frame::filled(size, [120, 130, 140]);
    for spread in [2, 4, 8] {
        let bytes = before.bytes().iter().map(|byte| {
            let moved = u32::from(*byte) + level(spread) - spread;
            u8::try_from(moved).unwrap()
        });
        let noisy = Frame::new(size, bytes.collect()).unwrap();
        let difference = judged(&[before.clone(), noisy]);
        assert_eq!(difference.pixels, 0, "{spread} levels");
    }
}

#[test]
fn an_area_with_letters_on_it_is_one_and_what_a_mask_covers_is_none() {
    let rect = Rect::new(20, 20, 160, 80);
    let [mut before, mut after] = with_panel(WHITE, [0xf0; 3], rect);
    for column in 0..10 {
        let stroke = Frame::filled(Size::new(2, 12), BLACK);
        for frame in [&mut before, &mut after] {
            frame.put(&stroke, Point::new(40 + column * 9, 50));
        }
    }
    let pair = [before, after];
    let difference = judged(&pair);
    assert_eq!(difference.by_area, 160 * 80 - 10 * 24);
    assert_eq!(difference.clusters.len(), 1);
    let mask = Mask::new(vec![rect]);
    let masked = compare(&pair[0], &pair[1], &mask, &Limits::default());
    assert_eq!(masked.pixels, 0);
    let half = Mask::new(vec![Rect::new(20, 20, 80, 80)]);
    let masked = compare(&pair[0], &pair[1], &half, &Limits::default());
    assert_eq!(masked.clusters[0].bounds, Rect::new(100, 20, 80, 80));
}

#[test]
fn an_area_across_the_middle_of_a_large_frame_is_one() {
    let before = Frame::filled(Size::new(1000, 602), WHITE);
    let mut after = before.clone();
    after.put(
        &Frame::filled(Size::new(90, 120), [0xf0; 3]),
        Point::new(301, 243),
    );
    let difference = judged(&[before, after]);
    let cluster = Cluster {
        pixels: 90 * 120,
        by_area: 90 * 120,
        bounds: Rect::new(301, 243, 90, 120),
    };
    assert_eq!(difference.clusters, [cluster]);
}

#[test]
fn what_differs_by_itself_and_what_does_as_an_area_are_one_cluster_that_says_so() {
    let [before, mut after] = with_panel(WHITE, [0xf0; 3], Rect::new(20, 20, 30, 30));
    after.put(&Frame::filled(Size::new(5, 30), BLACK), Point::new(50, 20));
    let difference = judged(&[before, after]);
    let cluster = Cluster {
        pixels: 35 * 30,
        by_area: 30 * 30,
        bounds: Rect::new(20, 20, 35, 30),
    };
    assert_eq!(difference.clusters, [cluster]);
    let words = difference.areas()[0].decided_by(&Limits::default());
    assert_eq!(words, "900 of them by area tolerance (1.3 %)");
}
