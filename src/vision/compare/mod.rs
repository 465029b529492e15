//! What differs between two frames.
//!
//! Two pixels differ if their colours are further apart than the tolerance to
//! the eye ([`colour`]); one that only the smoothing of an edge made different is
//! forgiven ([`smoothing`]). A fainter difference counts where it fills an area:
//! a panel of another grey, a line that is gone ([`patch`]).

mod colour;
mod faint;
mod patch;
mod scan;
mod smoothing;

use std::ops::Range;

use self::{colour::Pixel, faint::CELL, patch::patches, scan::Scan};
use super::{
    both,
    cluster::{Cluster, Run, clusters, merged},
    frame::{CHANNELS, Frame},
    mask::Mask,
};
use crate::geometry::Size;

/// Frames of fewer pixels than this are compared before a thread has begun.
const LARGE: u64 = 500_000;

/// How much may differ before two pictures count as different.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// How far two pixels may be apart and still count as equal, 0 to 1, where 1
    /// is the distance of black and white. At 0 every difference counts, also on
    /// smoothed edges.
    pub tolerance: f32,
    /// How far areas may be apart, 0 to 1: squares of eight pixels and what is
    /// larger. Smaller ones have a limit between this and `tolerance`.
    pub area_tolerance: f32,
    /// How many pixels may differ.
    pub max_pixels: u64,
    /// How many pixels the largest cluster may have.
    pub max_cluster: u64,
}

impl Limits {
    /// Every difference of a pixel counts.
    pub const EXACT: Self = Self {
        tolerance: 0.0,
        area_tolerance: 0.0,
        max_pixels: 0,
        max_cluster: 0,
    };
}

impl Default for Limits {
    /// What a person sees counts, wherever it is.
    fn default() -> Self {
        Self {
            tolerance: 0.09,
            area_tolerance: 0.013,
            ..Self::EXACT
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
    /// How many of those that differ are within the tolerance for single pixels,
    /// and belong to an area that is not within its own.
    pub by_area: u64,
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

/// Compares two frames pixel by pixel, except below `mask`, by the tolerances of
/// `limits`. What lies outside one of the frames differs.
#[must_use]
pub fn compare(expected: &Frame, actual: &Frame, mask: &Mask, limits: &Limits) -> Difference {
    let frames = [expected, actual];
    let (one, other) = (expected.size(), actual.size());
    let whole = Size::new(one.width.max(other.width), one.height.max(other.height));
    let scan = |rows: Range<u32>| {
        let mut scan = Scan::new(frames, mask, limits, rows.start);
        for y in rows {
            scan.row(y, whole.width);
        }
        scan
    };
    let half = (whole.height / 2).next_multiple_of(CELL).min(whole.height);
    let scanned = if expected == actual {
        scan(0..0)
    } else if whole.area() < LARGE {
        scan(0..whole.height)
    } else {
        let (lower, mut upper) = both(|| scan(half..whole.height), || scan(0..half));
        upper.append(lower);
        upper
    };
    let of_patches = patches(frames, &scanned, mask, limits);
    let by_area = count(&of_patches);
    let runs = merged(scanned.runs, of_patches);
    Difference {
        expected_size: one,
        actual_size: other,
        compared: whole.area() - masked(mask, whole),
        pixels: count(&runs),
        by_area,
        forgiven: count(&scanned.forgiven),
        clusters: clusters(&runs),
        runs,
        forgiven_runs: scanned.forgiven,
    }
}

fn count(runs: &[Run]) -> u64 {
    runs.iter().map(Run::pixels).sum()
}

/// The size of the part that both frames have.
fn common(frames: [&Frame; 2]) -> Size {
    let [one, other] = frames.map(Frame::size);
    Size::new(one.width.min(other.width), one.height.min(other.height))
}

#[inline]
fn at(frame: &Frame, (x, y): (u32, u32)) -> Pixel {
    let start = x as usize * CHANNELS;
    let pixel = &frame.row(y)[start..start + CHANNELS];
    [pixel[0], pixel[1], pixel[2]]
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

#[cfg(test)]
mod tests;
