//! What was drawn on the screen, and in which order, for those who wait for it.
//!
//! Every drawing gets the next revision. Whoever looked at one revision can ask
//! where something was drawn since then, and wait until something is. Only the
//! last drawings are kept one by one; who asks about earlier ones is told that
//! all may have changed.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::Instant};

use crate::{desktop::wire::limits, geometry::Rect};

/// This many drawings are kept one by one.
const KEPT: usize = 256;

/// The area of any screen.
const EVERYWHERE: Rect = Rect::new(0, 0, *limits::SIDE.end(), *limits::SIDE.end());

/// The drawings on one screen, across restarts of its X server.
pub(super) struct Damage {
    log: Mutex<Log>,
    /// The last revision, for those who wait.
    revision: watch::Sender<u64>,
}

struct Log {
    revision: u64,
    /// The last drawings and their times, oldest first; the last one made
    /// `revision`.
    drawn: VecDeque<(Rect, Instant)>,
    /// When this log was begun.
    begun: Instant,
}

impl Damage {
    pub(super) fn new() -> Self {
        let log = Log {
            revision: 0,
            drawn: VecDeque::new(),
            begun: Instant::now(),
        };
        Self {
            log: Mutex::new(log),
            revision: watch::Sender::new(0),
        }
    }

    /// Something was drawn in these rectangles.
    pub(super) fn add(&self, drawn: &[Rect]) {
        let mut log = self.lock();
        let now = Instant::now();
        for rect in drawn {
            log.revision += 1;
            if log.drawn.len() == KEPT {
                log.drawn.pop_front();
            }
            log.drawn.push_back((*rect, now));
        }
        self.revision.send_replace(log.revision);
    }

    /// Everything may be different now: a new size, or a new X server.
    pub(super) fn add_all(&self) {
        self.add(&[EVERYWHERE]);
    }

    /// The last revision, and the smallest rectangle around what was drawn in
    /// `region` since the revision `since`, if anything was.
    pub(super) fn since(&self, since: u64, region: Option<Rect>) -> (u64, Option<Rect>) {
        let region = region.unwrap_or(EVERYWHERE);
        let log = self.lock();
        let missed = log.revision.checked_sub(since);
        let missed = missed.and_then(|count| usize::try_from(count).ok());
        // A revision that never was is of another server, which drew all of it.
        let Some(missed) = missed.filter(|count| *count <= log.drawn.len()) else {
            return (log.revision, Some(region));
        };
        let drawn = log.drawn.iter().rev().take(missed);
        let inside = drawn.filter_map(|(rect, _)| rect.intersection(region));
        (log.revision, inside.reduce(Rect::union))
    }

    /// How long nothing has been drawn in `region`, or at least for how long
    /// that is known.
    pub(super) fn still(&self, region: Option<Rect>) -> Duration {
        let region = region.unwrap_or(EVERYWHERE);
        let log = self.lock();
        let mut drawn = log.drawn.iter().rev();
        let last = drawn.find(|(rect, _)| rect.intersection(region).is_some());
        let oldest = log.drawn.front().filter(|_| log.drawn.len() == KEPT);
        let since = last.or(oldest).map_or(log.begun, |(_, time)| *time);
        since.elapsed()
    }

    /// Waits until something was drawn in `region` since the revision `since`.
    pub(super) async fn after(&self, mut since: u64, region: Option<Rect>) {
        let mut revision = self.revision.subscribe();
        loop {
            // Marked as seen first: what is drawn from here on wakes us again.
            revision.mark_unchanged();
            let (last, changed) = self.since(since, region);
            if changed.is_some() {
                return;
            }
            since = last;
            // The sender is a field beside the log, so it is still there.
            let _ = revision.changed().await;
        }
    }

    /// The last revision.
    pub(super) fn revision(&self) -> u64 {
        self.lock().revision
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        // It is consistent after every statement that could panic.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::time::advance;

    use super::*;

    const SCREEN: Option<Rect> = Some(Rect::new(0, 0, 800, 600));

    #[test]
    fn what_was_drawn_since_a_revision_is_told_as_one_rectangle() {
        let damage = Damage::new();
        damage.add(&[Rect::new(10, 10, 5, 5)]);
        let seen = damage.revision();
        assert_eq!(damage.since(seen, SCREEN), (seen, None));
        damage.add(&[Rect::new(100, 20, 10, 10), Rect::new(90, 50, 4, 4)]);
        let (last, changed) = damage.since(seen, SCREEN);
        assert_eq!(changed, Some(Rect::new(90, 20, 20, 34)));
        assert_eq!(damage.since(last, SCREEN), (last, None));
    }

    #[test]
    fn what_was_drawn_elsewhere_does_not_count() {
        let damage = Damage::new();
        damage.add(&[Rect::new(10, 10, 20, 20)]);
        let part = Some(Rect::new(25, 0, 100, 600));
        assert_eq!(damage.since(0, part).1, Some(Rect::new(25, 10, 5, 20)));
        assert_eq!(damage.since(0, Some(Rect::new(30, 0, 100, 600))).1, None);
    }

    #[test]
    fn who_asks_about_what_is_long_ago_is_told_that_all_changed() {
        let damage = Damage::new();
        let dots = vec![Rect::new(1, 1, 1, 1); KEPT + 1];
        damage.add(&dots);
        assert_eq!(damage.since(0, SCREEN).1, SCREEN);
        assert_eq!(damage.since(1, SCREEN).1, Some(Rect::new(1, 1, 1, 1)));
        assert_eq!(damage.since(u64::MAX, SCREEN).1, SCREEN);
    }

    #[tokio::test(start_paused = true)]
    async fn a_part_is_still_for_as_long_as_nothing_is_drawn_there() {
        let damage = Damage::new();
        let left = Some(Rect::new(0, 0, 100, 600));
        damage.add(&[Rect::new(10, 10, 5, 5)]);
        advance(Duration::from_millis(20)).await;
        damage.add(&[Rect::new(500, 10, 5, 5)]);
        assert_eq!(damage.still(left), Duration::from_millis(20));
        assert_eq!(damage.still(SCREEN), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_is_woken_by_what_he_waits_for() {
        let damage = Arc::new(Damage::new());
        let region = Rect::new(0, 0, 10, 10);
        let waiting = Arc::clone(&damage);
        let waiter = tokio::spawn(async move { waiting.after(0, Some(region)).await });
        tokio::time::sleep(Duration::from_millis(5)).await;
        damage.add(&[Rect::new(50, 50, 5, 5)]);
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert!(!waiter.is_finished());
        damage.add(&[Rect::new(9, 9, 5, 5)]);
        waiter.await.unwrap();
    }
}
