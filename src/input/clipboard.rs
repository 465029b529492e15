//! The two clipboards of X11.

/// A clipboard of X11, which calls them selections (ICCCM 2.0, section 2.6.1).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Clipboard {
    /// `CLIPBOARD`: what was copied, by Ctrl+C for instance.
    #[default]
    Copied,
    /// `PRIMARY`: what was selected last; the middle button inserts it.
    Primary,
}

impl Clipboard {
    /// Their names.
    pub const NAMES: [&'static str; 2] = ["clipboard", "primary"];

    /// The clipboard of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Copied, Self::Primary]
            .into_iter()
            .find(|clipboard| clipboard.name() == name)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copied => Self::NAMES[0],
            Self::Primary => Self::NAMES[1],
        }
    }

    /// The words for it in a sentence.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Copied => "the clipboard",
            Self::Primary => "the primary selection",
        }
    }
}
