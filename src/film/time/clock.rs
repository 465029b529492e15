//! Which moment of a recording a moment of the film shows.

use super::spans;
use crate::timeline::Span;

/// A part of the film in which the recording plays at an even speed, or stands still.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::film) struct Stretch {
    /// When it is, in the film.
    pub(in crate::film) film: Span,
    /// What it shows.
    pub(in crate::film) source: Span,
}

/// The stretches of a film, each beginning where the previous one ends. The recording never goes
/// back.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::film) struct Clock {
    stretches: Vec<Stretch>,
}

impl Clock {
    /// How long the film is so far.
    pub(in crate::film) fn length(&self) -> f64 {
        self.stretches.last().map_or(0.0, |last| last.film.to)
    }

    /// Shows a part of the recording, in this many seconds of the film.
    pub(super) fn pass(&mut self, source: Span, seconds: f64) {
        let from = self.length();
        let to = from + seconds;
        if to > from {
            let film = Span { from, to };
            self.stretches.push(Stretch { film, source });
        }
    }

    /// Shows one moment for this many seconds.
    pub(super) fn hold(&mut self, source: f64, seconds: f64) {
        let still = Span {
            from: source,
            to: source,
        };
        self.pass(still, seconds);
    }

    /// The moment of the recording that is shown at a moment of the film.
    pub(in crate::film) fn source(&self, film: f64) -> f64 {
        let next = self
            .stretches
            .partition_point(|stretch| stretch.film.from <= film);
        let Some(stretch) = self.stretches.get(next.saturating_sub(1)) else {
            return 0.0;
        };
        let part = (film - stretch.film.from) / spans::length(stretch.film);
        let passed = spans::length(stretch.source) * part.clamp(0.0, 1.0);
        (stretch.source.from + passed).min(stretch.source.to)
    }

    /// When the film shows a moment of the recording: the last time that it does, or when the film
    /// goes on after leaving it out.
    pub(in crate::film) fn film(&self, source: f64) -> f64 {
        let next = self
            .stretches
            .partition_point(|stretch| stretch.source.from <= source);
        let Some(stretch) = next
            .checked_sub(1)
            .and_then(|last| self.stretches.get(last))
        else {
            return 0.0;
        };
        let long = spans::length(stretch.source);
        if long <= 0.0 {
            return stretch.film.to;
        }
        let part = ((source - stretch.source.from) / long).clamp(0.0, 1.0);
        stretch.film.from + spans::length(stretch.film) * part
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same sums give the same numbers")]
mod tests {
    use super::*;

    fn clock() -> Clock {
        let mut clock = Clock::default();
        clock.pass(Span { from: 0.0, to: 2.0 }, 2.0);
        clock.hold(2.0, 1.0);
        // Two to four is hidden, the rest is twice as fast.
        clock.pass(Span { from: 4.0, to: 8.0 }, 2.0);
        clock
    }

    #[test]
    fn the_film_shows_the_recording_in_its_order() {
        let clock = clock();
        let shown = [-1.0, 0.5, 2.0, 2.9, 3.0, 4.0, 5.0, 9.0].map(|time| clock.source(time));
        assert_eq!(shown, [0.0, 0.5, 2.0, 2.0, 4.0, 6.0, 8.0, 8.0]);
        assert_eq!(Clock::default().source(1.0), 0.0);
    }

    #[test]
    fn a_moment_of_the_recording_has_its_last_time_in_the_film() {
        let clock = clock();
        let times = [0.5, 2.0, 3.0, 4.0, 6.0, 9.0].map(|time| clock.film(time));
        assert_eq!(times, [0.5, 3.0, 3.0, 3.0, 4.0, 5.0]);
    }
}
