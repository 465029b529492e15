//! The processes below this one, which are all that the test has started.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use rustix::process::{Pid, Signal, WaitOptions, getpgrp, kill_process, kill_process_group, wait};

/// A process.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    pub(crate) name: String,
    pub(crate) arguments: Vec<String>,
    /// Whether it has ended, and its parent has not asked how.
    pub(crate) is_zombie: bool,
}

/// Every living descendant of this process.
pub(crate) fn all() -> Vec<Process> {
    let mut all = with_zombies();
    all.retain(|process| !process.is_zombie);
    all
}

/// Every descendant of this process.
pub(crate) fn with_zombies() -> Vec<Process> {
    let mut children: BTreeMap<u32, Vec<Process>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
        else {
            continue;
        };
        if let Some((process, parent)) = process(pid) {
            children.entry(parent).or_default().push(process);
        }
    }
    let mut found = Vec::new();
    let mut next = vec![std::process::id()];
    let mut seen = BTreeSet::new();
    while let Some(parent) = next.pop() {
        for process in children.remove(&parent).unwrap_or_default() {
            next.push(process.pid);
            if seen.insert(process.pid) {
                found.push(process);
            }
        }
    }
    found
}

/// A process, and its parent.
fn process(pid: u32) -> Option<(Process, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (before, after) = stat.rsplit_once(") ")?;
    let mut fields = after.split(' ');
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    let name = before.split_once('(')?.1.to_owned();
    let process = Process {
        pid,
        name,
        arguments: arguments(pid),
        is_zombie: ["Z", "X"].contains(&state),
    };
    Some((process, parent))
}

fn arguments(pid: u32) -> Vec<String> {
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let texts = bytes.split(|byte| *byte == 0);
    texts
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .collect()
}

impl Process {
    /// Whether it keeps a desktop's processes.
    pub(crate) fn is_keeper(&self) -> bool {
        let is_it = |program: &String| program.ends_with("deskhand");
        self.arguments.first().is_some_and(is_it)
            && self.arguments[1..].starts_with(&["keeper".into()])
    }

    /// Whether it is the guard of a keeper.
    pub(crate) fn is_guard(&self) -> bool {
        self.name == "desktop-guard"
    }
}

/// Sends a signal to a process, which may be gone.
pub(crate) fn send(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// Reaps who has ended; answers whether a child is left, also one that has another number
/// whenever somebody looks. Called once nobody waits for a child.
pub(crate) fn is_any_left() -> bool {
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some(_)) => {}
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

/// Ends whatever still runs, and reaps it. Called once nothing is played any more.
pub(crate) fn end_all() {
    while is_any_left() {
        for process in all() {
            let group = fs::read_to_string(format!("/proc/{}/stat", process.pid));
            let group = group.ok().and_then(|stat| {
                let fields = stat.rsplit_once(") ")?.1.split(' ').nth(2)?.parse().ok();
                fields.and_then(Pid::from_raw)
            });
            if let Some(group) = group.filter(|group| *group != getpgrp()) {
                let _ = kill_process_group(group, Signal::KILL);
            }
            send(process.pid, Signal::KILL);
        }
    }
}
