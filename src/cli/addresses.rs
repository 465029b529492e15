//! How much address space this process may use (`ulimit -v`), and how it makes do with little.
//!
//! An allocation that the system refuses ends the whole process: nothing can be reported
//! any more. So what playing takes is compared with the limit before it begins.

use std::{convert::Infallible, io};

use crate::geometry::Size;

/// Makes the C library keep all memory in one heap. Otherwise it reserves 64 MiB of address space
/// for every thread, and has none left when a picture needs some.
const ONE_HEAP: (&str, &str) = ("MALLOC_ARENA_MAX", "1");

/// What the program takes without any desktop, in bytes.
const ITSELF: u64 = 50 << 20;

/// What each scenario takes in addition to pictures: the stacks of its threads, the heap, and its
/// part of the desktops that are started ahead.
const SCENARIO: u64 = 12 << 20;

/// How many pictures of the whole screen a scenario holds at once.
const PICTURES: u64 = 4;

/// Starts the program again, as the same process, if address space is limited and it does not yet
/// save it. If that does not work, it goes on as it is.
pub(super) fn use_few() {
    if limit().is_some() && std::env::var_os(ONE_HEAP.0).is_none() {
        // Where it cannot be started again, nothing is lost yet.
        let _ = start_again();
    }
}

#[cfg(target_os = "linux")]
fn start_again() -> io::Result<Infallible> {
    use std::{env, os::unix::process::CommandExt, process::Command};

    let mut arguments = env::args_os();
    let mut again = Command::new(env::current_exe()?);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    Err(again.args(arguments).env(ONE_HEAP.0, ONE_HEAP.1).exec())
}

#[cfg(not(target_os = "linux"))]
fn start_again() -> io::Result<Infallible> {
    Err(io::ErrorKind::Unsupported.into())
}

/// How much address space this process may use, in bytes; `None` for any amount.
#[cfg(target_os = "linux")]
pub(super) fn limit() -> Option<u64> {
    use rustix::process::{Resource, getrlimit};

    getrlimit(Resource::As).current
}

#[cfg(not(target_os = "linux"))]
pub(super) fn limit() -> Option<u64> {
    None
}

/// What playing so many scenarios side by side takes on screens of that size, in bytes.
pub(super) fn taken(scenarios: usize, screen: Size) -> u64 {
    let picture = u64::from(screen.width) * u64::from(screen.height) * 4;
    let scenarios = u64::try_from(scenarios).unwrap_or(u64::MAX);
    let each = picture.saturating_mul(PICTURES).saturating_add(SCENARIO);
    each.saturating_mul(scenarios).saturating_add(ITSELF)
}

/// How many of `wanted` scenarios that leaves room for, side by side; 0 if not even one.
pub(super) fn fitting(limit: u64, wanted: usize, screen: Size) -> usize {
    let mut fitting = wanted;
    while fitting > 0 && taken(fitting, screen) > limit {
        fitting -= 1;
    }
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Size = Size::new(800, 600);

    #[test]
    fn as_many_scenarios_fit_as_their_screens_leave_room_for() {
        assert_eq!(fitting(150_000_000, 4, SMALL), 4);
        assert_eq!(fitting(100_000_000, 4, SMALL), 2);
        assert_eq!(fitting(100_000_000, 4, Size::new(3840, 2160)), 0);
        assert_eq!(fitting(60_000_000, 4, SMALL), 0);
        assert_eq!(fitting(u64::MAX, 1000, Size::new(7680, 4320)), 1000);
    }

    #[test]
    fn what_fits_takes_no_more_than_there_is() {
        for limit in (0..500_000_000).step_by(7_654_321) {
            let fitting = fitting(limit, 50, SMALL);
            assert!(fitting == 0 || taken(fitting, SMALL) <= limit, "{limit}");
            assert!(taken(fitting + 1, SMALL) > limit, "{limit}");
        }
    }
}
