//! Where on the screen a small picture is.
//!
//! First the very same pixels are looked for, which takes a fraction of a
//! millisecond and is never wrong; then nearly the same ones, in the full size of
//! the screen, because a list that is made smaller has many rows that look the
//! same. Only where there are none does the search go by likeness: from the whole
//! screen, much reduced, down to single pixels.

mod again;
mod bands;
mod exact;
mod judge;
mod likeness;
mod near;
mod patch;
mod plane;
mod probe;
mod sight;
mod taken;
mod template;

pub(crate) use self::again::find_again;
use self::taken::is_same_place;
use super::{frame::Frame, needle::Needle};
use crate::geometry::{Point, Rect};

/// A place that looks like the needle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Where it is, in pixels of the screen, as large as the needle.
    pub rect: Rect,
    /// How much it looks like the needle, 0 to 1; 1 is the very same pixels and
    /// nothing else.
    pub score: f32,
}

/// The result of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// The places that look enough like the needle, from top to bottom and from
    /// left to right; no two overlap by more than half.
    pub found: Vec<Match>,
    /// At most three places that do not look enough like it, the best first.
    /// Where a place has the very same pixels, nobody needs to know of others,
    /// and there are none.
    pub misses: Vec<Match>,
}

/// The default score from which on a place counts.
pub const THRESHOLD: f32 = 0.9;

/// More misses than this are of no use to anybody.
const MAX_MISSES: usize = 3;

/// Below this score, a place is not worth calling a miss.
const LEAST: f32 = 0.2;

/// The best score of a place that does not have exactly the same pixels.
const ALMOST: f32 = 0.999;

/// Looks for `needle` on the screen, or only `within` a part of it, of which
/// what is outside the screen is left out. Places whose score is at least
/// `threshold` are found. If one has the very same pixels, then only such are; if
/// one has nearly the same pixels, and 97 % or more, then only such are, as far as
/// little noise lets that be known; otherwise the score is the correlation of the brightness, as `OpenCV`'s
/// `TM_CCOEFF_NORMED` has it, lessened where the colours, the contrast or a detail
/// are others. A needle of one colour is compared by its mean difference.
///
/// A needle that is larger than the area is nowhere.
#[must_use]
pub fn find(screen: &Frame, needle: &Needle, within: Option<Rect>, threshold: f32) -> Search {
    let whole = screen.size().to_rect();
    let area = within.map_or(Some(whole), |part| whole.intersection(part));
    let size = needle.size();
    let Some(area) = area
        .filter(|area| size.area() > 0 && area.width >= size.width && area.height >= size.height)
    else {
        return Search::default();
    };
    let cropped = (area != whole).then(|| screen.crop(area).ok()).flatten();
    let part = cropped.as_ref().unwrap_or(screen);
    let moved = |corner: Point, score| Match {
        rect: Rect::new(
            area.x + corner.x,
            area.y + corner.y,
            size.width,
            size.height,
        ),
        score,
    };
    let exact = exact::places(part, needle);
    if !exact.is_empty() {
        return Search {
            found: exact.into_iter().map(|corner| moved(corner, 1.0)).collect(),
            misses: Vec::new(),
        };
    }
    let scored = |places: Vec<(Point, f32)>, score: fn(f32) -> f32| {
        let places = places.into_iter();
        places
            .map(|(corner, of)| moved(corner, score(of)))
            .collect()
    };
    let alike = || likeness::places(part, needle, threshold);
    let places: Vec<Match> = match near::places(part, needle) {
        None => scored(alike(), |score| score.min(ALMOST)),
        Some(nearly) => {
            let mut places = scored(nearly.places, |score| score * ALMOST);
            if places.is_empty() || nearly.may_lack {
                places.extend(scored(alike(), less_than_nearly));
            }
            places
        }
    };
    sort_out(places, threshold)
}

/// Whether a search found places with nearly the same pixels, and therefore no
/// others.
fn is_near(search: &Search) -> bool {
    let mut places = search.found.iter().chain(&search.misses);
    places.any(|place| place.score >= near::NEARLY * ALMOST)
}

/// The score of a place that does not have nearly the same pixels, which is lower than that of one
/// that does. Up to 90 % it stays as it is.
fn less_than_nearly(score: f32) -> f32 {
    const FROM: f32 = 0.9;
    let above = (score - FROM).max(0.0) / (1.0 - FROM);
    score.min(FROM) + above * (near::NEARLY * ALMOST - FROM) * 0.99
}

/// Of places that may overlap, keeps the best, and tells those that are good
/// enough from the rest.
fn sort_out(mut places: Vec<Match>, threshold: f32) -> Search {
    places.sort_by(|one, other| {
        let best_first = other.score.total_cmp(&one.score);
        best_first.then((one.rect.y, one.rect.x).cmp(&(other.rect.y, other.rect.x)))
    });
    let mut search = Search::default();
    for place in places {
        let is_same = |other: &Match| is_same_place(other.rect, place.rect);
        if search.found.iter().chain(&search.misses).any(is_same) {
            continue;
        }
        if place.score >= threshold {
            search.found.push(place);
        } else if search.misses.len() < MAX_MISSES && place.score >= LEAST {
            search.misses.push(place);
        } else {
            break;
        }
    }
    search
        .found
        .sort_by_key(|place| (place.rect.y, place.rect.x));
    search
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
