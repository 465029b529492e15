//! Where desktops come from.

use std::time::Duration;

use async_trait::async_trait;

use super::{Allowance, Desktop, wire::Extensions};
use crate::{geometry::Size, profile::Profile};

/// The desktop that a scenario wants.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wanted {
    /// The size of the screen in pixels, within the bounds of the protocol.
    pub size: Size,
    /// Whether the scenario asks for that size: if not, an existing desktop keeps its own.
    pub asks_for_size: bool,
    /// The largest size that the screen gets later; a side that is shorter than that of `size`
    /// counts as equal to it.
    pub largest: Size,
    /// How much of a desktop runs.
    pub profile: Profile,
    /// Variables of every program of its session; if a name occurs twice, the last one counts.
    pub environment: Vec<(String, String)>,
    /// The Debian packages that have to be installed where a desktop is started; a desktop that
    /// exists already may or may not have them.
    pub packages: Vec<String>,
    /// How long the scenario can take at most, where that is known. A desktop that
    /// ends on its own is made to last as long.
    pub longest: Option<Duration>,
    /// Whether it may be the desktop that an earlier scenario with this setting has left, and
    /// whether a later one may get it.
    pub reuse: bool,
    /// Whether programs on it report their widgets.
    pub accessibility: bool,
    /// How much of the machine a desktop that is started may take.
    pub allowance: Allowance,
}

impl Wanted {
    /// All of a desktop, with a screen of `size` that stays as large.
    #[must_use]
    pub fn new(size: Size) -> Self {
        Self {
            size,
            asks_for_size: true,
            largest: size,
            profile: Profile::Xfce,
            environment: Vec::new(),
            packages: Vec::new(),
            longest: None,
            reuse: false,
            accessibility: true,
            allowance: Allowance::default(),
        }
    }

    /// Whether a desktop that was made for `self` is what `other` asks for, however long it lasts.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let Self {
            size,
            asks_for_size,
            largest,
            profile,
            environment,
            packages,
            longest: _,
            reuse,
            accessibility,
            allowance,
        } = self;
        *size == other.size
            && *asks_for_size == other.asks_for_size
            && *largest == other.largest
            && *profile == other.profile
            && *environment == other.environment
            && *packages == other.packages
            && *reuse == other.reuse
            && *accessibility == other.accessibility
            && *allowance == other.allowance
    }
}

/// Gives each scenario a desktop of its own.
#[async_trait]
pub trait Host: Send + Sync {
    /// The kind of its desktops, for reports: `local`, `leap0`, `url`, `memory`.
    fn kind(&self) -> &'static str;

    /// What its desktops can do in addition to the protocol, known before one is opened: the least
    /// that each of them can do.
    async fn offers(&self) -> Result<Extensions, HostError>;

    /// A fresh desktop as it is `wanted`. It answers, but the scenario has to wait until it is
    /// ready. A host that cannot make such a desktop returns why. Whoever stops waiting has nothing
    /// to close: what was begun is ended.
    async fn open(&self, wanted: &Wanted) -> Result<Box<dyn Session>, HostError>;

    /// How many of its desktops there can be at once, if that is known: a desktop that exists
    /// already is the only one.
    fn most(&self) -> Option<usize> {
        None
    }

    /// Says what will be opened from now on, in that order, so that a host which
    /// prepares desktops knows which; this replaces what was said before. Whatever
    /// is opened then is taken off the list, so it is said before the first of them
    /// is opened, and again only where plans have changed.
    fn expect(&self, _next: &[Wanted]) {}

    /// Ends, when a run is over, whatever started after nobody waited for it any more.
    async fn finish(&self) {}
}

/// A desktop that was opened for one scenario.
#[async_trait]
pub trait Session: Send + Sync {
    /// The desktop itself.
    fn desktop(&self) -> &dyn Desktop;

    /// Where it is, if it is not on this machine.
    fn whereabouts(&self) -> Whereabouts {
        Whereabouts::default()
    }

    /// Whether it will last for a scenario that takes at most this long, if that begins now. A
    /// desktop that stays until it is closed always will.
    fn lasts(&self, _longest: Option<Duration>) -> bool {
        true
    }

    /// Ends it and leaves nothing behind.
    async fn close(self: Box<Self>);

    /// Ends it, unless it was opened for [`Wanted::reuse`] and somebody else will want it as it is
    /// now. Only for a scenario that has passed, because nobody knows what a failed one has left.
    #[expect(clippy::must_use_candidate, reason = "what it returns is a future")]
    async fn give_back(self: Box<Self>) {
        self.close().await;
    }
}

/// Where a desktop is that was not made on this machine.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Whereabouts {
    /// The sandbox that it is in.
    pub sandbox: Option<String>,
    /// The page that shows it in a browser.
    pub viewer: Option<String>,
}

/// Why a desktop could not be opened.
#[derive(Debug, Default, thiserror::Error)]
#[error("{message}")]
pub struct HostError {
    /// One line: what failed.
    pub message: String,
    /// Any further details, such as the end of a log.
    pub detail: Option<String>,
    /// What to do next, where that is known.
    pub help: Option<String>,
    /// Whether the host has as many desktops as it may have: there can be one as soon
    /// as another is closed.
    pub full: bool,
}
