//! Where desktops come from.

use async_trait::async_trait;

use super::{Desktop, wire::Extensions};
use crate::{geometry::Size, profile::Profile};

/// What a scenario wants its desktop to be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wanted {
    /// The size of the screen in pixels, within the bounds of the protocol.
    pub size: Size,
    /// Whether the scenario asks for that size: if not, a desktop that is already
    /// there keeps its own.
    pub asks_for_size: bool,
    /// The largest size that the screen is given later; a side that is smaller
    /// than that of `size` counts as that.
    pub largest: Size,
    /// How much of a desktop there is.
    pub profile: Profile,
    /// Variables of every program of its session; the last of a name counts.
    pub environment: Vec<(String, String)>,
    /// The Debian packages that have to be installed where a desktop is started; one
    /// that comes as it is has them or has not.
    pub packages: Vec<String>,
}

impl Wanted {
    /// All of a desktop, with a screen of `size` that stays as large.
    #[must_use]
    pub const fn new(size: Size) -> Self {
        Self {
            size,
            asks_for_size: true,
            largest: size,
            profile: Profile::Xfce,
            environment: Vec::new(),
            packages: Vec::new(),
        }
    }
}

/// Gives each scenario a desktop of its own.
#[async_trait]
pub trait Host: Send + Sync {
    /// The kind of its desktops, for reports: `local`, `leap0`, `url`, `memory`.
    fn kind(&self) -> &'static str;

    /// What its desktops can do beside the protocol, known before one is opened:
    /// at least that is what each of them can do.
    async fn offers(&self) -> Result<Extensions, HostError>;

    /// A fresh desktop as it is `wanted`. It answers; whether it is ready is for
    /// the scenario to wait for. A host that cannot make it so says it instead.
    async fn open(&self, wanted: &Wanted) -> Result<Box<dyn Session>, HostError>;

    /// How many desktops it can have open at once, if that is limited.
    fn most(&self) -> Option<usize> {
        None
    }

    /// Says which desktops will be asked for next, the most urgent first; a host that
    /// can opens some of them beforehand. What is expected no more is left out.
    fn expect(&self, next: &[Wanted]) {
        let _ = next;
    }

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
