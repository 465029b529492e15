//! Colours as users write them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A colour and its opacity.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour {
    /// Red, green and blue.
    pub rgb: [u8; 3],
    /// From 0 (invisible) to 255 (opaque).
    pub alpha: u8,
}

/// A text that is not a colour.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "a colour is written like \"#2f7df6\", or \"#2f7df680\" if it is transparent; quote it, or `#` begins a comment"
)]
pub struct NoColour;

impl Colour {
    /// An opaque colour.
    #[must_use]
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self {
            rgb: [red, green, blue],
            alpha: u8::MAX,
        }
    }

    /// The same colour with a different opacity.
    #[must_use]
    pub const fn with_alpha(self, alpha: u8) -> Self {
        Self {
            rgb: self.rgb,
            alpha,
        }
    }
}

impl FromStr for Colour {
    type Err = NoColour;

    /// Reads `#rgb`, `#rrggbb` and `#rrggbbaa`.
    fn from_str(text: &str) -> Result<Self, NoColour> {
        let digits = text.strip_prefix('#').ok_or(NoColour)?;
        let digits: Option<Vec<u32>> = digits.chars().map(|digit| digit.to_digit(16)).collect();
        let digits = digits.ok_or(NoColour)?;
        let pair = |high: u32, low: u32| u8::try_from(high * 16 + low).map_err(|_| NoColour);
        match digits[..] {
            [r, g, b] => Ok(Self::new(pair(r, r)?, pair(g, g)?, pair(b, b)?)),
            [r, rr, g, gg, b, bb] => Ok(Self::new(pair(r, rr)?, pair(g, gg)?, pair(b, bb)?)),
            [r, rr, g, gg, b, bb, a, aa] => {
                let colour = Self::new(pair(r, rr)?, pair(g, gg)?, pair(b, bb)?);
                Ok(colour.with_alpha(pair(a, aa)?))
            }
            _ => Err(NoColour),
        }
    }
}

impl TryFrom<String> for Colour {
    type Error = NoColour;

    fn try_from(text: String) -> Result<Self, NoColour> {
        text.parse()
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.rgb;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")?;
        if self.alpha < u8::MAX {
            write!(f, "{:02x}", self.alpha)?;
        }
        Ok(())
    }
}

/// A colour, or the word `none`.
pub(super) mod or_none {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Colour;

    #[expect(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "serde calls it so"
    )]
    pub(in super::super) fn serialize<S: Serializer>(
        colour: &Option<Colour>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match colour {
            Some(colour) => serializer.collect_str(colour),
            None => serializer.serialize_str("none"),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Colour>, D::Error> {
        let text = String::deserialize(deserializer)?;
        match &*text {
            "none" => Ok(None),
            text => text.parse().map(Some).map_err(D::Error::custom),
        }
    }
}

/// One colour, two colours, or the word `none`.
pub(super) mod ground {
    use serde::{Deserialize, Deserializer, Serializer, de::Error, ser::SerializeSeq as _};

    use super::{super::Ground, Colour};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        One(String),
        Two([String; 2]),
    }

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(in super::super) fn serialize<S: Serializer>(
        ground: &Option<Ground>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match ground {
            None => serializer.serialize_str("none"),
            Some(ground) if ground.from == ground.to => serializer.collect_str(&ground.from),
            Some(ground) => {
                let mut both = serializer.serialize_seq(Some(2))?;
                both.serialize_element(&ground.from)?;
                both.serialize_element(&ground.to)?;
                both.end()
            }
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Ground>, D::Error> {
        let written = Written::deserialize(deserializer).map_err(|_| {
            D::Error::custom("a background is one colour, a list of two colours, or `none`")
        })?;
        let colour = |text: &str| text.parse::<Colour>().map_err(D::Error::custom);
        match written {
            Written::One(text) if text == "none" => Ok(None),
            Written::One(text) => {
                let from = colour(&text)?;
                Ok(Some(Ground { from, to: from }))
            }
            Written::Two([from, to]) => {
                let (from, to) = (colour(&from)?, colour(&to)?);
                Ok(Some(Ground { from, to }))
            }
        }
    }
}
