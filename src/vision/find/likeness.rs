//! The places that look like a needle, from coarse to fine.
//!
//! All places of a picture so small that this takes little time are compared;
//! the best of each neighbourhood are looked at again at twice the size, and so
//! on to the full one, where also the colours and the details are compared.

use super::{
    super::{frame::Frame, needle::Needle},
    bands,
    judge::Judge,
    sight::{Corner, PyramidLevel},
};
use crate::geometry::{Point, Rect};

/// The picture is made smaller until all its places take no more
/// multiplications than this.
const COARSE_WORK: usize = 12_000_000;

/// The most multiplications for the places that are looked at again at each
/// further size.
const FINE_WORK: usize = 16_000_000;

/// What the coarsest picture may take where a coarser one shows no shape.
const MOST_WORK: usize = 800_000_000;

/// A place that scores less than the threshold by more than this where all is made
/// smaller does not reach it in full size.
const LOST_WHEN_SMALL: f32 = 0.35;

/// Numbers of places that are looked at again.
const FEW: usize = 12;
const MANY: usize = 2000;

/// This many places are judged even where none is good enough.
const LEAST_JUDGED: usize = 6;

/// Places that look like the needle, with their scores; they may overlap, and
/// their order means nothing. The needle must not be larger than the screen.
/// Those that score less than `threshold` are only some of those there are.
pub(super) fn places(screen: &Frame, needle: &Needle, threshold: f32) -> Vec<(Point, f32)> {
    let (part, whole, places) = (needle.counting(), needle.size(), screen.size());
    if part.size() == whole {
        return trimmed_places(screen, needle, threshold);
    }
    // A wide transparent edge would make what counts tiny where all is reduced.
    let seen = Rect::new(
        part.x,
        part.y,
        places.width - whole.width + part.width,
        places.height - whole.height + part.height,
    );
    let Ok(seen) = screen.crop(seen) else {
        return Vec::new();
    };
    trimmed_places(&seen, &needle.trimmed(), threshold)
}

fn trimmed_places(screen: &Frame, needle: &Needle, threshold: f32) -> Vec<(Point, f32)> {
    let shapes = PyramidLevel::of_shapes(screen, needle);
    let judge = Judge::new(screen, needle);
    let places = if shapes.shows_shape() {
        let mut places = looked_for(shapes, threshold);
        // A judge only ever takes from a score.
        let good = places.iter().filter(|(_, score)| *score >= threshold);
        places.truncate(good.count().max(LEAST_JUDGED));
        let steps = places.len().saturating_mul(judge.work());
        bands::draw(&mut places, 1, steps, |_, places| {
            for (place, score) in places {
                // What is too little already is reported, and no more.
                *score *= if *score >= threshold {
                    judge.likeness(*place)
                } else {
                    judge.sameness(*place)
                };
            }
        });
        places
    } else {
        looked_for(PyramidLevel::of_colours(screen, needle), threshold)
    };
    let signed = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let corner = |(x, y)| Point::new(signed(x), signed(y));
    let found = places.into_iter();
    found.map(|(place, score)| (corner(place), score)).collect()
}

/// The best places by a sight of full size, the best first.
fn looked_for(full: PyramidLevel, threshold: f32) -> Vec<(Corner, f32)> {
    let mut sights = vec![full];
    while let Some(last) = sights.last()
        && last.work() > COARSE_WORK
        && let Some(next) = last.halved()
        && (is_good(&next, &sights) || last.work() > MOST_WORK)
    {
        sights.push(next);
    }
    let Some(coarsest) = sights.pop() else {
        return Vec::new();
    };
    let mut sights = sights.iter().rev();
    let mut places = match sights.clone().next() {
        Some(finer) if sights.len() > 1 && !coarsest.by_colour() => coarsest.peaks_between(finer),
        finer => scaled(coarsest.peaks(), if finer.is_some() { 2 } else { 1 }),
    };
    places = best_first(places);
    while let Some(sight) = sights.next() {
        let each = sight.work_again();
        let hopeful = places
            .iter()
            .filter(|(_, score)| *score >= threshold - LOST_WHEN_SMALL);
        let hopeful = hopeful.count().max(FEW);
        places.truncate((FINE_WORK / each.max(1)).clamp(FEW, MANY).min(hopeful));
        let steps = each.saturating_mul(places.len());
        bands::draw(&mut places, 1, steps, |_, places| {
            for found in places {
                *found = sight.refined(found.0);
            }
        });
        places = best_first(places);
        places.dedup_by_key(|(place, _)| *place);
        places = scaled(places, if sights.len() > 0 { 2 } else { 1 });
    }
    places.truncate(MANY);
    places
}

/// Whether a needle made smaller still shows enough to be told from others.
fn is_good(next: &PyramidLevel, finer: &[PyramidLevel]) -> bool {
    let stands = || match finer {
        [.., finest, finer] => next.stands(finer, Some(finest)),
        _ => true,
    };
    next.by_colour() || next.shows_shape() && stands()
}

fn scaled(mut places: Vec<(Corner, f32)>, by: usize) -> Vec<(Corner, f32)> {
    for ((x, y), _) in &mut places {
        (*x, *y) = (*x * by, *y * by);
    }
    places
}

fn best_first(mut places: Vec<(Corner, f32)>) -> Vec<(Corner, f32)> {
    places.sort_by(|((x, y), score), ((other_x, other_y), other)| {
        let order = other.total_cmp(score);
        order.then((y, x).cmp(&(other_y, other_x)))
    });
    places
}
