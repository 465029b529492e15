//! Which share of a suite one of several machines plays.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The share of a suite that one of several machines plays.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct Shard {
    /// Which one, from 1 to `count`.
    pub index: usize,
    /// How many there are.
    pub count: usize,
}

impl Shard {
    /// The largest number of shards: more machines than anybody has.
    pub const MOST: usize = 10_000;

    /// The shard `index` of `count`, if it exists.
    #[must_use]
    pub fn new(index: usize, count: usize) -> Option<Self> {
        let is_one = (1..=Self::MOST).contains(&count) && (1..=count).contains(&index);
        is_one.then_some(Self { index, count })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Reads `2/4`.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(index, count)| {
            Some((index.trim().parse().ok()?, count.trim().parse().ok()?))
        });
        let (index, count) = parts.ok_or("expected `I/N`, for example `2/4`")?;
        Self::new(index, count).ok_or_else(|| {
            let most = Self::MOST;
            format!("the shards of `I/N` are numbered from 1 to N, and N is at most {most}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_one_of_as_many_as_there_are() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, count: 4 }));
        for wrong in ["0/4", "5/4", "1/0", "2", "a/b", "1/10001", "-1/4"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
