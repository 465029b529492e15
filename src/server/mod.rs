//! The local desktop: Xvfb, an XFCE session, x11vnc and noVNC, kept by us and
//! served as the desktop API.
//!
//! ```text
//! Deskhand ── api ──▶ machine ┬──▶ x11 ──────────────▶ Xvfb
//!     │                       ├──▶ widgets ──────────▶ accessibility bus ◀── programs
//!     │                       ├──▶ recorder ─┐          ▲
//!     │                       └──▶ processes ┤          │
//!     └─ pipe ─▶ keeper ◀────────────────────┘ starts ──┴▶ XFCE, x11vnc, noVNC, ffmpeg, programs
//! ```

mod api;
mod damage;
pub(crate) mod doctor;
pub(crate) mod keeper;
mod look;
mod machine;
pub(crate) mod packages;
mod processes;
mod recorder;
mod sandboxes;
mod session;
mod widgets;
mod x11;

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub(crate) use self::keeper::end_all;
pub use self::keeper::run as run_keeper;
use self::{api::Gate, machine::Machine, sandboxes::Sandboxes};
use crate::{
    desktop::{Allowance, wire::limits},
    geometry::Size,
    profile::Profile,
    secret,
};

/// How long answers that are on their way may take at the end.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// The settings of a local desktop.
#[derive(Clone, Debug)]
pub struct Options {
    /// The size of the screen in pixels, within [`limits::WIDTH`] and [`limits::HEIGHT`].
    pub size: Size,
    /// The largest size that the screen can be given later; its own unless
    /// given. Xvfb keeps memory for it: 70 MB at 1440x900, 195 MB at the
    /// largest size of all.
    pub resizable_to: Option<Size>,
    /// How much of a desktop runs.
    pub profile: Profile,
    /// The program to start as the keeper and as its guard: when its first argument is
    /// `keeper`, it must call [`run_keeper`] with the other two. Deskhand names itself.
    pub keeper: PathBuf,
    /// Where the desktop's own folder is made, usually `/tmp`.
    pub folder: PathBuf,
    /// The folder in which commands start; the session's home unless given.
    pub start_in: Option<PathBuf>,
    /// The `PATH` by which programs are found.
    pub path: String,
    /// Variables of every program in addition to those of the session.
    pub variables: BTreeMap<String, String>,
    /// Where recordings are kept; in the desktop's own folder, which goes with
    /// it, unless given.
    pub recordings: Option<PathBuf>,
    /// What its processes together may take.
    pub allowance: Allowance,
    /// Where the API listens; port 0 is any free one.
    pub listen: SocketAddr,
    /// What the API wants as `Authorization: Bearer TOKEN`; a random one unless
    /// given.
    pub token: Option<String>,
    /// Whether it also answers the paths of the control plane: each sandbox is
    /// then a local desktop of its own.
    pub control_plane: bool,
    /// Whether programs report their widgets.
    pub accessibility: bool,
}

impl Options {
    /// The largest screen of the protocol.
    pub const LARGEST: Size = Size::new(*limits::WIDTH.end(), *limits::HEIGHT.end());

    /// A desktop of 1440x900 pixels that listens on loopback, for which
    /// `keeper` keeps the processes and `path` finds the programs.
    #[must_use]
    pub fn new(keeper: PathBuf, path: String) -> Self {
        Self {
            size: Size::new(1440, 900),
            resizable_to: None,
            profile: Profile::default(),
            keeper,
            folder: std::env::temp_dir(),
            start_in: None,
            path,
            variables: BTreeMap::new(),
            recordings: None,
            allowance: Allowance::default(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            token: None,
            control_plane: false,
            accessibility: true,
        }
    }

    fn largest(&self) -> Size {
        let Size { width, height } = self.resizable_to.unwrap_or(self.size);
        Size::new(width.max(self.size.width), height.max(self.size.height))
    }
}

/// Why a local desktop did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Programs are missing.
    #[error(
        "the local desktop needs {} that {} not installed: {}",
        if .0.len() == 1 { "a program" } else { "programs" },
        if .0.len() == 1 { "is" } else { "are" },
        .0.join(", ")
    )]
    Missing(Vec<String>),
    /// A folder or a file could not be created, or the API's address could not be used.
    #[error("cannot {what}: {reason}")]
    System {
        /// What was tried.
        what: String,
        /// The system's words.
        reason: io::Error,
    },
    /// The keeper of the processes ended meanwhile, and they with it.
    #[error("the keeper of the desktop's processes ended while the desktop was starting")]
    Lost,
    /// The desktop took more than it may.
    #[error("the desktop was lost while it was starting: {reason}")]
    Exceeded {
        /// What it took too much of, how much, and which program took most of that.
        reason: String,
        /// What to do.
        help: String,
    },
    /// One of the processes did not start, or ended at once.
    #[error("{part} did not start: {reason}")]
    Process {
        /// What it is and, where that helps, its program: `the X server (Xvfb)`.
        part: &'static str,
        /// Why, with the end of its log.
        reason: String,
    },
}

/// A running local desktop with its API. It ends when it is shut down or
/// dropped, or when the process that started it ends in any way.
pub struct LocalDesktop {
    address: SocketAddr,
    token: String,
    machine: Arc<Machine>,
    sandboxes: Option<Sandboxes>,
    stop: CancellationToken,
    server: JoinHandle<()>,
}

impl LocalDesktop {
    /// Starts the processes and the API, and returns once the session shows its panel and its
    /// background. `wait-ready` finds out whether the picture has settled.
    ///
    /// # Errors
    ///
    /// [`StartError`]; whatever was started until then has been ended.
    pub async fn start(options: &Options) -> Result<Self, StartError> {
        Self::start_unless(options, CancellationToken::new()).await
    }

    /// The same, unless `stop` is cancelled meanwhile: then what was started until
    /// then is ended, and it is an error. After that it is the desktop's own.
    pub(crate) async fn start_unless(
        options: &Options,
        stop: CancellationToken,
    ) -> Result<Self, StartError> {
        let missing =
            packages::missing_programs(&options.path, options.profile, options.accessibility);
        if !missing.is_empty() {
            return Err(StartError::Missing(missing));
        }
        let listener =
            TcpListener::bind(options.listen)
                .await
                .map_err(|reason| StartError::System {
                    what: format!("listen on {}", options.listen),
                    reason,
                })?;
        let address = listener
            .local_addr()
            .map_err(system("determine the address that it listens on"))?;
        let token = match &options.token {
            Some(token) => token.clone(),
            None => secret::token().map_err(system("make a token"))?,
        };
        let machine = Arc::new(Machine::start(options, stop.clone()).await?);
        let gate = Gate::new(address, token.clone());
        let sandboxes = options
            .control_plane
            .then(|| Sandboxes::new(options.clone(), stop.clone()));
        let serving = api::serve(
            listener,
            Arc::clone(&machine),
            gate,
            sandboxes.clone(),
            stop.clone(),
        );
        Ok(Self {
            address,
            token,
            machine,
            sandboxes,
            stop,
            server: tokio::spawn(serving),
        })
    }

    /// Where its API is: `http://127.0.0.1:PORT`. A server that listens on
    /// every address is named by its loopback one.
    #[must_use]
    pub fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        format!("http://{address}")
    }

    /// Where a browser shows it. The address holds the token.
    #[must_use]
    pub fn viewer_url(&self) -> String {
        format!("{}/?token={}", self.url(), self.token)
    }

    /// What `LEAP0_SANDBOX_DOMAIN` is for clients of its control plane.
    #[must_use]
    pub fn sandbox_domain(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// The token that the API wants as `Authorization: Bearer TOKEN`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// X11's name of its display. A restart of its X server may change it.
    #[must_use]
    pub fn display(&self) -> String {
        self.machine.display()
    }

    /// The session's home, as its programs name it.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.machine.place().home()
    }

    /// Why another desktop at the same time has its home at another path, if it does.
    #[must_use]
    pub fn unsteady(&self) -> Option<&str> {
        self.machine.place().unsteady.as_deref()
    }

    /// Waits until the desktop is gone although nobody asked for that: the keeper of its processes
    /// has ended.
    pub async fn lost(&self) {
        self.machine.processes.lost().await;
    }

    /// Ends a recording properly, every process, and the API; removes all files
    /// but kept recordings.
    pub async fn shut_down(mut self) {
        self.stop.cancel();
        let sandboxes = async {
            if let Some(sandboxes) = &self.sandboxes {
                sandboxes.shut_down().await;
            }
        };
        tokio::join!(self.machine.shut_down(), sandboxes);
        let _ = tokio::time::timeout(LAST_ANSWERS, &mut self.server).await;
        self.server.abort();
    }
}

impl Drop for LocalDesktop {
    /// Ends everything too, but nobody waits for it.
    fn drop(&mut self) {
        self.stop.cancel();
        self.server.abort();
        self.machine.processes.let_go();
    }
}

fn system(what: &'static str) -> impl Fn(io::Error) -> StartError {
    move |reason| StartError::System {
        what: what.to_owned(),
        reason,
    }
}
