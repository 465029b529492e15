//! The building blocks of the schemas of our JSON files.

use serde_json::{Map, Value, json};

/// A mapping of exactly these keys, of which some may be absent.
pub(crate) fn object(about: &str, keys: Vec<(&str, Value)>, optional: &[&str]) -> Value {
    let required = keys.iter().map(|(name, _)| *name);
    let required: Vec<&str> = required.filter(|name| !optional.contains(name)).collect();
    let keys = keys
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    json!({
        "description": about,
        "type": "object",
        "properties": keys.collect::<Map<_, _>>(),
        "required": required,
        "additionalProperties": false,
    })
}

/// A list of such values.
pub(crate) fn list(about: &str, items: &Value) -> Value {
    json!({ "type": "array", "items": items, "description": about })
}

/// Any text.
pub(crate) fn text(about: &str) -> Value {
    json!({ "type": "string", "description": about })
}

/// One of these words.
pub(crate) fn words(about: &str, words: &[&str]) -> Value {
    json!({ "enum": words, "description": about })
}
