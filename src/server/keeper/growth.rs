//! What is new on the machine since the keeper's last look, at a glance.
//!
//! A program that forks without end has thousands of processes within a tenth of a second,
//! and then whoever looks at one after the other never catches up with it. But new
//! processes have the numbers that follow the last one, and what forks stays in its process
//! group, which is stopped at once. So the keeper asks of which groups the newest are, and
//! takes its time after it has stopped them.

use std::{
    collections::HashMap,
    fs, thread,
    time::{Duration, Instant},
};

use rustix::{
    process::{Pid, Signal, getpgid, getpgrp},
    system::sysinfo,
};

use super::tree;

/// How often the keeper glances.
const GLANCE: Duration = Duration::from_millis(20);

/// This much memory in bytes has to be gone before the keeper looks before its time.
const MEMORY: u64 = 256 << 20;

/// This many new processes and threads are nothing unusual.
const USUAL: usize = 100;

/// So far are numbers looked at beyond the last one if they have begun anew: as far as
/// there are any, where the system has left their number as it usually is.
const FURTHER: u32 = 1 << 15;

/// Those of a group that are asked for their parents, because one may just have ended.
const ASKED: usize = 5;

/// Waits until it is time for a look, or before that until there is something to see: more
/// processes than there is room for, or much less memory. Returns the process groups that
/// it has stopped because of that.
pub(super) fn until_worth_a_look(room: usize, longest: Duration) -> Vec<Pid> {
    let deadline = Instant::now() + longest;
    let before = Machine::now();
    loop {
        thread::sleep(GLANCE);
        let now = Machine::now();
        let stopped = match (before, now) {
            (Some(before), Some(now)) => before.outgrown(now, room.max(USUAL)),
            _ => Vec::new(),
        };
        stop(&stopped);
        let loses_memory = before
            .zip(now)
            .is_some_and(|(before, now)| before.free.saturating_sub(now.free) > MEMORY);
        if loses_memory || !stopped.is_empty() || Instant::now() > deadline {
            return stopped;
        }
    }
}

/// Stops the process groups that contain many of the processes; returns them.
pub(super) fn stop_crowds(pids: &[u32]) -> Vec<Pid> {
    let mut groups = by_group(pids.iter().copied());
    groups.retain(|_, members| members.len() > pids.len() / 10);
    let crowds: Vec<Pid> = groups.into_keys().collect();
    stop(&crowds);
    crowds
}

fn stop(groups: &[Pid]) {
    for group in groups {
        tree::send_group(*group, Signal::STOP);
    }
}

/// Processes and their groups, without that of this process.
fn by_group(pids: impl Iterator<Item = u32>) -> HashMap<Pid, Vec<u32>> {
    let mut groups: HashMap<Pid, Vec<u32>> = HashMap::new();
    for number in pids {
        let pid = i32::try_from(number).ok().and_then(Pid::from_raw);
        if let Some(group) = pid.and_then(|pid| getpgid(Some(pid)).ok()) {
            groups.entry(group).or_default().push(number);
        }
    }
    groups.remove(&getpgrp());
    groups
}

/// The machine at one moment, as far as this process can see it.
#[derive(Clone, Copy)]
struct Machine {
    /// How many processes and threads there are.
    threads: usize,
    /// The number that was given to the last of them.
    last: u32,
    /// Memory that nobody uses, in bytes.
    free: u64,
}

impl Machine {
    /// Where the system does not tell, nothing can be seen at a glance.
    fn now() -> Option<Self> {
        // As in `0.31 0.22 0.15 3/106 10933`: running and all threads, the last number.
        let load = fs::read_to_string("/proc/loadavg").ok()?;
        let mut words = load.split_whitespace().skip(3);
        let (_, threads) = words.next()?.split_once('/')?;
        let memory = sysinfo();
        Some(Self {
            threads: threads.parse().ok()?,
            last: words.next()?.parse().ok()?,
            free: memory.freeram.saturating_mul(memory.mem_unit.into()),
        })
    }

    /// The process groups below this process that have grown since then so that there are
    /// more than this many new processes in them.
    fn outgrown(self, now: Self, room: usize) -> Vec<Pid> {
        if now.threads.saturating_sub(self.threads) <= room {
            return Vec::new();
        }
        let mut groups = by_group(self.numbers_until(now));
        let is_ours = |new: &Vec<u32>| new.iter().take(ASKED).any(|pid| tree::is_descendant(*pid));
        groups.retain(|_, new| new.len() > room / 10 && is_ours(new));
        if groups.values().map(Vec::len).sum::<usize>() <= room {
            return Vec::new();
        }
        groups.into_keys().collect()
    }

    /// The numbers that were given since then. After the greatest possible one, which may
    /// be far away, they begin anew.
    fn numbers_until(self, now: Self) -> impl Iterator<Item = u32> {
        let (further, anew) = if now.last < self.last {
            (self.last.saturating_add(FURTHER), now.last)
        } else {
            (now.last, 0)
        };
        (self.last + 1..=further).chain(1..=anew)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader},
        os::unix::process::CommandExt,
        process::{Command, Stdio},
    };

    use super::*;

    /// A shell in a group of its own that has this many children.
    fn parent_of(children: usize) -> (std::process::Child, Pid) {
        let script = format!("for i in $(seq {children}); do sleep 60 & done; echo ready; wait");
        let mut shell = Command::new("sh")
            .args(["-c", &script])
            .process_group(0)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(shell.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let group = Pid::from_child(&shell);
        (shell, group)
    }

    #[test]
    fn a_group_that_outgrows_its_room_is_found_by_the_newest_processes() {
        let before = Machine::now().unwrap();
        let (mut shell, group) = parent_of(100);
        let now = Machine::now().unwrap();
        let found = before.outgrown(now, 25);
        let not_found = before.outgrown(now, 4000);
        tree::send_group(group, Signal::KILL);
        shell.wait().unwrap();
        assert!(found.contains(&group), "{found:?}");
        assert!(not_found.is_empty());
    }

    #[test]
    fn the_numbers_of_processes_begin_anew() {
        let at = |last| Machine {
            threads: 0,
            last,
            free: 0,
        };
        let given = |before, now| at(before).numbers_until(at(now)).collect::<Vec<u32>>();
        assert_eq!(given(70, 73), [71, 72, 73]);
        assert!(given(70, 70).is_empty());
        let anew = given(32_760, 304);
        assert!(anew.contains(&32_767) && anew.contains(&304));
        assert!(!anew.contains(&32_760) && !anew.contains(&305));
    }
}
