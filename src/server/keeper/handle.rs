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
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{ChildStdin, Command},
    sync::{mpsc, oneshot, watch},
};

use super::{News, Program, Report, Request, SessionFolder, process::clean_up_after};

/// How long the keeper may take to end everything: three graces and a margin.
const FAREWELL: Duration = Duration::from_secs(12);

/// How long the keeper may take to come up. It usually takes 15 ms.
const ARRIVAL: Duration = Duration::from_secs(15);

/// How a program ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(crate) enum Ended {
    /// With this exit code.
    Code(i32),
    /// By this signal.
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

    /// As a shell would say it: a signal is 128 and its number.
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
    /// The session can have no folder.
    #[error("{0}")]
    Homeless(String),
    /// The keeper did not come up in time.
    #[error("the keeper of the desktop's processes did not answer within {} s", ARRIVAL.as_secs())]
    Late,
    /// The keeper is gone, and everything that it kept.
    #[error("the keeper of the desktop's processes has ended")]
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

    /// Asks it to finish (SIGINT), as Ctrl-C would.
    pub(crate) fn interrupt(&self) {
        self.signal(rustix::process::Signal::INT);
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
}

type Arriving = oneshot::Sender<Result<SessionFolder, String>>;

/// Starts programs through the keeper process. When it is dropped, or its
/// process dies, so does everything that it started.
pub(crate) struct Keeper {
    pipe: Pipe,
    entries: Arc<Mutex<Entries>>,
    next: AtomicU64,
    gone: watch::Receiver<bool>,
    place: SessionFolder,
}

impl Keeper {
    /// Starts `executable keeper FOLDER`, which must call [`super::run`], and waits
    /// until the session has its place. The keeper finds its own programs in `path`
    /// and removes `folder` at its end.
    pub(crate) async fn start(
        executable: &Path,
        folder: &Path,
        path: &str,
    ) -> Result<Self, KeeperError> {
        let mut process = Command::new(executable)
            .arg("keeper")
            .arg(folder)
            .env("PATH", path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = process.stdin.take().ok_or(KeeperError::Gone)?;
        let stdout = process.stdout.take().ok_or(KeeperError::Gone)?;
        let (requests, queue) = mpsc::unbounded_channel();
        let entries = Arc::new(Mutex::new(Entries::default()));
        let (is_gone, gone) = watch::channel(false);
        let (arriving, arrived) = oneshot::channel();
        tokio::spawn(write(queue, stdin));
        let heard = Arc::clone(&entries);
        let folder = folder.to_owned();
        tokio::spawn(async move {
            let seen = listen(BufReader::new(stdout), &heard, arriving).await;
            let _ = process.wait().await;
            let clean_up = move || clean_up_after(&folder, seen.as_deref());
            let _ = tokio::task::spawn_blocking(clean_up).await;
            is_gone.send_replace(true);
        });
        // Its end cleans up if this is dropped, or fails, before there is a keeper.
        let pipe = Pipe(requests);
        let place = tokio::time::timeout(ARRIVAL, arrived)
            .await
            .map_err(|_| KeeperError::Late)?
            .map_err(|_| KeeperError::Gone)?
            .map_err(KeeperError::Homeless)?;
        Ok(Self {
            pipe,
            entries,
            next: AtomicU64::new(1),
            gone,
            place,
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
            .0
            .send(Request::Start { id, program })
            .map_err(|_| KeeperError::Gone)?;
        let pid = started
            .await
            .map_err(|_| KeeperError::Gone)?
            .map_err(KeeperError::Refused)?;
        Ok(Child {
            id,
            pid,
            ended,
            requests: self.pipe.0.clone(),
        })
    }

    /// Ends all processes of a part of the desktop before anything else is
    /// started.
    pub(crate) fn end_part(&self, part: &str) {
        let part = part.to_owned();
        let _ = self.pipe.0.send(Request::EndPart { part });
    }

    /// Ends every program, removes the folder, and waits until that is done.
    pub(crate) async fn shut_down(&self) {
        self.let_go();
        let _ = tokio::time::timeout(FAREWELL, self.gone()).await;
    }

    /// Waits until the keeper's process is gone and nothing of it is left.
    pub(crate) async fn gone(&self) {
        let _ = self.gone.clone().wait_for(|gone| *gone).await;
    }

    /// Closes the pipe, which ends the keeper; nobody waits for it.
    pub(crate) fn let_go(&self) {
        self.pipe.close();
    }
}

/// Where requests are put for the keeper, which ends once this is dropped.
struct Pipe(mpsc::UnboundedSender<Request>);

impl Pipe {
    fn close(&self) {
        let _ = self.0.send(Request::End {
            id: END_OF_REQUESTS,
        });
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.close();
    }
}

/// No program has this id: ids count from 1.
const END_OF_REQUESTS: u64 = 0;

async fn write(mut queue: mpsc::UnboundedReceiver<Request>, mut stdin: ChildStdin) {
    while let Some(request) = queue.recv().await {
        if matches!(
            request,
            Request::End {
                id: END_OF_REQUESTS
            }
        ) {
            return;
        }
        let Ok(mut line) = serde_json::to_string(&request) else {
            continue;
        };
        line.push('\n');
        if stdin.write_all(line.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Takes what the keeper says until it is gone; answers where the session was seen.
async fn listen(
    mut reports: BufReader<tokio::process::ChildStdout>,
    entries: &Mutex<Entries>,
    arriving: Arriving,
) -> Option<PathBuf> {
    let (mut arriving, mut seen) = (Some(arriving), None);
    let mut line = String::new();
    while matches!(reports.read_line(&mut line).await, Ok(read) if read > 0) {
        match serde_json::from_str(&line) {
            Ok(Report::Ready(place)) => {
                seen = Some(place.seen.clone());
                arriving.take().map(|arriving| arriving.send(Ok(place)));
            }
            Ok(Report::Homeless { reason }) => {
                arriving.take().map(|arriving| arriving.send(Err(reason)));
            }
            Ok(Report::Program { id, news }) => take(&mut lock(entries), id, news),
            Err(_) => {}
        }
        line.clear();
    }
    let mut entries = lock(entries);
    entries.gone = true;
    for (_, entry) in entries.programs.drain() {
        entry.ended.send_replace(Some(Ended::Lost));
    }
    seen
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
    // The map is whole after every statement, also after a panic.
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
