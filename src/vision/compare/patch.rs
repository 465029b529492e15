//! Patches: connected areas whose pixels all differ a little, and in the same
//! way.
//!
//! The larger an area, the fainter a difference of it that the eye still sees
//! (the laws of Ricco and of Piper); it averages over the area, as Zhang and
//! Wandell model it in "A spatial extension of CIELAB for digital color image
//! reproduction" (1997). So the mean colours of small windows are compared, each
//! with a limit for its size, and a window over its limit is the seed of a patch.
//!
//! Noise has no such windows: it differs this way and that. Neither have letters
//! that are smoothed otherwise.

use std::ops::Range;

use super::{
    Limits, Pixel, at,
    colour::{Lab, MOST_PER_LEVEL},
    faint::{CELL, TILE, Window},
    scan::Scan,
    smoothing::only_smooths,
};
use crate::{
    geometry::Size,
    vision::{
        cluster::Run,
        frame::{CHANNELS, Frame},
        mask::Mask,
    },
};

/// What part of the tolerance for single pixels a line and a tile may differ by.
const OF_LINE: f32 = 1.0 / 2.0;
const OF_TILE: f32 = 1.0 / 3.0;

/// A window differs in one way if the mean of its differences is this many times
/// its standard error, which is what it would be by chance. In a hundred million
/// windows of noise hardly one is beyond this; of few pixels the error is itself
/// uncertain, so there it takes more (Student's distribution).
const CERTAIN: f32 = 6.5;
const CERTAIN_OF_FEW: f32 = 10.0;

/// By how much a pixel of a patch may differ otherwise than its seed, in levels.
const LEAST_SPREAD: f32 = 3.0;

/// A step of differences by channel, in levels.
type Step = [f32; CHANNELS];

/// The runs of pixels that differ because a patch of them does, row by row.
pub(super) fn patches(
    frames: [&Frame; 2],
    scanned: &Scan<'_>,
    mask: &Mask,
    limits: &Limits,
) -> Vec<Run> {
    let size = super::common(frames);
    let mut search = Search {
        frames,
        size,
        mask,
        limits,
        scanned,
        closed: Vec::new(),
        taken: Vec::new(),
        spans: Vec::new(),
    };
    scanned.faint.windows(|window, sum| {
        let least = limit_of(window, limits) / MOST_PER_LEVEL;
        let most = sum.map(i16::unsigned_abs).into_iter().max().unwrap_or(0);
        // Most windows of a large patch were reached from the first one.
        if f32::from(most) < least * approximate(window.area()) || search.has(window) {
            return;
        }
        if let Some(step) = search.seed(window) {
            search.grow(window, step);
        }
    });
    search.runs()
}

/// The distance from which on a window is a seed, in the unit of [`Lab::distance`].
fn limit_of(window: Window, limits: &Limits) -> f32 {
    let part = match (window.width, window.height) {
        (1, _) | (_, 1) => OF_LINE,
        (TILE, _) => OF_TILE,
        _ => 0.0,
    };
    (limits.tolerance * part).max(limits.area_tolerance) * 100.0
}

struct Search<'a> {
    frames: [&'a Frame; 2],
    size: Size,
    mask: &'a Mask,
    limits: &'a Limits,
    scanned: &'a Scan<'a>,
    /// For each pixel, row by row, whether it belongs to no patch: it differs by
    /// itself, is forgiven, or masked. Empty while no window was worth a look.
    closed: Vec<bool>,
    /// For each pixel whether it belongs to a patch.
    taken: Vec<bool>,
    /// For each row the columns from its first pixel of a patch to after its last.
    spans: Vec<Range<u32>>,
}

impl Search<'_> {
    /// Tells the pixels that may belong to a patch from those that may not.
    fn prepare(&mut self) {
        if !self.closed.is_empty() {
            return;
        }
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        self.closed = vec![false; width * height];
        self.taken = vec![false; width * height];
        self.spans = vec![0..0; height];
        let close = |closed: &mut [bool], row: usize, start: usize, end: usize| {
            if row < height && start < end.min(width) {
                closed[row * width..][start..end.min(width)].fill(true);
            }
        };
        for run in self.scanned.runs.iter().chain(&self.scanned.forgiven) {
            let [row, start, end] = [run.row, run.start, run.end].map(|n| n as usize);
            close(&mut self.closed, row, start, end);
        }
        for rect in self.mask.rects() {
            let [left, top] = [rect.x, rect.y].map(|n| usize::try_from(n.max(0)).unwrap_or(0));
            let [right, bottom] =
                [rect.right(), rect.bottom()].map(|n| usize::try_from(n.max(0)).unwrap_or(0));
            for row in top..bottom.min(height) {
                close(&mut self.closed, row, left, right);
            }
        }
    }

    fn index(&self, (x, y): (u32, u32)) -> usize {
        y as usize * self.size.width as usize + x as usize
    }

    /// Whether a window belongs to a patch already, as its middle tells.
    fn has(&self, window: Window) -> bool {
        let (x, y) = (
            window.left + (window.width - 1) / 2,
            window.top + (window.height - 1) / 2,
        );
        x < self.size.width && self.taken.get(self.index((x, y))) == Some(&true)
    }

    /// The mean step of a window, if it differs by more than its limit and in
    /// one way.
    fn seed(&mut self, window: Window) -> Option<Step> {
        self.prepare();
        self.mean(window, |_| true)?;
        // This takes longer to tell, and few windows get so far.
        self.mean(window, |place| !only_smooths(self.frames, place, self.size))
    }

    /// The same without the pixels that do not count.
    fn mean(&self, window: Window, counts: impl Fn((u32, u32)) -> bool) -> Option<Step> {
        let (mut colours, mut steps) = ([0.0; CHANNELS], [0.0; CHANNELS]);
        let (mut squares, mut count) = ([0.0; CHANNELS], 0);
        let (right, bottom) = (window.left + window.width, window.top + window.height);
        for y in window.top..bottom.min(self.size.height) {
            for x in window.left..right.min(self.size.width) {
                if self.closed[self.index((x, y))] || !counts((x, y)) {
                    continue;
                }
                let (expected, actual) = (at(self.frames[0], (x, y)), at(self.frames[1], (x, y)));
                let step = difference(expected, actual);
                count += 1;
                for channel in 0..CHANNELS {
                    colours[channel] += f32::from(expected[channel]);
                    steps[channel] += step[channel];
                    squares[channel] += step[channel] * step[channel];
                }
            }
        }
        if count * 2 < window.area() {
            return None;
        }
        let count = approximate(count);
        let (colour, step) = (colours.map(|sum| sum / count), steps.map(|sum| sum / count));
        let by_size = |one: &usize, other: &usize| step[*one].abs().total_cmp(&step[*other].abs());
        let strongest = (0..CHANNELS).max_by(by_size)?;
        let mean = step[strongest];
        let variance = (squares[strongest] / count - mean * mean).max(0.0);
        let least = if window.area() < CELL * CELL {
            CERTAIN_OF_FEW
        } else {
            CERTAIN
        };
        if mean * mean * count < least * least * variance {
            return None;
        }
        let other = std::array::from_fn(|channel| colour[channel] + step[channel]);
        let distance = Lab::of_levels(colour).distance(Lab::of_levels(other));
        (distance > limit_of(window, self.limits)).then_some(step)
    }

    /// Takes the pixels of a window that differ as it does, and those that
    /// continue them.
    fn grow(&mut self, window: Window, step: Step) {
        let spread = step.map(|step| LEAST_SPREAD.max(step.abs() / 2.0));
        let alike = |found: Step| {
            let mut channels = 0..CHANNELS;
            let differs = found.iter().any(|channel| channel.abs() > 0.0);
            differs && channels.all(|n| (found[n] - step[n]).abs() <= spread[n])
        };
        let mut next: Vec<(u32, u32)> = window.places().collect();
        while let Some((x, y)) = next.pop() {
            if x >= self.size.width || y >= self.size.height {
                continue;
            }
            let index = self.index((x, y));
            if self.closed[index]
                || self.taken[index]
                || !alike(difference(
                    at(self.frames[0], (x, y)),
                    at(self.frames[1], (x, y)),
                ))
            {
                continue;
            }
            self.taken[index] = true;
            let span = &mut self.spans[y as usize];
            *span = if span.start == span.end {
                x..x + 1
            } else {
                span.start.min(x)..span.end.max(x + 1)
            };
            next.extend([
                (x.wrapping_sub(1), y),
                (x + 1, y),
                (x, y.wrapping_sub(1)),
                (x, y + 1),
            ]);
        }
    }

    fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        let rows = self.taken.chunks_exact(self.size.width.max(1) as usize);
        for ((y, row), span) in (0..).zip(rows).zip(&self.spans) {
            let mut start = span.start;
            let row = &row[span.start as usize..span.end as usize];
            for side_by_side in row.chunk_by(bool::eq) {
                let end = start + u32::try_from(side_by_side.len()).unwrap_or(u32::MAX);
                if side_by_side[0] {
                    runs.push(Run {
                        of_patch: true,
                        ..Run::new(y, start..end)
                    });
                }
                start = end;
            }
        }
        runs
    }
}

/// By how much a pixel is another than expected.
fn difference(expected: Pixel, actual: Pixel) -> Step {
    std::array::from_fn(|channel| f32::from(actual[channel]) - f32::from(expected[channel]))
}

#[expect(clippy::cast_precision_loss, reason = "a window has few pixels")]
const fn approximate(count: u32) -> f32 {
    count as f32
}
