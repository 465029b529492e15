//! Which keys of a target go together, wherever its keys stand among others.

use serde_json::{Map, Value, json};

use crate::scenario::{
    CHECK, TEXT_CONDITION, WINDOW,
    shape::{Form, Shape},
    target::LOOKS,
};

/// Keys that say something about a look, and are nothing without one.
const OF_A_LOOK: [&str; 5] = ["in", "nth", "offset", "threshold", "ignore-background"];

/// What may stand in the place of a target, by the owner of the keys. Only
/// `wait` takes several of them, and beside a target.
const INSTEAD: [(&str, &[&str]); 2] = [
    ("`assert`", &["process", "command", "clipboard"]),
    ("`wait`", &["stable", "changed", "pause"]),
];

/// An alternative: this key is there.
pub(super) fn with(name: &str) -> Value {
    json!({ "required": [name] })
}

/// Alternatives: one of these keys is there.
pub(super) fn any_of(names: &[&str]) -> Value {
    let alternatives: Vec<Value> = names.iter().map(|name| with(name)).collect();
    json!({ "anyOf": alternatives })
}

/// Whether a target among these fields has to be something that can be seen,
/// and not a position.
pub(super) fn only_seen(shape: &Shape) -> bool {
    looks_of(shape).next().is_some() && shape.field("position").is_none()
}

/// The keywords that hold the keys of a target together; none for a shape
/// without such keys.
pub(super) fn rules(shape: &Shape) -> Map<String, Value> {
    let looks: Vec<&str> = looks_of(shape).collect();
    let mut rules = Map::new();
    if looks.is_empty() {
        if let Some(rule) = at_least_one(shape) {
            rules.insert("minProperties".to_owned(), json!(rule));
        }
        return rules;
    }
    let mut targets = looks.clone();
    targets.extend(shape.field("target").map(|field| field.name));
    let mut ways: Vec<Value> = targets.iter().map(|name| with(name)).collect();
    let mut dependencies = Map::new();
    let instead = INSTEAD.iter().find(|(owner, _)| *owner == shape.owner);
    let mut can_be_gone = targets.clone();
    match instead {
        Some((_, names)) if names.contains(&"stable") => ways.push(json!({
            "anyOf": any_of(names)["anyOf"],
            "not": any_of(&targets),
        })),
        Some((_, names)) => {
            ways.extend(names.iter().map(|name| with(name)));
            can_be_gone.extend(names.iter().filter(|name| **name == "process"));
        }
        None => {}
    }
    if instead.is_some() && shape.field("gone").is_some() {
        dependencies.insert("gone".to_owned(), any_of(&can_be_gone));
    }
    for name in OF_A_LOOK {
        let goes_with = |look: &&str| match name {
            "threshold" => matches!(*look, "image" | "any"),
            "ignore-background" => *look == "image",
            _ => true,
        };
        let wanted: Vec<&str> = looks.iter().copied().filter(goes_with).collect();
        if shape.field(name).is_some() {
            dependencies.insert(name.to_owned(), any_of(&wanted));
        }
    }
    if shape.field("clipboard").is_some() {
        dependencies.insert("selection".to_owned(), with("clipboard"));
    }
    rules.insert("oneOf".to_owned(), Value::Array(ways));
    rules.insert("dependencies".to_owned(), Value::Object(dependencies));
    rules
}

/// How many keys a mapping has at least, where it is not the required ones: a
/// window and a check have one, and a condition about a text has a check too.
fn at_least_one(shape: &Shape) -> Option<usize> {
    let same =
        |other: &Shape| shape.owner == other.owner && shape.fields.len() == other.fields.len();
    let checked = same(&CHECK) || same(&TEXT_CONDITION) || same(&WINDOW);
    checked.then_some(shape.required().count() + 1)
}

fn looks_of(shape: &Shape) -> impl Iterator<Item = &'static str> {
    // The position of a window is nothing to point at.
    let is_look = |form: Form| !matches!(form, Form::Offset);
    LOOKS
        .into_iter()
        .filter(move |name| shape.field(name).is_some_and(|field| is_look(field.form)))
}
