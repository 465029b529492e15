//! Texts of which some parts are known only while a scenario is played.

use std::fmt;

use super::notation::{self, Value};
use crate::pattern::Pattern;
pub use crate::scenario::Comparison;

/// A text in which everything that can be known beforehand is in place. What is
/// left are secrets, which nobody but the player may see, and what earlier steps
/// captured.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Text {
    parts: Vec<Part>,
}

/// A part of a [`Text`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Part {
    /// Characters.
    Plain(String),
    /// The secret of this name.
    Secret(String),
    /// What a step captured under this name.
    Captured {
        /// Its name.
        name: String,
        /// The default, if nothing or an empty text was captured.
        default: Option<String>,
    },
}

/// Knows what a [`Text`] could not say beforehand.
pub trait Values {
    /// The secret of this name; every secret that a plan names exists.
    fn secret(&self, name: &str) -> &str;

    /// What was captured under this name, if a step has done so.
    fn captured(&self, name: &str) -> Option<&str>;
}

/// A value that no step has captured, for example because that step was skipped by an `if`.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no step has captured `{name}`")]
pub struct NotCaptured {
    /// Its name.
    pub name: String,
}

impl Text {
    /// The text of these parts.
    #[must_use]
    pub fn new(parts: impl IntoIterator<Item = Part>) -> Self {
        let mut text = Self::default();
        for part in parts {
            match (text.parts.last_mut(), part) {
                (Some(Part::Plain(before)), Part::Plain(more)) => before.push_str(&more),
                (_, Part::Plain(empty)) if empty.is_empty() => {}
                (_, part) => text.parts.push(part),
            }
        }
        text
    }

    /// Its parts; neighbours are never both plain, and none is empty.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The whole text, if all of it is known.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match &self.parts[..] {
            [] => Some(""),
            [Part::Plain(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether a secret is a part of it.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|part| matches!(part, Part::Secret(_)))
    }

    /// The text with every value in place. It may hold secrets.
    ///
    /// # Errors
    ///
    /// [`NotCaptured`] if no step has captured a part that has no default.
    pub fn fill(&self, values: &dyn Values) -> Result<String, NotCaptured> {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Plain(text) => filled.push_str(text),
                Part::Secret(name) => filled.push_str(values.secret(name)),
                Part::Captured { name, default } => {
                    let value = match (values.captured(name), default.as_deref()) {
                        (Some("") | None, Some(default)) => Some(default),
                        (value, _) => value,
                    };
                    filled.push_str(value.ok_or_else(|| NotCaptured { name: name.clone() })?);
                }
            }
        }
        Ok(filled)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new([Part::Plain(text.to_owned())])
    }
}

impl fmt::Display for Text {
    /// For people: secrets as `***`, captured values by their names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Plain(text) => f.write_str(text)?,
                Part::Secret(_) => f.write_str("***")?,
                Part::Captured { name, .. } => write!(f, "${{captured.{name}}}")?,
            }
        }
        Ok(())
    }
}

/// A text that is looked for, or a regular expression for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Wording {
    /// Exactly this text.
    Text(Text),
    /// A text with a match of this; always [`Pattern::Regex`].
    Regex(Pattern),
}

impl Wording {
    /// The pattern with every value in place.
    ///
    /// # Errors
    ///
    /// [`NotCaptured`], as for [`Text::fill`].
    pub fn fill(&self, values: &dyn Values) -> Result<Pattern, NotCaptured> {
        Ok(match self {
            Self::Text(text) => Pattern::Text(text.fill(values)?),
            Self::Regex(regex) => regex.clone(),
        })
    }
}

impl fmt::Display for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{text}"),
            Self::Regex(regex) => write!(f, "{regex}"),
        }
    }
}

/// What a text has to be like.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// How it is compared.
    pub how: Comparison,
    /// With what.
    pub wanted: Wording,
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.how.name(), self.wanted)
    }
}

impl Check {
    /// As the language writes it.
    #[must_use]
    pub fn notation(&self) -> (&'static str, Value) {
        (self.how.name(), notation::wording(&self.wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known;

    impl Values for Known {
        fn secret(&self, _: &str) -> &'static str {
            "hunter2"
        }

        fn captured(&self, name: &str) -> Option<&str> {
            match name {
                "there" => Some("found"),
                "empty" => Some(""),
                _ => None,
            }
        }
    }

    fn captured(name: &str, default: Option<&str>) -> Part {
        Part::Captured {
            name: name.to_owned(),
            default: default.map(str::to_owned),
        }
    }

    #[test]
    fn a_secret_is_shown_to_nobody() {
        let text = Text::new([Part::Plain("a ".into()), Part::Secret("PASSWORD".into())]);
        assert_eq!(text.to_string(), "a ***");
        assert_eq!(text.fill(&Known).unwrap(), "a hunter2");
        assert!(text.is_secret() && text.known().is_none());
    }

    #[test]
    fn what_was_not_captured_has_its_default_or_is_missed() {
        let fill = |part| Text::new([part]).fill(&Known);
        assert_eq!(fill(captured("there", None)).unwrap(), "found");
        assert_eq!(fill(captured("gone", Some("x"))).unwrap(), "x");
        assert_eq!(fill(captured("empty", Some("x"))).unwrap(), "x");
        assert_eq!(fill(captured("empty", None)).unwrap(), "");
        let error = fill(captured("gone", None)).unwrap_err();
        assert_eq!(error.to_string(), "no step has captured `gone`");
    }
}
