//! What lies around what a needle shows.

use std::collections::HashMap;

use super::{
    frame::{CHANNELS, FrameError},
    needle::Needle,
};

type Colour = [u8; CHANNELS];

/// A pixel of which more than this share is background is smoothed into it.
const SMOOTHED: f32 = 0.05;

/// Pixels that differ by no more levels than this in each channel have one colour.
const PLAIN: u8 = 12;

/// A pixel of the background is at most this many levels off its colour, in each
/// channel.
const LEVELS: u8 = 12;

/// This share of the edge has to be background, or there is none.
const LEAST_EDGE: f32 = 0.5;

/// The background of a needle: its pixels that are within 12 levels of the most
/// frequent colour of its outermost pixels, and connected with those of them
/// that are, by their sides.
pub(super) struct Background {
    /// The most frequent colour of the outermost pixels.
    pub(super) colour: Colour,
    /// Whether each pixel of the needle, row by row, is a part of it.
    parts: Vec<bool>,
    /// Whether it has the colour of it.
    alike: Vec<bool>,
    width: usize,
}

impl Needle {
    /// What lies around what it shows; `None` where its edge has no colour of its
    /// own.
    pub(super) fn background(&self) -> Option<Background> {
        Background::of(self)
    }

    /// The same needle without its background, which does not count: the pixels
    /// that are, in each channel, within 12 levels of the most frequent colour of
    /// the outermost ones, and connected with those of them that are, by their
    /// sides. What is smoothed into it, at its edge, does not count either, unless
    /// that is most of what is left. Where less than half of the outermost pixels
    /// have such a colour, there is no background, and all counts as before.
    ///
    /// # Errors
    ///
    /// [`FrameError::Plain`] where nothing is left, or nothing but one colour,
    /// which would be found in every area of it.
    pub fn without_background(&self) -> Result<Self, FrameError> {
        let Some(background) = self.background() else {
            return Ok(self.clone());
        };
        let rest = (0..self.colours().len())
            .filter(|index| self.counts(*index) && !background.has(*index));
        let (smoothed, whole): (Vec<_>, Vec<_>) =
            rest.partition(|index| background.share(self, *index, Background::has) > SMOOTHED);
        let keeps_smoothed = smoothed.len() > whole.len();
        let mut counts = vec![false; self.colours().len()];
        let kept = whole
            .iter()
            .chain(keeps_smoothed.then_some(&smoothed).into_iter().flatten());
        for index in kept {
            counts[*index] = true;
        }
        let colours = || {
            self.colours()
                .iter()
                .zip(&counts)
                .filter(|(_, counts)| **counts)
        };
        let first = colours().next().map(|(colour, _)| *colour);
        let is_first = |colour: [u8; CHANNELS]| {
            let pairs = first.unwrap_or(colour).into_iter().zip(colour);
            pairs
                .into_iter()
                .all(|(one, other)| one.abs_diff(other) <= PLAIN)
        };
        if colours().all(|(colour, _)| is_first(*colour)) {
            return Err(FrameError::Plain);
        }
        Ok(self.with_counts(counts))
    }
}

impl Background {
    /// The background of a needle; `None` where less than half of its outermost
    /// pixels have the same colour.
    pub(super) fn of(needle: &Needle) -> Option<Self> {
        let width = needle.size().width as usize;
        let height = needle.size().height as usize;
        let colours = needle.colours();
        let is_edge = |index: usize| {
            let (x, y) = (index % width, index / width);
            x == 0 || y == 0 || x + 1 == width || y + 1 == height
        };
        let edge: Vec<usize> = (0..colours.len())
            .filter(|index| is_edge(*index) && needle.counts(*index))
            .collect();
        let mut counts: HashMap<Colour, usize> = HashMap::new();
        for index in &edge {
            *counts.entry(colours[*index]).or_default() += 1;
        }
        let most = counts
            .into_iter()
            .max_by_key(|(colour, count)| (*count, *colour));
        let (colour, _) = most?;
        let alike: Vec<bool> = (0..colours.len())
            .map(|index| needle.counts(index) && is_near(colours[index], colour))
            .collect();
        let mut open: Vec<usize> = edge.iter().copied().filter(|index| alike[*index]).collect();
        if share(open.len(), edge.len()) < LEAST_EDGE {
            return None;
        }
        let mut parts = vec![false; colours.len()];
        while let Some(index) = open.pop() {
            if std::mem::replace(&mut parts[index], true) {
                continue;
            }
            let (x, y) = (index % width, index / width);
            let beside = [
                (x > 0).then(|| index - 1),
                (x + 1 < width).then_some(index + 1),
                (y > 0).then(|| index - width),
                (y + 1 < height).then_some(index + width),
            ];
            let beside = beside.into_iter().flatten();
            open.extend(beside.filter(|index| !parts[*index] && alike[*index]));
        }
        Some(Self {
            colour,
            parts,
            alike,
            width,
        })
    }

    /// Whether the pixel with this number is a part of it.
    pub(super) fn has(&self, index: usize) -> bool {
        self.parts[index]
    }

    /// Whether the pixel with this number has its colour, also inside what the
    /// needle shows.
    pub(super) fn is_like(&self, index: usize) -> bool {
        self.alike[index]
    }

    /// How much of the pixel with this number is background, 0 to 1, if `is_part`
    /// says which are all of it: edges are smoothed into what is around them. That
    /// is measured by the pixel about it that is furthest from the background.
    pub(super) fn share(
        &self,
        needle: &Needle,
        index: usize,
        is_part: fn(&Self, usize) -> bool,
    ) -> f32 {
        if is_part(self, index) {
            return 1.0;
        }
        let about = || self.about(index);
        if !about().any(|index| is_part(self, index)) {
            return 0.0;
        }
        let off = |index: usize| distance(needle.colours()[index], self.colour);
        let most = about().map(off).max().unwrap_or(1).max(1);
        1.0 - f32::from(off(index)) / f32::from(most)
    }

    /// The pixel with this number and all those that touch it.
    fn about(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let (x, y) = (index % self.width, index / self.width);
        let height = self.parts.len() / self.width;
        let about = |n: usize, count: usize| n.saturating_sub(1)..(n + 2).min(count);
        about(y, height).flat_map(move |y| about(x, self.width).map(move |x| y * self.width + x))
    }
}

fn distance(one: Colour, other: Colour) -> u16 {
    let off = one
        .iter()
        .zip(other)
        .map(|(one, other)| one.abs_diff(other));
    off.map(u16::from).sum()
}

fn is_near(one: Colour, other: Colour) -> bool {
    one.iter()
        .zip(other)
        .all(|(one, other)| one.abs_diff(other) <= LEVELS)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a share needs no more digits than that"
)]
fn share(part: usize, all: usize) -> f32 {
    part as f32 / all.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::{Point, Size},
        vision::Frame,
    };

    const GROUND: Colour = [240, 240, 238];

    /// A blue ring of 12x12 pixels, two pixels thick, with an edge that is half
    /// background, around an area of the background's colour.
    fn ring() -> Needle {
        let mut frame = Frame::filled(Size::new(20, 20), GROUND);
        let mut fill = |from: i32, side: u32, colour| {
            frame.put(
                &Frame::filled(Size::new(side, side), colour),
                Point::new(from, from),
            );
        };
        fill(3, 14, [137, 177, 228]);
        fill(4, 12, [34, 114, 218]);
        fill(6, 8, GROUND);
        Needle::from(&frame)
    }

    fn at(x: usize, y: usize) -> usize {
        y * 20 + x
    }

    #[test]
    fn the_background_is_what_is_connected_with_the_edge() {
        let background = ring().background().unwrap();
        assert_eq!(background.colour, GROUND);
        assert!(background.has(at(0, 0)) && background.has(at(19, 10)) && background.has(at(2, 2)));
        assert!(!background.has(at(3, 3)) && !background.has(at(4, 4)));
        // What the ring encloses has the colour, and is not a part of it.
        assert!(!background.has(at(10, 10)) && background.is_like(at(10, 10)));
    }

    #[test]
    fn an_edge_that_is_smoothed_is_background_in_part() {
        let needle = ring();
        let background = needle.background().unwrap();
        let share = |x, y| background.share(&needle, at(x, y), Background::has);
        assert!((share(0, 0) - 1.0).abs() < 1e-6);
        assert!((share(3, 10) - 0.5).abs() < 0.05, "{}", share(3, 10));
        assert!(share(4, 10) < 0.05 && share(10, 10) < 0.05);
        let enclosed = background.share(&needle, at(5, 10), Background::is_like);
        assert!(enclosed < 0.05);
    }

    #[test]
    fn noise_on_a_background_is_background() {
        let noisy = ring().coloured(|index| {
            let colour = ring().colours()[index];
            let by = u8::try_from(index % 5).unwrap();
            colour.map(|channel| channel.saturating_sub(by))
        });
        let background = noisy.background().unwrap();
        assert!((0..20).all(|x| background.has(at(x, 0)) && background.has(at(x, 19))));
    }

    #[test]
    fn an_edge_of_many_colours_is_no_background() {
        let stripes = ring().coloured(|index| match index % 3 {
            0 => [0; CHANNELS],
            1 => [90; CHANNELS],
            _ => [180; CHANNELS],
        });
        assert!(stripes.background().is_none());
    }
}
