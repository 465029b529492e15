//! One pass over the rows of two frames.

use super::{Limits, colour::Judge, faint::Faint, smoothing::only_smooths};
use crate::{
    geometry::{Point, Size},
    vision::{
        cluster::Run,
        frame::{CHANNELS, Frame},
        mask::Mask,
    },
};

pub(super) struct Scan<'a> {
    frames: [&'a Frame; 2],
    common: Size,
    mask: &'a Mask,
    exact: bool,
    judge: Judge,
    /// What differs on its own.
    pub(super) runs: Vec<Run>,
    pub(super) forgiven: Vec<Run>,
    /// What differs, but not enough to count on its own.
    pub(super) faint: Faint,
}

impl<'a> Scan<'a> {
    pub(super) fn new(frames: [&'a Frame; 2], mask: &'a Mask, limits: &Limits, first: u32) -> Self {
        let common = super::common(frames);
        Self {
            frames,
            common,
            mask,
            exact: limits.tolerance <= 0.0,
            judge: Judge::new(limits.tolerance * 100.0),
            runs: Vec::new(),
            forgiven: Vec::new(),
            faint: Faint::new(common.width, first),
        }
    }

    /// Looks at a row of a picture that is as wide as the wider of both frames.
    pub(super) fn row(&mut self, y: u32, width: u32) {
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
            count(&mut self.runs, (x, y), &mask);
        }
    }

    /// Takes up what was found in the rows below.
    pub(super) fn append(&mut self, below: Self) {
        self.runs.extend(below.runs);
        self.forgiven.extend(below.forgiven);
        self.faint.append(below.faint);
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
            if one == other {
                continue;
            }
            if !self.exact && self.judge.are_near(*one, *other) {
                if !covered(mask, (x, y)) {
                    self.faint.add((x, y), *one, *other);
                }
            } else if !self.exact && only_smooths(self.frames, (x, y), self.common) {
                count(&mut self.forgiven, (x, y), mask);
            } else {
                count(&mut self.runs, (x, y), mask);
            }
        }
    }
}

fn covered(mask: &Mask, (x, y): (u32, u32)) -> bool {
    !mask.is_empty() && mask.covers(Point::new(signed(x), signed(y)))
}

fn count(runs: &mut Vec<Run>, (x, y): (u32, u32), mask: &Mask) {
    if covered(mask, (x, y)) {
        return;
    }
    match runs.last_mut() {
        Some(last) if last.row == y && last.end == x => last.end += 1,
        _ => runs.push(Run::new(y, x..x + 1)),
    }
}

/// Coordinates of frames fit: a frame has at most 64 Mpixel.
fn signed(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
