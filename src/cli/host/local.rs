//! Local desktops for a run.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::opening::Openings;
use crate::{
    cli::ProcessEnvironment,
    desktop::{Desktop, DesktopClient, Host, HostError, Session, Wanted, wire::Extensions},
    geometry::Size,
    server::{LocalDesktop, Options, StartError, packages},
};

/// How long desktops that nobody waits for may take to go.
const FAREWELL: Duration = Duration::from_secs(15);

/// Starts a local desktop for each scenario.
pub(in crate::cli) struct LocalHost {
    environment: ProcessEnvironment,
    recordings: PathBuf,
    openings: Openings,
}

struct LocalSession {
    desktop: LocalDesktop,
    client: DesktopClient,
}

/// What a local desktop of this size takes from the environment.
pub(in crate::cli) fn options(environment: &ProcessEnvironment, size: Size) -> Options {
    Options {
        size,
        folder: environment.temporary.clone(),
        start_in: Some(environment.folder.clone()),
        ..Options::new(environment.program.clone(), environment.path.clone())
    }
}

impl LocalHost {
    /// Recordings are in the folder `recordings` until they are saved: what a
    /// run that was killed has recorded is found there.
    pub(super) fn new(environment: &ProcessEnvironment, recordings: &Path) -> Self {
        Self {
            environment: environment.clone(),
            recordings: recordings.to_owned(),
            openings: Openings::default(),
        }
    }
}

#[async_trait]
impl Host for LocalHost {
    fn kind(&self) -> &'static str {
        "local"
    }

    async fn offers(&self) -> Result<Extensions, HostError> {
        Ok(Extensions::all())
    }

    async fn open(&self, wanted: &Wanted) -> Result<Box<dyn Session>, HostError> {
        let missing = packages::not_installed(&self.environment.path, &wanted.packages);
        if !missing.is_empty() {
            return Err(not_installed(&missing));
        }
        let options = Options {
            resizable_to: Some(wanted.largest),
            profile: wanted.profile,
            variables: wanted.environment.iter().cloned().collect(),
            recordings: Some(self.recordings.clone()),
            accessibility: wanted.accessibility,
            allowance: wanted.allowance,
            ..options(&self.environment, wanted.size)
        };
        self.openings.open(|stop| start(options, stop)).await
    }

    async fn finish(&self) {
        // A keeper that has not finished by then goes on without us.
        self.openings.end(FAREWELL).await;
    }
}

async fn start(options: Options, stop: CancellationToken) -> Result<Box<dyn Session>, HostError> {
    let desktop = LocalDesktop::start_unless(&options, stop)
        .await
        .map_err(|error| host_error(&error))?;
    // It uses its own desktop like any other: over the API.
    match DesktopClient::new(&desktop.url(), Some(desktop.token())) {
        Ok(client) => Ok(Box::new(LocalSession { desktop, client })),
        Err(error) => {
            desktop.shut_down().await;
            Err(HostError {
                message: error.to_string(),
                ..HostError::default()
            })
        }
    }
}

/// The error for packages that a scenario names and that nobody has installed.
fn not_installed(packages: &[String]) -> HostError {
    let verb = if packages.len() == 1 {
        "package is"
    } else {
        "packages are"
    };
    HostError {
        message: format!("its {verb} not installed: `{}`", packages.join("`, `")),
        help: Some(format!(
            "run `sudo apt-get install --no-install-recommends {}`; `deskhand run` does it with \
             `--install-deps`",
            packages.join(" ")
        )),
        ..HostError::default()
    }
}

fn host_error(error: &StartError) -> HostError {
    let text = error.to_string();
    let (message, detail) = match text.split_once('\n') {
        Some((first, rest)) => (first.to_owned(), Some(rest.to_owned())),
        None => (text, None),
    };
    HostError {
        message,
        detail,
        help: Some(help(error).to_owned()),
        ..HostError::default()
    }
}

/// What to do about a desktop that did not start.
pub(in crate::cli) fn help(error: &StartError) -> &str {
    match error {
        StartError::Missing(_) => {
            "run `deskhand desktop install` as root (`deskhand run` does it with `--install-deps`)"
        }
        StartError::Exceeded { help, .. } => help,
        StartError::System { .. } | StartError::Process { .. } | StartError::Lost => {
            "run `deskhand desktop doctor` to find the cause"
        }
    }
}

#[async_trait]
impl Session for LocalSession {
    fn desktop(&self) -> &dyn Desktop {
        &self.client
    }

    async fn close(self: Box<Self>) {
        self.desktop.shut_down().await;
    }
}
