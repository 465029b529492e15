//! Whether a process has come to rest, by `/proc`.
//!
//! A program that has keys to read is awake: either it is reading, or the
//! kernel has them for it and wakes it. So it has read everything when nothing
//! waits in its sockets and none of its threads has run for a while. Both count:
//! a thread that waits for another one, or for the X server, sleeps too, though
//! not for long; and one that rests in the middle of its work leaves its keys
//! in the socket.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

/// How long nothing may have happened: long enough for an answer of the X
/// server to a program that waits for one.
const STILL: Duration = Duration::from_millis(8);

/// How often in a row nothing must have happened.
const LOOKS: u32 = 2;

/// What a process gets at most, however long it waited for a processor meanwhile.
const LONGEST: Duration = Duration::from_secs(5);

/// Waits until a process rests, or is gone, or its time is over: one that is still
/// busy then, such as a game, is busy with something else. The time during which it
/// was stopped, or waited for a processor, does not count, up to [`LONGEST`]. Answers
/// whether anything can be known of it.
pub(super) fn wait_for(process: u32, patience: Duration) -> bool {
    let folder = format!("/proc/{process}");
    let folder = Path::new(&folder);
    let Some(mut last) = threads(folder) else {
        return false;
    };
    let begun = Instant::now();
    let (mut still, mut kept) = (0, Duration::ZERO);
    while still < LOOKS && begun.elapsed() < (patience + kept).min(LONGEST.max(patience)) {
        let look = Instant::now();
        thread::sleep(STILL);
        let Some(now) = threads(folder) else {
            // Nobody is left to read a key.
            return true;
        };
        kept += kept_waiting(&last, &now).min(look.elapsed());
        let rests = now == last && now.iter().all(|thread| thread.sleeps);
        still = if rests && !has_unread(process, folder) {
            still + 1
        } else {
            0
        };
        last = now;
    }
    true
}

/// What a thread has done so far.
#[derive(Debug, Eq, PartialEq)]
struct Thread {
    id: String,
    sleeps: bool,
    stopped: bool,
    /// The time that it has run, the time that it waited for a processor, both in
    /// nanoseconds, and how often it ran (`/proc/PID/schedstat`); empty where the kernel
    /// does not write it.
    ran: String,
}

impl Thread {
    fn waited(&self) -> Duration {
        let waited = self.ran.split_ascii_whitespace().nth(1);
        Duration::from_nanos(waited.and_then(|waited| waited.parse().ok()).unwrap_or(0))
    }
}

/// How long between two looks a process could not go on though it had something to
/// do: as long as the thread that waited longest.
fn kept_waiting(before: &[Thread], now: &[Thread]) -> Duration {
    if now.iter().any(|thread| thread.stopped) {
        return Duration::MAX;
    }
    let waited = now.iter().map(|thread| {
        let before = before.iter().find(|other| other.id == thread.id);
        let before = before.map_or(Duration::ZERO, Thread::waited);
        thread.waited().saturating_sub(before)
    });
    waited.max().unwrap_or_default()
}

/// The threads of a process; `None` if they cannot be seen.
fn threads(folder: &Path) -> Option<Vec<Thread>> {
    let tasks = fs::read_dir(folder.join("task")).ok()?.flatten();
    let threads: Vec<Thread> = tasks
        .filter_map(|task| {
            let stat = fs::read_to_string(task.path().join("stat")).ok()?;
            // The name, in parentheses, may hold anything.
            let state = stat.rsplit_once(") ")?.1.chars().next()?;
            // A stopped one has something to do as soon as it goes on.
            let stopped = matches!(state, 'T' | 't');
            Some(Thread {
                id: task.file_name().to_string_lossy().into_owned(),
                sleeps: !stopped && !matches!(state, 'R' | 'D'),
                stopped,
                ran: fs::read_to_string(task.path().join("schedstat")).unwrap_or_default(),
            })
        })
        .collect();
    (!threads.is_empty()).then_some(threads)
}

/// Whether something waits in a socket of the process for being read. Where
/// the system does not let us look, the threads alone must tell.
fn has_unread(process: u32, folder: &Path) -> bool {
    let id = i32::try_from(process).ok().and_then(Pid::from_raw);
    let Some(handle) = id.and_then(|id| pidfd_open(id, PidfdFlags::empty()).ok()) else {
        return false;
    };
    let Ok(descriptors) = fs::read_dir(folder.join("fd")) else {
        return false;
    };
    let sockets = descriptors.flatten().filter_map(|descriptor| {
        let target = fs::read_link(descriptor.path()).ok()?;
        target.to_str()?.strip_prefix("socket:")?;
        descriptor.file_name().to_str()?.parse().ok()
    });
    let mut waiting = sockets.filter_map(|socket| {
        let ours = pidfd_getfd(&handle, socket, PidfdGetfdFlags::empty()).ok()?;
        rustix::io::ioctl_fionread(&ours).ok()
    });
    waiting.any(|bytes| bytes > 0)
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        process::{Command, Stdio},
        sync::atomic::{AtomicBool, Ordering},
    };

    use rustix::process::{Signal, kill_process};

    use super::*;

    /// Much longer than it takes.
    const PATIENCE: Duration = Duration::from_secs(60);

    #[test]
    fn a_process_that_waits_for_something_rests_and_one_that_is_gone_is_not_known() {
        let mut cat = Command::new("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Once it has answered, it does what it does for good.
        cat.stdin.as_mut().unwrap().write_all(b"x").unwrap();
        let mut answer = [0];
        cat.stdout
            .as_mut()
            .unwrap()
            .read_exact(&mut answer)
            .unwrap();
        assert!(wait_for(cat.id(), PATIENCE));
        let seen = threads(Path::new(&format!("/proc/{}", cat.id()))).unwrap();
        assert!(seen.iter().all(|thread| thread.sleeps), "{seen:?}");
        cat.kill().unwrap();
        cat.wait().unwrap();
        assert!(!wait_for(cat.id(), PATIENCE));
    }

    #[test]
    fn the_time_in_which_a_process_is_stopped_does_not_count() {
        let mut cat = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let process = Pid::from_child(&cat);
        kill_process(process, Signal::STOP).unwrap();
        let goes_on = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(STILL * 20);
                goes_on.store(true, Ordering::SeqCst);
                kill_process(process, Signal::CONT).unwrap();
            });
            wait_for(cat.id(), STILL);
            assert!(goes_on.load(Ordering::SeqCst), "it was waited for");
        });
        cat.kill().unwrap();
        cat.wait().unwrap();
    }
}
