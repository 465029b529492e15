//! Where on the screen a small picture is.
//!
//! First the very same pixels are looked for, which takes a few milliseconds
//! and is never wrong. Only where there are none does the search go by
//! likeness: from the whole screen, much reduced, down to single pixels.

mod again;
mod bands;
mod exact;
mod judge;
mod likeness;
mod plane;
mod sight;
mod template;

pub use self::again::find_again;
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

/// What a search brought to light.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// The places that look enough like the needle, from top to bottom and from
    /// left to right; none overlaps another.
    pub found: Vec<Match>,
    /// At most three places that do not look enough like it, the best first.
    /// Where a place has the very same pixels, nobody needs to know of others,
    /// and there are none.
    pub misses: Vec<Match>,
}

/// More misses than this tell nobody anything.
const MAX_MISSES: usize = 3;

/// What looks less alike than this is not worth to be called a miss.
const LEAST: f32 = 0.2;

/// The best score of a place that has not the very same pixels.
const ALMOST: f32 = 0.999;

/// Looks for `needle` on the screen, or only `within` a part of it, of which
/// what is outside of the screen is left out. Places whose score is at least
/// `threshold` are found. If one has the very same pixels, then only such are;
/// otherwise the score is the correlation of the brightness, as `OpenCV`'s
/// `TM_CCOEFF_NORMED` has it, lessened where the colours or the contrast are
/// others. A needle of one colour is compared by its mean difference.
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
    let alike = likeness::places(part, needle, threshold);
    sort_out(
        alike
            .into_iter()
            .map(|(corner, score)| moved(corner, score.min(ALMOST)))
            .collect(),
        threshold,
    )
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
        let overlaps = |other: &Match| other.rect.intersection(place.rect).is_some();
        if search.found.iter().chain(&search.misses).any(overlaps) {
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
mod tests;
