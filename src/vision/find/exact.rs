//! The places that have the very same pixels as a needle.
//!
//! A few of the needle's pixels, about the one whose colour is rarest on the
//! screen, are looked for as a string of bytes, and where they are, the rest is
//! compared. Few colours of a screen are rare, but most needles have one of
//! those.

use memchr::{arch::all::packedpair::HeuristicFrequencyRank, memmem::FinderBuilder};

use super::super::{
    frame::{CHANNELS, Frame},
    needle::Needle,
};
use super::taken::Taken;
use crate::geometry::{Point, Size};

type Colour = [u8; CHANNELS];

/// Colours are counted by these many bits of a mixture of their channels.
const HASH_BITS: u32 = 14;

/// One row in this many is looked at to learn what is rare.
const SAMPLE: usize = 16;

/// So many pixels are looked for as a string: with up to 32 bytes that takes a
/// constant time for each byte of the screen, whatever the two are.
const STRING: usize = 10;

/// Pixels of the needle, side by side in one row, that all count.
pub(super) struct Span {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) length: usize,
}

/// The corners of all places with the needle's pixels, in reading order. Of
/// places that are the same only the first one in that order is one. The needle
/// must not be larger than the screen.
pub(super) fn places(screen: &Frame, needle: &Needle) -> Vec<Point> {
    if let Some(colour) = only_colour(needle) {
        return even_places(screen, needle, colour);
    }
    let usual = Usual::on(screen);
    let Some(anchor) = usual.rarest(needle) else {
        return Vec::new();
    };
    let spans = spans(needle);
    let string = about(&spans, needle, anchor);
    let size = needle.size();
    let (width, height) = (size.width as usize, size.height as usize);
    let across = screen.size().width as usize;
    let rows = screen.size().height as usize - height + 1;
    let start = string.y * width + string.x;
    let bytes = needle.colours()[start..start + string.length].as_flattened();
    let finder = FinderBuilder::new().build_forward_with_ranker(&usual, bytes);
    let seen = &screen.bytes()[string.y * across * CHANNELS..][..rows * across * CHANNELS];
    let mut taken = Taken::new(size);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = finder.find(&seen[from..]) {
        let pixel = (from + at) / CHANNELS;
        let is_whole = (from + at).is_multiple_of(CHANNELS);
        from = (pixel + 1) * CHANNELS;
        let (right, y) = (pixel % across, pixel / across);
        let Some(x) = right.checked_sub(string.x).filter(|_| is_whole) else {
            continue;
        };
        let corner = point(x, y);
        if x + width <= across
            && taken.same_as(corner).is_none()
            && is_at(screen, needle, &spans, (x, y))
        {
            taken.take(corner);
            found.push(corner);
        }
    }
    found
}

pub(super) fn pixels(screen: &Frame, y: usize) -> &[Colour] {
    let row = u32::try_from(y).unwrap_or(u32::MAX);
    screen.row(row).as_chunks::<CHANNELS>().0
}

pub(super) fn point(x: usize, y: usize) -> Point {
    let signed = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    Point::new(signed(x), signed(y))
}

fn is_at(screen: &Frame, needle: &Needle, spans: &[Span], (x, y): (usize, usize)) -> bool {
    let width = needle.size().width as usize;
    spans.iter().all(|span| {
        let wanted = &needle.colours()[span.y * width + span.x..][..span.length];
        pixels(screen, y + span.y)[x + span.x..][..span.length] == *wanted
    })
}

/// The colour of a needle that has only one, and no transparent pixels.
fn only_colour(needle: &Needle) -> Option<Colour> {
    let (first, rest) = needle.colours().split_first()?;
    (needle.is_opaque() && rest.iter().all(|colour| colour == first)).then_some(*first)
}

fn hash([red, green, blue]: Colour) -> usize {
    let mixed = u32::from_le_bytes([red, green, blue, 0]).wrapping_mul(0x9e37_79b1);
    (mixed >> (u32::BITS - HASH_BITS)) as usize
}

/// How often colours and bytes are on a screen, by a sample of its rows.
struct Usual {
    colours: Vec<u32>,
    bytes: [u8; 256],
}

impl Usual {
    fn on(screen: &Frame) -> Self {
        let mut colours = vec![0_u32; 1 << HASH_BITS];
        let mut bytes = [0_u32; 256];
        for y in (0..screen.size().height as usize).step_by(SAMPLE) {
            for run in pixels(screen, y).chunk_by(Colour::eq) {
                let length = u32::try_from(run.len()).unwrap_or(u32::MAX);
                colours[hash(run[0])] += length;
                for byte in run[0] {
                    bytes[usize::from(byte)] += length;
                }
            }
        }
        // Of the 32 powers of two, each is eight ranks.
        let rank = |count: u32| u8::try_from((count + 1).ilog2() * 8).unwrap_or(u8::MAX);
        Self {
            colours,
            bytes: bytes.map(rank),
        }
    }

    /// The needle's pixel whose colour the screen has most seldom.
    fn rarest(&self, needle: &Needle) -> Option<usize> {
        let counting = (0..needle.colours().len()).filter(|index| needle.counts(*index));
        counting.min_by_key(|index| self.colours[hash(needle.colours()[*index])])
    }
}

impl HeuristicFrequencyRank for Usual {
    fn rank(&self, byte: u8) -> u8 {
        self.bytes[usize::from(byte)]
    }
}

/// The needle's spans, those with the most changes of colour first, which tell
/// most places apart.
pub(super) fn spans(needle: &Needle) -> Vec<Span> {
    let width = needle.size().width as usize;
    let mut spans: Vec<Span> = Vec::new();
    for index in (0..needle.colours().len()).filter(|index| needle.counts(*index)) {
        let (x, y) = (index % width, index / width);
        match spans.last_mut() {
            Some(last) if last.y == y && last.x + last.length == x => last.length += 1,
            _ => spans.push(Span { x, y, length: 1 }),
        }
    }
    spans.sort_by_cached_key(|span| {
        let start = span.y * width + span.x;
        let colours = &needle.colours()[start..start + span.length];
        std::cmp::Reverse(colours.chunk_by(Colour::eq).count())
    });
    spans
}

/// The part about a pixel of the span that has it.
fn about(spans: &[Span], needle: &Needle, index: usize) -> Span {
    let width = needle.size().width as usize;
    let (x, y) = (index % width, index / width);
    let mut parts = spans.iter().filter_map(|span| {
        let length = span.length.min(STRING);
        let last = span.x + span.length - length;
        let has_it = span.y == y && (span.x..span.x + span.length).contains(&x);
        let x = x.saturating_sub(length / 2).clamp(span.x, last);
        has_it.then_some(Span { x, y, length })
    });
    parts.next().unwrap_or(Span { x, y, length: 1 })
}

/// The places of a needle of one colour: where enough columns side by side have
/// had it for enough rows. An even area is full of them, so they are laid side by
/// side; then, from the bottom up, wherever more than half of one would be new.
fn even_places(screen: &Frame, needle: &Needle, colour: Colour) -> Vec<Point> {
    let (size, across) = (needle.size(), screen.size().width as usize);
    let mut rows_of_it = vec![0; across];
    let mut found = Vec::new();
    for y in 0..screen.size().height as usize {
        count_rows(&mut rows_of_it, pixels(screen, y), colour);
        let mut columns = 0;
        for x in 0..across {
            columns = next_count(columns, rows_of_it[x] >= size.height);
            if columns == size.width as usize {
                let left = x + 1 - columns;
                found.push(point(left, y + 1 - size.height as usize));
                // What is part of one place is part of no other.
                rows_of_it[left..=x].fill(0);
                columns = 0;
            }
        }
    }
    if !found.is_empty() {
        found.extend(even_places_between(screen, size, colour, &found));
        found.sort_by_key(|corner| (corner.y, corner.x));
    }
    found
}

/// The places of a needle of one colour of which more than half lies on none of
/// those that are known.
fn even_places_between(screen: &Frame, size: Size, colour: Colour, known: &[Point]) -> Vec<Point> {
    let across = screen.size().width as usize;
    let covered = Covered::by(known, size, screen.size());
    let mut taken = Taken::new(size);
    let mut rows_of_it = vec![0; across];
    let mut found = Vec::new();
    for y in (0..screen.size().height as usize).rev() {
        count_rows(&mut rows_of_it, pixels(screen, y), colour);
        let mut columns = 0;
        for x in (0..across).rev() {
            columns = next_count(columns, rows_of_it[x] >= size.height);
            let fits = columns >= size.width as usize;
            if fits && covered.at(x, y) * 2 < size.area() && taken.take(point(x, y)) {
                found.push(point(x, y));
            }
        }
    }
    found
}

/// For how many rows each column has had a colour, one row later.
fn count_rows(rows: &mut [u32], seen: &[Colour], colour: Colour) {
    for (rows, seen) in rows.iter_mut().zip(seen) {
        *rows = if *seen == colour { *rows + 1 } else { 0 };
    }
}

fn next_count(count: usize, goes_on: bool) -> usize {
    if goes_on { count + 1 } else { 0 }
}

/// How much of each place is covered by known ones, which do not overlap.
struct Covered {
    /// For each corner of a pixel, how many covered ones lie above and left of it.
    sums: Vec<u32>,
    stride: usize,
    size: Size,
}

impl Covered {
    fn by(known: &[Point], size: Size, screen: Size) -> Self {
        let stride = screen.width as usize + 1;
        let mut sums = vec![0_u32; stride * (screen.height as usize + 1)];
        for corner in known {
            let (x, y) = (
                corner.x.unsigned_abs() as usize,
                corner.y.unsigned_abs() as usize,
            );
            for row in y..y + size.height as usize {
                sums[(row + 1) * stride + x + 1..][..size.width as usize].fill(1);
            }
        }
        for row in 1..=screen.height as usize {
            let (above, rows) = sums.split_at_mut(row * stride);
            let above = &above[(row - 1) * stride..];
            let mut of_row = 0;
            for (sum, above) in rows[..stride].iter_mut().zip(above) {
                of_row += *sum;
                *sum = of_row + above;
            }
        }
        Self { sums, stride, size }
    }

    /// How many pixels of the place with this corner are covered.
    fn at(&self, x: usize, y: usize) -> u64 {
        let (right, below) = (x + self.size.width as usize, y + self.size.height as usize);
        let sum = |x: usize, y: usize| self.sums[y * self.stride + x];
        (sum(right, below) - sum(x, below) + sum(x, y) - sum(right, y)).into()
    }
}
