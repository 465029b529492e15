//! How much of a desktop runs.

/// What runs on a desktop.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Eq,
    PartialEq,
    strum::IntoStaticStr,
    strum::VariantArray,
    strum::VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum Profile {
    /// All of XFCE: panel, background, settings, window manager.
    #[default]
    Xfce,
    /// A window manager on a plain background, for tests of one program.
    Bare,
}

impl Profile {
    /// Every profile, the usual one first.
    pub const ALL: &[Self] = <Self as strum::VariantArray>::VARIANTS;

    /// Their words, in the same order.
    pub const NAMES: &[&str] = <Self as strum::VariantNames>::VARIANTS;

    /// Its word in a scenario and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The profile of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|profile| profile.name() == name)
    }
}
