//! Two pieces of work at once: one for each of the two processors that the
//! smallest machine has.

use std::{
    panic,
    sync::{Mutex, PoisonError},
    thread,
};

/// Does both in parallel, and returns both results. Starting takes about a tenth of a millisecond,
/// so it is not worth it for work of less than half a millisecond.
///
/// # Panics
///
/// If one of them does.
pub(crate) fn both<A, B: Send>(
    one: impl FnOnce() -> A,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    let other = Mutex::new(Some(other));
    let take = || other.lock().unwrap_or_else(PoisonError::into_inner).take();
    thread::scope(|scope| {
        let aside = thread::Builder::new().spawn_scoped(scope, || {
            step_aside();
            take().map(|other| other())
        });
        // The new thread may stand in the queue of this processor.
        thread::yield_now();
        let one = one();
        let other = aside.map_or(Ok(None), thread::ScopedJoinHandle::join);
        let other = other.unwrap_or_else(|panic| panic::resume_unwind(panic));
        // A machine that has no room for another thread has it done here, one by one.
        let other = other.or_else(|| take().map(|other| other()));
        (one, other.expect("it is taken only by who does it"))
    })
}

/// Moves this thread to another processor than the one it began on. Linux often
/// has a new thread wait behind its parent for some milliseconds while another
/// processor idles, and that is all the time that there is to win.
#[cfg(target_os = "linux")]
fn step_aside() {
    use rustix::thread::{sched_getaffinity, sched_getcpu, sched_setaffinity};

    // What fails here only takes longer.
    if let Ok(all) = sched_getaffinity(None) {
        let mut others = all;
        others.unset(sched_getcpu());
        if others.count() > 0 && sched_setaffinity(None, &others).is_ok() {
            let _ = sched_setaffinity(None, &all);
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn step_aside() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_done_in_a_thread_of_its_own() {
        let here = || thread::current().id();
        let (one, other) = both(here, here);
        assert_eq!(one, here());
        assert_ne!(other, here());
    }

    #[test]
    fn a_panic_in_either_is_passed_on() {
        let broken = |one: bool, other: bool| {
            let work = |breaks: bool| move || assert!(!breaks, "as the test wants it");
            panic::catch_unwind(|| both(work(one), work(other))).is_err()
        };
        assert!(broken(true, false) && broken(false, true) && !broken(false, false));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_thread_that_stepped_aside_may_run_everywhere_again() {
        let allowed = || rustix::thread::sched_getaffinity(None).unwrap();
        let (one, other) = both(allowed, allowed);
        assert!(one == other);
    }
}
