//! The work of the keeper: start what it is told to start, report what ended, and leave no process
//! at the end.

use std::{
    collections::{BTreeSet, HashMap},
    fs::{File, OpenOptions},
    io::{self, BufRead, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, WaitOptions, wait};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::{
    Ended, Ending, News, Program, Report, Request, abandoned, allowance, leftovers, part,
    place::SessionFolder, remains, segments, tree,
};
use crate::desktop::Allowance;

/// How long after the first request to end everything has to be gone; how long until then
/// programs may finish their files, and until when the others have to be killed. The rest
/// is for those that remove a lock. The guard waits a little longer.
const FAREWELL: Duration = Duration::from_secs(2);
const FINISHING: Duration = Duration::from_millis(1200);
const KILLING: Duration = Duration::from_millis(1500);

/// How long the processes of a part may take to be gone.
const GRACE: Duration = Duration::from_secs(3);

/// The pause between two looks at the processes that should end.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Keeps the processes of the desktop in `folder`: reads requests from stdin until its
/// end, then ends every process below it. The session's folder is at `place`.
pub(super) fn keep(folder: &Path, place: &str) -> io::Result<()> {
    // A signal to all processes reaches Deskhand too; the keeper stays until the pipe closes, to
    // clean up.
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGINT, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&asked))?;
    }
    let place: SessionFolder = serde_json::from_str(place)?;
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    allowance::give_way();
    let keeper = Arc::new(Shared::default());
    let reaper = Arc::clone(&keeper);
    thread::spawn(move || reaper.reap());
    say(&Report::Ready(place));
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        match serde_json::from_str(&line) {
            Ok(Request::Allow(allowance)) => {
                let keeper = Arc::clone(&keeper);
                thread::spawn(move || keeper.allow(allowance));
            }
            Ok(request) => keeper.handle(request),
            Err(_) => {}
        }
    }
    keeper.end_all();
    // Usually the guard does that.
    if abandoned::is_abandoned(folder).is_some() {
        leftovers::remove();
        remains::remove_folder(folder);
    }
    Ok(())
}

/// What the thread that starts programs and the one that reaps them share.
#[derive(Default)]
struct Shared {
    children: Mutex<Children>,
    started: Condvar,
}

#[derive(Default)]
struct Children {
    /// Running programs by pid. A pid leaves the map when it is reaped, under
    /// the same lock, so that a signal never meets a stranger.
    running: HashMap<u32, Child>,
}

struct Child {
    id: u64,
    ending: Ending,
    part: Option<String>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Children> {
        // The maps are whole after every statement, even after a panic.
        self.children.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handle(&self, request: Request) {
        match request {
            Request::Start { id, program } => self.start(id, &program),
            Request::Signal { id, signal } => {
                if let Some(signal) = Signal::from_named_raw(signal) {
                    self.signal(|child| child.id == id, signal);
                }
            }
            Request::End { id } => self.end_one(id),
            Request::Ping => say(&Report::Here),
            // Who reads it looks for as long as there is a keeper.
            Request::Allow(_) => {}
            Request::EndPart { part } => self.end_part(&part),
        }
    }

    /// Ends everything, and this process, once more is taken than that.
    fn allow(&self, allowance: Allowance) {
        let excess = allowance::until_exceeded(allowance);
        say(&Report::Exceeded(excess.exceeded.clone()));
        allowance::end(&excess);
        self.end_all();
        std::process::exit(0);
    }

    fn start(&self, id: u64, program: &Program) {
        let mut children = self.lock();
        let news = match spawn(program) {
            Ok(pid) => {
                let (ending, part) = (program.ending, program.part.clone());
                children.running.insert(pid, Child { id, ending, part });
                News::Started { pid }
            }
            Err(error) => News::Refused {
                reason: format!("`{}` cannot be started: {error}", program.name),
            },
        };
        say(&Report::Program { id, news });
        self.started.notify_one();
    }

    /// Waits for children for ever: our own, and the orphans that we have adopted.
    fn reap(&self) {
        loop {
            match wait(WaitOptions::empty()) {
                Ok(Some((pid, status))) => self.reaped(pid, Ended::from_status(status)),
                Err(rustix::io::Errno::CHILD) => {
                    let children = self.lock();
                    let _unlocked = self
                        .started
                        .wait_timeout(children, Duration::from_millis(50))
                        .unwrap_or_else(PoisonError::into_inner);
                }
                Ok(None) | Err(_) => {}
            }
        }
    }

    fn reaped(&self, pid: Pid, ended: Ended) {
        let pid = tree::pid_number(pid);
        let child = self.lock().running.remove(&pid);
        if let Some(Child { id, .. }) = child {
            let news = News::Ended(ended);
            say(&Report::Program { id, news });
        }
    }

    fn signal(&self, choose: impl Fn(&Child) -> bool, signal: Signal) {
        let children = self.lock();
        for (pid, _) in children.running.iter().filter(|(_, child)| choose(child)) {
            tree::send(*pid, signal);
        }
    }

    /// Ends one program with all that it started and that is still below it.
    fn end_one(&self, id: u64) {
        let children = self.lock();
        let first = children.running.iter().find(|(_, child)| child.id == id);
        let pid = first.map(|(pid, _)| *pid);
        for pid in tree::families(pid) {
            tree::send(pid, Signal::KILL);
        }
    }

    /// Ends all of a part, also what lost its parent, and returns once it is
    /// gone. A process may be born while we look, so it looks until none is left;
    /// and one that is dying has no environment any more, but is still there, so
    /// those that were found once are looked for by their numbers.
    fn end_part(&self, name: &str) {
        let deadline = Instant::now() + GRACE;
        let mut left = Vec::new();
        loop {
            left.extend(self.pids_of(|child| child.part.as_deref() == Some(name)));
            left = part::processes(name, left);
            if left.is_empty() || Instant::now() > deadline {
                return;
            }
            for pid in &left {
                tree::send(*pid, Signal::KILL);
            }
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Ends everything within [`FAREWELL`]: whoever has a file to finish or a lock to
    /// remove is asked, and killed with all others if it does not.
    fn end_all(&self) {
        let begun = Instant::now();
        self.ask(Ending::Finish, Signal::INT);
        self.wait_while(|child| child.ending == Ending::Finish, begun + FINISHING);
        // A process may be born while we look, so look until all are gone.
        let mut killed = BTreeSet::new();
        while begun.elapsed() < KILLING {
            let last = self.pids_of(|child| child.ending == Ending::Last);
            let found = tree::kill_descendants(&last);
            if found.is_empty() {
                break;
            }
            killed.extend(found);
            thread::sleep(LOOK_AGAIN);
        }
        self.ask(Ending::Last, Signal::TERM);
        self.wait_while(|child| child.ending == Ending::Last, begun + FAREWELL);
        self.signal(|_| true, Signal::KILL);
        self.wait_while(|_| true, begun + FAREWELL);
        segments::remove_of(&killed);
    }

    /// Asks those that want to be ended in that way, also where somebody has stopped them.
    fn ask(&self, ending: Ending, signal: Signal) {
        for signal in [signal, Signal::CONT] {
            self.signal(|child| child.ending == ending, signal);
        }
    }

    fn pids_of(&self, those: impl Fn(&Child) -> bool) -> Vec<u32> {
        let children = self.lock();
        let of = children.running.iter().filter(|(_, child)| those(child));
        of.map(|(pid, _)| *pid).collect()
    }

    /// Waits until no running program is one of those, at most until `deadline`.
    fn wait_while(&self, those: impl Fn(&Child) -> bool, deadline: Instant) {
        while self.lock().running.values().any(&those) && Instant::now() < deadline {
            thread::sleep(LOOK_AGAIN);
        }
    }
}

/// Starts a program that dies with the keeper, even if that is killed, in a process group
/// of its own: all that it starts can then be killed at once, however fast it forks. The
/// thread that calls this must live as long as the keeper, because the
/// parent-death signal follows the thread.
fn spawn(program: &Program) -> io::Result<u32> {
    let path = program.env.get("PATH").map_or("", String::as_str);
    let found = find(&program.name, path).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::NotFound,
            format!("no such program in {path}"),
        )
    })?;
    let child = Command::new("setpriv")
        .args(["--pdeathsig", "KILL", "--"])
        .arg(found)
        .args(&program.args)
        .env_clear()
        .envs(&program.env)
        .envs(program.part.as_deref().map(part::variable))
        .current_dir(&program.cwd)
        .stdin(Stdio::null())
        .stdout(log(&program.stdout)?)
        .stderr(log(&program.stderr)?)
        .process_group(0)
        .spawn()?;
    Ok(child.id())
}

/// The file of a program's name in the folders of `path`. `setpriv` would only
/// say that something failed; we say what is missing.
fn find(program: &str, path: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|file| file.exists());
    }
    path.split(':')
        .map(|folder| Path::new(folder).join(program))
        .find(|file| file.is_file())
}

fn log(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// Deskhand may be gone; then there is nobody to tell.
pub(super) fn say(report: &Report) {
    if let Ok(mut line) = serde_json::to_string(report) {
        line.push('\n');
        let _ = io::stdout().lock().write_all(line.as_bytes());
    }
}
