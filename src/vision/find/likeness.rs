//! The places that look like a needle, from coarse to fine.
//!
//! All places of a picture so small that this takes little time are compared;
//! the best of each neighbourhood are looked at again at twice the size, and so
//! on to the full one, where also the colours are compared.

use super::{
    super::{
        frame::{CHANNELS, Frame},
        needle::Needle,
    },
    plane::{Plane, brightness, channels},
    template::{EVEN, Template},
};
use crate::geometry::{Point, Rect};

/// The most multiplications for all places of the coarsest picture, and for the
/// places that are looked at again at each further size.
const COARSE_WORK: usize = 130_000_000;
const FINE_WORK: usize = 60_000_000;

/// What the coarsest picture may take where a coarser one shows no shape.
const MOST_WORK: usize = 800_000_000;

/// A needle is made no smaller than this, in pixels.
const LEAST_SIDE: usize = 4;

/// A place at one size lies so far from its double at the next one, at most.
const REACH: usize = 2;

/// Numbers of places that are looked at again.
const FEW: usize = 12;
const MANY: usize = 2000;

/// How far colours and contrasts may differ by noise, 0 to 1, and what more of
/// it takes from the score.
const COLOUR_NOISE: f32 = 0.04;
const COLOUR_COST: f32 = 1.5;
const CONTRAST_NOISE: f32 = 0.1;
const CONTRAST_COST: f32 = 1.0;

/// What the mean difference from a needle without a shape takes.
const DIFFERENCE_COST: f32 = 4.0;

type Place = (usize, usize);

/// Places that look like the needle, with their scores; they may overlap, and
/// their order means nothing. The needle must not be larger than the screen.
pub(super) fn places(screen: &Frame, needle: &Needle) -> Vec<(Point, f32)> {
    // A wide transparent edge would make what counts tiny where all is reduced.
    let part = needle.counting();
    let (whole, places) = (needle.size(), screen.size());
    let seen = Rect::new(
        part.x,
        part.y,
        places.width - whole.width + part.width,
        places.height - whole.height + part.height,
    );
    match screen.crop(seen) {
        Ok(seen) if part.size() != whole => trimmed_places(&seen, &needle.trimmed()),
        _ => trimmed_places(screen, needle),
    }
}

fn trimmed_places(screen: &Frame, needle: &Needle) -> Vec<(Point, f32)> {
    let shape = Sight::new(screen, needle, &[brightness]);
    if shape.templates[0].deviation() >= EVEN {
        let judge = |place, score| score * same_colours(screen, needle, place);
        return looked_for(shape, judge);
    }
    let sight = Sight::new(
        screen,
        needle,
        &[
            |colour| channels(colour)[0],
            |colour| channels(colour)[1],
            |colour| channels(colour)[2],
        ],
    );
    looked_for(sight, |_, score| score)
}

/// The places by a sight of full size, their scores as `judge` sees them.
fn looked_for(full: Sight, judge: impl Fn(Place, f32) -> f32) -> Vec<(Point, f32)> {
    let mut finer = vec![full];
    while let Some(last) = finer.last()
        && last.work() > COARSE_WORK
        && let Some(next) = last.halved()
        && (next.shows_shape() || last.work() > MOST_WORK)
    {
        finer.push(next);
    }
    let mut sights = finer.iter().rev();
    let Some(coarsest) = sights.next() else {
        return Vec::new();
    };
    let mut places = best_first(coarsest.peaks());
    for sight in sights {
        let again = REACH * 2 + 1;
        let each = sight.templates.len() * sight.pixels() * again * again * 3;
        places.truncate((FINE_WORK / each.max(1)).clamp(FEW, MANY));
        places = best_first(
            places
                .into_iter()
                .map(|(place, _)| sight.refined(place))
                .collect(),
        );
        places.dedup_by_key(|(place, _)| *place);
    }
    let signed = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    places
        .into_iter()
        .take(MANY)
        .map(|(place, score)| {
            let corner = Point::new(signed(place.0), signed(place.1));
            (corner, judge(place, score))
        })
        .collect()
}

fn best_first(mut places: Vec<(Place, f32)>) -> Vec<(Place, f32)> {
    places.sort_by(|((x, y), score), ((other_x, other_y), other)| {
        let order = other.total_cmp(score);
        order.then((y, x).cmp(&(other_y, other_x)))
    });
    places
}

/// The screen and the needle at one size: one channel to compare shapes by, or
/// three to compare colours by.
struct Sight {
    screen: Vec<Plane>,
    /// The needle's values times how far they count, and how far they do.
    covered: Vec<Plane>,
    coverage: Plane,
    templates: Vec<Template>,
}

impl Sight {
    fn new(screen: &Frame, needle: &Needle, numbers: &[fn([u8; CHANNELS]) -> f32]) -> Self {
        let width = needle.size().width as usize;
        let coverage = (0..needle.colours().len()).map(|index| f32::from(needle.counts(index)));
        let coverage = Plane::new(width, coverage.collect());
        let covered = numbers.iter().map(|number| {
            let values = needle.colours().iter().map(|colour| number(*colour));
            Plane::new(width, values.collect()).with(&coverage, |value, counts| value * counts)
        });
        let covered: Vec<Plane> = covered.collect();
        let screen = numbers.iter().map(|number| Plane::of(screen, number));
        Self::of(screen.collect(), covered, coverage)
    }

    fn of(screen: Vec<Plane>, covered: Vec<Plane>, coverage: Plane) -> Self {
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
    fn halved(&self) -> Option<Self> {
        let least = self.coverage.width.min(self.coverage.height) / 2;
        (least >= LEAST_SIDE).then(|| {
            let halved = |planes: &[Plane]| planes.iter().map(Plane::halved).collect();
            Self::of(
                halved(&self.screen),
                halved(&self.covered),
                self.coverage.halved(),
            )
        })
    }

    fn by_colour(&self) -> bool {
        self.templates.len() > 1
    }

    fn shows_shape(&self) -> bool {
        self.by_colour() || self.templates[0].deviation() >= EVEN
    }

    fn pixels(&self) -> usize {
        self.coverage.width * self.coverage.height
    }

    /// How many columns and rows of places there are.
    fn places(&self) -> (usize, usize) {
        (
            self.screen[0].width - self.coverage.width + 1,
            self.screen[0].height - self.coverage.height + 1,
        )
    }

    /// How many multiplications it takes to compare all places.
    fn work(&self) -> usize {
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
        let pairs = || self.templates.iter().zip(&self.screen);
        if self.by_colour() {
            let differences = pairs().map(|(template, plane)| template.differences(plane));
            let sum = differences.reduce(|one, other| one.with(&other, |one, two| one + two));
            let sum = sum.unwrap_or_else(|| Plane::new(0, Vec::new()));
            return sum.with(&sum, |sum, _| likeness(sum));
        }
        self.templates[0].correlations(&self.screen[0])
    }

    fn score(&self, place: Place) -> f32 {
        if self.by_colour() {
            let pairs = self.templates.iter().zip(&self.screen);
            let sum = pairs.map(|(template, plane)| template.difference(plane, place));
            return likeness(sum.sum());
        }
        self.templates[0].correlation(&self.screen[0], place)
    }

    /// The best place of each neighbourhood half as large as the needle, of
    /// which two that do not overlap never share one.
    fn peaks(&self) -> Vec<(Place, f32)> {
        let scores = self.scores();
        let across = self.coverage.width.div_ceil(2);
        let down = self.coverage.height.div_ceil(2);
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
                    peaks.push(best);
                }
            }
        }
        peaks
    }

    /// The best place about the double of one at half the size.
    fn refined(&self, (x, y): Place) -> (Place, f32) {
        let (columns, rows) = self.places();
        let about = |n: usize, count: usize| {
            let n = (n * 2).min(count - 1);
            n.saturating_sub(REACH)..(n + REACH + 1).min(count)
        };
        let mut best = ((x, y), f32::NEG_INFINITY);
        for y in about(y, rows) {
            for x in about(x, columns) {
                let score = self.score((x, y));
                if score > best.1 {
                    best = ((x, y), score);
                }
            }
        }
        best
    }
}

/// Whether no neighbour has a better score; the slopes of a peak reach into the
/// neighbourhoods beside its own.
fn is_peak(scores: &Plane, ((x, y), score): (Place, f32)) -> bool {
    let rows = y.saturating_sub(1)..(y + 2).min(scores.height);
    let (left, right) = (x.saturating_sub(1), (x + 2).min(scores.width));
    rows.flat_map(|y| &scores.from(left, y)[..right - left])
        .all(|other| *other <= score)
}

/// The score of a sum of the mean differences of three channels.
fn likeness(difference: f32) -> f32 {
    (1.0 - difference / (3.0 * 255.0) * DIFFERENCE_COST).max(0.0)
}

/// What is left of a score of 1, given how far the colours and the brightness
/// of a place are off: each the root of the mean square, because a small part
/// that changed its colour altogether is seen, and a tinge of the whole is not.
fn same_colours(screen: &Frame, needle: &Needle, (x, y): Place) -> f32 {
    let width = needle.size().width as usize;
    let (mut colour, mut contrast, mut count) = (0.0_f32, 0.0_f32, 0.0_f32);
    for (row, wanted) in needle.colours().chunks_exact(width).enumerate() {
        let seen = screen.row(u32::try_from(y + row).unwrap_or(u32::MAX));
        let (seen, _) = seen.as_chunks::<CHANNELS>();
        for (column, (seen, wanted)) in seen[x..].iter().zip(wanted).enumerate() {
            if needle.counts(row * width + column) {
                let light = brightness(*seen) - brightness(*wanted);
                let (seen, wanted) = (channels(*seen), channels(*wanted));
                let [red, _, blue] = [0, 1, 2].map(|c| seen[c] - wanted[c] - light);
                colour += red * red + blue * blue;
                contrast += light * light;
                count += 1.0;
            }
        }
    }
    let off = |squares: f32| (squares / count.max(1.0)).sqrt() / 255.0;
    let colour = (off(colour) - COLOUR_NOISE).max(0.0) * COLOUR_COST;
    let contrast = (off(contrast) - CONTRAST_NOISE).max(0.0) * CONTRAST_COST;
    (1.0 - colour).max(0.0) * (1.0 - contrast).max(0.0)
}
