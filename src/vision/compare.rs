//! What differs between two frames.
//!
//! Two pixels differ if they are further apart than the tolerance in a space
//! that follows the eye: YIQ, with the weights of Kotsarenko and Ramos,
//! "Measuring perceived color difference using YIQ NTSC transmission color
//! space in mobile applications" (2010). A pixel that only the smoothing of an
//! edge made different is forgiven; how such a pixel is known is from
//! Vyšniauskas, "Anti-aliased pixel and intensity slope detector" (2009).
//! pixelmatch uses the same two, but forgives a pixel that lies on a smoothed
//! edge in either frame. Here it must lie on one in both: the edge is there,
//! and only its smoothing differs. Otherwise most of a changed letter would be
//! forgiven, because a letter is little else than smoothed edges.

use std::ops::Range;

use super::{
    both,
    cluster::{Cluster, Run, clusters},
    frame::{CHANNELS, Frame},
    mask::Mask,
};
use crate::geometry::{Point, Size};

/// The distance of black and white, the greatest that there is.
const GREATEST_DISTANCE: f32 = 35_215.0;

/// Frames of fewer pixels than this are compared before a thread has begun.
const LARGE: u64 = 500_000;

type Pixel = [u8; CHANNELS];

/// How much may differ before two pictures count as different.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// How far two pixels may be apart and still count as equal, 0 to 1. At 0
    /// every difference counts, also on smoothed edges.
    pub tolerance: f32,
    /// How many pixels may differ.
    pub max_pixels: u64,
    /// How many pixels the largest cluster may have.
    pub max_cluster: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tolerance: 0.1,
            max_pixels: 0,
            max_cluster: 0,
        }
    }
}

/// What differs between two frames.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The size of the expected frame.
    pub expected_size: Size,
    /// The size of the actual frame.
    pub actual_size: Size,
    /// How many pixels were compared: those that no mask covers.
    pub compared: u64,
    /// How many of them differ.
    pub pixels: u64,
    /// How many differ only by the smoothing of an edge; they do not count.
    pub forgiven: u64,
    /// The differing pixels by what touches, largest first.
    pub clusters: Vec<Cluster>,
    pub(super) runs: Vec<Run>,
    pub(super) forgiven_runs: Vec<Run>,
}

impl Difference {
    /// The largest cluster; `None` where nothing differs.
    #[must_use]
    pub fn largest_cluster(&self) -> Option<&Cluster> {
        self.clusters.first()
    }

    /// Whether it stays within `limits`. Frames of different sizes never do.
    #[must_use]
    pub fn within(&self, limits: &Limits) -> bool {
        let largest = self.largest_cluster().map_or(0, |cluster| cluster.pixels);
        self.expected_size == self.actual_size
            && self.pixels <= limits.max_pixels
            && largest <= limits.max_cluster
    }
}

/// Compares two frames pixel by pixel, except below `mask`. `tolerance` is that
/// of [`Limits`]. What lies outside of one of the frames differs.
#[must_use]
pub fn compare(expected: &Frame, actual: &Frame, mask: &Mask, tolerance: f32) -> Difference {
    let (one, other) = (expected.size(), actual.size());
    let common = Size::new(one.width.min(other.width), one.height.min(other.height));
    let whole = Size::new(one.width.max(other.width), one.height.max(other.height));
    let scan = |rows: Range<u32>| {
        let mut scan = Scan {
            frames: [expected, actual],
            common,
            mask,
            limit: GREATEST_DISTANCE * tolerance * tolerance,
            exact: tolerance <= 0.0,
            runs: Vec::new(),
            forgiven: Vec::new(),
        };
        for y in rows {
            scan.row(y, whole.width);
        }
        (scan.runs, scan.forgiven)
    };
    let half = whole.height / 2;
    let (runs, forgiven) = if expected == actual {
        (Vec::new(), Vec::new())
    } else if whole.area() < LARGE {
        scan(0..whole.height)
    } else {
        let (lower, (mut runs, mut forgiven)) = both(|| scan(half..whole.height), || scan(0..half));
        runs.extend(lower.0);
        forgiven.extend(lower.1);
        (runs, forgiven)
    };
    let count = |runs: &[Run]| runs.iter().map(|run| u64::from(run.end - run.start)).sum();
    Difference {
        expected_size: one,
        actual_size: other,
        compared: whole.area() - masked(mask, whole),
        pixels: count(&runs),
        forgiven: count(&forgiven),
        clusters: clusters(&runs),
        runs,
        forgiven_runs: forgiven,
    }
}

/// How many pixels of a picture the mask covers; where its rectangles overlap,
/// each pixel counts once.
fn masked(mask: &Mask, size: Size) -> u64 {
    if mask.is_empty() {
        return 0;
    }
    let rows = 0..i32::try_from(size.height).unwrap_or(i32::MAX);
    rows.map(|y| {
        let spans = mask.of_row(y);
        let mut spans: Vec<(i64, i64)> = spans
            .rects()
            .iter()
            .map(|r| (i64::from(r.x).max(0), r.right().min(size.width.into())))
            .collect();
        spans.sort_unstable();
        let mut until = 0;
        spans.into_iter().fold(0, |sum, (start, end)| {
            let start = start.max(until);
            until = until.max(end);
            sum + u64::try_from(end - start).unwrap_or(0)
        })
    })
    .sum()
}

/// One pass over two frames.
struct Scan<'a> {
    frames: [&'a Frame; 2],
    common: Size,
    mask: &'a Mask,
    limit: f32,
    exact: bool,
    runs: Vec<Run>,
    forgiven: Vec<Run>,
}

impl Scan<'_> {
    fn row(&mut self, y: u32, width: u32) {
        let in_both = if y < self.common.height {
            self.common.width
        } else {
            0
        };
        let mask = self.mask.of_row(signed(y));
        if in_both > 0 {
            self.common_row(y, in_both, &mask);
        }
        for x in in_both..width {
            self.count(x, y, &mask);
        }
    }

    fn common_row(&mut self, y: u32, width: u32, mask: &Mask) {
        let bytes = width as usize * CHANNELS;
        let [expected, actual] = self.frames.map(|frame| &frame.row(y)[..bytes]);
        if expected == actual {
            return;
        }
        let (expected, actual) = (
            expected.as_chunks::<CHANNELS>().0,
            actual.as_chunks::<CHANNELS>().0,
        );
        for (x, (one, other)) in (0..).zip(expected.iter().zip(actual)) {
            if one == other || (!self.exact && distance(*one, *other) <= self.limit) {
                continue;
            }
            if !self.exact && self.only_smooths(x, y) {
                if !mask.covers(Point::new(signed(x), signed(y))) {
                    push(&mut self.forgiven, x, y);
                }
            } else {
                self.count(x, y, mask);
            }
        }
    }

    fn count(&mut self, x: u32, y: u32, mask: &Mask) {
        if mask.is_empty() || !mask.covers(Point::new(signed(x), signed(y))) {
            push(&mut self.runs, x, y);
        }
    }

    fn only_smooths(&self, x: u32, y: u32) -> bool {
        let [expected, actual] = self.frames;
        smooths(expected, actual, (x, y), self.common)
            && smooths(actual, expected, (x, y), self.common)
    }
}

fn push(runs: &mut Vec<Run>, x: u32, y: u32) {
    match runs.last_mut() {
        Some(last) if last.row == y && last.end == x => last.end += 1,
        _ => runs.push(Run {
            row: y,
            start: x,
            end: x + 1,
        }),
    }
}

/// Coordinates of frames fit: a frame has at most 64 Mpixel.
fn signed(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn yiq([red, green, blue]: Pixel) -> [f32; 3] {
    let [r, g, b] = [red, green, blue].map(f32::from);
    [
        r * 0.298_895 + g * 0.586_622 + b * 0.114_482,
        r * 0.595_978 - g * 0.274_176 - b * 0.321_802,
        r * 0.211_470 - g * 0.522_617 + b * 0.311_147,
    ]
}

/// The square of the perceived distance, 0 to [`GREATEST_DISTANCE`].
fn distance(one: Pixel, other: Pixel) -> f32 {
    let (one, other) = (yiq(one), yiq(other));
    let [y, i, q] = [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
    0.5053 * y * y + 0.299 * i * i + 0.1957 * q * q
}

fn brightness(pixel: Pixel) -> f32 {
    yiq(pixel)[0]
}

/// Whether the pixel of `frame` lies on a smoothed edge: it has a darker and a
/// brighter neighbour, few that equal it, and its darkest or its brightest one
/// belongs to an even area in both frames.
fn smooths(frame: &Frame, other: &Frame, place: (u32, u32), size: Size) -> bool {
    let centre = brightness(at(frame, place));
    let mut equal = u32::from(on_border(place, size));
    let (mut darkest, mut brightest) = ((0.0, place), (0.0, place));
    for neighbour in around(place, size) {
        let step = brightness(at(frame, neighbour)) - centre;
        if step == 0.0 {
            equal += 1;
            if equal > 2 {
                return false;
            }
        } else if step < darkest.0 {
            darkest = (step, neighbour);
        } else if step > brightest.0 {
            brightest = (step, neighbour);
        }
    }
    let even = |place| is_even(frame, place, size) && is_even(other, place, size);
    darkest.0 < 0.0 && brightest.0 > 0.0 && (even(darkest.1) || even(brightest.1))
}

/// Whether at least three neighbours have the very colour of a pixel.
fn is_even(frame: &Frame, place: (u32, u32), size: Size) -> bool {
    let colour = at(frame, place);
    let same = around(place, size)
        .filter(|neighbour| at(frame, *neighbour) == colour)
        .count();
    same + usize::from(on_border(place, size)) > 2
}

fn at(frame: &Frame, (x, y): (u32, u32)) -> Pixel {
    let start = x as usize * CHANNELS;
    let pixel = &frame.row(y)[start..start + CHANNELS];
    [pixel[0], pixel[1], pixel[2]]
}

fn on_border((x, y): (u32, u32), size: Size) -> bool {
    x == 0 || y == 0 || x + 1 == size.width || y + 1 == size.height
}

fn around((x, y): (u32, u32), size: Size) -> impl Iterator<Item = (u32, u32)> {
    let rows = y.saturating_sub(1)..=(y + 1).min(size.height - 1);
    let columns = x.saturating_sub(1)..=(x + 1).min(size.width - 1);
    rows.flat_map(move |row| columns.clone().map(move |column| (column, row)))
        .filter(move |neighbour| *neighbour != (x, y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;

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
        compare(expected, actual, &Mask::default(), 0.1).pixels
    }

    #[test]
    fn equal_frames_do_not_differ() {
        let frame = drawn(&["  #  ", " ##  ", "  #  "]);
        let difference = compare(&frame, &frame, &Mask::default(), 0.0);
        assert_eq!((difference.pixels, difference.compared), (0, 15));
        assert!(difference.within(&Limits {
            tolerance: 0.0,
            max_pixels: 0,
            max_cluster: 0
        }));
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
        let difference = compare(&one, &bar, &Mask::default(), 0.1);
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
        assert!(compare(&white, &dots, &Mask::default(), 0.1).within(&limits));
        assert!(!compare(&white, &moved, &Mask::default(), 0.1).within(&limits));
    }

    #[test]
    fn what_a_mask_covers_does_not_count() {
        let (one, other) = (drawn(&["    ", "    "]), drawn(&["#  #", "    "]));
        let mask = Mask::new(vec![Rect::new(0, 0, 1, 2), Rect::new(-5, 0, 6, 1)]);
        let difference = compare(&one, &other, &mask, 0.1);
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
        assert_eq!(compare(&one, &other, &Mask::default(), 0.0).pixels, 16);
    }

    #[test]
    fn a_smoothed_edge_is_forgiven_and_counted_apart() {
        let rows = |middle| ["######", "######", middle, "      ", "      "];
        let (one, other) = (drawn(&rows("###+  ")), drawn(&rows("###-  ")));
        let difference = compare(&one, &other, &Mask::default(), 0.1);
        assert_eq!((difference.pixels, difference.forgiven), (0, 1));
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
        let difference = compare(&one, &other, &Mask::default(), 0.1);
        assert_eq!(difference.pixels, 2 + 4);
        let generous = Limits {
            tolerance: 1.0,
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
        let difference = compare(&one, &other, &Mask::default(), 0.1);
        let cluster = Cluster {
            pixels: 400,
            bounds: Rect::new(300, 280, 10, 40),
        };
        assert_eq!(difference.clusters, [cluster]);
    }

    #[test]
    fn the_greatest_distance_is_that_of_black_and_white() {
        let most = distance(BLACK, WHITE);
        assert!(most <= GREATEST_DISTANCE, "{most}");
        assert!(compare(&drawn(&["#"]), &drawn(&[" "]), &Mask::default(), 1.0).pixels == 0);
    }
}
