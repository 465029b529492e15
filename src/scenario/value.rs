//! The small notations of the language: durations, percentages, sizes,
//! numbers. Pure functions from text to value.
//!
//! Where a text is wrong but its meaning can be guessed, they say how it is
//! written, for the help of a problem.

use std::time::Duration;

use crate::geometry::Size;

/// A whole number of YAML 1.2's core schema: `12`, `-3`, `0x1f`, `0o17`.
pub(super) fn integer(text: &str) -> Option<i64> {
    if let Some(digits) = text.strip_prefix("0x") {
        return unsigned(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return unsigned(digits, 8);
    }
    text.parse().ok()
}

/// `from_str_radix` alone would also take a sign here.
fn unsigned(digits: &str, radix: u32) -> Option<i64> {
    let all_digits = digits.chars().all(|c| c.is_digit(radix));
    let number = i64::from_str_radix(digits, radix).ok();
    number.filter(|_| all_digits)
}

/// Whether a text is digits with at most one point: a value without its unit.
pub(super) fn is_number(text: &str) -> bool {
    decimal(text).is_some()
}

/// A decimal number without sign and exponent. Nothing here needs more digits
/// than a double holds.
fn decimal(text: &str) -> Option<f64> {
    let plain = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let plain = plain && text.len() <= 15 && text.starts_with(|c: char| c.is_ascii_digit());
    text.parse().ok().filter(|_| plain && !text.ends_with('.'))
}

/// `500ms`, `3s`, `1.5s`, `1m`.
///
/// The error is how it was probably meant.
pub(crate) fn duration(text: &str) -> Result<Duration, Option<String>> {
    let digits = text.trim_end_matches(|c: char| c.is_alphabetic());
    let unit = &text[digits.len()..];
    let number = decimal(digits);
    let seconds_a_unit = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        _ => {
            let number = decimal(digits.trim());
            return Err(number.and_then(|_| unit_meant(digits.trim(), unit)));
        }
    };
    let Some(number) = number else {
        let meant = decimal(digits.trim()).map(|_| format!("{}{unit}", digits.trim()));
        return Err(meant);
    };
    // Rounded, so that `0.1s` is exactly 100 ms.
    Duration::try_from_secs_f64((number * seconds_a_unit * 1e6).round() / 1e6).map_err(|_| None)
}

fn unit_meant(digits: &str, unit: &str) -> Option<String> {
    let unit = match unit.to_lowercase().as_str() {
        // A large bare number is milliseconds in most other tools.
        "" if decimal(digits)? >= 1000.0 => "ms",
        "" | "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "ms" | "msec" | "millis" | "millisecond" | "milliseconds" => "ms",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hour" | "hours" => return Some(format!("{}m", decimal(digits)? * 60.0)),
        _ => return None,
    };
    Some(format!("{digits}{unit}"))
}

/// `10%`, as a share of 1.
///
/// The error is how it was probably meant.
pub(super) fn percentage(text: &str) -> Result<f64, Option<String>> {
    if let Some(digits) = text.strip_suffix('%') {
        let number = decimal(digits).filter(|number| *number <= 100.0);
        let meant = || decimal(digits.trim()).map(|number| format!("{}%", number.min(100.0)));
        return number.map(|number| number / 100.0).ok_or_else(meant);
    }
    let number = decimal(text.trim());
    Err(number.and_then(|number| match number {
        // Shares of 1 are how other tools write it.
        0.0..=1.0 if text.contains('.') => Some(format!("{}%", (number * 1e6).round() / 1e4)),
        0.0..=100.0 => Some(format!("{number}%")),
        _ => None,
    }))
}

/// Two whole numbers in a text that is, or nearly is, a size: `1280x800`,
/// `1280 X 800`, `[1280, 800]`.
pub(super) fn size(text: &str) -> Option<Size> {
    if text.len() > 60 {
        return None;
    }
    let words = text.split(|c: char| !c.is_ascii_digit());
    let numbers: Vec<u32> = words.filter_map(|word| word.parse().ok()).collect();
    match numbers[..] {
        [width, height] => Some(Size::new(width, height)),
        _ => None,
    }
}

/// Whether a text is a size to the letter.
pub(super) fn is_exact_size(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('x')
        .is_some_and(|(width, height)| digits(width) && digits(height))
}

/// The first interpolation in a text, `${name}`; `$${` is none.
pub(super) fn interpolation(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let at = rest.find("${")?;
        if !rest[..at].ends_with('$') {
            let end = rest[at..].find('}').map_or(rest.len(), |end| at + end + 1);
            return Some(&rest[at..end]);
        }
        rest = &rest[at + 2..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("3s"), Ok(Duration::from_secs(3)));
        assert_eq!(duration("0.1s"), Ok(Duration::from_millis(100)));
        assert_eq!(duration("1m"), Ok(Duration::from_secs(60)));
    }

    #[test]
    fn a_duration_that_is_nearly_right_shows_how_it_is_written() {
        for (text, meant) in [
            ("3", "3s"),
            ("5000", "5000ms"),
            ("3 s", "3s"),
            ("3sec", "3s"),
            ("10 Seconds", "10s"),
            ("2h", "120m"),
        ] {
            assert_eq!(duration(text), Err(Some(meant.to_owned())), "{text}");
        }
        for text in ["", "soon", "-1s", "1e3s", "ms", "1..2s", "3parsecs", "é"] {
            assert_eq!(duration(text), Err(None), "{text}");
        }
    }

    #[test]
    fn a_share_that_is_no_percentage_shows_how_it_is_written() {
        assert_eq!(percentage("12.5%"), Ok(0.125));
        assert_eq!(percentage("0.1"), Err(Some("10%".to_owned())));
        assert_eq!(percentage("10"), Err(Some("10%".to_owned())));
        assert_eq!(percentage("10 %"), Err(Some("10%".to_owned())));
        assert_eq!(percentage("101%"), Err(Some("100%".to_owned())));
        assert_eq!(percentage("much"), Err(None));
    }

    #[test]
    fn numbers_are_those_of_the_core_schema() {
        assert_eq!(integer("0o17"), Some(15));
        assert_eq!(integer("0x1f"), Some(31));
        assert_eq!(integer("007"), Some(7));
        assert_eq!(integer("0x-1"), None);
        assert_eq!(integer("1_000"), None);
        assert_eq!(integer("99999999999999999999"), None);
    }

    #[test]
    fn a_doubled_dollar_is_no_interpolation() {
        assert_eq!(interpolation("a ${vars.b} c"), Some("${vars.b}"));
        assert_eq!(interpolation("$${a} ${b"), Some("${b"));
        assert_eq!(interpolation("costs $5 $${a}"), None);
    }
}
