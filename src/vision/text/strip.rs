//! Lines of text as recognisers like them: each on its own, large letters, black
//! on white, no colours, no icons.

use super::{Word, blob::Blob};
use crate::geometry::{Point, Rect};

/// What is darker than this on a strip is a part of a letter, not its soft edge.
const DRAWN: u8 = 160;

/// The least ink of a dot: small ones are soft.
const LEAST_DOT: u32 = 96;

/// The gap below a dot is within this many rows of it.
const GAP: usize = 4;

/// The stroke below a dot has at least this many rows.
const STROKE: usize = 4;

/// Icons are at least this many pixels from the text beside them.
const LEAST_APART: usize = 3;

/// A letter, or some that touch each other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Glyph {
    pub(super) left: usize,
    /// The column after the last one.
    pub(super) right: usize,
}

/// A line of text, cut out of the screen: its pixels are 255 on the ground and 0
/// where the letters differ most from it, whatever the two colours are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Strip {
    /// Where its first pixel is, in pixels of the frame; a margin around it may
    /// lie outside.
    pub(super) corner: Point,
    /// How far its letters differ from what they lie on, of 255.
    pub(super) contrast: u8,
    /// What is on it.
    pub(super) picture: StripPicture,
}

/// The picture of a line, wherever on the screen it stands.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct StripPicture {
    pub(super) width: usize,
    pub(super) pixels: Vec<u8>,
    /// Whether it is enlarged with sharp edges rather than soft ones.
    pub(super) sharp: bool,
}

impl Glyph {
    pub(super) const fn width(self) -> usize {
        self.right - self.left
    }
}

impl Strip {
    /// A word of this line's picture as one of the frame.
    pub(super) fn placed(&self, word: &Word) -> Word {
        let Rect { x, y, .. } = word.bounds;
        let bounds = Rect {
            x: x.saturating_add(self.corner.x),
            y: y.saturating_add(self.corner.y),
            ..word.bounds
        };
        Word {
            bounds,
            ..word.clone()
        }
    }
}

impl Strip {
    /// What it covers of the frame, with its margin.
    pub(super) fn bounds(&self) -> Rect {
        let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let Point { x, y } = self.corner;
        let (width, height) = (self.picture.width, self.picture.height());
        Rect::new(x, y, length(width), length(height))
    }

    /// The smallest box around what is drawn on it, in pixels of the frame.
    pub(super) fn inked(&self) -> Rect {
        let inked = self.picture.inked(0, self.picture.width);
        inked.map_or_else(
            || self.bounds(),
            |inked| Rect {
                x: inked.x.saturating_add(self.corner.x),
                y: inked.y.saturating_add(self.corner.y),
                ..inked
            },
        )
    }

    /// The same line, enlarged with sharp edges.
    pub(super) fn sharpened(&self) -> Self {
        let mut strip = self.clone();
        strip.picture.sharp = true;
        strip
    }

    /// The same line without what is drawn first, and without what is drawn last:
    /// an icon may stand there.
    pub(super) fn without_ends(&self) -> Vec<Self> {
        let glyphs = self.picture.glyphs(0, self.picture.width);
        let [first, second, .., before, last] = glyphs[..] else {
            return Vec::new();
        };
        let mut parts = Vec::new();
        for (ended, begun, erased) in [
            (first.right, second.left, 0..first.right),
            (before.right, last.left, last.left..self.picture.width),
        ] {
            if begun - ended >= LEAST_APART {
                let mut part = self.clone();
                for row in part.picture.pixels.chunks_exact_mut(self.picture.width) {
                    row[erased.clone()].fill(u8::MAX);
                }
                parts.push(part);
            }
        }
        parts
    }
}

impl StripPicture {
    pub(super) const fn height(&self) -> usize {
        match self.pixels.len().checked_div(self.width) {
            Some(height) => height,
            None => 0,
        }
    }

    /// How many pixels it has: about what it costs to read and to keep it.
    #[must_use]
    pub const fn area(&self) -> usize {
        self.pixels.len()
    }

    /// What is drawn in some columns, apart from each other by empty columns, from
    /// left to right.
    pub(super) fn glyphs(&self, left: usize, right: usize) -> Vec<Glyph> {
        let rows = || self.pixels.chunks_exact(self.width.max(1));
        let drawn = |value: &u8| *value < DRAWN;
        let right = right.min(self.width);
        let inked = |x: &usize| rows().any(|row| drawn(&row[*x]));
        let columns: Vec<usize> = (left..right).filter(inked).collect();
        let runs = columns.chunk_by(|one, other| one + 1 == *other);
        let ends = runs.filter_map(|run| Some((*run.first()?, run.last()? + 1)));
        ends.map(|(left, right)| Glyph { left, right }).collect()
    }

    /// Whether one of some columns may show a dot close above a stroke, as `i` has
    /// it. Parts of other letters look like it as well.
    pub(super) fn has_dot(&self, left: usize, right: usize) -> bool {
        (left..right.min(self.width)).any(|x| {
            let inks = self.column(x);
            let peaks = (1..inks.len()).filter(|row| inks[*row] >= LEAST_DOT);
            peaks.into_iter().any(|peak| {
                // Soft edges fill the gap: it is only lighter than both its sides.
                let below = (peak + 1..inks.len()).take(GAP);
                let Some(gap) = below.min_by_key(|row| inks[*row]) else {
                    return false;
                };
                let dark = |ink: &&u32| **ink * 7 >= inks[gap] * 10 && **ink >= LEAST_DOT;
                let stroke = inks[gap + 1..].iter().skip_while(|ink| !dark(ink));
                inks[gap] * 10 <= inks[peak] * 7 && stroke.take_while(dark).count() >= STROKE
            })
        })
    }

    /// Whether one of some columns shows a stroke of nearly the height of the line
    /// there, as `l` has it.
    pub(super) fn has_stroke(&self, left: usize, right: usize, height: usize) -> bool {
        (left..right.min(self.width)).any(|x| {
            let inks = self.column(x);
            let most = inks.iter().copied().max().unwrap_or_default();
            let dark = |ink: &u32| *ink >= LEAST_DOT && *ink * 4 > most * 3;
            let runs = inks.chunk_by(|one, other| dark(one) == dark(other));
            let strokes = runs.filter(|run| run.first().is_some_and(dark));
            strokes.map(<[u32]>::len).max().unwrap_or_default() * 4 >= height * 3
        })
    }

    /// How much is drawn on each row of a column, 0 to 255.
    fn column(&self, x: usize) -> Vec<u32> {
        let rows = self.pixels.chunks_exact(self.width.max(1));
        rows.map(|row| u32::from(u8::MAX - row[x])).collect()
    }

    /// The smallest box around what is drawn in some columns, counted from the
    /// corner; `None` where nothing is.
    pub(super) fn inked(&self, left: usize, right: usize) -> Option<Rect> {
        let right = right.min(self.width);
        let mut bounds: Option<Blob> = None;
        for (y, row) in self.pixels.chunks_exact(self.width.max(1)).enumerate() {
            let drawn = |value: &u8| *value < DRAWN;
            let row = row.get(left..right)?;
            let (Some(first), Some(last)) =
                (row.iter().position(drawn), row.iter().rposition(drawn))
            else {
                continue;
            };
            let here = Blob {
                left: left + first,
                top: y,
                right: left + last + 1,
                bottom: y + 1,
                pixels: 0,
            };
            bounds = Some(bounds.map_or(here, |bounds| bounds.with(&here)));
        }
        let bounds = bounds?;
        let small = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let place = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
        Some(Rect::new(
            place(bounds.left),
            place(bounds.top),
            small(bounds.width()),
            small(bounds.height()),
        ))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A picture of a line, drawn with letters: `#` is black.
    pub(in crate::vision::text) fn drawn(rows: &[&str]) -> StripPicture {
        let pixel = |letter: char| if letter == '#' { 0 } else { 255 };
        StripPicture {
            width: rows[0].len(),
            pixels: rows.iter().flat_map(|row| row.chars().map(pixel)).collect(),
            sharp: false,
        }
    }

    #[test]
    fn a_dot_is_close_above_a_stroke() {
        let word = drawn(&[
            ".......................",
            "#...#.......#...####...",
            "#...........#...#......",
            "#...#...#.......#......",
            "#...#...........#......",
            "#...#...#.......#......",
            "#...#...#...#...####...",
        ]);
        let dotted: Vec<usize> = (0..23).filter(|x| word.has_dot(*x, x + 1)).collect();
        assert_eq!(dotted, [4]);
        let upright: Vec<usize> = (0..23).filter(|x| word.has_stroke(*x, x + 1, 6)).collect();
        assert_eq!(upright, [0, 16]);
        let glyphs = word.glyphs(1, 23);
        assert_eq!(glyphs.len(), 4);
        assert_eq!((glyphs[3].left, glyphs[3].right), (16, 20));
    }

    #[test]
    fn a_soft_dot_is_one() {
        // As a monospace font of 10 points draws it.
        let inks = [0, 113, 70, 144, 174, 144, 144, 144, 144, 182, 64, 0];
        let soft = StripPicture {
            width: 1,
            pixels: inks.map(|ink| 255 - ink).to_vec(),
            sharp: false,
        };
        assert!(soft.has_dot(0, 1) && !soft.has_stroke(0, 1, 10));
    }

    #[test]
    fn what_stands_apart_at_an_end_can_be_left_out() {
        let strip = |rows: &[&str]| Strip {
            corner: Point::new(0, 0),
            contrast: 255,
            picture: drawn(rows),
        };
        let icon = strip(&["####....##.##.##", "####....##.##.##"]);
        let parts: Vec<Rect> = icon.without_ends().iter().map(Strip::inked).collect();
        assert_eq!(parts, [Rect::new(8, 0, 8, 2)]);
        let word = strip(&["##.##.##.##", "##.##.##.##"]);
        assert_eq!(word.without_ends(), []);
    }
}
