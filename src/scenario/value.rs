//! The small notations of the language: durations, percentages, sizes,
//! numbers. Pure functions from text to value.
//!
//! If a text is wrong but its meaning can be guessed, they return the right notation, for the help
//! of a problem.

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
/// The error is what was probably meant.
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
        // In most other tools, a large number without a unit is in milliseconds.
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
/// The error is what was probably meant.
pub(crate) fn percentage(text: &str) -> Result<f64, Option<String>> {
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

/// Whether there is a name to look up in a text, or `$${` in it.
pub(super) fn has_interpolation(text: &str) -> bool {
    text.contains("${")
}

/// What readers of YAML 1.1 or 1.2 take a plain scalar for, if not for a text.
pub(super) fn taken_for(text: &str) -> Option<&'static str> {
    const TRUTH: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "y", "n"];
    if text.len() > 40 {
        return None;
    }
    let lower = text.to_lowercase();
    if TRUTH.contains(&lower.as_str()) {
        return Some("`true` or `false`");
    }
    if matches!(lower.as_str(), "~" | "null") {
        return Some("null");
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        return None;
    }
    if is_date(text) {
        return Some("a date");
    }
    let digits = text.trim_start_matches(['+', '-']);
    let changed = |number: &str| {
        // What a program prints again differently is not safe.
        number != "0" && (number.starts_with('0') || number.starts_with('.'))
            || number.contains(['e', 'E', '_', 'x', 'o'])
            || text.starts_with('+')
            || number.ends_with('.')
    };
    let radix = digits.starts_with("0x") && digits[2..].chars().all(|c| c.is_ascii_hexdigit())
        || digits.starts_with("0o") && digits[2..].chars().all(|c| c.is_digit(8));
    let number = digits.replace('_', "").parse::<f64>().is_ok()
        && digits.chars().any(|c| c.is_ascii_digit())
        && !digits.starts_with(|c: char| c.is_alphabetic());
    let decimal_zero = digits.starts_with("0.") && !digits.contains(['e', 'E', '_']);
    ((radix || number) && changed(digits) && !decimal_zero).then_some("a number")
}

/// `2026-11-23`, with or without a time after it.
fn is_date(text: &str) -> bool {
    let Some(day) = text.get(..10) else {
        return false;
    };
    let shape = |index: usize, byte: u8| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    day.bytes()
        .enumerate()
        .all(|(index, byte)| shape(index, byte))
        && matches!(text[10..].chars().next(), None | Some('T' | 't' | ' '))
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
    fn texts_that_other_programs_change_are_known() {
        for text in [
            "on",
            "No",
            "~",
            "1e3",
            "0x10",
            "007",
            "2026-11-23",
            "1_000",
            "+1",
            ".5",
        ] {
            assert!(taken_for(text).is_some(), "{text}");
        }
        for text in [
            "a", "12", "0", "1.5", "0.5", "-3", "1.2.3", "notes", "10%", "12:30",
        ] {
            assert_eq!(taken_for(text), None, "{text}");
        }
    }
}
