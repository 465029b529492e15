//! Keeping below the number of requests that a service accepts.

use std::{collections::VecDeque, time::Duration};

use tokio::{
    sync::Mutex,
    time::{Instant, sleep_until},
};

/// Lets at most this many through in any window of a given length.
#[derive(Debug)]
pub(super) struct Limiter {
    most: usize,
    window: Duration,
    /// When the last `most` went through, oldest first.
    passed: Mutex<VecDeque<Instant>>,
}

impl Limiter {
    /// At most `most` in any window of length `window`; at least one.
    pub(super) fn new(most: usize, window: Duration) -> Self {
        Self {
            most: most.max(1),
            window,
            passed: Mutex::new(VecDeque::new()),
        }
    }

    /// The limiter of the hosted service, which accepts 1000 requests in 60 s. A few are kept in
    /// reserve for the time that requests take on their way.
    pub(super) fn hosted() -> Self {
        Self::new(950, Duration::from_secs(60))
    }

    /// Waits until one more may go; those who came first go first. Leaving
    /// while waiting takes nothing from the others.
    pub(super) async fn pass(&self) {
        // Held while sleeping: tokio's lock is a queue, and so is this.
        let mut passed = self.passed.lock().await;
        if passed.len() == self.most
            && let Some(oldest) = passed.front()
        {
            sleep_until(*oldest + self.window).await;
            passed.pop_front();
        }
        passed.push_back(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::time::{advance, timeout};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn the_fourth_of_three_a_second_waits_for_the_rest_of_the_second() {
        let limiter = Limiter::new(3, SECOND);
        let begun = Instant::now();
        limiter.pass().await;
        advance(Duration::from_millis(400)).await;
        limiter.pass().await;
        limiter.pass().await;
        assert_eq!(begun.elapsed(), Duration::from_millis(400));
        limiter.pass().await;
        assert!(begun.elapsed() >= SECOND);
        limiter.pass().await;
        assert!(begun.elapsed() >= Duration::from_millis(1400));
    }

    #[tokio::test(start_paused = true)]
    async fn no_window_has_more_than_it_may() {
        let limiter = Arc::new(Limiter::new(5, SECOND));
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..23 {
            let limiter = Arc::clone(&limiter);
            all.spawn(async move {
                limiter.pass().await;
                Instant::now()
            });
        }
        let mut times = all.join_all().await;
        times.sort();
        assert!(times.windows(6).all(|six| six[5] - six[0] >= SECOND));
        assert!(times[22] - times[0] < SECOND * 5, "and it waits no longer");
    }

    #[tokio::test(start_paused = true)]
    async fn who_stops_waiting_is_not_counted() {
        let limiter = Limiter::new(1, SECOND);
        let begun = Instant::now();
        limiter.pass().await;
        let impatient = timeout(SECOND / 2, limiter.pass()).await;
        assert!(impatient.is_err());
        limiter.pass().await;
        assert!(begun.elapsed() < SECOND + SECOND / 4);
    }
}
