//! Deskhand's end of the keeper's pipe.

use std::{
    collections::HashMap,
    fmt, io,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rustix::process::WaitStatus;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{ChildStdin, ChildStdout, Command},
    sync::{mpsc, oneshot, watch},
    time::timeout,
};

use super::{
    Exceeded, MARK, News, Program, Report, Request, SessionFolder, abandoned,
    guard::{self, Hello},
    lock::Lock,
    remains::clean_up_after,
    running::{self, Closing},
};
use crate::desktop::Allowance;

/// How long the guard may take to end everything: the keeper's time, and what is left
/// over after it.
const FAREWELL: Duration = Duration::from_secs(5);

/// How long the keeper may take to come up. It usually takes 20 ms.
const ARRIVAL: Duration = Duration::from_secs(15);

/// How often a silent keeper is asked whether it still works, and after how many unanswered
/// questions it counts as ended: somebody has stopped it.
const PULSE: Duration = Duration::from_secs(3);
const IN_VAIN: u32 = 3;

/// How long it may take to start a program. That usually takes 2 ms.
const ANSWER: Duration = Duration::from_secs(15);

/// How a program ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(crate) enum Ended {
    /// With this exit code.
    Code(i32),
    /// With this signal.
    Signal(i32),
    /// Together with the keeper, which is gone.
    Lost,
}

impl Ended {
    pub(super) fn from_status(status: WaitStatus) -> Self {
        match (status.exit_status(), status.terminating_signal()) {
            (Some(code), _) => Self::Code(code),
            (None, Some(signal)) => Self::Signal(signal),
            (None, None) => Self::Lost,
        }
    }

    /// The status that a shell would report: a signal is 128 plus its number.
    pub(crate) fn exit_code(self) -> i32 {
        match self {
            Self::Code(code) => code,
            Self::Signal(signal) => 128 + signal,
            Self::Lost => 255,
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exited with status {code}"),
            Self::Signal(signal) => write!(f, "was killed by signal {signal}"),
            Self::Lost => f.write_str("disappeared"),
        }
    }
}

/// Why a program did not start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeeperError {
    /// The program itself.
    #[error("{0}")]
    Refused(String),
    /// The keeper could not be started.
    #[error("cannot start the keeper of the desktop's processes: {0}")]
    Start(#[from] io::Error),
    /// The session cannot have a folder.
    #[error("{0}")]
    Homeless(String),
    /// The keeper did not come up in time.
    #[error("the keeper of the desktop's processes did not answer within {} s", ARRIVAL.as_secs())]
    Late,
    /// The keeper did not start a program in time.
    #[error("the keeper of the desktop's processes did not answer within {} s", ANSWER.as_secs())]
    Silent,
    /// The keeper did not answer when it was asked whether it still works.
    #[error("the keeper of the desktop's processes no longer answers")]
    Mute,
    /// The keeper is gone, and everything that it kept running.
    #[error("the keeper of the desktop's processes has ended or no longer answers")]
    Gone,
}

/// A running program of the desktop.
#[derive(Clone, Debug)]
pub(crate) struct Child {
    id: u64,
    /// Its process id.
    pub(crate) pid: u32,
    ended: watch::Receiver<Option<Ended>>,
    requests: mpsc::UnboundedSender<Request>,
}

impl Child {
    /// How it ended; `None` while it runs.
    pub(crate) fn ended(&self) -> Option<Ended> {
        *self.ended.borrow()
    }

    /// Waits for its end.
    pub(crate) async fn wait(&mut self) -> Ended {
        match self.ended.wait_for(Option::is_some).await {
            Ok(ended) => (*ended).unwrap_or(Ended::Lost),
            Err(_) => Ended::Lost,
        }
    }

    /// Asks it to end (SIGTERM).
    pub(crate) fn terminate(&self) {
        self.signal(rustix::process::Signal::TERM);
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let signal = signal.as_raw();
        let _ = self.requests.send(Request::Signal {
            id: self.id,
            signal,
        });
    }

    /// Ends it and everything that it started.
    pub(crate) fn end(&self) {
        let _ = self.requests.send(Request::End { id: self.id });
    }
}

type Starting = oneshot::Sender<Result<u32, String>>;

/// A program that was asked for, until it ended.
struct Entry {
    starting: Option<Starting>,
    ended: watch::Sender<Option<Ended>>,
}

#[derive(Default)]
struct Entries {
    programs: HashMap<u64, Entry>,
    gone: bool,
    exceeded: Option<Exceeded>,
}

type Arriving = oneshot::Sender<Result<SessionFolder, String>>;

/// Starts programs through the keeper process. When it is dropped, or its
/// process dies, so does everything that it started.
pub(crate) struct Keeper {
    pipe: Pipe,
    entries: Arc<Mutex<Entries>>,
    next: AtomicU64,
    /// How often it has said something.
    heard: watch::Receiver<u64>,
    lost: watch::Receiver<bool>,
    gone: watch::Receiver<bool>,
    place: SessionFolder,
    /// What says that the folder is kept.
    _kept: Option<Lock>,
}

impl Keeper {
    /// Starts the guard, `executable keeper`, which must call [`super::run`], and waits
    /// until the session has its place. The keeper finds its own programs in `path`
    /// and removes `folder` at its end.
    pub(crate) async fn start(
        executable: &Path,
        folder: &Path,
        path: &str,
    ) -> Result<Self, KeeperError> {
        // Where no file can be locked, nobody looks for one either.
        let kept = abandoned::keep(folder).ok();
        let mut process = Command::new(executable)
            .arg0(guard::NAME)
            .arg("keeper")
            // It tells programs all that they need, and may not know more itself: a
            // secret of the run, say.
            .env_clear()
            .env("PATH", path)
            .env(MARK, folder.join("keeper"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = process.stdin.take().ok_or(KeeperError::Gone)?;
        let stdout = process.stdout.take().ok_or(KeeperError::Gone)?;
        let (requests, queue) = mpsc::unbounded_channel();
        let entries = Arc::new(Mutex::new(Entries::default()));
        let (counter, heard) = watch::channel(0);
        let (is_lost, lost) = watch::channel(false);
        let (is_gone, gone) = watch::channel(false);
        let (arriving, arrived) = oneshot::channel();
        let closing = Closing::of(process.id());
        let hello = Hello {
            folder: folder.to_owned(),
        };
        tokio::spawn(write(hello, queue, stdin, closing.clone()));
        running::add(folder, closing.clone(), gone.clone());
        let known = Arc::clone(&entries);
        let (folder, asked) = (folder.to_owned(), closing.clone());
        let pinging = requests.clone();
        tokio::spawn(async move {
            let reports = Reports {
                lines: BufReader::new(stdout).lines(),
                requests: pinging,
                closing: asked.clone(),
                heard: counter,
            };
            let seen = listen(reports, &known, arriving).await;
            // Before anybody learns that a program is lost.
            is_lost.send_replace(true);
            lose(&mut lock(&known));
            let ended = tokio::select! {
                _ = process.wait() => true,
                () = asked.since(FAREWELL) => false,
            };
            if !ended {
                let _ = process.kill().await;
            }
            let kept = folder.clone();
            let clean_up = move || clean_up_after(&kept, seen.as_deref());
            let _ = tokio::task::spawn_blocking(clean_up).await;
            running::remove(&folder);
            is_gone.send_replace(true);
        });
        // Its end cleans up if this is dropped, or fails, before there is a keeper.
        let pipe = Pipe { requests, closing };
        let place = match arrival(arrived).await {
            Ok(place) => place,
            Err(error) => {
                pipe.closing.close();
                let _ = timeout(FAREWELL * 2, gone.clone().wait_for(|gone| *gone)).await;
                return Err(error);
            }
        };
        Ok(Self {
            pipe,
            entries,
            next: AtomicU64::new(1),
            heard,
            lost,
            gone,
            place,
            _kept: kept,
        })
    }

    /// Where the session is.
    pub(crate) fn place(&self) -> &SessionFolder {
        &self.place
    }

    /// Starts a program.
    pub(crate) async fn spawn(&self, program: Program) -> Result<Child, KeeperError> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (starting, started) = oneshot::channel();
        let (ended_sender, ended) = watch::channel(None);
        {
            let mut entries = lock(&self.entries);
            if entries.gone {
                return Err(KeeperError::Gone);
            }
            let entry = Entry {
                starting: Some(starting),
                ended: ended_sender,
            };
            entries.programs.insert(id, entry);
        }
        let program = Box::new(program);
        self.pipe
            .requests
            .send(Request::Start { id, program })
            .map_err(|_| KeeperError::Gone)?;
        let Ok(started) = timeout(ANSWER, started).await else {
            lock(&self.entries).programs.remove(&id);
            // It may still come to that.
            let _ = self.pipe.requests.send(Request::End { id });
            return Err(KeeperError::Silent);
        };
        let pid = started
            .map_err(|_| KeeperError::Gone)?
            .map_err(KeeperError::Refused)?;
        Ok(Child {
            id,
            pid,
            ended,
            requests: self.pipe.requests.clone(),
        })
    }

    /// Makes the keeper end everything as soon as it takes more than that.
    pub(crate) fn allow(&self, allowance: Allowance) {
        let _ = self.pipe.requests.send(Request::Allow(allowance));
    }

    /// What was taken too much of, if that is why everything is being ended.
    pub(crate) fn exceeded(&self) -> Option<Exceeded> {
        lock(&self.entries).exceeded.clone()
    }

    /// Ends all processes of a part of the desktop before anything else is
    /// started.
    pub(crate) fn end_part(&self, part: &str) {
        let part = part.to_owned();
        let _ = self.pipe.requests.send(Request::EndPart { part });
    }

    /// Ends every program, removes the folder, and waits until that is done.
    pub(crate) async fn shut_down(&self) {
        self.let_go();
        let gone = self.gone.clone();
        let _ = timeout(FAREWELL * 2, { gone }.wait_for(|gone| *gone)).await;
    }

    /// Asks the keeper whether it still works, and waits until it has said something. False
    /// if it is lost before that, which takes [`PULSE`] a few times.
    pub(crate) async fn answers(&self) -> bool {
        let mut heard = self.heard.clone();
        heard.mark_unchanged();
        let _ = self.pipe.requests.send(Request::Ping);
        tokio::select! {
            heard = heard.changed() => heard.is_ok(),
            () = self.lost() => false,
        }
    }

    /// Whether the keeper's process has ended, and every other with it.
    pub(crate) fn is_lost(&self) -> bool {
        *self.lost.borrow()
    }

    /// Waits until the keeper's process has ended. What its processes wrote is there
    /// until it is shut down.
    pub(crate) async fn lost(&self) {
        let _ = self.lost.clone().wait_for(|lost| *lost).await;
    }

    /// Closes the pipe, which ends the keeper; nobody waits for it.
    pub(crate) fn let_go(&self) {
        self.pipe.closing.close();
    }
}

/// What the keeper says first.
async fn arrival(
    arrived: oneshot::Receiver<Result<SessionFolder, String>>,
) -> Result<SessionFolder, KeeperError> {
    timeout(ARRIVAL, arrived)
        .await
        .map_err(|_| KeeperError::Late)?
        .map_err(|_| KeeperError::Gone)?
        .map_err(KeeperError::Homeless)
}

/// Where requests are put for the keeper, which ends once this is dropped.
struct Pipe {
    requests: mpsc::UnboundedSender<Request>,
    closing: Closing,
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.closing.close();
    }
}

/// Writes the first line and then requests, until the pipe is to be closed: also where
/// nobody reads it, as a keeper that was stopped does not.
async fn write(
    hello: Hello,
    mut queue: mpsc::UnboundedReceiver<Request>,
    mut stdin: ChildStdin,
    closing: Closing,
) {
    let writing = async {
        let mut line = serde_json::to_string(&hello).unwrap_or_default();
        loop {
            line.push('\n');
            if stdin.write_all(line.as_bytes()).await.is_err() {
                return;
            }
            line = loop {
                let Some(request) = queue.recv().await else {
                    return;
                };
                if let Ok(line) = serde_json::to_string(&request) {
                    break line;
                }
            };
        }
    };
    tokio::select! {
        () = writing => {}
        () = closing.closed() => {}
    }
}

/// What the keeper says, and the pipe to it.
struct Reports {
    lines: Lines<BufReader<ChildStdout>>,
    requests: mpsc::UnboundedSender<Request>,
    closing: Closing,
    heard: watch::Sender<u64>,
}

impl Reports {
    /// The next line; `None` once the keeper is gone. One that says nothing, although it
    /// was asked, has to go: what it says while it goes would look as if its programs had
    /// ended by themselves.
    async fn next(&mut self) -> Option<String> {
        let mut in_vain = 0;
        loop {
            if let Ok(line) = timeout(PULSE, self.lines.next_line()).await {
                self.heard.send_modify(|times| *times += 1);
                return line.ok().flatten();
            }
            in_vain += 1;
            if in_vain > IN_VAIN {
                self.closing.close();
                return None;
            }
            let _ = self.requests.send(Request::Ping);
        }
    }
}

/// Takes what the keeper says until it is gone; returns where the session was seen.
async fn listen(
    mut reports: Reports,
    entries: &Mutex<Entries>,
    arriving: Arriving,
) -> Option<PathBuf> {
    let (mut arriving, mut seen) = (Some(arriving), None);
    while let Some(line) = reports.next().await {
        match serde_json::from_str(&line) {
            Ok(Report::Ready(place)) => {
                seen = Some(place.seen.clone());
                arriving.take().map(|arriving| arriving.send(Ok(place)));
            }
            Ok(Report::Homeless { reason }) => {
                arriving.take().map(|arriving| arriving.send(Err(reason)));
            }
            Ok(Report::Exceeded(exceeded)) => {
                lock(entries).exceeded = Some(exceeded);
                // What ends from now on ends by that.
                break;
            }
            Ok(Report::Program { id, news }) => take(&mut lock(entries), id, news),
            Ok(Report::Here) | Err(_) => {}
        }
    }
    seen
}

/// Nothing runs any more, and nothing will.
fn lose(entries: &mut Entries) {
    entries.gone = true;
    for (_, entry) in entries.programs.drain() {
        entry.ended.send_replace(Some(Ended::Lost));
    }
}

fn take(entries: &mut Entries, id: u64, news: News) {
    match news {
        News::Started { pid } => {
            let entry = entries.programs.get_mut(&id);
            let starting = entry.and_then(|entry| entry.starting.take());
            starting.map(|starting| starting.send(Ok(pid)));
        }
        News::Refused { reason } => {
            let starting = entries.programs.remove(&id).and_then(|e| e.starting);
            starting.map(|starting| starting.send(Err(reason)));
        }
        News::Ended(ended) => {
            if let Some(entry) = entries.programs.remove(&id) {
                entry.ended.send_replace(Some(ended));
            }
        }
    }
}

fn lock(entries: &Mutex<Entries>) -> MutexGuard<'_, Entries> {
    // The map is consistent after every statement, even after a panic.
    entries.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_program_is_told_as_a_shell_tells_it() {
        for (ended, code, words) in [
            (Ended::Code(3), 3, "exited with status 3"),
            (Ended::Signal(9), 137, "was killed by signal 9"),
            (Ended::Lost, 255, "disappeared"),
        ] {
            assert_eq!((ended.exit_code(), &*ended.to_string()), (code, words));
        }
    }
}
