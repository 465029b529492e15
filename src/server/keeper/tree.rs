//! The processes below a process, as `/proc` tells.

use std::{
    collections::{BTreeSet, HashMap},
    fs, iter,
    os::unix::ffi::OsStrExt,
    path::Path,
};

use rustix::process::{Pid, Signal, getpgrp, kill_process, kill_process_group};

use super::MARK;

/// More generations of processes than there are below any.
const DEEPEST: usize = 1 << 16;

/// A living process, as it was at one look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Process {
    pub(super) pid: u32,
    parent: u32,
    /// Its process group.
    pub(super) group: u32,
}

/// Every living descendant of `root`, parents before their children.
/// Zombies are left out: they only wait to be reaped.
pub(super) fn descendants(root: u32) -> Vec<Process> {
    let mut found = family([root]);
    found.retain(|process| process.pid != root);
    found
}

/// Those of the processes that live, and every living descendant of them, each
/// once, parents before their children.
pub(super) fn families(roots: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let found = family(roots);
    found.iter().map(|process| process.pid).collect()
}

fn family(roots: impl IntoIterator<Item = u32>) -> Vec<Process> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut all = HashMap::new();
    for process in all_pids().filter_map(look_at) {
        children
            .entry(process.parent)
            .or_default()
            .push(process.pid);
        all.insert(process.pid, process);
    }
    let mut found = Vec::new();
    let mut next: Vec<u32> = roots.into_iter().collect();
    while let Some(pid) = next.pop() {
        found.extend(all.remove(&pid));
        next.extend(children.remove(&pid).unwrap_or_default());
    }
    found
}

/// Kills every descendant of this process that is not spared; returns which there were. A
/// process that forks and ends again and again has another number whenever
/// somebody looks, but stays in its process group, and a group is killed at once.
pub(super) fn kill_descendants(spared: &[u32]) -> Vec<u32> {
    kill_descendants_that(|pid| !spared.contains(&pid))
}

/// Kills every descendant of this process that is one of those, with its process group,
/// unless that has one in it that is not; returns which there were.
pub(super) fn kill_descendants_that(is_it: impl Fn(u32) -> bool) -> Vec<u32> {
    let all = descendants(std::process::id());
    let (found, others): (Vec<Process>, Vec<Process>) =
        all.into_iter().partition(|process| is_it(process.pid));
    let groups = |of: &[Process]| -> BTreeSet<u32> { of.iter().map(|it| it.group).collect() };
    let (mut kept, all) = (groups(&others), groups(&found));
    kept.insert(pid_number(getpgrp()));
    for group in all.difference(&kept).filter_map(|group| pid(*group)) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    for process in &found {
        send(process.pid, Signal::KILL);
    }
    found.iter().map(|process| process.pid).collect()
}

/// Sends a signal to every process of a group at once, also to those that are being born.
pub(super) fn send_group(group: Pid, signal: Signal) {
    let _ = kill_process_group(group, signal);
}

/// Whether a process is a descendant of this one.
pub(super) fn is_descendant(pid: u32) -> bool {
    let me = std::process::id();
    let parents = iter::successors(Some(pid), |pid| Some(look_at(*pid)?.parent));
    parents.skip(1).take(DEEPEST).any(|parent| parent == me)
}

/// Sends a signal to a process. One that is gone already needs none.
pub(super) fn send(to: u32, signal: Signal) {
    if let Some(to) = pid(to) {
        let _ = kill_process(to, signal);
    }
}

fn pid(number: u32) -> Option<Pid> {
    i32::try_from(number).ok().and_then(Pid::from_raw)
}

/// The number of a process.
pub(super) fn pid_number(pid: Pid) -> u32 {
    pid.as_raw_nonzero().get().unsigned_abs()
}

/// Every process of the desktop in `folder`, whoever its parent is now.
pub(super) fn of_desktop(folder: &Path) -> Vec<u32> {
    let mark = [MARK.as_bytes(), b"=", folder.as_os_str().as_bytes(), b"/"].concat();
    with_variable(|variable| variable.starts_with(&mark)).collect()
}

/// Every process that was started with a variable, `NAME=VALUE`, of that kind.
pub(super) fn with_variable(is_it: impl Fn(&[u8]) -> bool) -> impl Iterator<Item = u32> {
    all_pids().filter(move |pid| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(&is_it)
    })
}

fn all_pids() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten();
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

/// Reads `/proc/PID/stat`, see proc(5): pid, name in parentheses (which may
/// hold anything), state, parent, process group.
fn look_at(pid: u32) -> Option<Process> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let after_name = stat.iter().rposition(|byte| *byte == b')')?;
    let rest = String::from_utf8_lossy(&stat[after_name + 1..]).into_owned();
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?;
    let [parent, group] = [fields.next()?.parse().ok()?, fields.next()?.parse().ok()?];
    (state != "Z" && state != "X").then_some(Process { pid, parent, group })
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{super::started::started, *};

    #[test]
    fn children_and_grandchildren_are_descendants() {
        let (mut shell, line) = started("sh", ["-c", "sleep 60 & echo $!; wait"]);
        let sleep: u32 = line.trim().parse().unwrap();

        let found = descendants(std::process::id());
        let found: Vec<u32> = found.iter().map(|process| process.pid).collect();
        assert!(found.contains(&shell.id()), "{found:?}");
        assert!(found.contains(&sleep), "{found:?}");
        assert!(is_descendant(shell.id()) && is_descendant(sleep));
        assert!(!is_descendant(std::process::id()) && !is_descendant(1));

        Command::new("kill")
            .arg(sleep.to_string())
            .status()
            .unwrap();
        shell.wait().unwrap();
    }
}
