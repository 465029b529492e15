//! Local desktops for a run.

use async_trait::async_trait;

use super::Environment;
use crate::{
    desktop::{Desktop, DesktopClient, Host, HostError, Session},
    geometry::Size,
    server::{LocalDesktop, Options, StartError},
};

/// Starts a local desktop for each scenario.
pub(super) struct LocalHost {
    environment: Environment,
}

struct LocalSession {
    desktop: LocalDesktop,
    client: DesktopClient,
}

/// What a local desktop of this size takes from the environment.
pub(super) fn options(environment: &Environment, size: Size) -> Options {
    Options {
        size,
        keeper: environment.program.clone(),
        folder: environment.temporary.clone(),
        start_in: environment.folder.clone(),
        path: environment.path.clone(),
    }
}

impl LocalHost {
    pub(super) fn new(environment: &Environment) -> Self {
        Self {
            environment: environment.clone(),
        }
    }
}

#[async_trait]
impl Host for LocalHost {
    fn kind(&self) -> &'static str {
        "local"
    }

    async fn open(&self, size: Size) -> Result<Box<dyn Session>, HostError> {
        let desktop = LocalDesktop::start(&options(&self.environment, size))
            .await
            .map_err(|error| host_error(&error))?;
        // It speaks to itself as to any other desktop: over its own API.
        match DesktopClient::new(&desktop.url(), Some(desktop.token())) {
            Ok(client) => Ok(Box::new(LocalSession { desktop, client })),
            Err(error) => {
                desktop.shut_down().await;
                Err(HostError {
                    message: error.to_string(),
                    detail: None,
                    help: None,
                })
            }
        }
    }
}

fn host_error(error: &StartError) -> HostError {
    let text = error.to_string();
    let (message, detail) = match text.split_once('\n') {
        Some((first, rest)) => (first.to_owned(), Some(rest.to_owned())),
        None => (text, None),
    };
    let help = match error {
        StartError::Missing(_) => "run again with `--install-deps`, or `deskhand desktop install`",
        StartError::System { .. } | StartError::Process { .. } => {
            "`deskhand desktop doctor` looks for the cause"
        }
    };
    HostError {
        message,
        detail,
        help: Some(help.to_owned()),
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
