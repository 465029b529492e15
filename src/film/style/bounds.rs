//! Numbers of a style with the bounds in which they make sense.

use std::ops::RangeInclusive;

use serde::{Deserialize, Deserializer, de::Error};

/// Seconds between two bounds, which are given in milliseconds.
pub(super) fn seconds<'de, D: Deserializer<'de>, const LOW: u32, const HIGH: u32>(
    deserializer: D,
) -> Result<f64, D::Error> {
    within(
        deserializer,
        f64::from(LOW) / 1000.0..=f64::from(HIGH) / 1000.0,
    )
}

/// How many times, between two whole numbers.
pub(super) fn factor<'de, D: Deserializer<'de>, const LOW: u32, const HIGH: u32>(
    deserializer: D,
) -> Result<f64, D::Error> {
    within(deserializer, f64::from(LOW)..=f64::from(HIGH))
}

/// A part of a whole, 0 to 1.
pub(super) fn part<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    within(deserializer, 0.0..=1.0)
}

/// A length between two bounds.
pub(super) fn pixels<'de, D: Deserializer<'de>, const LOW: u32, const HIGH: u32>(
    deserializer: D,
) -> Result<u32, D::Error> {
    within(deserializer, LOW..=HIGH)
}

/// A number of frames in a second.
pub(super) fn frames<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    within(deserializer, 5..=60)
}

fn within<'de, D, T>(deserializer: D, bounds: RangeInclusive<T>) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + PartialOrd + std::fmt::Display,
{
    let number = T::deserialize(deserializer)?;
    if bounds.contains(&number) {
        return Ok(number);
    }
    let (low, high) = (bounds.start(), bounds.end());
    Err(D::Error::custom(format_args!(
        "{number} is out of bounds: it must be from {low} to {high}"
    )))
}

/// The height of letters, if it is given.
pub(super) fn font_size<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u32>, D::Error> {
    let size = Option::<u32>::deserialize(deserializer)?;
    let Some(size) = size else { return Ok(None) };
    if (8..=256).contains(&size) {
        return Ok(Some(size));
    }
    Err(D::Error::custom(format_args!(
        "{size} is out of bounds: it must be from 8 to 256"
    )))
}

/// A size as `1280x720`, if it is given.
pub(super) mod size {
    use serde::{Deserialize, Deserializer, Serialize as _, Serializer, de::Error};

    use crate::geometry::Size;

    /// The least and the most pixels of a side.
    const SIDE: std::ops::RangeInclusive<u32> = 16..=7680;

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(in super::super) fn serialize<S: Serializer>(
        size: &Option<Size>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        size.map(|size| size.to_string()).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Size>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        let Some(text) = text else { return Ok(None) };
        let size: Size = text.parse().map_err(D::Error::custom)?;
        if SIDE.contains(&size.width) && SIDE.contains(&size.height) {
            return Ok(Some(size));
        }
        Err(D::Error::custom(
            "each side of a film must have 16 to 7680 pixels",
        ))
    }
}
