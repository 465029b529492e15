//! Edges that are drawn softly in another way.
//!
//! Where only the smoothing or the hinting of strokes differs, each place keeps about as
//! much ink as it had, counted with the pixels around it, and hardly a pixel goes all the
//! way from ground to ink. A stroke that is new or gone, or one that is a whole pixel
//! further, does not pass. Two letters that look like another one may, so strokes that
//! changed much are believed only if those of the whole picture did.

use super::{
    part::Part,
    scene::{Scene, View, brightness, is_share},
};
use crate::geometry::Point;

/// Whether only the soft edges of a part differ.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Smoothed {
    /// They alone do.
    Yes,
    /// It looks like that, but a letter could have become a very similar one, as `rn`
    /// becomes `m`.
    Perhaps,
    /// Something else does.
    No,
}

/// What is around a pixel of an edge differs at least by this much, of 255.
const LEAST_EDGE: i64 = 48;

/// The ink around a pixel is the same if it differs by no more than this many in a hundred
/// of the contrast there.
const SAME_INK: i64 = 24;

/// This many in a hundred pixels have to be those of an edge with the same ink.
const EDGES: usize = 98;

/// A pixel swings if it changes by more than this many in a hundred of the contrast.
const SWING: i64 = 85;

/// If more of a hundred pixels swing, the edge itself is elsewhere.
const MOST_SWINGS: usize = 8;

/// The ink of all of them is neither more nor less, up to this many in a hundred.
const MOST_GAIN: i64 = 45;

/// If pixels change by no more than this many in a hundred of the contrast, on average, no
/// letter can have become another one.
const SLIGHT: i64 = 18;

/// Fewer pixels prove nothing.
const LEAST: usize = 8;

/// Whether all that differs in a part are the soft edges of the same shapes.
pub(super) fn smoothed(scene: &Scene<'_>, part: &Part) -> Smoothed {
    if part.area.by_area > 0 || part.spots.len() < LEAST {
        return Smoothed::No;
    }
    let (mut edges, mut swings) = (0, 0);
    let (mut steps, mut contrasts) = (0, 0);
    let (mut gains, mut moved) = ([0_i64; 3], 0);
    for spot in &part.spots {
        let Some([expected, actual]) = scene.at(*spot) else {
            return Smoothed::No;
        };
        let [one, other] = scene.views().map(|view| Ink::around(&view, *spot));
        let contrast = one.contrast().max(other.contrast());
        let is_edge = one.contrast().min(other.contrast()) >= LEAST_EDGE
            && (one.mean - other.mean).abs() * 100 <= contrast * SAME_INK;
        edges += usize::from(is_edge);
        // Of subpixels each moves for itself.
        for (gain, (new, old)) in gains.iter_mut().zip(actual.iter().zip(expected)) {
            let step = i64::from(*new) - i64::from(old);
            *gain += step;
            moved += step.abs();
        }
        let step = i64::from(brightness(actual) - brightness(expected)).abs();
        steps += step;
        contrasts += contrast;
        swings += usize::from(step * 100 > contrast * SWING);
    }
    let gain: i64 = gains.into_iter().map(i64::abs).sum();
    if !is_share(edges, part.spots.len(), EDGES)
        || swings * 100 > part.spots.len() * MOST_SWINGS
        || gain * 100 > moved * MOST_GAIN
    {
        Smoothed::No
    } else if steps * 100 <= contrasts * SLIGHT {
        Smoothed::Yes
    } else {
        Smoothed::Perhaps
    }
}

/// How bright the nine pixels around one are.
struct Ink {
    mean: i64,
    darkest: i64,
    brightest: i64,
}

impl Ink {
    fn around(view: &View<'_>, spot: Point) -> Self {
        let around = (-1..=1).flat_map(|y| (-1..=1).map(move |x| (x, y)));
        let around = around.filter_map(|(x, y)| view.at(Point::new(spot.x + x, spot.y + y)));
        let (mut sum, mut count) = (0, 0);
        let (mut darkest, mut brightest) = (255, 0);
        for colour in around {
            let value = i64::from(brightness(colour));
            sum += value;
            count += 1;
            darkest = darkest.min(value);
            brightest = brightest.max(value);
        }
        Self {
            mean: sum / count.max(1),
            darkest,
            brightest,
        }
    }

    const fn contrast(&self) -> i64 {
        self.brightest - self.darkest
    }
}
