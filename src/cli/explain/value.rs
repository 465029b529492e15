//! Values as YAML in one line.

use std::{fmt, path::Path, time::Duration};

use crate::{
    geometry::{Point, Rect},
    plan::{Part, Text, Wording},
};

/// A value that is written in one line.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Something that needs no quotes.
    Word(String),
    /// Any text, with its quotes.
    Quoted(String),
    /// `[a, b]`.
    List(Vec<Value>),
    /// `{ a: b }`.
    Map(Vec<(String, Value)>),
}

/// A text in double quotes: what JSON writes is right in YAML as well.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(literal(text)).to_string()
}

/// The characters `${` as such.
fn literal(text: &str) -> String {
    text.replace("${", "$${")
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        Self::Quoted(quoted(text))
    }

    pub(super) fn word(word: impl fmt::Display) -> Self {
        Self::Word(word.to_string())
    }

    pub(super) fn fields<const N: usize>(fields: impl IntoFields<N>) -> Self {
        Self::Map(fields.into_fields())
    }
}

/// Names with their values, from an array or a vector.
pub(super) trait IntoFields<const N: usize> {
    fn into_fields(self) -> Vec<(String, Value)>;
}

impl<const N: usize> IntoFields<N> for [(&str, Value); N] {
    fn into_fields(self) -> Vec<(String, Value)> {
        self.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

impl IntoFields<0> for Vec<(&str, Value)> {
    fn into_fields(self) -> Vec<(String, Value)> {
        let named = self.into_iter();
        named
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(text) | Self::Quoted(text) => f.write_str(text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::to_string).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Self::Map(fields) if fields.is_empty() => f.write_str("{}"),
            Self::Map(fields) => {
                let field = |(name, value): &(String, Self)| format!("{name}: {value}");
                let fields: Vec<String> = fields.iter().map(field).collect();
                write!(f, "{{ {} }}", fields.join(", "))
            }
        }
    }
}

impl From<&Text> for Value {
    fn from(text: &Text) -> Self {
        let part = |part: &Part| match part {
            Part::Plain(text) => literal(text),
            Part::Secret(name) => format!("${{secrets.{name}}}"),
            Part::Captured { name, default } => match default {
                Some(default) => format!("${{captured.{name}:-{default}}}"),
                None => format!("${{captured.{name}}}"),
            },
        };
        let written: String = text.parts().iter().map(part).collect();
        Self::Quoted(serde_json::Value::from(written).to_string())
    }
}

impl From<&Wording> for Value {
    fn from(wording: &Wording) -> Self {
        match wording {
            Wording::Text(text) => text.into(),
            Wording::Regex(regex) => Self::text(&regex.to_string()),
        }
    }
}

impl From<Rect> for Value {
    fn from(rect: Rect) -> Self {
        Self::fields([
            ("x", Self::word(rect.x)),
            ("y", Self::word(rect.y)),
            ("width", Self::word(rect.width)),
            ("height", Self::word(rect.height)),
        ])
    }
}

impl From<Point> for Value {
    fn from(point: Point) -> Self {
        Self::List(vec![Self::word(point.x), Self::word(point.y)])
    }
}

impl From<Duration> for Value {
    fn from(duration: Duration) -> Self {
        let micros = duration.as_micros();
        Self::Word(if micros.is_multiple_of(1_000_000) {
            format!("{}s", micros / 1_000_000)
        } else if micros.is_multiple_of(1000) {
            format!("{}ms", micros / 1000)
        } else {
            format!("{}ms", duration.as_secs_f64() * 1000.0)
        })
    }
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
