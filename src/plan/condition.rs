//! What decides about a block or a step.

use std::{fmt, path::Path};

use super::{
    Check, Output, Target, Text,
    notation::{self, Fields, Value, map},
};

/// What decides about a block or a step.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Condition {
    /// It was known beforehand.
    Known(bool),
    /// A target is there, or is not, when it is looked at.
    Sight(Sight),
    /// A text passes these checks.
    Text {
        /// The text.
        value: Text,
        /// What it has to be like: all checks have to hold.
        checks: Vec<Check>,
    },
}

/// A target that has to be there, or has to be gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// What to look for.
    pub target: Target,
    /// Whether it has to be gone.
    pub gone: bool,
}

impl Sight {
    /// What can be captured of it, the usual one first; nothing if it has to be gone.
    #[must_use]
    pub fn outputs(&self) -> &'static [Output] {
        if self.gone {
            &[]
        } else {
            self.target.outputs()
        }
    }

    /// As the language writes it; paths go from `folder`.
    #[must_use]
    pub fn notation(&self, folder: &Path) -> Fields {
        vec![
            ("target", self.target.notation(folder)),
            ("gone", self.gone.into()),
        ]
    }
}

impl Condition {
    /// As the language writes it; paths go from `folder`.
    #[must_use]
    pub fn notation(&self, folder: &Path) -> Value {
        match self {
            Self::Known(truth) => (*truth).into(),
            Self::Sight(sight) => map(sight.notation(folder)),
            Self::Text { value, checks } => {
                let mut fields = vec![("value", notation::text(value))];
                fields.extend(checks.iter().map(Check::notation));
                map(fields)
            }
        }
    }

    /// What it looks for on the screen.
    #[must_use]
    pub const fn target(&self) -> Option<&Target> {
        match self {
            Self::Sight(sight) => Some(&sight.target),
            Self::Known(_) | Self::Text { .. } => None,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(truth) => write!(f, "{truth}"),
            Self::Sight(sight) => write!(f, "{sight}"),
            Self::Text { value, checks } => {
                write!(f, "{value} ")?;
                for (index, check) in checks.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{check}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gone = if self.gone { " gone" } else { "" };
        write!(f, "{}{gone}", self.target)
    }
}
