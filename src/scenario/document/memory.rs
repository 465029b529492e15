//! How much memory a desktop may take: `4GiB`.

use std::str::FromStr;

use crate::scenario::{
    notation::{Notation, Word},
    problem::{Code, Problem, shown, ticked},
};

/// An amount of memory in MiB, from 128 to 1,048,576 (a tebibyte).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Memory(pub u64);

impl Memory {
    /// Less than that is too little for any desktop.
    pub(in crate::scenario) const LEAST: u64 = 128;

    /// More than any machine has: a tebibyte.
    pub(in crate::scenario) const MOST: u64 = 1 << 20;
}

impl FromStr for Memory {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = amount(text).ok();
        let number = number.filter(|number| (Self::LEAST..=Self::MOST).contains(number));
        let (least, most) = (Self::LEAST, Self::MOST >> 10);
        number.map(Self).ok_or_else(|| {
            format!("expected {least}MiB to {most}GiB, a whole number and its unit, such as 4GiB")
        })
    }
}

impl Notation for Memory {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let name = word.field.name;
        let number = match amount(word.text) {
            Ok(number) => number,
            Err(meant) => {
                let message = format!("{} is not an amount of memory", ticked(word.text));
                let meant = meant.unwrap_or_else(|| word.field.example.to_owned());
                return Err(Problem::new(Code::BadSize, word.span, message)
                    .label("expected a whole number and `MiB` or `GiB`")
                    .help(format!("write `{name}: {}`", shown(&meant, 40))));
            }
        };
        if (Self::LEAST..=Self::MOST).contains(&number) {
            return Ok(Self(number));
        }
        let (least, most) = (Self::LEAST, Self::MOST >> 10);
        let message = format!("a desktop cannot be limited to {}", ticked(word.text));
        let near = number.clamp(Self::LEAST, Self::MOST);
        Err(Problem::new(Code::OutOfRange, word.span, message)
            .label(format!("expected {least}MiB to {most}GiB"))
            .help(format!("write `{name}: {near}MiB`")))
    }
}

/// `512MiB` and `4GiB`, in MiB. The error is how it was probably meant.
fn amount(text: &str) -> Result<u64, Option<String>> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &text[..text.len() - unit.len()];
    let number: Option<u64> = digits.parse().ok();
    let number = number.filter(|number| *number < 1 << 40);
    match (number, unit) {
        (Some(number), "MiB") => Ok(number),
        (Some(number), "GiB") => Ok(number << 10),
        (Some(number), _) => {
            let unit = match unit.trim().to_lowercase().as_str() {
                // In most other tools, a large number without a unit is in mebibytes.
                "" if number >= 128 => "MiB",
                "" | "g" | "gb" | "gi" | "gib" => "GiB",
                "m" | "mb" | "mi" | "mib" => "MiB",
                _ => return Err(None),
            };
            Err(Some(format!("{number}{unit}")))
        }
        (None, _) => Err(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_has_a_unit() {
        assert_eq!(amount("512MiB"), Ok(512));
        assert_eq!(amount("4GiB"), Ok(4096));
        for (wrong, meant) in [
            ("4", Some("4GiB")),
            ("2048", Some("2048MiB")),
            ("4 GB", Some("4GiB")),
            ("512m", Some("512MiB")),
            ("4TiB", None),
            ("4.5GiB", None),
            ("-1GiB", None),
            ("GiB", None),
            ("99999999999999999999GiB", None),
            ("", None),
        ] {
            assert_eq!(amount(wrong), Err(meant.map(str::to_owned)), "{wrong}");
            assert!(wrong.parse::<Memory>().is_err(), "{wrong}");
        }
        assert_eq!("4GiB".parse(), Ok(Memory(4096)));
        for out_of_range in ["127MiB", "1025GiB"] {
            assert!(out_of_range.parse::<Memory>().is_err(), "{out_of_range}");
        }
    }
}
