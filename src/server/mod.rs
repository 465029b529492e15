//! The local desktop: Xvfb, an XFCE session, x11vnc and noVNC, kept by us and
//! served as the desktop API on a loopback address.
//!
//! ```text
//! Deskhand ── api ──▶ x11 ───────────────▶ Xvfb
//!     │        ├────▶ recorder ──┐          ▲
//!     │        └────▶ processes ─┤          │
//!     └─ pipe ─▶ keeper ◀────────┘ starts ──┴▶ XFCE, x11vnc, noVNC, ffmpeg, programs
//! ```

mod api;
pub mod doctor;
pub mod keeper;
mod look;
pub mod packages;
mod processes;
mod recorder;
mod x11;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{net::TcpListener, task::JoinHandle, time::Instant};
use tokio_util::sync::CancellationToken;

use self::{
    keeper::Keeper,
    processes::{Processes, Stream},
    recorder::Recorder,
    x11::Screen,
};
use crate::geometry::{Point, Rect, Size};

/// The windows that a complete session has, by instance and class.
const SESSION_WINDOWS: [&str; 2] = ["xfce4-panel.Xfce4-panel", "xfdesktop.Xfdesktop"];

/// How long the session may take. It usually takes a second or two.
const SESSION_TIMEOUT: Duration = Duration::from_secs(60);

/// How many lines of a log an error repeats.
const LOG_LINES: usize = 12;

const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// What a local desktop is to be.
#[derive(Clone, Debug)]
pub struct Options {
    /// The size of the screen, 320x320 to 7680x4320 pixels.
    pub size: Size,
    /// The program to start as the keeper: `PROGRAM keeper FOLDER` must call
    /// [`keeper::run`]. Deskhand names itself.
    pub keeper: PathBuf,
    /// Where the desktop's own folder is made, usually `/tmp`.
    pub folder: PathBuf,
    /// The user's folder, in which launched programs start.
    pub start_in: PathBuf,
    /// The `PATH` by which programs are found.
    pub path: String,
}

/// Why a local desktop did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Programs are missing.
    #[error(
        "the local desktop needs {} that {} not installed: {}",
        if .0.len() == 1 { "a program" } else { "programs" },
        if .0.len() == 1 { "is" } else { "are" },
        .0.join(", ")
    )]
    Missing(Vec<String>),
    /// A folder or a file could not be made, or the API's address not be had.
    #[error("cannot {what}: {reason}")]
    System {
        /// What was tried.
        what: String,
        /// The system's words.
        reason: io::Error,
    },
    /// One of the processes did not start, or ended at once.
    #[error("`{name}` did not start: {reason}")]
    Process {
        /// `xvfb`, `xfce4`, `x11vnc`, `novnc` or `keeper`.
        name: String,
        /// Why, with the end of its log.
        reason: String,
    },
}

/// A running local desktop. It ends when it is shut down or dropped, or when
/// the process that started it ends in any way.
pub struct LocalDesktop {
    address: SocketAddr,
    token: String,
    display: u32,
    parts: Arc<Parts>,
    stop: CancellationToken,
    server: JoinHandle<()>,
}

/// What the API works with.
struct Parts {
    display: u32,
    token: String,
    screen: Arc<Screen>,
    processes: Processes,
    recorder: Recorder,
    start_in: PathBuf,
    environment: std::collections::BTreeMap<String, String>,
    folder: PathBuf,
}

impl LocalDesktop {
    /// Starts the processes and the API, and answers once the session shows its
    /// panel and its background. Whether the picture has settled is for
    /// `wait-ready` to see.
    ///
    /// # Errors
    ///
    /// [`StartError`]; whatever was started until then is gone.
    pub async fn start(options: &Options) -> Result<Self, StartError> {
        let missing = packages::missing_programs(&options.path);
        if !missing.is_empty() {
            return Err(StartError::Missing(missing));
        }
        let folder = make_folder(&options.folder)?;
        let keeper = match Keeper::start(&options.keeper, &folder) {
            Ok(keeper) => keeper,
            Err(error) => {
                // Nobody else is there to remove it.
                let _ = std::fs::remove_dir_all(&folder);
                let reason = error.to_string();
                return Err(StartError::Process {
                    name: "keeper".to_owned(),
                    reason,
                });
            }
        };
        let processes = Processes::new(keeper, &folder);
        match Self::start_in(options, &folder, &processes).await {
            Ok(desktop) => Ok(desktop),
            Err(error) => {
                processes.shut_down().await;
                Err(error)
            }
        }
    }

    async fn start_in(
        options: &Options,
        folder: &Path,
        processes: &Processes,
    ) -> Result<Self, StartError> {
        let cookie: [u8; 16] = random()?;
        let token = hex(&random::<24>()?);
        let look =
            look::write(folder, &cookie, &token).map_err(system("write the session's settings"))?;
        let environment = look.environment(&options.path);
        let display = processes.start_all(options.size, &environment).await?;
        let screen = Screen::connect(display, &cookie).map_err(|error| StartError::Process {
            name: "xvfb".to_owned(),
            reason: error.to_string(),
        })?;
        let screen = Arc::new(screen);
        session_is_up(&screen, processes).await?;
        let mut environment = environment;
        environment.insert("DISPLAY".to_owned(), format!(":{display}"));
        let recorder = Recorder::new(processes.clone(), folder, display, &environment);
        let parts = Arc::new(Parts {
            display,
            token: token.clone(),
            screen,
            processes: processes.clone(),
            recorder,
            start_in: options.start_in.clone(),
            environment,
            folder: folder.to_owned(),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(system("listen on a loopback address"))?;
        let address = listener
            .local_addr()
            .map_err(system("name the loopback address"))?;
        let stop = CancellationToken::new();
        let server = tokio::spawn(api::serve(listener, Arc::clone(&parts), stop.clone()));
        Ok(Self {
            address,
            token,
            display,
            parts,
            stop,
            server,
        })
    }

    /// Where its API is: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The token that the API wants as `Authorization: Bearer TOKEN`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// X11's name of its display.
    #[must_use]
    pub fn display(&self) -> String {
        format!(":{}", self.display)
    }

    /// Ends a recording properly, every process, and the API; removes all files.
    pub async fn shut_down(mut self) {
        self.parts.recorder.finish().await;
        self.stop.cancel();
        self.parts.processes.shut_down().await;
        let _ = tokio::time::timeout(Duration::from_secs(1), &mut self.server).await;
    }
}

impl Drop for LocalDesktop {
    /// Ends everything too, but nobody waits for it.
    fn drop(&mut self) {
        self.stop.cancel();
        self.parts.processes.let_go();
    }
}

/// Waits until the session shows its last two windows and its background. The
/// pointer goes to the corner where it is over nothing: what is under it would
/// look different.
async fn session_is_up(screen: &Arc<Screen>, processes: &Processes) -> Result<(), StartError> {
    let deadline = Instant::now() + SESSION_TIMEOUT;
    let failed = |reason: String| StartError::Process {
        name: "xfce4".to_owned(),
        reason,
    };
    loop {
        let looked = Arc::clone(screen);
        let shown = tokio::task::spawn_blocking(move || shows_session(&looked)).await;
        let shown = shown.map_err(|error| failed(error.to_string()))?;
        let shown = shown.map_err(|error| failed(error.to_string()))?;
        if let Some((name, ended)) = processes.first_ended() {
            return Err(did_not_start(processes, name, &format!("it {ended}")));
        }
        if shown {
            return Ok(());
        }
        if Instant::now() > deadline {
            return Err(did_not_start(processes, "xfce4", "it showed no panel"));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Whether panel and background are there, and the background is painted.
fn shows_session(screen: &Screen) -> Result<bool, x11::XError> {
    let size = screen.size()?;
    let [x, y] = [size.width, size.height].map(|n| i32::try_from(n).unwrap_or(i32::MAX));
    screen.move_pointer(Point::new(x - 1, y - 1))?;
    let windows = screen.windows()?;
    let is_there = |class: &str| windows.iter().any(|window| window.class == class);
    let middle = screen.capture(Rect::new(x / 2, y / 2, 1, 1))?;
    let is_painted = middle.pixel(Point::new(0, 0)) == Some(look::BACKGROUND);
    Ok(is_painted && SESSION_WINDOWS.into_iter().all(is_there))
}

/// The error for a process, with the end of what it wrote.
fn did_not_start(processes: &Processes, name: &str, how: &str) -> StartError {
    let said = processes.log(name, Stream::Stderr).unwrap_or_default();
    let lines: Vec<&str> = said.trim_end().lines().collect();
    let end = lines[lines.len().saturating_sub(LOG_LINES)..].join("\n");
    StartError::Process {
        name: name.to_owned(),
        reason: format!("{how}\n{end}"),
    }
}

/// The desktop's own folder, which only its user may enter.
fn make_folder(base: &Path) -> Result<PathBuf, StartError> {
    let folder = tempfile::Builder::new()
        .prefix(keeper::FOLDER_PREFIX)
        .rand_bytes(8)
        .tempdir_in(base)
        .map_err(|reason| StartError::System {
            what: format!("make a folder in {}", base.display()),
            reason,
        })?;
    // The keeper removes it, because the keeper outlives every writer.
    Ok(folder.keep())
}

fn system(what: &'static str) -> impl Fn(io::Error) -> StartError {
    move |reason| StartError::System {
        what: what.to_owned(),
        reason,
    }
}

fn random<const N: usize>() -> Result<[u8; N], StartError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| system("get random bytes")(io::Error::other(error.to_string())))?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}
