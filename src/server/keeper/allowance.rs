//! What the processes of a desktop take together, and which of them takes most.
//!
//! Limits of the system would be surer, but `RLIMIT_AS` ends browsers that only reserve
//! addresses, `RLIMIT_NPROC` counts all processes of a user and none of root, and a
//! control group is seldom ours to make. So the keeper looks, at a pace that costs less
//! than a hundredth of a processor, and ends the desktop once it has taken too much.

use std::{
    collections::HashMap,
    fs, thread,
    time::{Duration, Instant},
};

use rustix::process::{Signal, getpriority_process, setpriority_process};

use super::{Exceeded, growth, tree};
use crate::desktop::Allowance;

/// How often the keeper looks at every process.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// The priority of the thread that looks: the highest possible, if it may be set.
const PRIORITY: i32 = -20;

/// How long the processes that took too much may take to be gone, before everything else
/// is ended.
const KILLING: Duration = Duration::from_millis(900);

/// How often to look whether they are.
const DEAD_YET: Duration = Duration::from_millis(20);

/// How likely the system is to end a desktop's process rather than another one when there
/// is no memory left, from -1000 to 1000: proc(5). Deskhand itself and what has started
/// it have 0.
const RATHER_THAN_OTHERS: &str = "500";

/// What was taken too much of.
pub(super) struct Excess {
    /// In words.
    pub(super) exceeded: Exceeded,
    /// The name of the program that took most.
    name: String,
}

/// Makes the system end this process and everything that it will start rather than others when
/// there is no memory left.
pub(super) fn give_way() {
    // If that cannot be set, everything is as likely as before.
    let _ = fs::write("/proc/self/oom_score_adj", RATHER_THAN_OTHERS);
}

/// Waits until the processes below this one take more than they may.
pub(super) fn until_exceeded(allowance: Allowance) -> Excess {
    // Among a hundred busy processes it would otherwise get a hundredth of the machine.
    // `None` is this thread alone, not its process.
    let usual = getpriority_process(None);
    let _ = setpriority_process(None, PRIORITY);
    let (me, most) = (std::process::id(), allowance.processes as usize);
    let mut pids = below(me, most);
    loop {
        let room = most.saturating_sub(pids.len());
        let mut stopped = growth::until_worth_a_look(room, LOOK_AGAIN);
        // Of those that are more with every look, only this many are looked at.
        pids = below(me, most + 1);
        if pids.len() > most {
            stopped.extend(growth::stop_crowds(&pids));
            pids = below(me, most * 4);
        }
        let excess = too_many(&pids, most);
        if let Some(excess) = excess.or_else(|| too_much(&pids, allowance.memory?)) {
            // What dies needs the processor from now on.
            let _ = usual.and_then(|usual| setpriority_process(None, usual));
            return excess;
        }
        for group in stopped {
            tree::send_group(group, Signal::CONT);
        }
    }
}

/// Ends the program that took most, so that everything else can be ended in peace.
pub(super) fn end(excess: &Excess) {
    let deadline = Instant::now() + KILLING;
    while Instant::now() < deadline {
        let is_it = |pid| name(pid).is_some_and(|name| name == excess.name);
        if tree::kill_descendants_that(is_it).is_empty() {
            return;
        }
        thread::sleep(DEAD_YET);
    }
}

fn too_many(pids: &[u32], most: usize) -> Option<Excess> {
    if pids.len() <= most {
        return None;
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for name in pids.iter().filter_map(|pid| name(*pid)) {
        *counts.entry(name).or_default() += 1;
    }
    let (name, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    let were = if count == 1 { "was" } else { "were" };
    let exceeded = Exceeded {
        reason: format!(
            "it had {} processes, more than the {most} that it may have; {count} of them {were} \
             `{name}`",
            pids.len()
        ),
        help: help("processes", "many"),
    };
    Some(Excess { exceeded, name })
}

fn too_much(pids: &[u32], most: u64) -> Option<Excess> {
    let most = most << 10;
    // What they share counts several times in this, so it is the most that it can be.
    let resident = pids.iter().filter_map(|pid| resident(*pid)).sum::<u64>();
    if resident <= most {
        return None;
    }
    let taken = |pid: u32| proportional(pid).or_else(|| self::resident(pid));
    let shares = pids.iter().filter_map(|pid| Some((taken(*pid)?, *pid)));
    let shares: Vec<(u64, u32)> = shares.collect();
    let all = shares.iter().map(|(taken, _)| taken).sum::<u64>();
    let (greatest, pid) = shares.into_iter().max()?;
    if all <= most {
        return None;
    }
    let name = name(pid)?;
    let exceeded = Exceeded {
        reason: format!(
            "its processes took {} MiB of memory, more than the {} MiB that they may take; \
             `{name}` took {} MiB of it",
            all >> 10,
            most >> 10,
            greatest >> 10
        ),
        help: help("memory", "much"),
    };
    Some(Excess { exceeded, name })
}

/// What to do if it was not the program's mistake.
fn help(limit: &str, quantity: &str) -> String {
    format!(
        "if it needs that {quantity}, raise `{limit}` of `desktop` in the scenario, or \
         `--{limit}` of `deskhand desktop start`"
    )
}

/// The processes below one, but not many more than `enough`. Whatever loses its parent
/// comes to the keeper, so none is missing. Reads only what belongs to them, where the
/// system has lists of children.
fn below(root: u32, enough: usize) -> Vec<u32> {
    let (mut found, mut next) = (Vec::new(), vec![root]);
    while let Some(pid) = next.pop().filter(|_| found.len() < enough) {
        for task in tasks(pid) {
            let Ok(children) = fs::read_to_string(format!("/proc/{pid}/task/{task}/children"))
            else {
                if pid == root {
                    return tree::descendants(root).iter().map(|it| it.pid).collect();
                }
                continue;
            };
            let children = children
                .split_whitespace()
                .filter_map(|it| it.parse::<u32>().ok());
            next.extend(children);
        }
        if pid != root {
            found.push(pid);
        }
    }
    found
}

fn tasks(pid: u32) -> impl Iterator<Item = u32> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task"));
    let tasks = tasks.into_iter().flatten().flatten();
    tasks.filter_map(|task| task.file_name().to_str()?.parse().ok())
}

/// The name of its program, according to the system: at most 15 bytes, which the program may
/// choose, so they may not be printable.
fn name(pid: u32) -> Option<String> {
    let name = fs::read(format!("/proc/{pid}/comm")).ok()?;
    let name = String::from_utf8_lossy(&name);
    Some(name.trim_end().replace(char::is_control, "\u{fffd}"))
}

/// The memory of a process in KiB, all of what it shares included.
fn resident(pid: u32) -> Option<u64> {
    kibibytes(&format!("/proc/{pid}/status"), "VmRSS:")
}

/// The memory of a process in KiB, with its part of what it shares.
fn proportional(pid: u32) -> Option<u64> {
    kibibytes(&format!("/proc/{pid}/smaps_rollup"), "Pss:")
}

fn kibibytes(file: &str, key: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{super::started::started, *};

    #[test]
    fn what_takes_most_is_named() {
        let script = "sleep 60 & sleep 60 & echo ready; wait";
        let (mut shell, _) = started("sh", ["-c", script]);
        // What was forked is the shell until it has become what it will be.
        let is_sleep = |pid: &u32| name(*pid).is_some_and(|name| name == "sleep");
        while below(shell.id(), 9)
            .iter()
            .filter(|pid| is_sleep(pid))
            .count()
            < 2
        {
            thread::yield_now();
        }
        let mut found = below(shell.id(), 9);
        let mut all = tree::families([shell.id()]);
        all.retain(|pid| *pid != shell.id());
        all.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, all);
        assert_eq!(found.len(), 2);

        assert!(too_many(&found, 2).is_none());
        let excess = too_many(&found, 1).unwrap();
        let words = "it had 2 processes, more than the 1 that it may have; 2 of them were `sleep`";
        assert_eq!(excess.exceeded.reason, words);
        assert!(too_much(&found, 64).is_none());
        let me = [std::process::id()];
        let excess = too_much(&me, 1).unwrap();
        let reason = excess.exceeded.reason;
        assert!(reason.contains("more than the 1 MiB"), "{reason}");

        for pid in found.into_iter().chain([shell.id()]) {
            tree::send(pid, Signal::KILL);
        }
        shell.wait().unwrap();
    }

    #[test]
    fn a_name_is_fit_for_print_whatever_its_program_says() {
        let script = "$| = 1; $0 = qq(a\rb\x1b[2J\n); print qq(ready\n); sleep 60";
        let (mut perl, _) = started("perl", ["-e", script]);
        assert_eq!(name(perl.id()).unwrap(), "a\u{fffd}b\u{fffd}[2J");
        perl.kill().unwrap();
        perl.wait().unwrap();
    }
}
