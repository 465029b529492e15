//! Expressions for the notations of the language, as an editor can test them.
//!
//! JSON Schema knows bounds for numbers only. Where a number has a unit after
//! it, its bounds are written as an expression over digits.

use std::ops::RangeInclusive;

use crate::scenario::{Memory, notation::LONGEST};

/// Something to look up: such a text can stand in place of every scalar.
pub(super) const INTERPOLATION: &str = r"\$\{";

/// The name of a target, as [`is_name`](crate::scenario::target::is_name) has it.
pub(super) const NAME: &str = r"\p{Alphabetic}[\p{Alphabetic}\p{N}_.-]*";

/// A name that `${…}` can refer to.
pub(super) const WORD: &str = r"^[\p{Alphabetic}\p{N}_-]+$";

/// The name of a Debian package.
pub(super) const PACKAGE: &str = r"[a-z0-9][a-z0-9+.-]*[a-z0-9+.]";

const FRACTION: &str = r"(\.[0-9]+)?";

/// An expression for texts that are one of `alternatives` as a whole, or have
/// something to look up in them.
pub(super) fn or_interpolation(alternatives: &[String]) -> String {
    format!(r"^\s*({})\s*$|{INTERPOLATION}", alternatives.join("|"))
}

/// A duration of at most a day.
pub(super) fn duration() -> String {
    let milliseconds = u64::try_from(LONGEST.as_millis()).unwrap_or(u64::MAX);
    let units = [("ms", 1), ("s", 1000), ("m", 60_000)];
    let units = units.map(|(unit, size)| {
        let number = between(0, milliseconds / size);
        format!("{number}{FRACTION}{unit}")
    });
    format!("({})", units.join("|"))
}

/// A percentage from 0 to 100.
pub(super) fn percentage() -> String {
    let less = between(0, 99);
    format!(r"({less}{FRACTION}|0*100(\.0+)?)%")
}

/// An amount of memory that a desktop can be limited to.
pub(super) fn memory() -> String {
    let units = [("MiB", 1), ("GiB", 1024)];
    let units = units.map(|(unit, size)| {
        let least = Memory::LEAST.div_ceil(size);
        format!("{}{unit}", between(least, Memory::MOST / size))
    });
    format!("({})", units.join("|"))
}

/// A size whose sides are within these bounds.
pub(super) fn size(width: RangeInclusive<u32>, height: RangeInclusive<u32>) -> String {
    let side = |side: RangeInclusive<u32>| between((*side.start()).into(), (*side.end()).into());
    format!("{}x{}", side(width), side(height))
}

/// The whole numbers from `least` to `most`.
fn between(least: u64, most: u64) -> String {
    let longest = most.to_string().len();
    let ranges = (least.to_string().len()..=longest).map(|length| {
        let nines = "9".repeat(length);
        let zeros = if length == 1 {
            "0".to_owned()
        } else {
            format!("1{}", "0".repeat(length - 1))
        };
        let low = least.to_string();
        let high = most.to_string();
        let low = if low.len() == length { low } else { zeros };
        let high = if high.len() == length { high } else { nines };
        of_one_length(low.as_bytes(), high.as_bytes())
    });
    let ranges: Vec<String> = ranges.collect();
    format!("0*({})", ranges.join("|"))
}

/// The numbers from `low` to `high`, which have as many digits.
fn of_one_length(low: &[u8], high: &[u8]) -> String {
    let ([first, low_rest @ ..], [last, high_rest @ ..]) = (low, high) else {
        return String::new();
    };
    let rest = low_rest.len();
    let (zeros, nines) = (vec![b'0'; rest], vec![b'9'; rest]);
    let all = low_rest == zeros && high_rest == nines;
    if first == last || all {
        let digit = class(*first, *last);
        let tail = if all {
            repeated(rest)
        } else {
            of_one_length(low_rest, high_rest)
        };
        return format!("{digit}{tail}");
    }
    let mut parts = vec![of_one_length(low, &[&[*first][..], &nines].concat())];
    if first + 1 < *last {
        parts.push(class(first + 1, last - 1) + &repeated(rest));
    }
    parts.push(of_one_length(&[&[*last][..], &zeros].concat(), high));
    format!("({})", parts.join("|"))
}

fn class(first: u8, last: u8) -> String {
    let (first, last) = (char::from(first), char::from(last));
    if first == last {
        first.to_string()
    } else {
        format!("[{first}-{last}]")
    }
}

fn repeated(times: usize) -> String {
    match times {
        0 => String::new(),
        1 => "[0-9]".to_owned(),
        _ => format!("[0-9]{{{times}}}"),
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;
    use crate::limits::{HEIGHT, SIDE, WIDTH};

    fn whole(expression: &str) -> Regex {
        Regex::new(&format!("^({expression})$")).unwrap()
    }

    #[test]
    fn an_expression_for_a_range_finds_its_numbers_and_no_others() {
        for (least, most) in [(0, 0), (0, 99), (0, 1440), (320, 7680), (7, 10), (95, 321)] {
            let expression = whole(&between(least, most));
            for number in 0..9000 {
                let inside = (least..=most).contains(&number);
                let found = expression.is_match(&number.to_string());
                assert_eq!(found, inside, "{number} in {least} to {most}");
            }
        }
    }

    #[test]
    fn notations_end_where_the_reader_ends_them() {
        let cases = [
            (
                duration(),
                &["0s", "500ms", "1.5s", "1440m", "86400s"][..],
                &["3", "1441m", "86401s", "86400001ms", "2h", "1.s"][..],
            ),
            (
                percentage(),
                &["0%", "12.5%", "100%", "100.0%"],
                &["101%", "100.1%", "10", "-1%"],
            ),
            (
                size(WIDTH, HEIGHT),
                &["1280x800", "320x320", "7680x4320"],
                &["319x800", "1280x4321", "1280 x 800", "12800x800"],
            ),
            (
                size(SIDE, SIDE),
                &["1x1", "800x600", "32767x32767"],
                &["0x600", "800x32768", "32768x1"],
            ),
        ];
        for (expression, right, wrong) in cases {
            let expression = whole(&expression);
            assert!(
                right.iter().all(|text| expression.is_match(text)),
                "{expression}"
            );
            assert!(
                !wrong.iter().any(|text| expression.is_match(text)),
                "{expression}"
            );
        }
    }
}
