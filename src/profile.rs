//! How much of a desktop there is.

/// What runs on a desktop.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Profile {
    /// All of XFCE: panel, background, settings, window manager.
    #[default]
    Xfce,
    /// A window manager on a plain background, for tests of one program.
    Bare,
}

impl Profile {
    /// Every profile, the usual one first.
    pub const ALL: [Self; 2] = [Self::Xfce, Self::Bare];

    /// The words for them, in the same order.
    pub const NAMES: [&str; 2] = [Self::Xfce.name(), Self::Bare.name()];

    /// Its word in a scenario and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xfce => "xfce",
            Self::Bare => "bare",
        }
    }

    /// The profile of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }
}
