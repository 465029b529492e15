//! The values of arguments, within the bounds of the desktop API.

use std::{fmt, ops::RangeInclusive, time::Duration};

use clap::builder::{PossibleValuesParser, RangedI64ValueParser, TypedValueParser};

use crate::{
    desktop::wire::{PROCESSES, limits},
    geometry::{Rect, Size},
    input::{Button, Clipboard, Direction, Key},
    language::Language,
    scenario,
};

/// A text that appears in no log.
#[derive(Clone)]
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// `500ms`, `10s`, `2m`; as in a scenario, and longer than nothing.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    match scenario::duration(text) {
        Ok(Duration::ZERO) => Err("must be longer than 0".to_owned()),
        Ok(duration) => Ok(duration),
        Err(Some(meant)) => Err(format!("did you mean `{meant}`?")),
        Err(None) => Err("write a duration such as `500ms`, `10s` or `2m`".to_owned()),
    }
}

/// The code of a language, as `deu`.
pub(super) fn language(text: &str) -> Result<Language, String> {
    Language::of_code(text).ok_or_else(|| match Language::meant(text) {
        Some(meant) => format!("did you mean `{}` ({})?", meant.code(), meant.name()),
        None => "use ISO 639-2 codes such as `deu` or `jpn`".to_owned(),
    })
}

/// `10%`, as a share of 1.
pub(super) fn percentage(text: &str) -> Result<f32, String> {
    match scenario::percentage(text) {
        #[expect(clippy::cast_possible_truncation, reason = "a share of 1")]
        Ok(share) => Ok(share as f32),
        Err(Some(meant)) => Err(format!("did you mean `{meant}`?")),
        Err(None) => Err("write a percentage such as `10%`, up to `100%`".to_owned()),
    }
}

/// A share in JSON as somebody would write it: 0.1, and not the
/// 0.10000000149011612 that is the nearest number of 32 bits.
pub(super) fn decimal(share: f32) -> serde_json::Value {
    // The shortest text that stands for it, which is what a number of 64 bits then
    // keeps.
    let shortest = share.to_string().parse::<f64>();
    shortest.map_or(serde_json::Value::Null, Into::into)
}

/// `1280x800`, a size that a screen can have.
pub(super) fn screen_size(text: &str) -> Result<Size, String> {
    let size = size(text).ok_or("write a size such as `1280x800`")?;
    if limits::WIDTH.contains(&size.width) && limits::HEIGHT.contains(&size.height) {
        return Ok(size);
    }
    Err(format!(
        "a screen is {} to {} pixels wide and {} to {} pixels high",
        limits::WIDTH.start(),
        limits::WIDTH.end(),
        limits::HEIGHT.start(),
        limits::HEIGHT.end()
    ))
}

/// `10,20,300x200`: the corner, and the size of at least a pixel.
pub(super) fn region(text: &str) -> Result<Rect, String> {
    let read = || {
        let (x, rest) = text.split_once(',')?;
        let (y, rest) = rest.split_once(',')?;
        let size = size(rest)?;
        let place = |text| Some(i32::try_from(number(text)?).unwrap_or(i32::MAX));
        Some(Rect::new(place(x)?, place(y)?, size.width, size.height))
    };
    let rect = read().ok_or("write a region as `X,Y,WxH`, such as `10,20,300x200`")?;
    if rect.is_empty() {
        return Err("a region must have at least one pixel".to_owned());
    }
    let (least, most) = limits::COORDINATE.into_inner();
    if rect.x > most || rect.y > most {
        return Err(format!("X and Y of a region are {least} to {most}"));
    }
    Ok(rect)
}

fn size(text: &str) -> Option<Size> {
    let (width, height) = text.split_once('x')?;
    Some(Size::new(number(width)?, number(height)?))
}

/// Digits only: `parse` alone would also take a plus.
fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// Bounds of the protocol, as clap takes them.
pub(super) fn bounds<N: Into<i64>>(bounds: RangeInclusive<N>) -> RangeInclusive<i64> {
    let (least, most) = bounds.into_inner();
    least.into()..=most.into()
}

/// A pixel's distance from the left or the top edge.
pub(super) fn coordinate() -> RangedI64ValueParser<i32> {
    clap::value_parser!(i32).range(bounds(limits::COORDINATE))
}

/// The word for a button of the pointer.
pub(super) fn button() -> impl TypedValueParser<Value = Button> {
    let find = |name: String| {
        Button::ALL
            .iter()
            .copied()
            .find(|button| button.name() == name)
    };
    PossibleValuesParser::new(Button::ALL.iter().map(|it| it.name()))
        .try_map(move |name| find(name).ok_or("there is no such button"))
}

/// The word for a clipboard.
pub(super) fn clipboard() -> impl TypedValueParser<Value = Clipboard> {
    PossibleValuesParser::new(Clipboard::NAMES)
        .try_map(|name| Clipboard::from_name(&name).ok_or("there is no such clipboard"))
}

/// The word for a direction of the wheel.
pub(super) fn direction() -> impl TypedValueParser<Value = Direction> {
    PossibleValuesParser::new(Direction::ALL.iter().map(|it| it.name()))
        .try_map(|name| Direction::from_name(&name).ok_or("there is no such direction"))
}

/// The name of a managed process.
pub(super) fn process() -> PossibleValuesParser {
    PossibleValuesParser::new(PROCESSES)
}

/// The name of a key.
pub(super) fn key(name: &str) -> Result<Key, String> {
    Key::from_name(name).map_err(|unknown| {
        let nearest = unknown
            .nearest
            .map(|name| format!("; did you mean `{name}`?"));
        format!("{unknown}{}", nearest.unwrap_or_default())
    })
}

/// The id of a recording. It becomes part of a path, so it must not lead
/// anywhere else.
pub(super) fn recording(id: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if !id.is_empty() && id.chars().all(plain) && !id.starts_with('.') {
        Ok(id.to_owned())
    } else {
        Err("an id looks like `rec_1234567890`; `recordings` lists them".to_owned())
    }
}

/// The maximum number of frames per second of a clean recording.
pub(super) fn frame_rate(text: &str) -> Result<u32, String> {
    let [usual, more] = limits::FRAME_RATES;
    let rate = text.parse().ok();
    rate.filter(|rate| limits::FRAME_RATES.contains(rate))
        .ok_or_else(|| format!("must be {usual} or {more}"))
}

/// `NAME=VALUE`.
pub(super) fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write a variable as `NAME=VALUE`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_has_a_size_within_the_bounds_of_the_api() {
        assert_eq!(screen_size("1280x800"), Ok(Size::new(1280, 800)));
        assert_eq!(screen_size("7680x4320"), Ok(Size::new(7680, 4320)));
        for text in [
            "319x800",
            "1280x4321",
            "1280",
            "1280*800",
            "+1280x800",
            "x",
            "-1x-1",
            "",
        ] {
            assert!(screen_size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_region_is_a_corner_and_a_size() {
        assert_eq!(region("10,20,300x200"), Ok(Rect::new(10, 20, 300, 200)));
        assert_eq!(region("0,0,1x1"), Ok(Rect::new(0, 0, 1, 1)));
        for text in [
            "10,20",
            "10,20,300",
            "-1,0,3x3",
            "0,0,0x5",
            "4000000000,0,1x1",
            "1,2,3x4,5",
        ] {
            assert!(region(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_duration_has_a_unit_and_takes_time() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("10"), Err("did you mean `10s`?".to_owned()));
        assert!(duration("0s").is_err());
        assert!(duration("soon").is_err());
    }

    #[test]
    fn an_id_cannot_lead_to_another_path() {
        assert!(recording("rec_1234567890").is_ok());
        for id in ["", "..", "../status", "a/b", "a?b", "a#b", "a%2fb"] {
            assert!(recording(id).is_err(), "{id}");
        }
    }

    #[test]
    fn a_secret_is_not_drawn() {
        let secret = Secret::from("sesame".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret");
        assert_eq!(secret.reveal(), "sesame");
    }
}
