//! The input of a pointer and a keyboard: buttons, keys and chords.
//!
//! Keys carry the names of X11 keysyms (`Return`, `Page_Down`, `a`), because
//! the desktop API does; the table of names is that of X.Org's `keysymdef.h`.

mod clipboard;
mod keysym;

use std::fmt;

use serde::{Deserialize, Serialize};
use xkeysym::Keysym;

pub use self::clipboard::Clipboard;
use crate::limits;

/// A button of the pointer.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(strum::IntoStaticStr, strum::VariantArray, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum Button {
    /// Button 1.
    #[default]
    Left,
    /// Button 2.
    Middle,
    /// Button 3.
    Right,
}

impl Button {
    /// Every button, in the order of their numbers.
    pub const ALL: &[Self] = <Self as strum::VariantArray>::VARIANTS;

    /// X11's number of the button: 1, 2 or 3.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Left => 1,
            Self::Middle => 2,
            Self::Right => 3,
        }
    }

    /// The button with this number; `None` for all but 1, 2 and 3.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|b| b.number() == number)
    }

    /// The word for it in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The direction in which the wheel is turned.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(strum::IntoStaticStr, strum::VariantArray, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum Direction {
    /// What is above comes into view.
    Up,
    /// What is below comes into view.
    Down,
    /// What is at the left comes into view.
    Left,
    /// What is at the right comes into view.
    Right,
}

impl Direction {
    /// Every direction, in the order of X11's buttons 4 to 7.
    pub const ALL: &[Self] = <Self as strum::VariantArray>::VARIANTS;

    /// X11's number of the button that a notch of the wheel presses.
    #[must_use]
    pub const fn button(self) -> u8 {
        match self {
            Self::Up => 4,
            Self::Down => 5,
            Self::Left => 6,
            Self::Right => 7,
        }
    }

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The direction of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|to| to.name() == name)
    }
}

/// Words that stand for a key in addition to the keysym names. The modifiers are those that xdotool
/// knows.
const ALIASES: [(&str, &str); 11] = [
    ("alt", "Alt_L"),
    ("backspace", "BackSpace"),
    ("control", "Control_L"),
    ("ctrl", "Control_L"),
    ("enter", "Return"),
    ("esc", "Escape"),
    ("meta", "Meta_L"),
    ("shift", "Shift_L"),
    ("space", "space"),
    ("super", "Super_L"),
    ("tab", "Tab"),
];

/// One key of the keyboard, known by its keysym.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key {
    name: String,
    keysym: u32,
}

impl Key {
    /// The key of this name: a keysym name (`Return`), one of a few everyday
    /// words (`ctrl`, `enter`), or a single character (`s`, `é`, `+`).
    ///
    /// # Errors
    ///
    /// [`UnknownKey`], with the nearest name if one is similar.
    pub fn from_name(name: &str) -> Result<Self, UnknownKey> {
        let lower = name.to_lowercase();
        let full = ALIASES
            .iter()
            .find(|(alias, _)| *alias == lower)
            .map_or(name, |(_, full)| *full);
        if let Some(keysym) = keysym::number(full) {
            return Ok(Self {
                name: full.to_owned(),
                keysym,
            });
        }
        let mut chars = full.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) if !only.is_control() => Ok(Self::from_char(only)),
            _ => Err(UnknownKey {
                name: name.to_owned(),
                nearest: nearest_name(name),
            }),
        }
    }

    /// The key that types `char`.
    #[must_use]
    pub fn from_char(char: char) -> Self {
        let keysym = Keysym::from_char(char);
        Self {
            name: keysym
                .name()
                .map_or_else(|| char.to_string(), keysym::short),
            keysym: keysym.raw(),
        }
    }

    /// Its name, as the desktop API takes it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// X11's number of the keysym.
    #[must_use]
    pub const fn keysym(&self) -> u32 {
        self.keysym
    }

    /// Whether it is held together with others: Control, Shift, Alt, Super and
    /// their like.
    #[must_use]
    pub fn is_modifier(&self) -> bool {
        Keysym::new(self.keysym).is_modifier_key()
    }
}

fn nearest_name(name: &str) -> Option<&'static str> {
    let wanted = name.to_lowercase();
    keysym::names()
        .chain(ALIASES.iter().map(|(alias, _)| *alias))
        .map(|known| (strsim::jaro_winkler(&wanted, &known.to_lowercase()), known))
        .filter(|(score, _)| *score > 0.84)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, known)| known)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl TryFrom<String> for Key {
    type Error = UnknownKey;

    fn try_from(name: String) -> Result<Self, UnknownKey> {
        Self::from_name(&name)
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.name
    }
}

/// A word that is not a key.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there is no key named `{name}`")]
pub struct UnknownKey {
    /// The word.
    pub name: String,
    /// The name that was probably meant.
    pub nearest: Option<&'static str>,
}

/// One to ten keys pressed together, the last one while the others are held:
/// `ctrl+shift+s`.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct Chord(Vec<Key>);

/// Why some keys are not a chord.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BadChord {
    /// One of them is not a key.
    #[error(transparent)]
    Key(#[from] UnknownKey),
    /// None, or more than the API takes.
    #[error("a hotkey has 1 to {max} keys, and this one has {count}", max = Chord::MAX_KEYS)]
    Count {
        /// How many there are.
        count: usize,
    },
}

impl Chord {
    /// The desktop API takes no more keys at once.
    pub const MAX_KEYS: usize = *limits::CHORD.end();

    /// The chord of these keys, in the order in which they go down.
    ///
    /// # Errors
    ///
    /// [`BadChord::Count`] unless there are 1 to [`Chord::MAX_KEYS`] of them.
    pub fn new(keys: Vec<Key>) -> Result<Self, BadChord> {
        if limits::CHORD.contains(&keys.len()) {
            Ok(Self(keys))
        } else {
            Err(BadChord::Count { count: keys.len() })
        }
    }

    /// The chord of the keys with these names.
    ///
    /// # Errors
    ///
    /// [`BadChord`], for the first name that is not a key or for their number.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, BadChord> {
        let keys = names
            .into_iter()
            .map(Key::from_name)
            .collect::<Result<_, _>>()?;
        Self::new(keys)
    }

    /// Reads `ctrl+shift+s`. The plus key itself is `plus`.
    ///
    /// # Errors
    ///
    /// [`BadChord`], as [`Chord::from_names`].
    pub fn parse(text: &str) -> Result<Self, BadChord> {
        Self::from_names(text.split('+').map(str::trim))
    }

    /// Its keys, in the order in which they go down.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.0
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, key) in self.0.iter().enumerate() {
            let plus = if index == 0 { "" } else { "+" };
            write!(f, "{plus}{key}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keysym_names_everyday_words_and_single_characters_are_keys() {
        for (name, keysym) in [
            ("Return", 0xff0d),
            ("enter", 0xff0d),
            ("F10", 0xffc7),
            ("ctrl", 0xffe3),
            ("Control_L", 0xffe3),
            ("s", 0x73),
            ("S", 0x53),
            ("+", 0x2b),
            ("é", 0xe9),
            ("→", 0x08fd),
            ("漢", 0x0100_6f22),
        ] {
            assert_eq!(
                Key::from_name(name).map(|k| k.keysym()),
                Ok(keysym),
                "{name}"
            );
        }
    }

    #[test]
    fn a_misspelt_key_is_refused_with_the_nearest_name() {
        let error = Key::from_name("Retrun").expect_err("no such key");
        assert_eq!(error.nearest, Some("Return"));
        assert_eq!(error.to_string(), "there is no key named `Retrun`");
    }

    #[test]
    fn a_chord_is_written_as_it_is_read() {
        let chord = Chord::parse("ctrl+shift+plus").expect("three keys");
        assert_eq!(chord.to_string(), "Control_L+Shift_L+plus");
        assert!(chord.keys()[0].is_modifier());
        assert!(!chord.keys()[2].is_modifier());
    }

    #[test]
    fn a_chord_without_a_key_or_with_eleven_is_refused() {
        assert!(matches!(Chord::parse("ctrl++"), Err(BadChord::Key(_))));
        assert_eq!(
            Chord::parse("a+b+c+d+e+f+g+h+i+j+k"),
            Err(BadChord::Count { count: 11 })
        );
    }
}
