//! Lines of text as recognisers like them: each by itself, large letters, black
//! on white, no colours, no icons.

use std::collections::HashMap;

use super::{
    Word,
    ground::{Blob, Scene},
    lines::{Line, lines},
};
use crate::{
    geometry::{Point, Rect},
    vision::frame::{CHANNELS, Frame},
};

/// The white around a line, in pixels of the screen.
const MARGIN: usize = 4;

/// What differs less from its ground cannot be read by anybody, of 255.
const LEAST_CONTRAST: u8 = 24;

/// What is darker than this on a strip is a part of a letter, not its soft edge.
const DRAWN: u8 = 160;

/// The least ink of a dot: small ones are soft.
const LEAST_DOT: u32 = 96;

/// The gap below a dot is within so many rows of it.
const GAP: usize = 4;

/// The stroke below a dot has at least so many rows.
const STROKE: usize = 4;

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
pub struct Strip {
    /// Where its first pixel is, in pixels of the frame; a margin around it may
    /// lie outside.
    pub corner: Point,
    /// What is on it.
    pub picture: StripPicture,
}

/// The picture of a line, wherever on the screen it stands.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct StripPicture {
    pub(super) width: usize,
    pub(super) pixels: Vec<u8>,
}

impl Strip {
    /// A word of this line's picture as one of the frame, on line number `line`.
    #[must_use]
    pub fn placed(&self, word: Word, line: u32) -> Word {
        let Rect { x, y, .. } = word.bounds;
        let bounds = Rect {
            x: x.saturating_add(self.corner.x),
            y: y.saturating_add(self.corner.y),
            ..word.bounds
        };
        Word {
            bounds,
            line,
            ..word
        }
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

/// The lines of text on a frame, from top to bottom.
///
/// Text is what has the size of letters and lies on an even ground; what stands
/// over photographs is not found.
#[must_use]
pub fn strips(frame: &Frame) -> Vec<Strip> {
    let scene = Scene::of(frame);
    let lines = lines(&scene);
    lines
        .iter()
        .filter_map(|line| strip(line, &scene))
        .collect()
}

fn strip(line: &Line, scene: &Scene) -> Option<Strip> {
    let ground = ground_of(&line.around, scene)?;
    let (width, height) = (
        line.around.width() + 2 * MARGIN,
        line.around.height() + 2 * MARGIN,
    );
    let mut inks = vec![0_u8; width * height];
    let mut most = 0;
    for index in &line.blobs {
        let blob = &scene.blobs[*index];
        for y in blob.top..blob.bottom {
            for x in blob.left..blob.right {
                if scene.owner(x, y) == Some(*index) {
                    let ink = difference(scene.colour(x, y), ground);
                    let (column, row) = (x - line.around.left, y - line.around.top);
                    inks[(row + MARGIN) * width + column + MARGIN] = ink;
                    most = most.max(ink);
                }
            }
        }
    }
    if most < LEAST_CONTRAST {
        return None;
    }
    let white = |ink: u8| {
        let part = u32::from(ink) * 255 / u32::from(most);
        u8::MAX - u8::try_from(part).unwrap_or(u8::MAX)
    };
    let corner = |start: usize| {
        i32::try_from(start)
            .ok()?
            .checked_sub(i32::try_from(MARGIN).ok()?)
    };
    Some(Strip {
        corner: Point::new(corner(line.around.left)?, corner(line.around.top)?),
        picture: StripPicture {
            width,
            pixels: inks.into_iter().map(white).collect(),
        },
    })
}

/// The colour that is seen most often on the grounds close around a box.
fn ground_of(around: &Blob, scene: &Scene) -> Option<[u8; CHANNELS]> {
    let mut counts: HashMap<[u8; CHANNELS], usize> = HashMap::new();
    for point in (1..=2).flat_map(|distance| scene.beside(around, distance)) {
        let (x, y) = (
            point.x.unsigned_abs() as usize,
            point.y.unsigned_abs() as usize,
        );
        if scene.owner(x, y).is_none() {
            *counts.entry(scene.colour(x, y)).or_default() += 1;
        }
    }
    // Of two that are seen equally often, the same one each time.
    counts
        .into_iter()
        .max_by_key(|(colour, count)| (*count, *colour))
        .map(|(colour, _)| colour)
}

fn difference(one: [u8; CHANNELS], other: [u8; CHANNELS]) -> u8 {
    let pairs = one.into_iter().zip(other);
    pairs.fold(0, |most, (one, other)| most.max(one.abs_diff(other)))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{geometry::Size, vision::text::ground::tests::boxed};

    /// A picture of a line, drawn with letters: `#` is black.
    pub(in crate::vision::text) fn drawn(rows: &[&str]) -> StripPicture {
        let pixel = |letter: char| if letter == '#' { 0 } else { 255 };
        StripPicture {
            width: rows[0].len(),
            pixels: rows.iter().flat_map(|row| row.chars().map(pixel)).collect(),
        }
    }

    #[test]
    fn a_line_is_black_on_white_with_a_margin_whatever_its_colours() {
        let dark = boxed(&[Rect::new(20, 20, 4, 10)]);
        let grey = |byte: &u8| if *byte == 0 { 180 } else { 220 };
        let faint = Frame::new(dark.size(), dark.bytes().iter().map(grey).collect()).unwrap();
        let turned = dark.bytes().iter().map(|byte| 255 - byte).collect();
        let light = Frame::new(dark.size(), turned).unwrap();
        let [strip] = &strips(&dark)[..] else {
            panic!("one line");
        };
        assert_eq!(strip.corner, Point::new(16, 16));
        assert_eq!((strip.picture.width, strip.picture.height()), (12, 18));
        assert_eq!(strip.picture.inked(0, 12), Some(Rect::new(4, 4, 4, 10)));
        for other in [faint, light] {
            assert_eq!(strips(&other), std::slice::from_ref(strip));
        }
    }

    #[test]
    fn what_nobody_can_see_is_not_read() {
        let dark = boxed(&[Rect::new(20, 20, 4, 10)]);
        let faint = |byte: &u8| if *byte == 0 { 240 } else { 255 };
        let frame = Frame::new(dark.size(), dark.bytes().iter().map(faint).collect()).unwrap();
        assert_eq!(strips(&frame), []);
    }

    #[test]
    fn a_picture_cut_closely_around_a_letter_has_it() {
        let frame = boxed(&[Rect::new(20, 20, 4, 10)]);
        let close = frame.crop(Rect::new(19, 19, 6, 12)).unwrap();
        let strips = strips(&close);
        assert_eq!(strips.len(), 1);
        assert_eq!(strips[0].corner, Point::new(-3, -3));
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
        };
        assert!(soft.has_dot(0, 1) && !soft.has_stroke(0, 1, 10));
    }

    #[test]
    fn empty_pictures_have_no_lines() {
        for size in [Size::new(0, 0), Size::new(0, 7), Size::new(300, 40)] {
            assert_eq!(strips(&Frame::filled(size, [30; 3])), []);
        }
    }
}
