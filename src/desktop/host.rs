//! Where desktops come from.

use async_trait::async_trait;

use super::Desktop;
use crate::geometry::Size;

/// Gives each scenario a desktop of its own.
#[async_trait]
pub trait Host: Send + Sync {
    /// The kind of its desktops, for reports: `local`, `leap0`, `url`, `memory`.
    fn kind(&self) -> &'static str;

    /// A fresh desktop with a screen of `size`. It answers; whether it is ready
    /// is for the scenario to wait for.
    async fn open(&self, size: Size) -> Result<Box<dyn Session>, HostError>;

    /// Ends whatever came up after nobody waited for it any more, once a run is
    /// over.
    async fn finish(&self) {}
}

/// A desktop that was opened for one scenario.
#[async_trait]
pub trait Session: Send + Sync {
    /// The desktop itself.
    fn desktop(&self) -> &dyn Desktop;

    /// Where it is, if it is somewhere else than here.
    fn whereabouts(&self) -> Whereabouts {
        Whereabouts::default()
    }

    /// Ends it; nothing of it is left afterwards.
    async fn close(self: Box<Self>);
}

/// Where a desktop is that was not made on this machine.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Whereabouts {
    /// The sandbox that it is in.
    pub sandbox: Option<String>,
    /// The page that shows it in a browser.
    pub viewer: Option<String>,
}

/// Why there is no desktop.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct HostError {
    /// One line: what failed.
    pub message: String,
    /// Everything else that is known, such as the end of a log.
    pub detail: Option<String>,
    /// What to do next, where that is known.
    pub help: Option<String>,
}
