//! What is counted at one moment.

use std::{fs, path::Path};

use crate::place::processes::{self, Process};

/// One number for each of `table::LINES`.
pub(crate) struct Look {
    /// The memory of Deskhand itself, in KiB.
    pub(crate) memory: u64,
    pub(crate) descriptors: u64,
    pub(crate) threads: u64,
    /// The most memory that a keeper or a guard has, in KiB.
    pub(crate) keeper_memory: u64,
    /// The most descriptors that a keeper or a guard has.
    pub(crate) keeper_descriptors: u64,
    /// Deskhand and everything below it.
    pub(crate) processes: u64,
    /// Those among them that have ended, and that nobody has waited for.
    pub(crate) zombies: u64,
    /// The memory of all of them, in KiB; what they share counts once.
    pub(crate) all_memory: u64,
    /// Segments of System V, and files of `/dev/shm`.
    pub(crate) shared: u64,
    pub(crate) sockets: u64,
    /// Entries of `TMPDIR` and of `/tmp`.
    pub(crate) temporary: u64,
    /// What is in `TMPDIR`, in KiB.
    pub(crate) temporary_size: u64,
}

impl Look {
    /// Counts everything; `None` once Deskhand has ended.
    pub(crate) fn at(deskhand: u32, folder: &Path) -> Option<Self> {
        let (zombies, all): (Vec<Process>, Vec<Process>) = processes::with_zombies()
            .into_iter()
            .partition(|it| it.is_zombie);
        let ours = |it: &&Process| it.is_keeper() || it.is_guard();
        let keepers: Vec<u32> = all.iter().filter(ours).map(|it| it.pid).collect();
        let greatest = |count: fn(u32) -> Option<u64>| {
            let counts = keepers.iter().filter_map(|pid| count(*pid));
            counts.max().unwrap_or(0)
        };
        let memory = all.iter().filter_map(|it| proportional(it.pid)).sum();
        let segments = fs::read_to_string("/proc/sysvipc/shm").unwrap_or_default();
        let segments = segments.lines().count().saturating_sub(1) as u64;
        let temporary = folder.join("tmp");
        Some(Self {
            memory: resident(deskhand)?,
            descriptors: descriptors(deskhand)?,
            threads: status(deskhand, "Threads:")?,
            keeper_memory: greatest(resident),
            keeper_descriptors: greatest(descriptors),
            processes: all.len() as u64,
            zombies: zombies.len() as u64,
            all_memory: memory,
            shared: segments + entries(Path::new("/dev/shm")),
            sockets: entries(Path::new("/tmp/.X11-unix")) + entries(Path::new("/tmp/.ICE-unix")),
            temporary: entries(&temporary) + entries(Path::new("/tmp")),
            temporary_size: size(&temporary) >> 10,
        })
    }
}

/// A number of `/proc/PID/status`, of which those of memory are in KiB: proc(5).
fn status(pid: u32, key: &str) -> Option<u64> {
    number(&format!("/proc/{pid}/status"), key)
}

fn number(file: &str, key: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    line.split_whitespace().next()?.parse().ok()
}

fn resident(pid: u32) -> Option<u64> {
    status(pid, "VmRSS:")
}

/// What a process has of memory, with its part of what it shares.
fn proportional(pid: u32) -> Option<u64> {
    number(&format!("/proc/{pid}/smaps_rollup"), "Pss:")
}

fn descriptors(pid: u32) -> Option<u64> {
    Some(fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count() as u64)
}

fn entries(folder: &Path) -> u64 {
    fs::read_dir(folder).map_or(0, |entries| entries.count() as u64)
}

/// The size of everything in a folder, in bytes.
fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(it) if it.is_dir() => size(&entry.path()),
        Ok(it) if it.is_file() => it.len(),
        _ => 0,
    });
    sizes.sum()
}
