//! Areas of pixels that are connected.

use super::blob::Blob;

/// Numbers the areas of a picture: for each pixel that of its area. Two pixels,
/// given by their indices, are in one area where they stand beside or below each
/// other and are `same`.
pub(super) fn areas(width: usize, count: usize, same: impl Fn(usize, usize) -> bool) -> Vec<u32> {
    let mut joins = Joins::default();
    let mut areas: Vec<u32> = Vec::with_capacity(count);
    let mut x = 0;
    for at in 0..count {
        let left = (x > 0 && same(at, at - 1)).then(|| areas[at - 1]);
        let above = at.checked_sub(width).filter(|above| same(at, *above));
        let area = match (left, above.map(|above| areas[above])) {
            (Some(left), Some(above)) => joins.joined(left, above),
            (Some(area), None) | (None, Some(area)) => area,
            (None, None) => joins.begin(),
        };
        areas.push(area);
        x = if x + 1 == width { 0 } else { x + 1 };
    }
    for area in &mut areas {
        *area = joins.root(*area);
    }
    areas
}

/// Numbers the things of a picture, from 1, in the order of their first pixels:
/// for each pixel the number of its thing, 0 where there is none; and the things
/// in their order. Pixels of one thing touch each other, also by their corners.
pub(super) fn things(width: usize, is_empty: &[bool]) -> (Vec<u32>, Vec<Blob>) {
    let mut joins = Joins::default();
    let mut things = vec![0_u32; is_empty.len()];
    // Numbers of `joins` are one less than those of things.
    for (y, row) in is_empty.chunks_exact(width.max(1)).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, empty)| !**empty) {
            let at = y * width + x;
            let before = [
                (x > 0).then(|| at - 1),
                at.checked_sub(width),
                at.checked_sub(width + 1).filter(|_| x > 0),
                at.checked_sub(width - 1).filter(|_| x + 1 < width),
            ];
            let before = before.into_iter().flatten().map(|there| things[there]);
            let thing = before.filter_map(|there| there.checked_sub(1));
            let thing = thing.reduce(|one, other| joins.joined(one, other));
            things[at] = thing.unwrap_or_else(|| joins.begin()) + 1;
        }
    }
    let mut numbers: Vec<u32> = vec![0; joins.parents.len()];
    let mut blobs: Vec<Blob> = Vec::new();
    for (y, row) in things.chunks_exact_mut(width.max(1)).enumerate() {
        for (x, thing) in row.iter_mut().enumerate().filter(|(_, thing)| **thing != 0) {
            let pixel = Blob::pixel(x, y);
            let number = &mut numbers[joins.root(*thing - 1) as usize];
            if *number == 0 {
                blobs.push(pixel);
                *number = u32::try_from(blobs.len()).unwrap_or(u32::MAX);
            } else {
                let blob = &mut blobs[*number as usize - 1];
                *blob = blob.with(&pixel);
            }
            *thing = *number;
        }
    }
    (things, blobs)
}

/// Which numbers stand for the same area. `DisjointSetForest` of `imageproc` has to
/// be told beforehand how many there will be, so the same joins are gone through
/// twice: a screen's lines are found an eighth later with it.
#[derive(Default)]
struct Joins {
    parents: Vec<u32>,
}

impl Joins {
    /// A number of its own.
    fn begin(&mut self) -> u32 {
        let new = u32::try_from(self.parents.len()).unwrap_or(u32::MAX);
        self.parents.push(new);
        new
    }

    /// Makes two areas one, and gives the number that stands for both.
    fn joined(&mut self, one: u32, other: u32) -> u32 {
        if one == other {
            return one;
        }
        let (one, other) = (self.root(one), self.root(other));
        let (low, high) = (one.min(other), one.max(other));
        self.parents[high as usize] = low;
        low
    }

    /// The number that stands for an area, with the way to it made shorter.
    fn root(&mut self, mut area: u32) -> u32 {
        let parents = &mut self.parents;
        while parents[area as usize] != area {
            let above = parents[parents[area as usize] as usize];
            parents[area as usize] = above;
            area = above;
        }
        area
    }
}
