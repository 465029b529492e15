//! The style of films, as it is written. The module that draws films knows which keys there are.
//! Here its values keep their places, so that a wrong one can be shown.

use std::sync::Arc;

use serde_json::{Map, Number, Value};

use super::{
    Problems,
    document::root,
    modifier::MODIFIERS,
    node::{Kind, Node, Scalar},
    problem::{Code, Problem},
    reader::{Reader, not_of_type},
    shape::{Field, Form},
    source::{Source, Span},
};

/// The key of a project's settings.
pub(super) const STYLE: Field = Field::new(
    "style",
    Form::Values,
    "a mapping",
    "{ zoom: { auto: off } }",
    "how the films that `deskhand render` makes look",
);

/// A style, as it is written.
#[derive(Clone, Debug)]
pub struct StyleWritten {
    /// The text that all places point into.
    pub source: Arc<Source>,
    /// All of it.
    pub span: Span,
    /// Its keys and values.
    pub value: Value,
    /// The places of its keys and of their values, by their paths: `zoom.auto`.
    places: Vec<Place>,
}

#[derive(Clone, Debug)]
struct Place {
    path: String,
    key: Span,
    value: Span,
}

impl StyleWritten {
    /// Reads a file that contains only a style.
    ///
    /// # Errors
    ///
    /// All problems of the text.
    pub fn read(source: Source) -> Result<Self, Problems> {
        let source = Arc::new(source);
        let (root, findings) = root(&source, no_style);
        let mut reader = Reader::new(&source, &MODIFIERS, findings);
        let style = root.and_then(|root| written(&mut reader, &source, &root));
        let (errors, _) = reader.finish().into_sorted();
        match style {
            Some(style) if errors.is_empty() => Ok(style),
            _ => Err(Problems::new(source, errors)),
        }
    }

    /// Where a key is written; all of the style, if it is not.
    #[must_use]
    pub fn key(&self, path: &str) -> Span {
        self.place(path).map_or(self.span, |place| place.key)
    }

    /// Where the value of a key is written; all of the style, if it is not.
    #[must_use]
    pub fn value(&self, path: &str) -> Span {
        self.place(path).map_or(self.span, |place| place.value)
    }

    fn place(&self, path: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.path == path)
    }
}

/// Reads a style; which keys it has does not matter yet.
pub(super) fn written(
    reader: &mut Reader,
    source: &Arc<Source>,
    node: &Node,
) -> Option<StyleWritten> {
    if !matches!(node.kind, Kind::Mapping(_)) {
        reader.add(not_of_type(node, &STYLE, "a mapping"));
        return None;
    }
    let mut places = Vec::new();
    let value = value(node, "", &mut places);
    Some(StyleWritten {
        source: Arc::clone(source),
        span: node.span,
        value,
        places,
    })
}

/// A value with the places of all that is in it.
fn value(node: &Node, path: &str, places: &mut Vec<Place>) -> Value {
    match &node.kind {
        Kind::Scalar(scalar) => self::scalar(scalar),
        Kind::Sequence(items) => {
            let items = items.iter().map(|item| value(item, path, places));
            Value::Array(items.collect())
        }
        Kind::Mapping(pairs) => {
            let mut map = Map::new();
            for (key, node) in pairs {
                let separator = if path.is_empty() { "" } else { "." };
                let inner = format!("{path}{separator}{}", key.value);
                places.push(Place {
                    path: inner.clone(),
                    key: key.span,
                    value: node.span,
                });
                map.insert(key.value.clone(), value(node, &inner, places));
            }
            Value::Object(map)
        }
    }
}

/// A scalar as YAML means it.
fn scalar(scalar: &Scalar) -> Value {
    let text = || Value::String(scalar.text.clone());
    if !scalar.plain {
        return text();
    }
    match &*scalar.text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        word => {
            let whole = word.parse::<i64>().ok().map(Number::from);
            let decimal = || {
                let is_number = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
                let number = word.parse().ok().filter(|_| is_number)?;
                Number::from_f64(number)
            };
            whole.or_else(decimal).map_or_else(text, Value::Number)
        }
    }
}

fn no_style() -> Problem {
    let problem = Problem::new(
        Code::EmptyFile,
        Span::default(),
        "this file contains no style",
    );
    problem
        .label("only spaces and comments")
        .help("a style is like this:\nzoom: { auto: off }")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_yaml_means_and_keep_their_places() {
        let text = "zoom: { factor: 1.5, auto: off }\nbackground:\n  colour: [\"#fff\", '5']\n\
                    pointer: { size: 24, shadow: false, theme: }\n";
        let style = StyleWritten::read(Source::new("style.yaml", text.as_bytes())).unwrap();
        let expected = serde_json::json!({
            "zoom": { "factor": 1.5, "auto": "off" },
            "background": { "colour": ["#fff", "5"] },
            "pointer": { "size": 24, "shadow": false, "theme": null },
        });
        assert_eq!(style.value, expected);
        assert_eq!(style.source.slice(style.key("zoom.factor")), "factor");
        assert_eq!(style.source.slice(style.value("zoom.factor")), "1.5");
        assert_eq!(style.value("no.such"), style.span);
    }

    #[test]
    fn a_style_is_a_mapping() {
        for text in ["- a", "text", "", "a: ["] {
            assert!(
                StyleWritten::read(Source::new("s", text.as_bytes())).is_err(),
                "{text}"
            );
        }
    }
}
