//! The four managed processes: how each is started, whether it runs, and what
//! it wrote.

mod command;
mod part;
mod socket;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    net::TcpSocket,
    sync::watch,
    time::{Instant, sleep, timeout_at},
};

use self::{
    command::Command,
    socket::{free_port, greeting, is_refused},
};
pub(super) use self::{
    part::{ACCESSIBILITY, part},
    socket::connect,
};
use super::{
    StartError,
    keeper::{Child, Ended, Ending, Exceeded, Keeper, KeeperError, Program, SessionFolder},
    look::{self, Variables},
};
use crate::{
    desktop::wire::{PROCESSES, ProcessInfo, ProcessStatusList},
    geometry::Size,
    profile::Profile,
};

/// How long Xvfb may take to name its display. It usually takes 60 ms.
const XVFB_TIMEOUT: Duration = Duration::from_secs(15);

/// How long the VNC server may take to serve the screen. It usually takes 150 ms.
const X11VNC_TIMEOUT: Duration = Duration::from_secs(15);

/// How long a process may take to end.
const GRACE: Duration = Duration::from_secs(3);

/// How often to look at a file that a starting process will fill.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// The most that is read from the end of a log.
const MAX_LOG: u64 = 1 << 20;

/// The managed processes of one desktop, and the keeper that runs them.
#[derive(Clone)]
pub(super) struct Processes(Arc<Inner>);

struct Inner {
    keeper: Keeper,
    folder: PathBuf,
    environment: Variables,
    profile: Profile,
    state: Mutex<State>,
    status: watch::Sender<ProcessStatusList>,
}

#[derive(Default)]
struct State {
    children: BTreeMap<&'static str, Child>,
    /// The port of the viewer's bridge, and what keeps it free until it listens.
    viewer_port: Option<(u16, TcpSocket)>,
    /// Whether the VNC server has greeted anybody since it was started.
    x11vnc_serves: bool,
}

impl Processes {
    /// Nothing runs yet; logs and sockets will be below `folder`.
    pub(super) fn new(
        keeper: Keeper,
        folder: &Path,
        environment: &Variables,
        profile: Profile,
    ) -> Self {
        let status = watch::Sender::new(list(folder, &BTreeMap::new()));
        Self(Arc::new(Inner {
            keeper,
            folder: folder.to_owned(),
            environment: environment.clone(),
            profile,
            state: Mutex::default(),
            status,
        }))
    }

    /// Starts the X server, whose screen is then as large as it can ever be;
    /// answers the display's number once it is served.
    pub(super) async fn start_xvfb(&self, largest: Size) -> Result<u32, StartError> {
        let authority = self.0.folder.join(look::AUTHORITY);
        let earlier = self.displays().len();
        self.start("xvfb", command::xvfb(largest, &authority), None)
            .await?;
        self.display_number(earlier).await
    }

    /// The address of the accessibility bus, as programs of the session know it.
    pub(super) fn accessibility_address(&self) -> String {
        let socket = self.0.keeper.place().seen.join(look::ACCESSIBILITY_SOCKET);
        format!("unix:path={}", socket.display())
    }

    /// Starts the accessibility bus, unless it runs. It is not a part of the session, so
    /// that programs keep it when only the session is started again.
    pub(super) async fn start_accessibility(&self) -> Result<(), StartError> {
        let child = self.lock().children.get(ACCESSIBILITY).cloned();
        if child.is_some_and(|child| child.ended().is_none()) {
            return Ok(());
        }
        let config = self.0.folder.join(look::ACCESSIBILITY_BUS);
        let command = command::accessibility(&config);
        self.start(ACCESSIBILITY, command, None).await
    }

    /// Starts the session and the VNC server on a display.
    pub(super) async fn start_session(
        &self,
        display: u32,
        profile: Profile,
    ) -> Result<(), StartError> {
        self.start_xfce4(display, profile).await?;
        self.start_x11vnc(display).await
    }

    /// Starts the session.
    pub(super) async fn start_xfce4(
        &self,
        display: u32,
        profile: Profile,
    ) -> Result<(), StartError> {
        let bus = self.0.folder.join(look::SESSION_BUS);
        self.start("xfce4", command::xfce4(profile, &bus), Some(display))
            .await
    }

    /// Starts the VNC server.
    pub(super) async fn start_x11vnc(&self, display: u32) -> Result<(), StartError> {
        self.lock().x11vnc_serves = false;
        let socket = self.0.keeper.place().seen.join(look::VNC_SOCKET);
        let authority = self.0.folder.join(look::AUTHORITY);
        let command = command::x11vnc(display, &socket, &authority);
        self.start("x11vnc", command, Some(display)).await
    }

    /// Waits until the VNC server serves the screen. Before that it ends if the screen
    /// is given another size.
    pub(super) async fn x11vnc_serves(&self) {
        let deadline = Instant::now() + X11VNC_TIMEOUT;
        let socket = self.0.keeper.place().real.join(look::VNC_SOCKET);
        while !self.lock().x11vnc_serves
            && self.ended("x11vnc").is_none()
            && Instant::now() < deadline
        {
            match timeout_at(deadline, greeting(&socket)).await {
                Ok(Ok(())) => self.lock().x11vnc_serves = true,
                _ => sleep(LOOK_AGAIN).await,
            }
        }
    }

    /// Whether the session's message bus listens no more, or not yet. Nothing else shows when it
    /// has ended: the session goes on without it.
    pub(super) async fn bus_refuses(&self) -> bool {
        is_refused(&self.0.keeper.place().real.join(look::BUS_SOCKET)).await
    }

    /// Starts the viewer's bridge on a free loopback port.
    pub(super) async fn start_novnc(&self) -> Result<(), StartError> {
        let (port, kept_free) = free_port()?;
        let tokens = self.0.folder.join(look::VIEWER_TOKENS);
        self.start("novnc", command::novnc(port, &tokens), None)
            .await?;
        self.lock().viewer_port = Some((port, kept_free));
        Ok(())
    }

    /// Where the viewer's bridge listens on loopback, once it was started.
    pub(super) fn viewer_port(&self) -> Option<u16> {
        self.lock().viewer_port.as_ref().map(|(port, _)| *port)
    }

    /// Ends a process with all that it started, and waits until it is gone.
    pub(super) async fn stop(&self, name: &str) {
        let Some(mut child) = self.lock().children.get(name).cloned() else {
            return;
        };
        if name == "xvfb" {
            // Asked, it removes its socket.
            child.terminate();
            let _ = tokio::time::timeout(GRACE, child.wait()).await;
        }
        // Also where it is gone itself: what it started may have stayed.
        self.0.keeper.end_part(name);
        let _ = tokio::time::timeout(GRACE, child.wait()).await;
        self.tell();
    }

    /// Runs a program that is not one of the managed four.
    pub(super) async fn spawn(&self, program: Program) -> Result<Child, KeeperError> {
        self.0.keeper.spawn(program).await
    }

    /// Where the session is.
    pub(super) fn place(&self) -> &SessionFolder {
        self.0.keeper.place()
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

    /// Waits until a process has ended.
    pub(super) async fn any_ended(&self) {
        let mut statuses = self.watch();
        while self.first_ended().is_none() && statuses.changed().await.is_ok() {}
    }

    /// How a process ended, if it did.
    pub(super) fn ended(&self, name: &str) -> Option<Ended> {
        self.lock().children.get(name).and_then(Child::ended)
    }

    /// What a process wrote, the last mebibyte of it. `name` is one of [`PROCESSES`].
    pub(super) fn log(&self, name: &str, stream: Stream) -> io::Result<String> {
        read_end(&stream.path(&self.0.folder, name))
    }

    /// Waits until the keeper is lost, and all processes with it.
    pub(super) async fn lost(&self) {
        self.0.keeper.lost().await;
    }

    /// Whether the keeper is lost, and all processes with it.
    pub(super) fn is_lost(&self) -> bool {
        self.0.keeper.is_lost()
    }

    /// Waits until the keeper answers that it still works; false if it is lost before that.
    pub(super) async fn answer(&self) -> bool {
        self.0.keeper.answers().await
    }

    /// What the desktop has taken too much of, if that is why it was lost.
    pub(super) fn exceeded(&self) -> Option<Exceeded> {
        self.0.keeper.exceeded()
    }

    /// Ends all processes and removes the desktop's folder.
    pub(super) async fn shut_down(&self) {
        self.0.keeper.shut_down().await;
    }

    /// The same, without waiting for it.
    pub(super) fn let_go(&self) {
        self.0.keeper.let_go();
    }

    /// Lets them go once the answer is dropped, unless they are kept by then. They do
    /// not go by themselves: a task waits for the end of each of them.
    pub(super) fn until_kept(&self) -> UntilKept {
        UntilKept(Some(self.clone()))
    }

    async fn start(
        &self,
        name: &'static str,
        (program, args): Command,
        display: Option<u32>,
    ) -> Result<(), StartError> {
        let folder = &self.0.folder;
        let mut env = self.0.environment.clone();
        env.extend(display.map(|number| ("DISPLAY".to_owned(), format!(":{number}"))));
        if name == "xvfb" {
            env.extend([command::huge_pages()]);
        }
        let program = Program {
            name: program.to_owned(),
            args,
            env,
            cwd: self.0.keeper.place().home(),
            stdout: Stream::Stdout.path(folder, name),
            stderr: Stream::Stderr.path(folder, name),
            // The X server removes its lock on its own, once all clients left.
            ending: if name == "xvfb" {
                Ending::Last
            } else {
                Ending::Kill
            },
            part: Some(name.to_owned()),
        };
        let spawned = self.0.keeper.spawn(program).await;
        let mut child = spawned.map_err(|error| StartError::Process {
            part: part(name, self.0.profile),
            reason: error.to_string(),
        })?;
        self.lock().children.insert(name, child.clone());
        self.tell();
        let processes = self.clone();
        tokio::spawn(async move {
            child.wait().await;
            processes.tell();
        });
        Ok(())
    }

    /// Tells all watchers the current states.
    fn tell(&self) {
        let now = list(&self.0.folder, &self.lock().children);
        self.0.status.send_replace(now);
    }

    /// The numbers that every Xvfb so far wrote once it served its display.
    fn displays(&self) -> Vec<u32> {
        let text = self.log("xvfb", Stream::Stdout).unwrap_or_default();
        let lines = text.split_inclusive('\n');
        lines
            .filter_map(|line| line.strip_suffix('\n')?.parse().ok())
            .collect()
    }

    /// Waits for the number that the latest Xvfb writes, after `earlier` others.
    async fn display_number(&self, earlier: usize) -> Result<u32, StartError> {
        let deadline = Instant::now() + XVFB_TIMEOUT;
        loop {
            if let Some(number) = self.displays().get(earlier) {
                return Ok(*number);
            }
            let ended = self.ended("xvfb");
            if ended.is_some() || Instant::now() > deadline {
                let silent = || {
                    format!(
                        "it did not open a display within {} s",
                        XVFB_TIMEOUT.as_secs()
                    )
                };
                let how = ended.map_or_else(silent, |ended| format!("it {ended}"));
                let said = self.log("xvfb", Stream::Stderr).unwrap_or_default();
                let reason = format!("{how}\n{}", said.trim_end());
                return Err(StartError::Process {
                    part: part("xvfb", self.0.profile),
                    reason,
                });
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // It is consistent after every statement, even after a panic.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The processes of a desktop that is not there yet.
pub(super) struct UntilKept(Option<Processes>);

impl UntilKept {
    /// From now on, somebody will end them.
    pub(super) fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for UntilKept {
    fn drop(&mut self) {
        if let Some(processes) = &self.0 {
            processes.let_go();
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_log_the_end_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let most = usize::try_from(MAX_LOG).unwrap();
        let bytes = [vec![b'x'; most], b"the end\xff".to_vec()].concat();
        std::fs::write(&log, bytes).unwrap();
        let end = read_end(&log).unwrap();
        // The last byte is not text, so a character of three bytes stands for it.
        assert_eq!(end.len(), most + 2);
        assert!(end.ends_with("xthe end\u{fffd}"));
        assert!(read_end(&folder.path().join("none")).is_err());
    }

    #[test]
    fn a_process_that_was_never_started_is_in_the_list_and_does_not_run() {
        let list = list(Path::new("/d"), &BTreeMap::new());
        assert_eq!((list.running, list.total), (0, 4));
        let names: Vec<&str> = list.items.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, PROCESSES);
        let xvfb = &list.items[0];
        assert_eq!((xvfb.running, xvfb.pid), (false, None));
        let log = &xvfb.stderr_log;
        assert!(
            log.starts_with("/d/") && log.ends_with("/xvfb.stderr.log"),
            "{log}"
        );
    }
}
