//! The desktop at a URL, whoever started it. It stays as the scenarios leave it.

use std::time::Duration;

use async_trait::async_trait;

use super::{as_it_comes, unavailable};
use crate::desktop::{
    Desktop, DesktopClient, DesktopError, Host, HostError, Result, Session, Wanted, Whereabouts,
    wire::Extensions,
};

/// How long the desktop may take to be there.
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
        let client = DesktopClient::new(url, token)?;
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
        let extensions = self.client.extensions().await;
        extensions.map_err(|error| unreachable(&error))
    }

    async fn open(&self, wanted: &Wanted) -> std::result::Result<Box<dyn Session>, HostError> {
        let client = self.client.clone();
        as_it_comes(wanted, &format!("the desktop at {}", client.desktop_url()))?;
        let prepared = async {
            // An address where nobody answers is a wrong one; only a desktop that
            // answers is waited for.
            client.health().await?;
            prepare(&client, wanted, PATIENCE).await
        };
        prepared.await.map_err(|error| unreachable(&error))?;
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
