//! The places that have nearly the same pixels as a needle: a little noise, a
//! JPEG of good quality, a pixel that changed.
//!
//! In a table most places look a lot like most others, and in a picture of less
//! than full size they look the same. So this looks at every place in full size:
//! at some of its pixels first, those whose brightness the screen has most
//! seldom, of which most places have hardly any. What passes is compared whole.

use super::{
    super::{
        frame::{CHANNELS, Frame},
        needle::Needle,
    },
    bands,
    exact::{self, Span},
    judge::Judge,
    plane::grey,
    probe::{BLOCK, Probes},
    sight::Corner,
    taken::Taken,
};
use crate::geometry::Point;

/// A place with at least this score has nearly the same pixels.
pub(super) const NEARLY: f32 = 0.97;

/// Where there is one, others are places of the same from this score on: noise
/// is not the same everywhere.
const LEAST: f32 = 0.8;

/// A probe strays where it differs by more than this much of the needle's standard
/// deviation, within this many levels: a JPEG strays further where the contrast is
/// high.
const STRAY: f64 = 0.25;
const LEVELS: std::ops::RangeInclusive<f64> = 8.0..=24.0;

/// So many probes may stray at a place that is compared whole.
const MOST_STRAYS: u8 = 10;

/// Where the best place has no more strays than this, none that is the same has
/// more than [`MOST_STRAYS`].
const FEW_STRAYS: u8 = 3;

/// A channel that differs by no more than this many levels is the same.
const NOISE: u8 = 2;

/// What weight such a difference has all the same, so that of two places the
/// one with less noise is the better one.
const NOISE_COST: f64 = 0.01;

/// The least energy of a shape: a pixel that is this many levels off the others.
const LEAST_SHAPE: u32 = 24;

/// What was found.
#[derive(Default)]
pub(super) struct Nearly {
    /// Places that are not the same, with their scores; if there is one, then at
    /// least one has nearly the same pixels.
    pub(super) places: Vec<(Point, f32)>,
    /// Whether there is so much noise that others of that kind may be missing.
    pub(super) may_lack: bool,
}

/// A place that looks like the needle.
#[derive(Clone)]
struct Alike {
    place: Corner,
    /// The sum of the squares of what differs.
    off: f64,
    /// How many probes stray there.
    strays: u8,
    score: f32,
}

/// The places that have nearly the same pixels, of those that are one and the same
/// the best; `None` for a needle without a shape. The needle must not be larger
/// than the screen.
///
/// The score is 1 less half of what differs in all channels, measured by what
/// makes the needle's shape: with `T` the needle, `m` its mean, `I` the place and
/// `d(x) = max(|x| - 2, 0)`, it is `1 - sum(d(T - I)²) / (2 sum(d(T - m)²))`, which
/// is what small errors take from a normalized correlation; lessened as [`Judge`]
/// says.
pub(super) fn places(screen: &Frame, needle: &Needle) -> Option<Nearly> {
    let energy = energy(needle)?;
    let mut alike = alike(screen, needle, energy);
    alike.sort_by(|one, other| {
        let best_first = one.off.total_cmp(&other.off);
        let row_by_row = |alike: &Alike| (alike.place.1, alike.place.0);
        best_first.then(row_by_row(one).cmp(&row_by_row(other)))
    });
    let mut taken = Taken::new(needle.size());
    alike.retain(|alike| {
        let (x, y) = alike.place;
        taken.take(exact::point(x, y))
    });
    let judge = Judge::new(screen, needle);
    let steps = alike.len().saturating_mul(judge.work());
    bands::draw(&mut alike, 1, steps, |_, alike| {
        for alike in alike {
            let score = single(1.0 - alike.off / (2.0 * energy));
            alike.score = score * judge.sameness(alike.place);
        }
    });
    let near = alike.iter().filter(|alike| alike.score >= NEARLY);
    let Some(least) = near.map(|alike| alike.strays).min() else {
        return Some(Nearly::default());
    };
    let places = alike.into_iter().map(|Alike { place, score, .. }| {
        let (x, y) = place;
        (exact::point(x, y), score)
    });
    Some(Nearly {
        places: places.collect(),
        may_lack: least > FEW_STRAYS,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a score is no more exact than that"
)]
fn single(score: f64) -> f32 {
    score as f32
}

/// The sum of the squares of what all channels are off their means, less noise;
/// `None` where that is not a shape.
fn energy(needle: &Needle) -> Option<f64> {
    let counting = || {
        let all = needle.colours().iter().enumerate();
        all.filter(|(index, _)| needle.counts(*index))
    };
    let (mut sums, mut count) = ([0_u64; CHANNELS], 0);
    for (_, colour) in counting() {
        count += 1;
        for (sum, channel) in sums.iter_mut().zip(colour.map(u64::from)) {
            *sum += channel;
        }
    }
    let means = sums.map(|sum| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX));
    let energy = counting()
        .map(|(_, colour)| u64::from(squares(colour, &means)))
        .sum::<u64>();
    let least = LEAST_SHAPE * LEAST_SHAPE * 3;
    (energy >= u64::from(least)).then_some(real(energy))
}

/// The sum of the squares of what differs by more than noise.
fn squares(one: &[u8], other: &[u8]) -> u32 {
    let pairs = one.iter().zip(other);
    let squares = pairs.map(|(one, other)| {
        let off = u16::from(one.abs_diff(*other).saturating_sub(NOISE));
        u32::from(off) * u32::from(off)
    });
    squares.sum()
}

/// The same of all that differs.
fn squares_with_noise(one: &[u8], other: &[u8]) -> u32 {
    let pairs = one.iter().zip(other);
    let squares = pairs.map(|(one, other)| {
        let off = u16::from(one.abs_diff(*other));
        u32::from(off) * u32::from(off)
    });
    squares.sum()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sum of squares needs no more digits than that"
)]
fn real(sum: u64) -> f64 {
    sum as f64
}

/// The places that may score [`LEAST`].
fn alike(screen: &Frame, needle: &Needle, energy: f64) -> Vec<Alike> {
    let most = energy * 2.0 * (1.0 - f64::from(LEAST));
    let greys = grey(screen, BLOCK);
    let across = screen.size().width as usize;
    let probes = Probes::of(needle, &greys, across, levels(needle, energy));
    let size = needle.size();
    let columns = across - size.width as usize + 1;
    let rows = screen.size().height as usize - size.height as usize + 1;
    let spans = exact::spans(needle);
    let mut found: Vec<Vec<Alike>> = vec![Vec::new(); rows];
    bands::draw(&mut found, 1, rows * columns * 4, |first, band| {
        for (y, found) in (first..).zip(band) {
            for left in (0..columns).step_by(BLOCK) {
                let strays = probes.strays(left, y, MOST_STRAYS);
                for (x, strays) in (left..columns).zip(strays) {
                    if strays <= MOST_STRAYS {
                        let off = difference(screen, needle, &spans, (x, y), most);
                        found.extend(off.map(|off| Alike {
                            place: (x, y),
                            off,
                            strays,
                            score: 0.0,
                        }));
                    }
                }
            }
        }
    });
    found.concat()
}

/// By how many levels a pixel may differ that is still the same.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is one of a few levels"
)]
fn levels(needle: &Needle, energy: f64) -> u8 {
    let count = (0..needle.colours().len()).filter(|index| needle.counts(*index));
    let deviation = (energy / real((count.count() * CHANNELS) as u64)).sqrt();
    (deviation * STRAY).clamp(*LEVELS.start(), *LEVELS.end()) as u8
}

/// What a place's channels differ by, unless it is more than `most`.
fn difference(
    screen: &Frame,
    needle: &Needle,
    spans: &[Span],
    (x, y): Corner,
    most: f64,
) -> Option<f64> {
    let width = needle.size().width as usize;
    let pairs = spans.iter().map(|span| {
        let wanted = &needle.colours()[span.y * width + span.x..][..span.length];
        let seen = &exact::pixels(screen, y + span.y)[x + span.x..][..span.length];
        (wanted.as_flattened(), seen.as_flattened())
    });
    let mut sum = 0;
    for (wanted, seen) in pairs.clone() {
        sum += u64::from(squares(wanted, seen));
        if real(sum) > most {
            return None;
        }
    }
    let all = pairs.map(|(wanted, seen)| u64::from(squares_with_noise(wanted, seen)));
    Some(real(sum) + NOISE_COST * real(all.sum()))
}
