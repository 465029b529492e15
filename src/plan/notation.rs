//! Values of a plan as the language writes them, for `explain`.

use std::{path::Path, time::Duration};

use serde::{Serialize, Serializer};

use super::{Part, Text, Wording};
use crate::{
    geometry::{Point, Rect},
    input::Key,
};

/// A value of the language.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Keys with their values, in the order in which they are written.
    Map(Vec<(String, Value)>),
}

/// Keys with their values, in the order in which they are written.
pub(crate) type Fields = Vec<(&'static str, Value)>;

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(fields) => {
                serializer.collect_map(fields.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        // What the language reads is no larger.
        Self::Number(number.try_into().unwrap_or(i64::MAX))
    }
}

/// A word of the language.
impl From<&str> for Value {
    fn from(word: &str) -> Self {
        Self::Text(word.to_owned())
    }
}

/// A mapping with these keys.
pub(crate) fn map<K: Into<String>>(fields: impl IntoIterator<Item = (K, Value)>) -> Value {
    let fields = fields.into_iter();
    Value::Map(fields.map(|(key, value)| (key.into(), value)).collect())
}

/// A list of these values.
pub(crate) fn list(values: impl IntoIterator<Item = Value>) -> Value {
    Value::List(values.into_iter().collect())
}

/// Something that is written like its display form, such as a size.
pub(crate) fn shown(value: &impl ToString) -> Value {
    Value::Text(value.to_string())
}

/// A text without any interpolation.
#[must_use]
pub(crate) fn literal(text: &str) -> Value {
    Value::Text(escaped(text))
}

/// The characters `${` as such.
fn escaped(text: &str) -> String {
    text.replace("${", "$${")
}

/// A text with its interpolations.
pub(super) fn text(text: &Text) -> Value {
    let part = |part: &Part| match part {
        Part::Plain(text) => escaped(text),
        Part::Secret(name) => format!("${{secrets.{name}}}"),
        Part::Captured { name, default } => match default {
            Some(default) => format!("${{captured.{name}:-{default}}}"),
            None => format!("${{captured.{name}}}"),
        },
    };
    Value::Text(text.parts().iter().map(part).collect())
}

pub(super) fn wording(wording: &Wording) -> Value {
    match wording {
        Wording::Text(text) => self::text(text),
        Wording::Regex(regex) => literal(&regex.to_string()),
    }
}

/// A rectangle in full.
#[must_use]
pub(crate) fn rect(rect: Rect) -> Value {
    map([
        ("x", rect.x.into()),
        ("y", rect.y.into()),
        ("width", rect.width.into()),
        ("height", rect.height.into()),
    ])
}

/// The part of the screen that counts, if not all of it does.
pub(super) fn region(region: Option<Rect>) -> Option<(&'static str, Value)> {
    region.map(|region| ("region", rect(region)))
}

pub(super) fn mask(mask: &[Rect]) -> Value {
    list(mask.iter().copied().map(rect))
}

pub(super) fn point(point: Point) -> Value {
    list([point.x.into(), point.y.into()])
}

/// Keys that are held down, if there are any.
pub(super) fn modifiers(keys: &[Key]) -> Option<(&'static str, Value)> {
    let names = keys.iter().map(|key| literal(key.name()));
    (!keys.is_empty()).then(|| ("modifiers", list(names)))
}

/// A duration to the microsecond.
#[must_use]
pub(crate) fn duration(duration: Duration) -> Value {
    let micros = duration.as_micros();
    Value::Text(if micros.is_multiple_of(1_000_000) {
        format!("{}s", micros / 1_000_000)
    } else if micros.is_multiple_of(1000) {
        format!("{}ms", micros / 1000)
    } else {
        format!("{}ms", duration.as_secs_f64() * 1000.0)
    })
}

/// A share of 1 as a percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", (share * 1e6).round() / 1e4)
}

/// The relative path from a folder to a file, both given from the same place.
pub(super) fn path(path: &Path, folder: &Path) -> Value {
    literal(&from_folder(folder, path))
}

fn from_folder(folder: &Path, path: &Path) -> String {
    if path.is_absolute() || folder.is_absolute() {
        let inner = path.strip_prefix(folder).unwrap_or(path);
        return inner.to_string_lossy().into_owned();
    }
    let (mut here, mut there) = (folder.components().peekable(), path.components().peekable());
    while here.peek().is_some() && here.peek() == there.peek() {
        here.next();
        there.next();
    }
    let up = here.map(|_| "..".to_owned());
    let down = there.map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}
