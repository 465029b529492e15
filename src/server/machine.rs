//! One desktop with everything that belongs to it: its folder, its processes, its screen and its
//! recordings. The API is one way to use it.

use std::{
    collections::BTreeMap,
    fs::Permissions,
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
    time::Duration,
};

use tokio::{
    sync::{Mutex, MutexGuard, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    Options, StartError,
    damage::Damage,
    keeper::{self, Child, Ending, Exceeded, Keeper, KeeperError, Program, SessionFolder},
    look,
    processes::{Processes, part},
    recorder::{Recorder, RecorderError, Screening},
    session, system,
    widgets::Widgets,
    x11::{self, Barrier, Screen, Unpainted, XError},
};
use crate::{
    desktop::wire::RecordingStatus,
    geometry::{Rect, Size},
    profile::Profile,
    secret,
};

/// How many may wait for the X server at once.
const MAX_WAITING: usize = 64;

/// How often the X server is asked whether it still answers, while it works on something long.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// How many may follow the status at once.
const MAX_LISTENING: usize = 64;

/// A running desktop.
pub(super) struct Machine {
    profile: Profile,
    /// The size that the X server is started with: it can be no larger later.
    largest: Size,
    folder: PathBuf,
    start_in: PathBuf,
    environment: look::Variables,
    cookie: [u8; 16],
    viewer_token: String,
    /// The managed processes.
    pub(super) processes: Processes,
    /// The recordings.
    pub(super) recorder: Recorder,
    /// What was drawn on the screen.
    pub(super) damage: Arc<Damage>,
    /// The widgets of programs; none where they do not report them.
    pub(super) widgets: Option<Widgets>,
    /// The windows that have not painted themselves yet.
    pub(super) unpainted: Arc<Unpainted>,
    /// What shows when those two know everything that has happened so far.
    barriers: Arc<[Arc<Barrier>; 2]>,
    live: RwLock<Live>,
    /// Places for those who wait for the X server.
    waiting: Arc<Semaphore>,
    /// Places for those who follow the status.
    pub(super) listening: Arc<Semaphore>,
    /// Cancelled when the desktop goes away.
    pub(super) closing: CancellationToken,
    /// Held by whoever resizes the screen or restarts a process.
    changing: Mutex<()>,
}

/// What a restart of the X server replaces.
#[derive(Clone)]
struct Live {
    display: u32,
    screen: Arc<Screen>,
    size: Size,
}

impl Machine {
    /// Starts everything, and returns once the session shows what it will show. `wait-ready` finds
    /// out whether the picture has settled.
    pub(super) async fn start(
        options: &Options,
        closing: CancellationToken,
    ) -> Result<Self, StartError> {
        let folder = make_folder(&options.folder)?;
        let keeper = begin(options, &folder, &closing).await?;
        let cookie: [u8; 16] = secret::random().map_err(system("make a key"))?;
        let viewer_token = secret::token().map_err(system("make a token"))?;
        let look = look::write(&folder, keeper.place(), &cookie, &viewer_token)
            .map_err(system("write the session's settings"));
        let look = match look {
            Ok(look) => look,
            Err(error) => {
                keeper.shut_down().await;
                return Err(error);
            }
        };
        let mut environment = look.environment(&options.path, options.accessibility);
        environment.extend(options.variables.clone());
        keeper.allow(options.allowance);
        let processes = Processes::new(keeper, &folder, &environment, options.profile);
        let widgets = options
            .accessibility
            .then(|| Widgets::new(processes.clone()));
        let damage = Arc::new(Damage::new());
        let unpainted = Arc::new(Unpainted::default());
        let barriers = Arc::<[Arc<Barrier>; 2]>::default();
        let followed = Followed {
            cookie: &cookie,
            damage: &damage,
            unpainted: &unpainted,
            barriers: &barriers,
            widgets: widgets.as_ref(),
        };
        let begun = processes.until_kept();
        let live = tokio::select! {
            biased;
            () = closing.cancelled() => Err(no_longer_wanted()),
            live = bring_up(options, &processes, followed) => live,
            () = processes.lost() => Err(StartError::Lost),
        };
        // Whatever broke then broke because of that.
        let live = live.map_err(|error| match processes.exceeded() {
            Some(Exceeded { reason, help }) => StartError::Exceeded { reason, help },
            None if processes.is_lost() => StartError::Lost,
            None => error,
        });
        begun.keep();
        match live {
            Ok(live) => Ok(Self {
                profile: options.profile,
                largest: options.largest(),
                recorder: Recorder::new(
                    processes.clone(),
                    options.recordings.as_deref(),
                    &folder,
                    &environment,
                    cookie,
                ),
                start_in: options
                    .start_in
                    .clone()
                    .unwrap_or_else(|| processes.place().home()),
                folder,
                environment,
                cookie,
                viewer_token,
                processes,
                damage,
                widgets,
                unpainted,
                barriers,
                live: RwLock::new(live),
                waiting: Arc::new(Semaphore::new(MAX_WAITING)),
                listening: Arc::new(Semaphore::new(MAX_LISTENING)),
                closing,
                changing: Mutex::default(),
            }),
            Err(error) => {
                processes.shut_down().await;
                Err(error)
            }
        }
    }

    /// The screen as it is now; a restart of the X server gives another one.
    pub(super) fn screen(&self) -> Arc<Screen> {
        self.live().screen
    }

    /// Does something with the screen, within `patience`.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        patience: Duration,
        work: impl FnOnce(&Screen) -> Result<T, XError> + Send + 'static,
    ) -> Result<T, XError> {
        let screen = self.screen();
        // Threads that wait for an X server that hangs keep their place, so there are
        // never too many of them.
        let place = timeout(patience, Arc::clone(&self.waiting).acquire_owned()).await;
        let place = place.map_err(|_| XError::Silent(patience))?;
        let work = move || {
            let _place = place;
            work(&screen)
        };
        x11::within(patience, work).await
    }

    /// Waits until the X server has left a question unanswered for too long; for
    /// ever, if it never does.
    pub(super) async fn silence(&self) -> XError {
        loop {
            if let Err(error) = self.ask(x11::PATIENCE, Screen::round_trip).await {
                return error;
            }
            sleep(ASK_AGAIN).await;
        }
    }

    /// X11's name of the display, `:0`.
    pub(super) fn display(&self) -> String {
        format!(":{}", self.live().display)
    }

    /// What the viewer's bridge wants to know before it connects anybody.
    pub(super) fn viewer_token(&self) -> &str {
        &self.viewer_token
    }

    /// The session's home, as its programs name it; its variables may put it
    /// elsewhere.
    pub(super) fn home(&self) -> PathBuf {
        let home = self.environment.get("HOME").map(PathBuf::from);
        home.unwrap_or_else(|| self.processes.place().home())
    }

    /// The desktop's own folder, which its user alone may enter.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the session's folder is, for its programs and for us.
    pub(super) fn place(&self) -> &SessionFolder {
        self.processes.place()
    }

    /// What waits until all that happened on the screen so far is known here.
    pub(super) fn catch_up(&self) -> impl Fn(&Screen) -> Result<(), XError> + use<> {
        let barriers = Arc::clone(&self.barriers);
        move |screen| screen.catch_up(&[&barriers[0], &barriers[1]])
    }

    /// For how many milliseconds nothing has been drawn in `region`, or anywhere, as
    /// far as that is known.
    pub(super) fn still(&self, region: Option<Rect>) -> u64 {
        let still = self.damage.still(region).as_millis();
        u64::try_from(still).unwrap_or(u64::MAX)
    }

    /// The folder in which commands start.
    pub(super) fn start_in(&self) -> &Path {
        &self.start_in
    }

    /// The environment of every program of the session.
    pub(super) fn environment(&self) -> BTreeMap<String, String> {
        let mut environment = self.environment.clone();
        environment.insert("DISPLAY".to_owned(), self.display());
        environment
    }

    /// Runs a shell command in the session; its output goes to files.
    pub(super) async fn run(&self, task: ShellTask<'_>) -> Result<Child, KeeperError> {
        let mut env = self.environment();
        env.extend(task.variables);
        let program = Program {
            name: "/bin/sh".to_owned(),
            args: vec!["-c".to_owned(), task.command.to_owned()],
            env,
            cwd: task.folder.unwrap_or(&self.start_in).to_owned(),
            stdout: task.stdout.to_owned(),
            stderr: task.stderr.to_owned(),
            ending: Ending::Kill,
            part: None,
        };
        self.processes.spawn(program).await
    }

    /// Prevents other changes. Whoever needs the X server for a change asks it first: if it hangs,
    /// each would wait for the previous one, and then as long again for itself.
    async fn change(&self) -> Result<MutexGuard<'_, ()>, XError> {
        self.ask(x11::PATIENCE, Screen::round_trip).await?;
        Ok(self.changing.lock().await)
    }

    /// Changes the size of the screen. An active recording ends, because a video has one size.
    pub(super) async fn resize(&self, size: Size) -> Result<(), XError> {
        let _alone = self.change().await?;
        if self.ask(x11::PATIENCE, Screen::size).await? == size {
            return Ok(());
        }
        self.recorder.finish().await;
        self.processes.x11vnc_serves().await;
        self.ask(x11::PATIENCE, move |screen| screen.resize(size))
            .await?;
        self.live
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .size = size;
        self.damage.add_all();
        Ok(())
    }

    /// Starts a recording of the whole screen, and, if requested, also a `clean` one of this many
    /// frames a second.
    pub(super) async fn start_recording(
        &self,
        clean: Option<u32>,
    ) -> Result<RecordingStatus, RecorderError> {
        let _alone = self.change().await?;
        let Live { display, size, .. } = self.live();
        let screening = Screening {
            display,
            size,
            clean,
        };
        self.recorder.start(screening).await
    }

    /// Ends a managed process and starts it again. With the X server go, and
    /// come back, those that need it, and every program of the session goes.
    pub(super) async fn restart(&self, name: &str) -> Result<(), StartError> {
        let _alone = self.changing.lock().await;
        let Live { display, size, .. } = self.live();
        match name {
            "xvfb" => {
                self.recorder.finish().await;
                for name in ["x11vnc", "xfce4", "xvfb"] {
                    self.processes.stop(name).await;
                }
                let live = self.show(size).await?;
                let display = live.display;
                *self
                    .live
                    .write()
                    .unwrap_or_else(std::sync::PoisonError::into_inner) = live;
                self.processes.start_session(display, self.profile).await?;
                self.report_widgets().await;
                Ok(())
            }
            "xfce4" => {
                self.processes.stop(name).await;
                self.processes.start_xfce4(display, self.profile).await?;
                self.report_widgets().await;
                Ok(())
            }
            "x11vnc" => {
                self.processes.stop(name).await;
                self.processes.start_x11vnc(display).await
            }
            _ => {
                self.processes.stop("novnc").await;
                self.processes.start_novnc().await
            }
        }
    }

    /// Makes the programs of a new session report their widgets.
    async fn report_widgets(&self) {
        report(self.widgets.as_ref()).await;
    }

    /// Ends a recording properly and every process; removes all files.
    pub(super) async fn shut_down(&self) {
        self.recorder.finish().await;
        self.processes.shut_down().await;
    }

    fn live(&self) -> Live {
        // It is replaced as a whole, so it is whole after a panic too.
        self.live
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    async fn show(&self, size: Size) -> Result<Live, StartError> {
        show(
            &self.processes,
            self.profile,
            self.largest,
            size,
            Followed {
                cookie: &self.cookie,
                damage: &self.damage,
                unpainted: &self.unpainted,
                barriers: &self.barriers,
                widgets: self.widgets.as_ref(),
            },
        )
        .await
    }
}

/// A shell command to run in the session.
pub(super) struct ShellTask<'t> {
    pub(super) command: &'t str,
    /// Where it runs; the session's own folder if there is none.
    pub(super) folder: Option<&'t Path>,
    /// What its environment has in addition to the session's.
    pub(super) variables: BTreeMap<String, String>,
    /// The file that its output goes to.
    pub(super) stdout: &'t Path,
    /// The file that its error messages go to.
    pub(super) stderr: &'t Path,
}

/// How to connect to an X server, and what is kept of what happens on it.
#[derive(Clone, Copy)]
struct Followed<'f> {
    cookie: &'f [u8; 16],
    damage: &'f Arc<Damage>,
    unpainted: &'f Arc<Unpainted>,
    barriers: &'f [Arc<Barrier>; 2],
    /// Where programs report their widgets, if they do.
    widgets: Option<&'f Widgets>,
}

/// Starts the keeper of a desktop in `folder`; if it does not come up, or nobody wants it
/// any more, nothing is left of it.
async fn begin(
    options: &Options,
    folder: &Path,
    closing: &CancellationToken,
) -> Result<Keeper, StartError> {
    let begun = tokio::select! {
        biased;
        () = closing.cancelled() => Err(no_longer_wanted()),
        begun = Keeper::start(&options.keeper, folder, &options.path) => begun.map_err(no_keeper),
    };
    if begun.is_err() {
        keeper::until_gone(folder).await;
        // There may be nobody else to remove it.
        let _ = std::fs::remove_dir_all(folder);
    }
    begun
}

fn no_longer_wanted() -> StartError {
    StartError::System {
        what: "start the desktop".to_owned(),
        reason: io::Error::new(io::ErrorKind::Interrupted, "nobody waits for it any more"),
    }
}

/// Starts the processes, what the screen shows first.
async fn bring_up(
    options: &Options,
    processes: &Processes,
    followed: Followed<'_>,
) -> Result<Live, StartError> {
    let largest = options.largest();
    let profile = options.profile;
    if followed.widgets.is_some() {
        // It is there before the X server is, and so before any program looks for it.
        processes.start_accessibility().await?;
    }
    let live = show(processes, profile, largest, options.size, followed).await?;
    processes.start_xfce4(live.display, profile).await?;
    let (is_up, ()) = tokio::join!(
        session::is_up(profile, &live.screen, processes),
        report(followed.widgets)
    );
    is_up?;
    // Before, the viewer would take the processor from what is waited for.
    processes.start_x11vnc(live.display).await?;
    processes.start_novnc().await?;
    Ok(live)
}

/// Makes the programs of a session report their widgets.
async fn report(widgets: Option<&Widgets>) {
    if let Some(widgets) = widgets {
        // A desktop is useful without it, and whoever asks for widgets is told why there are none.
        let _ = widgets.begin().await;
    }
}

/// Starts an X server for screens up to the size `largest`, and gives its screen `size`.
async fn show(
    processes: &Processes,
    profile: Profile,
    largest: Size,
    size: Size,
    followed: Followed<'_>,
) -> Result<Live, StartError> {
    let failed = |error: XError| StartError::Process {
        part: part("xvfb", profile),
        reason: error.to_string(),
    };
    let Followed {
        cookie,
        damage,
        unpainted,
        barriers: [drawings, windows],
        widgets,
    } = followed;
    let display = processes.start_xvfb(largest).await?;
    let (cookie, damage, unpainted) = (*cookie, Arc::clone(damage), Arc::clone(unpainted));
    let (drawings, windows) = (Arc::clone(drawings), Arc::clone(windows));
    let address = widgets.map(|_| processes.accessibility_address());
    let set_up = move || {
        let screen = Screen::connect(display, &cookie)?;
        if let Some(address) = address {
            screen.tell_of_accessibility(&address)?;
        }
        screen.resize(size)?;
        x11::follow(display, &cookie, damage, drawings)?;
        x11::watch(display, &cookie, unpainted, windows)?;
        if profile == Profile::Bare {
            screen.paint_root(look::BACKGROUND)?;
        }
        Ok(Arc::new(screen))
    };
    let screen = x11::within(x11::PATIENCE, set_up).await.map_err(failed)?;
    Ok(Live {
        display,
        screen,
        size,
    })
}

fn no_keeper(error: KeeperError) -> StartError {
    match error {
        KeeperError::Homeless(reason) => StartError::System {
            what: "create the session's folder".to_owned(),
            reason: io::Error::other(reason),
        },
        error => StartError::Process {
            part: "the keeper of the desktop's processes",
            reason: error.to_string(),
        },
    }
}

/// The desktop's own folder, which only its user may enter.
fn make_folder(base: &Path) -> Result<PathBuf, StartError> {
    let folder = tempfile::Builder::new()
        .prefix(keeper::FOLDER_PREFIX)
        .rand_bytes(8)
        // It holds what lets one in: the X server's cookie, the viewer's token.
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(base)
        .map_err(|reason| StartError::System {
            what: format!("create a folder in {}", base.display()),
            reason,
        })?;
    // The keeper removes it, because the keeper outlives every writer.
    Ok(folder.keep())
}
