//! The screen and a needle at one size, and the places that look like it there.

use std::{collections::HashMap, sync::Arc};

use super::{
    super::{
        frame::{CHANNELS, Frame},
        needle::Needle,
    },
    plane::{Plane, brightness, channels},
    template::{EVEN, Template},
};

/// A needle is made no smaller than this, in pixels.
const LEAST_SIDE: usize = 4;

/// A needle that looks like itself by this much, when cut elsewhere, may be made
/// so small.
const ALIKE: f32 = 0.75;

/// A place at one size lies this many steps from its double at the next one, at
/// most.
const STEPS: usize = 3;

/// What the mean difference from a needle without a shape takes.
const DIFFERENCE_COST: f32 = 4.0;

/// Column and row of a place's corner.
pub(super) type Corner = (usize, usize);

/// The screen and the needle at one size: one channel to compare shapes by, or
/// three to compare colours by.
pub(super) struct PyramidLevel {
    screen: Arc<Vec<Plane>>,
    /// The needle's values times how far they count, and how far they do.
    covered: Vec<Plane>,
    coverage: Plane,
    templates: Vec<Template>,
}

impl PyramidLevel {
    /// By the brightness of all pixels.
    pub(super) fn of_shapes(screen: &Frame, needle: &Needle) -> Self {
        let coverage = coverage(needle);
        let covered = covered(needle, &coverage, brightness);
        Self::of(
            Arc::new(vec![Plane::of(screen, brightness)]),
            vec![covered],
            coverage,
        )
    }

    /// By the three channels of all pixels.
    pub(super) fn of_colours(screen: &Frame, needle: &Needle) -> Self {
        let coverage = coverage(needle);
        let channel = |number: usize| move |colour| channels(colour)[number];
        let covered = [0, 1, 2].map(|number| covered(needle, &coverage, channel(number)));
        let screen = [0, 1, 2].map(|number| Plane::of(screen, channel(number)));
        Self::of(Arc::new(screen.into()), covered.into(), coverage)
    }

    fn of(screen: Arc<Vec<Plane>>, covered: Vec<Plane>, coverage: Plane) -> Self {
        let templates = covered
            .iter()
            .map(|values| Template::new(values, &coverage));
        Self {
            templates: templates.collect(),
            screen,
            covered,
            coverage,
        }
    }

    /// The same at half size; `None` where too little of the needle would be left.
    pub(super) fn halved(&self) -> Option<Self> {
        let least = self.coverage.width.min(self.coverage.height) / 2;
        (least >= LEAST_SIDE).then(|| {
            let screen = self.screen.iter().map(Plane::halved).collect();
            self.halved_without((0, 0), Arc::new(screen))
        })
    }

    /// The needle at half size without the first columns and rows, and the whole
    /// screen, which is given.
    fn halved_without(&self, first: Corner, screen: Arc<Vec<Plane>>) -> Self {
        let halved = |plane: &Plane| plane.without(first).halved();
        let covered = self.covered.iter().map(halved).collect();
        Self::of(screen, covered, halved(&self.coverage))
    }

    /// Whether a needle that is made this small still looks like itself if it is
    /// cut a pixel later in a picture of twice or, where there is one, of four
    /// times the size: as it is on a screen that was made small in steps of its
    /// own. A fine pattern does not.
    pub(super) fn stands(&self, finer: &Self, finest: Option<&Self>) -> bool {
        let from = finest.unwrap_or(finer);
        let displaced = |plane: &Plane| {
            let half = plane.without((1, 1)).halved();
            if finest.is_some() {
                half.halved()
            } else {
                half
            }
        };
        let template = Template::new(&displaced(&from.covered[0]), &displaced(&from.coverage));
        template.correlation(&self.covered[0], (0, 0)) >= ALIKE
    }

    pub(super) fn by_colour(&self) -> bool {
        self.templates.len() > 1
    }

    pub(super) fn shows_shape(&self) -> bool {
        self.by_colour() || self.templates[0].deviation() >= EVEN
    }

    pub(super) fn pixels(&self) -> usize {
        self.coverage.width * self.coverage.height
    }

    /// How many columns and rows of places there are.
    pub(super) fn places(&self) -> (usize, usize) {
        (
            self.screen[0].width - self.coverage.width + 1,
            self.screen[0].height - self.coverage.height + 1,
        )
    }

    /// How many multiplications it takes to compare all places.
    pub(super) fn work(&self) -> usize {
        let (columns, rows) = self.places();
        let planes = if self.by_colour() || !self.templates[0].opaque {
            3
        } else {
            1
        };
        (columns * rows)
            .saturating_mul(self.pixels())
            .saturating_mul(planes)
    }

    /// The scores of all places.
    fn scores(&self) -> Plane {
        let pairs = || self.templates.iter().zip(self.screen.iter());
        if self.by_colour() {
            let differences = pairs().map(|(template, plane)| template.differences(plane));
            let sum = differences.reduce(|one, other| one.with(&other, |one, two| one + two));
            let sum = sum.unwrap_or_else(|| Plane::new(0, Vec::new()));
            return sum.with(&sum, |sum, _| likeness(sum));
        }
        self.templates[0].correlations(&self.screen[0])
    }

    fn score(&self, place: Corner) -> f32 {
        if self.by_colour() {
            let pairs = self.templates.iter().zip(self.screen.iter());
            let sum = pairs.map(|(template, plane)| template.difference(plane, place));
            return likeness(sum.sum());
        }
        self.templates[0].correlation(&self.screen[0], place)
    }

    /// The best place of each neighbourhood half as large as the needle, of
    /// which two that do not overlap never share one.
    pub(super) fn peaks(&self) -> Vec<(Corner, f32)> {
        let grid = (
            self.coverage.width.div_ceil(2),
            self.coverage.height.div_ceil(2),
        );
        let peaks = self.peaks_of(grid).into_iter();
        peaks.map(|(_, peak)| peak).collect()
    }

    /// The peaks of this picture, told as places of one of twice the size. The
    /// needle is compared as it is and cut half a pixel later, so that no place
    /// lies further than a quarter of a pixel from one that is compared.
    pub(super) fn peaks_between(&self, finer: &Self) -> Vec<(Corner, f32)> {
        let grid = (
            self.coverage.width.div_ceil(2),
            self.coverage.height.div_ceil(2),
        );
        let mut best: HashMap<Corner, (Corner, f32)> = HashMap::new();
        for first in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let sight = finer.halved_without(first, Arc::clone(&self.screen));
            for (cell, ((x, y), score)) in sight.peaks_of(grid) {
                let place = (
                    (2 * x).saturating_sub(first.0),
                    (2 * y).saturating_sub(first.1),
                );
                let known = best.entry(cell).or_insert((place, score));
                if score > known.1 {
                    *known = (place, score);
                }
            }
        }
        best.into_values().collect()
    }

    /// The best place of each cell of a grid, and which cell that is, unless it
    /// is but on the slope of one beside it.
    fn peaks_of(&self, (across, down): (usize, usize)) -> Vec<(Corner, (Corner, f32))> {
        let scores = self.scores();
        let mut peaks = Vec::new();
        for top in (0..scores.height).step_by(down) {
            for left in (0..scores.width).step_by(across) {
                let rows = top..(top + down).min(scores.height);
                let length = across.min(scores.width - left);
                let mut best = ((left, top), f32::NEG_INFINITY);
                for y in rows {
                    for (x, score) in (left..).zip(&scores.from(left, y)[..length]) {
                        if *score > best.1 {
                            best = ((x, y), *score);
                        }
                    }
                }
                if best.1 > 0.0 && is_peak(&scores, best) {
                    peaks.push(((left / across, top / down), best));
                }
            }
        }
        peaks
    }

    /// About how many multiplications [`Self::refined`] takes.
    pub(super) fn work_again(&self) -> usize {
        self.templates.len() * self.pixels() * 15 * 3
    }

    /// The best place about this one: that which is better than its neighbours,
    /// a few steps away at most.
    pub(super) fn refined(&self, (x, y): Corner) -> (Corner, f32) {
        let (columns, rows) = self.places();
        let about = |n: usize, count: usize| n.saturating_sub(1)..(n + 2).min(count);
        let mut best = ((x.min(columns - 1), y.min(rows - 1)), f32::NEG_INFINITY);
        for _ in 0..STEPS {
            let middle = best.0;
            for y in about(middle.1, rows) {
                for x in about(middle.0, columns) {
                    let known = (x, y) == middle && best.1 > f32::NEG_INFINITY;
                    let score = if known { best.1 } else { self.score((x, y)) };
                    if score > best.1 {
                        best = ((x, y), score);
                    }
                }
            }
            if best.0 == middle {
                break;
            }
        }
        best
    }
}

/// How far each pixel of a needle counts, 0 or 1.
fn coverage(needle: &Needle) -> Plane {
    let counts = (0..needle.colours().len()).map(|index| f32::from(needle.counts(index)));
    Plane::new(needle.size().width as usize, counts.collect())
}

/// The numbers of a needle's pixels, 0 where they do not count.
fn covered(needle: &Needle, coverage: &Plane, number: impl Fn([u8; CHANNELS]) -> f32) -> Plane {
    let values = needle.colours().iter().map(|colour| number(*colour));
    Plane::new(coverage.width, values.collect()).with(coverage, |value, counts| value * counts)
}

/// Whether no neighbour has a better score; the slopes of a peak reach into the
/// neighbourhoods beside its own.
fn is_peak(scores: &Plane, ((x, y), score): (Corner, f32)) -> bool {
    let rows = y.saturating_sub(1)..(y + 2).min(scores.height);
    let (left, right) = (x.saturating_sub(1), (x + 2).min(scores.width));
    rows.flat_map(|y| &scores.from(left, y)[..right - left])
        .all(|other| *other <= score)
}

/// The score of a sum of the mean differences of three channels.
fn likeness(difference: f32) -> f32 {
    (1.0 - difference / (3.0 * 255.0) * DIFFERENCE_COST).max(0.0)
}
