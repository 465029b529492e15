//! The keeper: a small process of ours between Deskhand and everything that a
//! local desktop runs; and its guard.
//!
//! ```text
//! Deskhand ── guard ── (bwrap) ── keeper ── Xvfb, XFCE, x11vnc, noVNC, ffmpeg, programs
//!     └────────────── pipe ─────────┘
//! ```
//!
//! Deskhand may be killed in any way, and then nothing may stay behind: no
//! process, no X lock, no folder. A process cannot clean up after its own
//! `kill -9`, so another one does. The keeper starts every process of the
//! desktop, adopts the orphans among their descendants (it is a child
//! subreaper, see prctl(2)), and holds one end of a pipe whose other end
//! Deskhand holds. When that pipe closes, for whatever reason, it ends all of
//! its descendants, and itself.
//!
//! The keeper may be killed too, or stopped. So the guard stands above it, which
//! only waits for the end of the keeper or of the pipe, ends whatever the keeper
//! did not end, and removes what all of them left. Of the three, any two can be
//! killed at once: the third ends and removes the desktop. Where all were killed,
//! whoever starts the next desktop does (see `abandoned`).
//!
//! A PID namespace would end all processes of a desktop at once, but most containers
//! allow none; it would remove no file, and a process would have another number for
//! the session than for everybody else.
//!
//! [`run`] is both processes. `Keeper` is Deskhand's end of the pipe.

mod abandoned;
mod allowance;
mod fixed;
mod growth;
mod guard;
mod handle;
mod leftovers;
mod lock;
mod part;
mod place;
mod process;
mod remains;
mod running;
mod segments;
#[cfg(test)]
mod started;
mod tree;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::desktop::Allowance;

pub(crate) use self::running::end_all;
pub(super) use self::{
    handle::{Child, Ended, Keeper, KeeperError},
    place::{HOME, SOCKETS, SessionFolder, TEMPORARY},
    running::until_gone,
};

/// Runs the guard, which takes the desktop's folder from its first line of stdin; or,
/// with that folder and the place of its session, the keeper, which the guard starts.
///
/// # Errors
///
/// When it cannot become the one to whom orphans come; nothing was started then.
pub fn run(folder: Option<&Path>, place: Option<&str>) -> io::Result<()> {
    match (folder, place) {
        (Some(folder), Some(place)) => process::keep(folder, place),
        _ => guard::guard(),
    }
}

/// How the name of every desktop's folder begins.
pub(super) const FOLDER_PREFIX: &str = "deskhand-";

/// The variable by which a desktop's processes are known, whoever their parents
/// are: its value is a path in the desktop's folder. It names the file that
/// launched programs write to.
pub(super) const MARK: &str = "DESKHAND_LAUNCH_LOG";

/// A program to start, with everything that it gets: nothing is inherited.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Program {
    /// Its name or path, looked up in the `PATH` of `env`.
    pub(super) name: String,
    /// Its arguments.
    pub(super) args: Vec<String>,
    /// Its whole environment.
    pub(super) env: BTreeMap<String, String>,
    /// The folder that it starts in.
    pub(super) cwd: PathBuf,
    /// The file that its stdout is appended to.
    pub(super) stdout: PathBuf,
    /// The file that its stderr is appended to.
    pub(super) stderr: PathBuf,
    /// How to end it.
    pub(super) ending: Ending,
    /// The part of the desktop to which it belongs, with everything that it starts; `None` for a
    /// program that is ended separately.
    pub(super) part: Option<String>,
}

/// How a program is ended when the desktop goes away.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub(super) enum Ending {
    /// With SIGKILL: it has nothing to save.
    #[default]
    Kill,
    /// With SIGINT before all others, with time to finish its file.
    Finish,
    /// With SIGTERM after all others, with time to remove its lock.
    Last,
}

/// One line to the keeper.
#[derive(Debug, Serialize, Deserialize)]
enum Request {
    /// Start a program; `id` names it in the answers.
    Start { id: u64, program: Box<Program> },
    /// Send a signal to a program, unless it ended.
    Signal { id: u64, signal: i32 },
    /// End every process that the program has started, and itself.
    End { id: u64 },
    /// End everything that takes more than that.
    Allow(Allowance),
    /// Say that you still work.
    Ping,
    /// End every process of a part, also of one whose first process is gone.
    /// What is started after that finds none of them.
    EndPart { part: String },
}

/// One line from the keeper.
#[derive(Debug, Serialize, Deserialize)]
enum Report {
    /// The keeper runs, and the session's folder is there.
    Ready(SessionFolder),
    /// There is no keeper, because the session cannot have a folder.
    Homeless { reason: String },
    /// The processes took more than they may, and are being ended.
    Exceeded(Exceeded),
    /// The keeper still works.
    Here,
    /// News about the program with that id.
    Program { id: u64, news: News },
}

/// Why a desktop was ended that took more than it may.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Exceeded {
    /// What it took too much of, how much, and which program took most of that; one line.
    pub(super) reason: String,
    /// What to do; one line.
    pub(super) help: String,
}

/// News about a program.
#[derive(Debug, Serialize, Deserialize)]
enum News {
    /// It runs.
    Started { pid: u32 },
    /// It could not be started.
    Refused { reason: String },
    /// It ended.
    Ended(Ended),
}
