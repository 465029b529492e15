//! The desktop at a URL, whoever started it. It stays as the scenarios leave it.

use std::time::Duration;

use async_trait::async_trait;

use super::{as_it_comes, unavailable};
use crate::desktop::{
    Desktop, DesktopClient, DesktopError, Host, HostError, Result, Session, Wanted, Whereabouts,
    wire::Extensions,
};

/// How long it may take to answer at all.
const ANSWER: Duration = Duration::from_secs(30);

/// How long the desktop may take to be ready.
const PATIENCE: Duration = Duration::from_secs(60);

/// Plays every scenario on the one desktop.
pub(super) struct UrlHost {
    client: DesktopClient,
}

struct UrlSession {
    client: DesktopClient,
}

impl UrlHost {
    pub(super) fn new(url: &str, token: Option<&str>) -> Result<Self> {
        let client = DesktopClient::new(url, token)?.with_retries();
        Ok(Self { client })
    }
}

#[async_trait]
impl Host for UrlHost {
    fn kind(&self) -> &'static str {
        "url"
    }

    fn most(&self) -> Option<usize> {
        // There is one desktop, and two scenarios on it would be in each other's way.
        Some(1)
    }

    async fn offers(&self) -> std::result::Result<Extensions, HostError> {
        let client = self.client.with_timeout(ANSWER);
        let extensions = async { client?.extensions().await };
        extensions.await.map_err(|error| unreachable(&error))
    }

    async fn open(&self, wanted: &Wanted) -> std::result::Result<Box<dyn Session>, HostError> {
        let url = self.client.desktop_url();
        as_it_comes(wanted, &format!("the desktop at {url}"))?;
        let prepared = async {
            let client = self.client.anew()?;
            let hurried = client.with_timeout(ANSWER)?;
            // An address where nobody answers is a wrong one; only a desktop that
            // answers is waited for.
            hurried.health().await?;
            prepare(&hurried, wanted, PATIENCE).await?;
            Ok(client)
        };
        let client = prepared.await;
        let client = client.map_err(|error: DesktopError| unreachable(&error))?;
        Ok(Box::new(UrlSession { client }))
    }
}

fn unreachable(error: &DesktopError) -> HostError {
    let help = match error.status() {
        Some(401 | 403) => "pass its token with `--token` or as DESKHAND_TOKEN",
        _ => "start one with `deskhand desktop start`, which prints its URL and token",
    };
    unavailable(error, help)
}

/// Waits for a desktop and gives its screen the size that the scenario asks for.
pub(super) async fn prepare(
    desktop: &DesktopClient,
    wanted: &Wanted,
    patience: Duration,
) -> Result<()> {
    desktop.wait_until_ready(patience).await?;
    if wanted.asks_for_size && desktop.screen().await?.size() != wanted.size {
        desktop.resize_screen(wanted.size).await?;
    }
    Ok(())
}

#[async_trait]
impl Session for UrlSession {
    fn desktop(&self) -> &dyn Desktop {
        &self.client
    }

    fn whereabouts(&self) -> Whereabouts {
        Whereabouts {
            sandbox: None,
            viewer: Some(format!("{}/", self.client.desktop_url())),
        }
    }

    async fn close(self: Box<Self>) {}
}
