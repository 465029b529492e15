//! When frames are due: those of a clean recording whenever something was drawn, at most a given
//! number per second, and those of a plain one at its ticks.

use std::time::{Duration, Instant};

use super::FRAME_RATE;

/// The pace of a clean recording.
pub(super) struct Pace {
    /// The time of a frame.
    period: Duration,
    /// When the latest frame should have been taken.
    latest: Instant,
    /// Since when the screen has differed from the latest frame.
    owed: Option<Instant>,
}

impl Pace {
    /// At most `rate` frames a second, the first of which was taken at `begun`.
    pub(super) fn new(rate: u32, begun: Instant) -> Self {
        Self {
            period: Duration::from_secs(1) / rate.max(1),
            latest: begun,
            owed: None,
        }
    }

    /// Something was drawn at that time.
    pub(super) fn drawn(&mut self, at: Instant) {
        self.owed.get_or_insert(at);
    }

    /// When to take the next frame; none while nothing is drawn.
    pub(super) fn due(&self) -> Option<Instant> {
        self.owed.map(|owed| owed.max(self.latest + self.period))
    }

    /// A frame was taken; returns how many should have been taken before it.
    pub(super) fn taken(&mut self, at: Instant) -> u64 {
        let due = self.due().unwrap_or(at);
        let late = at.saturating_duration_since(due);
        let missed = late.as_nanos() / self.period.as_nanos().max(1);
        let missed = u32::try_from(missed).unwrap_or(u32::MAX);
        // A frame that is a little late does not make all others late.
        self.latest = due + self.period * missed;
        self.owed = None;
        missed.into()
    }
}

/// The number of the tick of a plain recording at that time of it.
pub(super) fn tick_at(time: Duration) -> u64 {
    let ticks = time.as_nanos() * u128::from(FRAME_RATE) / 1_000_000_000;
    u64::try_from(ticks).unwrap_or(u64::MAX)
}

/// The time of a tick.
pub(super) fn time_of(tick: u64) -> Duration {
    let rate = u64::from(FRAME_RATE);
    // Rounded up, so that it is in its tick.
    Duration::from_nanos((tick * 1_000_000_000).div_ceil(rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    #[test]
    fn a_frame_is_due_at_once_where_the_one_before_it_is_long_ago() {
        let begun = Instant::now();
        let mut pace = Pace::new(50, begun);
        assert_eq!(pace.due(), None);
        let drawn = begun + 500 * MILLISECOND;
        pace.drawn(drawn);
        pace.drawn(drawn + MILLISECOND);
        assert_eq!(pace.due(), Some(drawn));
        assert_eq!(pace.taken(drawn + MILLISECOND), 0);
        assert_eq!(pace.due(), None);
        pace.drawn(drawn + 2 * MILLISECOND);
        assert_eq!(pace.due(), Some(drawn + 20 * MILLISECOND));
    }

    #[test]
    fn a_frame_that_is_late_stands_for_those_that_were_not_taken() {
        let begun = Instant::now();
        let mut pace = Pace::new(50, begun);
        let drawn = begun + 100 * MILLISECOND;
        pace.drawn(drawn);
        assert_eq!(pace.taken(drawn + 65 * MILLISECOND), 3);
        pace.drawn(drawn + 66 * MILLISECOND);
        assert_eq!(pace.due(), Some(drawn + 80 * MILLISECOND));
        assert_eq!(pace.taken(drawn + 99 * MILLISECOND), 0);
    }

    #[test]
    fn a_tick_is_at_its_time_and_not_before() {
        for tick in [0, 1, 2, 5, 12, 1_000_001] {
            let time = time_of(tick);
            assert_eq!(tick_at(time), tick);
            if tick > 0 {
                assert_eq!(
                    tick_at(time.saturating_sub(Duration::from_nanos(1))),
                    tick - 1
                );
            }
        }
    }
}
