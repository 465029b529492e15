//! The four managed processes: how each is started, whether it runs, and what
//! it wrote.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::Instant};

use super::{
    StartError,
    keeper::{Child, Ended, Ending, Keeper, KeeperError, Program},
    look::{self, Environment},
};
use crate::{
    desktop::wire::{PROCESSES, ProcessInfo, ProcessStatusList},
    geometry::Size,
};

/// How long Xvfb may take to name its display. It usually takes 60 ms.
const XVFB_TIMEOUT: Duration = Duration::from_secs(15);

/// How often a file is looked at that a starting process will fill.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// The most that is read of a log: its end.
const MAX_LOG: u64 = 1 << 20;

/// The managed processes of one desktop, and the keeper that runs them.
#[derive(Clone)]
pub(super) struct Processes(Arc<Inner>);

struct Inner {
    keeper: Keeper,
    folder: PathBuf,
    children: Mutex<BTreeMap<&'static str, Child>>,
    status: watch::Sender<ProcessStatusList>,
}

impl Processes {
    /// Nothing runs yet; logs and sockets will be below `folder`.
    pub(super) fn new(keeper: Keeper, folder: &Path) -> Self {
        let status = watch::Sender::new(list(folder, &BTreeMap::new()));
        let folder = folder.to_owned();
        Self(Arc::new(Inner {
            keeper,
            folder,
            children: Mutex::default(),
            status,
        }))
    }

    /// Starts all four, side by side where they do not need each other; answers
    /// the display's number as soon as Xvfb serves it.
    pub(super) async fn start_all(
        &self,
        size: Size,
        environment: &Environment,
    ) -> Result<u32, StartError> {
        let vnc = self.0.folder.join(look::VNC_SOCKET);
        let tokens = self.0.folder.join(look::VIEWER_TOKENS);
        let authority = self.0.folder.join(look::AUTHORITY);
        let bus = self.0.folder.join(look::SESSION_BUS);
        self.start("xvfb", xvfb(size, &authority), environment)
            .await?;
        self.start("novnc", novnc(free_port()?, &tokens), environment)
            .await?;
        let display = self.display_number().await?;
        let mut environment = environment.clone();
        environment.insert("DISPLAY".to_owned(), format!(":{display}"));
        self.start("xfce4", xfce4(&bus), &environment).await?;
        self.start("x11vnc", x11vnc(display, &vnc, &authority), &environment)
            .await?;
        Ok(display)
    }

    /// Runs a program that is not one of the managed four.
    pub(super) async fn spawn(&self, program: Program) -> Result<Child, KeeperError> {
        self.0.keeper.spawn(program).await
    }

    /// The states, now and at every change.
    pub(super) fn watch(&self) -> watch::Receiver<ProcessStatusList> {
        self.0.status.subscribe()
    }

    /// The first process that ended, and how.
    pub(super) fn first_ended(&self) -> Option<(&'static str, Ended)> {
        PROCESSES
            .into_iter()
            .find_map(|name| Some((name, self.ended(name)?)))
    }

    /// How a process ended, if it did.
    pub(super) fn ended(&self, name: &str) -> Option<Ended> {
        self.lock().get(name).and_then(Child::ended)
    }

    /// What a process wrote, the last mebibyte of it. `name` is one of [`PROCESSES`].
    pub(super) fn log(&self, name: &str, stream: Stream) -> io::Result<String> {
        read_end(&stream.path(&self.0.folder, name))
    }

    /// Ends all processes and removes the desktop's folder.
    pub(super) async fn shut_down(&self) {
        self.0.keeper.shut_down().await;
    }

    /// The same, without waiting for it.
    pub(super) fn let_go(&self) {
        self.0.keeper.let_go();
    }

    async fn start(
        &self,
        name: &'static str,
        (program, args): (&str, Vec<String>),
        environment: &Environment,
    ) -> Result<(), StartError> {
        let folder = &self.0.folder;
        let program = Program {
            name: program.to_owned(),
            args,
            env: environment.clone(),
            cwd: folder.join(look::HOME),
            stdout: Stream::Stdout.path(folder, name),
            stderr: Stream::Stderr.path(folder, name),
            // The X server removes its lock by itself, once all clients left.
            ending: if name == "xvfb" {
                Ending::Last
            } else {
                Ending::Kill
            },
        };
        let mut child =
            self.0
                .keeper
                .spawn(program)
                .await
                .map_err(|error| StartError::Process {
                    name: name.to_owned(),
                    reason: error.to_string(),
                })?;
        self.lock().insert(name, child.clone());
        self.tell();
        let processes = self.clone();
        tokio::spawn(async move {
            child.wait().await;
            processes.tell();
        });
        Ok(())
    }

    /// Tells everybody who watches how things stand.
    fn tell(&self) {
        let now = list(&self.0.folder, &self.lock());
        self.0.status.send_replace(now);
    }

    /// Reads the number that Xvfb writes once it serves the display.
    async fn display_number(&self) -> Result<u32, StartError> {
        let deadline = Instant::now() + XVFB_TIMEOUT;
        loop {
            let text = self.log("xvfb", Stream::Stdout).unwrap_or_default();
            if let Some(number) = text.strip_suffix('\n').and_then(|line| line.parse().ok()) {
                return Ok(number);
            }
            let ended = self.ended("xvfb");
            if ended.is_some() || Instant::now() > deadline {
                let how = ended.map_or("it gave no display".to_owned(), |e| format!("it {e}"));
                let said = self.log("xvfb", Stream::Stderr).unwrap_or_default();
                let reason = format!("{how}\n{}", said.trim_end());
                return Err(StartError::Process {
                    name: "xvfb".to_owned(),
                    reason,
                });
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Child>> {
        // The map is whole after every statement, also after a panic.
        self.0
            .children
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The X server: a screen of `size`, no TCP, no blanking, and no reset when the
/// last program leaves. It picks a free display and writes its number to stdout.
fn xvfb(size: Size, authority: &Path) -> (&'static str, Vec<String>) {
    let screen = format!("{size}x24");
    let authority = authority.display().to_string();
    let args = [
        "-displayfd",
        "1",
        "-screen",
        "0",
        &screen,
        "-dpi",
        "96",
        "-auth",
        &authority,
        "-nolisten",
        "tcp",
        "-noreset",
        "-s",
        "0",
        "-dpms",
    ];
    ("Xvfb", args.map(str::to_owned).to_vec())
}

/// The session, with a message bus of its own.
fn xfce4(bus: &Path) -> (&'static str, Vec<String>) {
    let config = format!("--config-file={}", bus.display());
    (
        "dbus-run-session",
        [&config, "--", "xfce4-session"].map(str::to_owned).to_vec(),
    )
}

/// The VNC server, on a socket that only this user can open and on no port: it
/// would listen on IPv6 although its port is 0, so that is said too. Without
/// `-noshm` it would leave System V shared memory whenever it is killed.
fn x11vnc(display: u32, socket: &Path, authority: &Path) -> (&'static str, Vec<String>) {
    let display = format!(":{display}");
    let socket = socket.display().to_string();
    let authority = authority.display().to_string();
    let places = [
        ["-display", &display],
        ["-auth", &authority],
        ["-unixsock", &socket],
        ["-rfbport", "0"],
        ["-rfbportv6", "0"],
    ];
    let switches = [
        "-localhost",
        "-no6",
        "-noipv6",
        "-nopw",
        "-norc",
        "-quiet",
        "-forever",
        "-shared",
        "-xkb",
        "-noxrecord",
        "-noshm",
    ];
    let args = places.as_flattened().iter().chain(&switches);
    (
        "x11vnc",
        args.map(|argument| (*argument).to_owned()).collect(),
    )
}

/// The bridge from the viewer's WebSocket to the VNC server. It listens on
/// loopback, where pages of the user's browser can reach it, so it connects
/// only those who know the token of `look::VIEWER_TOKENS`.
fn novnc(port: u16, tokens: &Path) -> (&'static str, Vec<String>) {
    let tokens = format!("--token-source={}", tokens.display());
    let listen = format!("127.0.0.1:{port}");
    let args = ["--token-plugin=TokenFile", &tokens, &listen];
    ("websockify", args.map(str::to_owned).to_vec())
}

/// A loopback port that nobody listens on now. Another program may take it
/// before websockify does; then websockify ends, and the status says so.
fn free_port() -> Result<u16, StartError> {
    let found = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|on| on.local_addr());
    let found = found.map_err(|reason| StartError::System {
        what: "find a free loopback port".to_owned(),
        reason,
    })?;
    Ok(found.port())
}

/// One of the two streams that a process writes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    fn path(self, folder: &Path, name: &str) -> PathBuf {
        let ending = match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        };
        folder.join(look::LOGS).join(format!("{name}.{ending}.log"))
    }
}

fn list(folder: &Path, children: &BTreeMap<&'static str, Child>) -> ProcessStatusList {
    let path = |stream: Stream, name| stream.path(folder, name).display().to_string();
    let items = PROCESSES.into_iter().map(|name| {
        let child = children.get(name).filter(|child| child.ended().is_none());
        ProcessInfo {
            name: name.to_owned(),
            running: child.is_some(),
            pid: child.map(|child| child.pid),
            stdout_log: path(Stream::Stdout, name),
            stderr_log: path(Stream::Stderr, name),
        }
    });
    ProcessStatusList::new(items.collect())
}

/// The last mebibyte of a file, as text.
pub(super) fn read_end(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(MAX_LOG)))?;
    let mut bytes = Vec::new();
    file.take(MAX_LOG).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
