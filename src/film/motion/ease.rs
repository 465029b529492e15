//! Movements from 0 to 1 that begin and end at rest.
//!
//! All are made of sums and products, so that they give the same numbers on every machine.

use crate::film::View;

/// The movement of a hand: the one with the least jerk, after Flash and Hogan (1985).
pub(in crate::film) fn minimum_jerk(part: f64) -> f64 {
    let t = part.clamp(0.0, 1.0);
    t * t * t * (10.0 - t * (15.0 - t * 6.0))
}

/// The movement of the camera: the Bézier curve (.5, 0, .15, 1), which starts gently and takes its
/// time to settle.
pub(in crate::film) fn settling(part: f64) -> f64 {
    const FIRST: f64 = 0.5;
    const SECOND: f64 = 0.15;
    /// This many halvings leave less than a thousandth of a pixel.
    const HALVINGS: u32 = 30;

    let x = part.clamp(0.0, 1.0);
    let curve = |t: f64, first: f64, second: f64| {
        let u = 1.0 - t;
        3.0 * u * u * t * first + 3.0 * u * t * t * second + t * t * t
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if curve(middle, FIRST, SECOND) < x {
            low = middle;
        } else {
            high = middle;
        }
    }
    if x <= 0.0 || x >= 1.0 {
        x
    } else {
        curve(f64::midpoint(low, high), 0.0, 1.0)
    }
}

/// A number between two others, at a share of the way.
pub(in crate::film) fn between(from: f64, to: f64, part: f64) -> f64 {
    from + (to - from) * part
}

/// A view between two others, at a share of the way.
pub(super) fn view_between(from: View, to: View, part: f64) -> View {
    View {
        x: between(from.x, to.x, part),
        y: between(from.y, to.y, part),
        width: between(from.width, to.width, part),
        height: between(from.height, to.height, part),
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same sums give the same numbers")]
mod tests {
    use super::*;

    #[test]
    fn ways_begin_and_end_at_rest_and_never_turn_back() {
        for way in [minimum_jerk, settling] {
            assert!(way(0.0) == 0.0 && way(1.0) == 1.0 && way(-1.0) == 0.0 && way(2.0) == 1.0);
            let steps: Vec<f64> = (0..100)
                .map(|n| way(f64::from(n + 1) / 100.0) - way(f64::from(n) / 100.0))
                .collect();
            assert!(steps.iter().all(|step| *step >= 0.0), "{steps:?}");
            assert!(steps[0] < 0.001 && steps[99] < 0.001, "{steps:?}");
            let jump = steps.windows(2).map(|pair| (pair[1] - pair[0]).abs());
            assert!(jump.fold(0.0, f64::max) < 0.003);
        }
    }
}
