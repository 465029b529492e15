//! The places that have the very same pixels as a needle.
//!
//! The needle's pixel whose colour is rarest on the screen is looked for, and
//! where it is, the rest is compared. Few colours of a screen are rare, but
//! most needles have one of those.

use super::super::{
    frame::{CHANNELS, Frame},
    needle::Needle,
};
use crate::geometry::Point;

type Colour = [u8; CHANNELS];

/// Colours are counted by these many bits of a mixture of their channels.
const HASH_BITS: u32 = 14;

/// Pixels of the needle, side by side in one row, that all count.
struct Span {
    x: usize,
    y: usize,
    length: usize,
}

/// The corners of all places with the needle's pixels, in reading order. Of
/// places that overlap only the first one in that order is one. The needle must
/// not be larger than the screen.
pub(super) fn places(screen: &Frame, needle: &Needle) -> Vec<Point> {
    if let Some(colour) = only_colour(needle) {
        return even_places(screen, needle, colour);
    }
    let Some(anchor) = rarest(screen, needle) else {
        return Vec::new();
    };
    let spans = spans(needle, anchor);
    let size = needle.size();
    let (width, height) = (size.width as usize, size.height as usize);
    let (ax, ay) = (anchor % width, anchor / width);
    let colour = needle.colours()[anchor];
    let columns = screen.size().width as usize - width + 1;
    let rows = screen.size().height as usize - height + 1;
    // The first row in which a column is not covered by a place found before.
    let mut free_from = vec![0; screen.size().width as usize];
    let mut found = Vec::new();
    for y in 0..rows {
        let row = &pixels(screen, y + ay)[ax..ax + columns];
        for (x, _) in row.iter().enumerate().filter(|(_, seen)| **seen == colour) {
            // A place as wide as this one that covers any of its columns covers
            // its first or its last one.
            let free = free_from[x].max(free_from[x + width - 1]) <= y;
            if free && is_at(screen, needle, &spans, (x, y)) {
                free_from[x..x + width].fill(y + height);
                found.push(point(x, y));
            }
        }
    }
    found
}

fn pixels(screen: &Frame, y: usize) -> &[Colour] {
    let row = u32::try_from(y).unwrap_or(u32::MAX);
    screen.row(row).as_chunks::<CHANNELS>().0
}

fn point(x: usize, y: usize) -> Point {
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

/// The needle's pixel whose colour the screen has most seldom; `None` where it
/// has a colour of the needle nowhere.
fn rarest(screen: &Frame, needle: &Needle) -> Option<usize> {
    let mut seen = vec![0_u32; 1 << HASH_BITS];
    for colours in screen
        .bytes()
        .as_chunks::<CHANNELS>()
        .0
        .chunk_by(Colour::eq)
    {
        seen[hash(colours[0])] += u32::try_from(colours.len()).unwrap_or(u32::MAX);
    }
    let counting = (0..needle.colours().len()).filter(|index| needle.counts(*index));
    let rarest = counting.min_by_key(|index| seen[hash(needle.colours()[*index])])?;
    (seen[hash(needle.colours()[rarest])] > 0).then_some(rarest)
}

/// The needle's spans: the one with the anchor first, then those with the most
/// changes of colour, which tell most places apart.
fn spans(needle: &Needle, anchor: usize) -> Vec<Span> {
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
        let has_anchor = (start..start + span.length).contains(&anchor);
        std::cmp::Reverse((has_anchor, colours.chunk_by(Colour::eq).count()))
    });
    spans
}

/// The places of a needle of one colour: where enough columns side by side have
/// had it for enough rows.
fn even_places(screen: &Frame, needle: &Needle, colour: Colour) -> Vec<Point> {
    let size = needle.size();
    let (width, height) = (size.width as usize, size.height as usize);
    let mut rows_of_it = vec![0; screen.size().width as usize];
    let mut found = Vec::new();
    for y in 0..screen.size().height as usize {
        let mut columns = 0;
        for (x, seen) in pixels(screen, y).iter().enumerate() {
            rows_of_it[x] = if *seen == colour {
                rows_of_it[x] + 1
            } else {
                0
            };
            columns = if rows_of_it[x] >= height {
                columns + 1
            } else {
                0
            };
            if columns == width {
                let left = x + 1 - width;
                found.push(point(left, y + 1 - height));
                // What is part of one place is part of no other.
                rows_of_it[left..=x].fill(0);
                columns = 0;
            }
        }
    }
    found
}
