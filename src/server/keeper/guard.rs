//! The guard: the process above the keeper, which cleans up after it.
//!
//! The keeper can be killed too, or stopped. Whatever loses its parent then becomes a
//! child of the guard, which ends it all, and removes what it left. It is not called as
//! Deskhand is, and names no path, so that `pkill deskhand` spares it: it ends on its own
//! a moment later, with everything else.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Read},
    os::{
        fd::AsFd,
        unix::{net::UnixStream, process::CommandExt},
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, atomic::AtomicBool},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    process::{
        Pid, Signal, WaitId, WaitIdOptions, WaitOptions, kill_process_group, setsid, wait, waitid,
    },
};
use serde::{Deserialize, Serialize};
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGTERM};

use super::{
    Report, abandoned,
    fixed::{self, FIXED, NO_NAMESPACE},
    leftovers,
    lock::Lock,
    place::SessionFolder,
    process::say,
    remains::remove_folder,
    segments, tree,
};

/// What Deskhand calls the guard when it starts it.
pub(super) const NAME: &str = "desktop-guard";

/// How long the keeper may take to end everything once it is asked: longer than it
/// gives itself.
const PATIENCE: Duration = Duration::from_millis(2300);

/// How long killed processes may take to be gone.
const DYING: Duration = Duration::from_secs(2);

const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// The longest first line.
const MOST: usize = 1 << 16;

/// The first line to the guard, which is not for the keeper.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Hello {
    /// The desktop's folder.
    pub(super) folder: PathBuf,
}

/// A keeper that was started, and its resources.
struct Kept {
    keeper: Pid,
    place: SessionFolder,
    /// What keeps that place.
    locks: Vec<Lock>,
}

/// Guards the desktop whose folder the first line of stdin names, until it is gone.
pub(super) fn guard() -> io::Result<()> {
    // Away from the terminal's process group: Ctrl-C is Deskhand's to handle.
    // This fails only for a group's leader, which is as good.
    let _ = setsid();
    let _ = rustix::thread::set_name(c"desktop-guard");
    // A signal to all processes reaches Deskhand too; the guard stays until the pipe closes, to
    // clean up.
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGINT, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&asked))?;
    }
    let (children, tell) = UnixStream::pair()?;
    children.set_nonblocking(true)?;
    signal_hook::low_level::pipe::register(SIGCHLD, tell)?;
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    let Hello { folder } = hello()?;
    // Without the lock nobody knows that it is kept, and nobody removes it.
    let _kept = abandoned::keep(&folder);
    let base = folder.parent().map(Path::to_owned);
    let removing = base.map(|base| thread::spawn(move || abandoned::remove_in(&base)));
    let kept = match keep(&folder, &children) {
        Ok(kept) => kept,
        Err(error) => {
            let reason = error.to_string();
            say(&Report::Homeless { reason });
            remove_folder(&folder);
            return Ok(());
        }
    };
    // Deskhand learns about the end from the end of this pipe.
    if let Ok(nowhere) = File::options().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdout(nowhere);
    }
    end_family(kept.keeper);
    leftovers::remove();
    // What the processes wrote can be read until nobody wants it any more.
    while !is_let_go(None) {}
    remove_folder(&folder);
    drop(kept.locks);
    fixed::leave(&kept.place.seen);
    // A desktop that lives briefly must not leave that half done.
    if let Some(removing) = removing {
        let _ = removing.join();
    }
    Ok(())
}

/// Reads the first line, and nothing after it.
fn hello() -> io::Result<Hello> {
    // Without a buffer: what comes after it is the keeper's.
    let mut stdin = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < MOST {
        stdin.read_exact(&mut byte)?;
        if byte == *b"\n" {
            return Ok(serde_json::from_slice(&line)?);
        }
        line.extend(byte);
    }
    Err(io::ErrorKind::InvalidData.into())
}

/// Runs a keeper to its end: in a namespace where the session's folder has its fixed
/// path, or where it is without one.
fn keep(folder: &Path, children: &UnixStream) -> io::Result<Kept> {
    fixed::make_own(folder)?;
    let reason = match keep_in_namespace(folder, children) {
        Ok(kept) => return Ok(kept),
        Err(reason) => reason,
    };
    let (place, locks) = fixed::unbound(folder, reason)?;
    let program = Command::new(std::env::current_exe()?);
    let keeper = start(program, folder, &place)?;
    until_ended(keeper, children);
    Ok(Kept {
        keeper,
        place,
        locks,
    })
}

/// An error says why there is no namespace. Nothing was started then.
fn keep_in_namespace(folder: &Path, children: &UnixStream) -> Result<Kept, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let log = folder.join("bwrap.log");
    let stderr = File::create(&log).map_err(|error| error.to_string())?;
    let (mut command, place, lock) =
        fixed::bound(folder).map_err(|error| format!("{FIXED} cannot be used: {error}"))?;
    command.arg(program).stderr(Stdio::from(stderr));
    let keeper = start(command, folder, &place)
        .map_err(|error| format!("`bwrap` cannot be started: {error}"))?;
    if until_ended(keeper, children) == Some(NO_NAMESPACE) {
        drop(lock);
        fixed::leave(&place.seen);
        let said = fs::read_to_string(&log).unwrap_or_default();
        return Err(said.trim().to_owned());
    }
    Ok(Kept {
        keeper,
        place,
        locks: vec![lock],
    })
}

/// Starts the keeper, with what brings it up, in a process group of its own.
fn start(mut command: Command, folder: &Path, place: &SessionFolder) -> io::Result<Pid> {
    let place = serde_json::to_string(place)?;
    let keeper = command
        .arg("keeper")
        .arg(folder)
        .arg(place)
        .process_group(0)
        .spawn()?;
    let keeper = i32::try_from(keeper.id()).ok().and_then(Pid::from_raw);
    keeper.ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// Waits until the keeper has ended; returns its exit code. It is not reaped yet, so
/// that nobody else has its number. Once nobody wants the desktop any more, it has to
/// end soon.
fn until_ended(keeper: Pid, children: &UnixStream) -> Option<i32> {
    let mut deadline = None;
    loop {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        match waitid(WaitId::Pid(keeper), options) {
            Ok(Some(ended)) => return ended.exit_status(),
            Ok(None) => {}
            Err(_) => return None,
        }
        match deadline {
            None if is_let_go(Some(children)) => {
                deadline = Some(Instant::now() + PATIENCE);
                // Somebody may have stopped it.
                for pid in tree::families([tree::pid_number(keeper)]) {
                    tree::send(pid, Signal::CONT);
                }
            }
            None => {}
            Some(deadline) if Instant::now() > deadline => return None,
            Some(_) => thread::sleep(LOOK_AGAIN),
        }
    }
}

/// Waits until a child ends, or Deskhand has closed the pipe to the keeper; answers
/// whether it has.
fn is_let_go(children: Option<&UnixStream>) -> bool {
    let stdin = io::stdin();
    // The end of a pipe is always told.
    let mut waited = vec![PollFd::new(&stdin, PollFlags::empty())];
    waited.extend(children.map(|children| PollFd::new(children, PollFlags::IN)));
    if poll(&mut waited, None).is_err() {
        return false;
    }
    let let_go = waited[0]
        .revents()
        .intersects(PollFlags::HUP | PollFlags::ERR);
    if let Some(mut children) = children {
        let mut told = [0; 64];
        while matches!(children.read(&mut told), Ok(1..)) {}
    }
    let_go
}

/// Ends everything that the keeper has left, and waits until it is gone: processes that have lost
/// their parent are children of the guard.
fn end_family(keeper: Pid) {
    let _ = kill_process_group(keeper, Signal::KILL);
    let deadline = Instant::now() + DYING;
    let mut killed = BTreeSet::new();
    while Instant::now() < deadline {
        killed.extend(tree::kill_descendants(&[]));
        if !is_anybody_left() {
            break;
        }
        thread::sleep(LOOK_AGAIN);
    }
    segments::remove_of(&killed);
}

/// Reaps whoever has ended; returns whether there are others.
fn is_anybody_left() -> bool {
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some(_)) => {}
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}
