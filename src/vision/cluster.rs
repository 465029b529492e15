//! Differing pixels that touch each other.

use std::ops::Range;

use imageproc::union_find::DisjointSetForest;

use crate::geometry::Rect;

/// Differing pixels side by side in one row: columns `start..end`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Run {
    pub(super) row: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Whether they differ only because the area does that they belong to.
    pub(super) of_patch: bool,
}

impl Run {
    pub(super) const fn new(row: u32, columns: Range<u32>) -> Self {
        Self {
            row,
            start: columns.start,
            end: columns.end,
            of_patch: false,
        }
    }

    pub(super) fn pixels(&self) -> u64 {
        u64::from(self.end - self.start)
    }
}

/// The runs of two lists in one, row by row and from left to right as in both.
pub(super) fn merged(mut runs: Vec<Run>, others: Vec<Run>) -> Vec<Run> {
    if !others.is_empty() {
        runs.extend(others);
        // Of two sorted parts this makes one in a single pass.
        runs.sort_by_key(|run| (run.row, run.start));
    }
    runs
}

/// Differing pixels that touch each other, also by their corners.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cluster {
    /// How many pixels it has.
    pub pixels: u64,
    /// How many of them differ only because their area does.
    pub by_area: u64,
    /// The smallest rectangle around it.
    pub bounds: Rect,
}

/// The clusters of `runs`, which come row by row and from left to right;
/// largest first, and from the top among equals.
pub(super) fn clusters(runs: &[Run]) -> Vec<Cluster> {
    let mut forest = DisjointSetForest::new(runs.len());
    let mut above = 0;
    for (this, run) in runs.iter().enumerate() {
        // Runs that end before this one begins, or lie higher than one row,
        // touch neither this run nor any later one.
        while above < this && lies_before(&runs[above], run) {
            above += 1;
        }
        // Two in one row meet where one counts on its own and the other does not.
        let before = this
            .checked_sub(1)
            .filter(|before| runs[*before].row == run.row);
        let candidates = (above..this).take_while(|other| runs[*other].row < run.row);
        for other in candidates
            .chain(before)
            .filter(|other| touch(&runs[*other], run))
        {
            forest.union(other, this);
        }
    }
    gather(runs, &mut forest)
}

fn lies_before(earlier: &Run, run: &Run) -> bool {
    earlier.row + 1 < run.row || (earlier.row < run.row && earlier.end < run.start)
}

fn touch(upper: &Run, lower: &Run) -> bool {
    let rows = lower.row - upper.row;
    rows <= 1 && upper.start <= lower.end && lower.start <= upper.end
}

fn gather(runs: &[Run], forest: &mut DisjointSetForest) -> Vec<Cluster> {
    let mut of_root: Vec<Option<usize>> = vec![None; runs.len()];
    let mut found: Vec<([u64; 2], [u32; 4])> = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        let slot = &mut of_root[forest.root(index)];
        let at = *slot.get_or_insert_with(|| {
            found.push(([0; 2], [u32::MAX, u32::MAX, 0, 0]));
            found.len() - 1
        });
        let ([pixels, by_area], [left, top, right, bottom]) = &mut found[at];
        *pixels += run.pixels();
        if run.of_patch {
            *by_area += run.pixels();
        }
        (*left, *top) = ((*left).min(run.start), (*top).min(run.row));
        (*right, *bottom) = ((*right).max(run.end), (*bottom).max(run.row + 1));
    }
    let mut clusters: Vec<Cluster> = found
        .into_iter()
        .map(|([pixels, by_area], [left, top, right, bottom])| {
            let [x, y] = [left, top].map(|n| i32::try_from(n).unwrap_or(i32::MAX));
            Cluster {
                pixels,
                by_area,
                bounds: Rect::new(x, y, right - left, bottom - top),
            }
        })
        .collect();
    clusters.sort_by_key(|cluster| std::cmp::Reverse(cluster.pixels));
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(row: u32, start: u32, end: u32) -> Run {
        Run::new(row, start..end)
    }

    #[test]
    fn pixels_that_touch_by_a_corner_are_one_cluster() {
        let found = clusters(&[run(0, 0, 2), run(1, 2, 3), run(3, 0, 1)]);
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0],
            Cluster {
                pixels: 3,
                by_area: 0,
                bounds: Rect::new(0, 0, 3, 2)
            }
        );
        assert_eq!(
            found[1],
            Cluster {
                pixels: 1,
                by_area: 0,
                bounds: Rect::new(0, 3, 1, 1)
            }
        );
    }

    #[test]
    fn two_arms_that_meet_below_are_one_cluster() {
        let found = clusters(&[run(0, 0, 1), run(0, 8, 9), run(1, 0, 9)]);
        assert_eq!(
            found,
            [Cluster {
                pixels: 11,
                by_area: 0,
                bounds: Rect::new(0, 0, 9, 2)
            }]
        );
    }

    #[test]
    fn a_long_run_below_meets_every_run_above_it() {
        let found = clusters(&[
            run(0, 0, 1),
            run(0, 3, 4),
            run(1, 0, 1),
            run(1, 3, 9),
            run(2, 1, 2),
        ]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].pixels, 7);
        assert_eq!(found[1].pixels, 3);
    }
}
