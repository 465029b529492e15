//! How many desktops of a pool there are, from before each is opened until after it is
//! closed.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, futures::Notified},
    time::Instant,
};

use crate::desktop::Wanted;

/// The places of a pool.
#[derive(Default)]
pub(super) struct Places {
    taken: Mutex<Taken>,
    changed: Notify,
}

#[derive(Default)]
struct Taken {
    count: usize,
    /// How many there were when the host last had no room for another.
    room: Option<usize>,
    /// When one was left last.
    left: Option<Instant>,
    /// The requests for those that are lent and can come back.
    lent: Vec<Wanted>,
}

/// The place of one desktop, which is left once this is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    lent: Option<Wanted>,
    /// Whether there was a desktop in it.
    was_used: bool,
}

impl Places {
    /// A place for a desktop that somebody waits for, among `most`. What a host said
    /// earlier does not count: it may have room again.
    pub(super) fn take(self: &Arc<Self>, most: Option<usize>) -> Option<Place> {
        self.take_below(|_| most)
    }

    /// A place for one that nobody waits for yet.
    pub(super) fn take_in_advance(self: &Arc<Self>, most: Option<usize>) -> Option<Place> {
        self.take_below(|room| most.into_iter().chain(room).min())
    }

    fn take_below(
        self: &Arc<Self>,
        limit: impl Fn(Option<usize>) -> Option<usize>,
    ) -> Option<Place> {
        let mut taken = self.lock();
        if limit(taken.room).is_some_and(|limit| taken.count >= limit) {
            return None;
        }
        taken.count += 1;
        Some(Place {
            places: Arc::clone(self),
            lent: None,
            was_used: true,
        })
    }

    /// The host has opened another desktop in addition to the existing ones.
    pub(super) fn had_room(&self) {
        let mut taken = self.lock();
        if taken.room.is_some_and(|room| room < taken.count) {
            taken.room = None;
        }
    }

    /// The requests for the desktops that are lent and can come back.
    pub(super) fn lent(&self) -> Vec<Wanted> {
        self.lock().lent.clone()
    }

    /// Whether there has been no desktop for this long, counted from `begun` at the earliest.
    pub(super) fn is_empty_since(&self, time: Duration, begun: Instant) -> bool {
        let taken = self.lock();
        let since = taken.left.map_or(begun, |left| left.max(begun));
        taken.count == 0 && since.elapsed() >= time
    }

    /// Ends as soon as something changes; what changes before the first poll counts
    /// once it is enabled.
    pub(super) fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    /// Makes everybody who waits for a change look again.
    pub(super) fn tell(&self) {
        self.changed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        // The state is consistent after every statement, even after a panic.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Its desktop was handed over.
    pub(super) fn lend(&mut self, wanted: &Wanted) {
        if wanted.reuse {
            self.places.lock().lent.push(wanted.clone());
            self.lent = Some(wanted.clone());
        }
    }

    /// Its desktop came back.
    pub(super) fn take_back(&mut self) {
        self.places.lock().forget(self.lent.take().as_ref());
    }

    /// The host had no room for a desktop in it. Nobody is told: nothing has changed.
    pub(super) fn was_refused(mut self) {
        self.was_used = false;
        let mut taken = self.places.lock();
        taken.room = Some(taken.count - 1);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.count -= 1;
        taken.forget(self.lent.as_ref());
        if self.was_used {
            taken.left = Some(Instant::now());
            drop(taken);
            self.places.tell();
        }
    }
}

impl Taken {
    fn forget(&mut self, lent: Option<&Wanted>) {
        if let Some(at) = self.lent.iter().position(|wanted| Some(wanted) == lent) {
            self.lent.swap_remove(at);
        }
    }
}
