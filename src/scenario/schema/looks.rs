//! Which keys of a target go together, wherever its keys are among others.

use serde_json::{Map, Value, json};

use crate::scenario::{
    CHECK, TEXT_CONDITION, WINDOW,
    shape::{Field, Form, Shape},
    target::{LOOKS, OF_A_SIDE, OF_A_WIDGET, looks_with},
    verb::fact::{BESIDE, FACTS},
};

/// Keys that say something about a look, and are nothing without one.
const OF_A_LOOK: [&str; 6] = [
    "in",
    "at",
    "nth",
    "offset",
    "threshold",
    "ignore-background",
];

/// What `wait` takes without a target or a fact, or in addition to one.
const PICTURE: [&str; 3] = ["stable", "changed", "pause"];

/// An alternative: this key is there.
pub(super) fn with(name: &str) -> Value {
    json!({ "required": [name] })
}

/// Alternatives: one of these keys is there.
pub(super) fn any_of(names: &[&str]) -> Value {
    let alternatives: Vec<Value> = names.iter().map(|name| with(name)).collect();
    json!({ "anyOf": alternatives })
}

/// One of these keys is there, of which there is usually one.
fn only_with(names: &[&str]) -> Value {
    match names {
        [only] => with(only),
        names => any_of(names),
    }
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
        if shape.field("tree").is_some() {
            rules.insert("oneOf".to_owned(), json!([with("baseline"), with("tree")]));
        }
        if let Some(rule) = at_least_one(shape) {
            rules.insert("minProperties".to_owned(), json!(rule));
        }
        return rules;
    }
    let mut targets = looks.clone();
    targets.extend(shape.field("target").map(|field| field.name));
    let mut ways: Vec<Value> = targets.iter().map(|name| with(name)).collect();
    let mut dependencies = Map::new();
    let facts = FACTS.iter().map(|field| field.name);
    let facts: Vec<&str> = facts.filter(|name| shape.field(name).is_some()).collect();
    ways.extend(facts.iter().map(|name| with(name)));
    if shape.field("stable").is_some() {
        let others: Vec<&str> = targets.iter().chain(&facts).copied().collect();
        ways.push(json!({ "anyOf": any_of(&PICTURE)["anyOf"], "not": any_of(&others) }));
    }
    if !facts.is_empty() {
        let mut can_be_gone = targets.clone();
        can_be_gone.extend(["process", "file"]);
        let mut gone = any_of(&can_be_gone);
        // What is in a file that has to be gone?
        let checks: Vec<&str> = CHECK.fields.iter().map(|field| field.name).collect();
        gone["not"] = any_of(&checks);
        dependencies.insert("gone".to_owned(), gone);
        for (fact, keys) in &BESIDE {
            for key in *keys {
                dependencies.insert(key.name.to_owned(), with(fact));
            }
        }
    }
    for name in OF_A_LOOK {
        let mut wanted = looks_with(name);
        wanted.retain(|look| looks.contains(look));
        if shape.field(name).is_some() {
            dependencies.insert(name.to_owned(), any_of(&wanted));
        }
    }
    for Field { name, .. } in OF_A_SIDE {
        if shape.field(name).is_some() {
            dependencies.insert(name.to_owned(), any_of(&looks));
        }
    }
    if shape.field("distance").is_some() {
        let mut from: Vec<&str> = OF_A_SIDE.iter().map(|side| side.name).collect();
        from.extend(looks_with("distance"));
        dependencies.insert("distance".to_owned(), any_of(&from));
    }
    for Field { name, .. } in OF_A_WIDGET {
        if shape.field(name).is_some() {
            dependencies.insert(name.to_owned(), only_with(&looks_with(name)));
        }
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
    // What narrows a search stands only beside what is searched for: the text of a verb
    // that types is not a look.
    let searches = shape.field("in").is_some();
    LOOKS
        .into_iter()
        .filter(move |name| shape.field(name).is_some_and(|field| is_look(field.form)))
        .filter(move |_| searches)
}
