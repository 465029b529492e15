//! Values of the language as YAML has them.

use std::{path::Path, time::Duration};

pub(super) use serde_yaml::Value;

use crate::{
    geometry::{Point, Rect},
    plan::{Part, Text, Wording},
};

/// Keys with their values, in the order in which they are written.
pub(super) type Fields = Vec<(&'static str, Value)>;

/// A mapping with these keys.
pub(super) fn map<K: Into<Value>>(fields: impl IntoIterator<Item = (K, Value)>) -> Value {
    let fields = fields.into_iter();
    Value::Mapping(fields.map(|(key, value)| (key.into(), value)).collect())
}

/// Something that is written like its display form, such as a size.
pub(super) fn shown(value: &impl ToString) -> Value {
    Value::String(value.to_string())
}

/// A text without any interpolation.
pub(super) fn literal(text: &str) -> Value {
    Value::String(escaped(text))
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
    Value::String(text.parts().iter().map(part).collect())
}

pub(super) fn wording(wording: &Wording) -> Value {
    match wording {
        Wording::Text(text) => self::text(text),
        Wording::Regex(regex) => literal(&regex.to_string()),
    }
}

pub(super) fn rect(rect: Rect) -> Value {
    map([
        ("x", rect.x.into()),
        ("y", rect.y.into()),
        ("width", rect.width.into()),
        ("height", rect.height.into()),
    ])
}

pub(super) fn point(point: Point) -> Value {
    Value::Sequence(vec![point.x.into(), point.y.into()])
}

pub(super) fn duration(duration: Duration) -> Value {
    let micros = duration.as_micros();
    Value::String(if micros.is_multiple_of(1_000_000) {
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

/// The way to a path from a folder, both taken from the same place.
pub(super) fn from_folder(folder: &Path, path: &Path) -> String {
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
