//! What a kind of fault is.

use crate::scene::Scene;

/// A kind of fault.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// What is played.
    pub(crate) plays: Plays,
    /// Does it, at a random moment; answers what was done, when, in words. `None`: there
    /// was nothing to do it to any more.
    pub(crate) strike: fn(&mut Scene) -> Option<String>,
    pub(crate) expected: Expected,
}

/// What is played.
#[derive(Clone, Copy)]
pub(crate) struct Plays {
    /// The steps after `wait-ready`.
    pub(crate) steps: &'static str,
    /// What is done before Deskhand is started.
    pub(crate) prepare: fn(&mut Scene),
    /// Where it is played.
    pub(crate) on: On,
    /// On how many desktops side by side, at least.
    pub(crate) desktops: usize,
}

/// Where scenarios are played.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum On {
    /// On a local desktop with one of the profiles.
    Local,
    /// On a local desktop with all of XFCE.
    Xfce,
    /// On a desktop at a URL, behind a server that can misbehave.
    Url,
}

/// What is to come of a fault.
#[derive(Clone, Copy)]
pub(crate) struct Expected {
    /// The exit status, or one of several that are as right; `None` is a signal.
    pub(crate) statuses: &'static [Option<i32>],
    /// The outcomes that a struck scenario may have.
    pub(crate) outcomes: &'static [&'static str],
    /// Words of which one is said; none if nothing has to be.
    pub(crate) says: &'static [&'static str],
    /// Whom it strikes.
    pub(crate) strikes: Strikes,
    /// The longest time from the fault to the end, in seconds.
    pub(crate) within: u64,
}

/// Whom a fault strikes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Strikes {
    /// One desktop; the others pass.
    One,
    /// Every desktop.
    All,
    /// Deskhand itself, which then cannot tell anything.
    Deskhand,
}

/// What most kinds play: about five seconds of everything that a desktop does.
pub(crate) const ORDINARY: Plays = Plays {
    steps: "  - record: film
  - for-each: { in: [a, b, c, d, e, f, g, h, i, j, k, l], as: letter }
    steps:
      - run: echo ${letter}
      - screenshot: look
      - move: [100, 100]
      - wait: 250ms
",
    prepare: |_| {},
    on: On::Local,
    desktops: 1,
};

/// What comes of a desktop that is lost.
pub(crate) const LOST: Expected = Expected {
    statuses: &[Some(4)],
    outcomes: &["error"],
    says: &[],
    strikes: Strikes::One,
    within: 30,
};

/// What comes of a fault that no scenario notices.
pub(crate) const UNNOTICED: Expected = Expected {
    statuses: &[Some(0)],
    outcomes: &["passed"],
    says: &[],
    strikes: Strikes::All,
    within: 30,
};
