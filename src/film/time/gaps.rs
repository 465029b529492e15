//! How long one action has to be visible before the next.

use super::action::{Action, Deed, distance};

/// The longest movement of the pointer, in seconds.
pub(in crate::film) const LONGEST_GLIDE: f64 = 0.5;

/// How long the pointer takes to a place this many pixels away: longer for a longer distance, like
/// a hand, but no longer than [`LONGEST_GLIDE`].
pub(in crate::film) fn glide(distance: f64) -> f64 {
    const SHORTEST: f64 = 0.2;
    /// What counts as the longest distance, in pixels.
    const FAR: f64 = 900.0;
    if distance <= 0.0 {
        return 0.0;
    }
    SHORTEST + (LONGEST_GLIDE - SHORTEST) * (distance / FAR).min(1.0).sqrt()
}

/// How long an action is visible before the next, in seconds of the film.
#[expect(
    clippy::match_same_arms,
    reason = "each has its own reason, and its own time"
)]
pub(super) fn gap(before: &Action, next: &Action) -> f64 {
    match (&before.deed, &next.deed) {
        (Deed::Keys(keys), Deed::Keys(again)) if keys == again => 0.15,
        (Deed::Keys(_), _) => 0.5,
        // A double click stays one.
        (Deed::Up, Deed::Down) if distance(before.place, next.place) < 4.0 => {
            let quick = next.span.from - before.span.from < 0.3;
            if quick { 0.1 } else { 0.35 }
        }
        (Deed::Up, Deed::Glide) => 0.15,
        (Deed::Up, Deed::Keys(_) | Deed::Text(_)) => 0.3,
        (Deed::Text(_), _) => 0.35,
        (Deed::Wheel, Deed::Wheel) => 0.12,
        (Deed::Wheel, _) => 0.3,
        // A pointer that only hovers must be noticed, too.
        (Deed::Glide, Deed::Glide) => 0.3,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_way_takes_longer_but_never_more_than_half_a_second() {
        let times = [0.0, 10.0, 100.0, 900.0, 20_000.0].map(glide);
        assert!(times.is_sorted(), "{times:?}");
        assert!(times[0] == 0.0 && times[1] > 0.2 && times[4] == LONGEST_GLIDE);
    }
}
