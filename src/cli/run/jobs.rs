//! How many scenarios are played side by side.

use std::{fs, num::NonZero, str::FromStr, thread};

use crate::{
    cli::{addresses, host::RunTarget},
    geometry::Size,
};

/// What `--jobs` says.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(in crate::cli) enum Jobs {
    /// As many as the machine can bear.
    #[default]
    Auto,
    /// This many, at least 1.
    Number(usize),
}

/// More desktops than any machine can bear.
const MOST: usize = 1000;

/// What a local desktop and the programs on it take of the memory, in bytes: XFCE and
/// its helpers about 250 MiB, a browser or an office program as much again.
const DESKTOP: u64 = 512 << 20;

/// Sandboxes are elsewhere: what playing on them takes here is little, and how many
/// there may be only the service knows.
const SANDBOXES: usize = 4;

impl Jobs {
    /// How many that is here, for this many scenarios.
    pub(super) fn number(self, target: &RunTarget, scenarios: usize) -> usize {
        let number = match (self, target) {
            (Self::Number(number), _) => number,
            (Self::Auto, RunTarget::Url(_)) => 1,
            (Self::Auto, RunTarget::Leap0) => SANDBOXES,
            (Self::Auto, RunTarget::Local) => {
                let processors = thread::available_parallelism().map_or(1, NonZero::get);
                bearable(processors, memory())
            }
        };
        number.min(scenarios).max(1)
    }

    /// That number, as far as this many bytes of address space are enough for screens of that
    /// size; or what is wrong: somebody wants more, or there is not even room for one.
    pub(super) fn within(self, limit: u64, number: usize, screen: Size) -> Result<usize, String> {
        let fitting = addresses::fitting(limit, number, screen);
        let fits = fitting == number || (self == Self::Auto && fitting > 0);
        fits.then_some(fitting).ok_or_else(|| {
            let wanted = if fitting > 0 { number } else { 1 };
            let taken = addresses::taken(wanted, screen);
            let [needed, given] = [taken, limit].map(|bytes| bytes.div_ceil(1_000_000));
            let play = match wanted {
                1 => format!("a scenario on a screen of {screen}"),
                _ => format!("{wanted} scenarios side by side on screens of {screen}"),
            };
            let fewer = if fitting > 0 {
                format!(", or play fewer at once, with `--jobs {fitting}`")
            } else {
                String::new()
            };
            format!(
                "playing {play} can take {needed} MB of address space, and this process may have \
                 {given} MB: raise its limit, with `ulimit -v {}` or more{fewer}",
                taken.div_ceil(1024)
            )
        })
    }
}

impl FromStr for Jobs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        let number = text
            .parse()
            .ok()
            .filter(|number| (1..=MOST).contains(number));
        let expected = || format!("expected `auto` or a whole number from 1 to {MOST}");
        number.map(Self::Number).ok_or_else(expected)
    }
}

/// How many desktops this many processors and this much free memory can bear.
fn bearable(processors: usize, memory: Option<u64>) -> usize {
    let fit = memory.map_or(usize::MAX, |bytes| {
        usize::try_from(bytes / DESKTOP).unwrap_or(usize::MAX)
    });
    processors.min(fit).max(1)
}

/// The free memory in bytes: that of the machine, or what is left of the limit of this
/// control group if that is less. `None` where the system does not say it.
fn memory() -> Option<u64> {
    let read = |path: &str| fs::read_to_string(path).ok();
    let machine = read("/proc/meminfo").and_then(|text| available(&text));
    let bytes = |path: &str| read(path)?.trim().parse::<u64>().ok();
    let limit = bytes("/sys/fs/cgroup/memory.max");
    let used = bytes("/sys/fs/cgroup/memory.current").unwrap_or(0);
    let group = limit.map(|limit| limit.saturating_sub(used));
    [machine, group].into_iter().flatten().min()
}

/// `MemAvailable` of `/proc/meminfo`, which is in KiB: proc(5).
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_a_number_or_auto() {
        assert_eq!("auto".parse(), Ok(Jobs::Auto));
        assert_eq!("8".parse(), Ok(Jobs::Number(8)));
        for wrong in ["0", "-1", "many", "1001", ""] {
            assert!(wrong.parse::<Jobs>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn auto_is_bounded_by_processors_and_memory() {
        let gigabytes = |n: u64| Some(n << 30);
        assert_eq!(bearable(8, gigabytes(16)), 8);
        assert_eq!(bearable(8, gigabytes(2)), 4);
        assert_eq!(bearable(8, Some(1000)), 1);
        assert_eq!(bearable(2, None), 2);
    }

    #[test]
    fn there_are_no_more_jobs_than_scenarios() {
        assert_eq!(Jobs::Number(8).number(&RunTarget::Local, 3), 3);
        assert_eq!(Jobs::Auto.number(&RunTarget::Local, 0), 1);
    }

    #[test]
    fn only_auto_makes_do_with_the_addresses_that_there_are() {
        let screen = Size::new(800, 600);
        assert_eq!(Jobs::Auto.within(100_000_000, 4, screen), Ok(2));
        assert_eq!(Jobs::Number(2).within(100_000_000, 2, screen), Ok(2));
        let refused = |jobs: Jobs, limit| jobs.within(limit, 4, screen).unwrap_err();
        assert_eq!(
            refused(Jobs::Number(4), 100_000_000),
            "playing 4 scenarios side by side on screens of 800x600 can take 134 MB of \
             address space, and this process may have 100 MB: raise its limit, with `ulimit -v \
             130352` or more, or play fewer at once, with `--jobs 2`"
        );
        for jobs in [Jobs::Auto, Jobs::Number(4)] {
            assert_eq!(
                refused(jobs, 60_000_000),
                "playing a scenario on a screen of 800x600 can take 73 MB of address space, and \
                 this process may have 60 MB: raise its limit, with `ulimit -v 70988` or more"
            );
        }
    }

    #[test]
    fn a_desktop_that_is_there_already_plays_one_scenario_at_a_time() {
        let url = RunTarget::Url("http://127.0.0.1:4000".to_owned());
        assert_eq!(Jobs::Auto.number(&url, 9), 1);
    }

    #[test]
    fn free_memory_is_read_from_the_kernel() {
        let meminfo = "MemTotal:       24000000 kB\nMemAvailable:   2048 kB\n";
        assert_eq!(available(meminfo), Some(2 << 20));
        assert_eq!(available("nothing"), None);
    }
}
