//! A step: one verb, and what may be written next to it.
//!
//! All verbs are properties of one mapping, so that an editor offers each of
//! them once. That there is exactly one is a rule of its own.

use serde_json::{Map, Value, json};

use super::{
    Schema, digits,
    form::word,
    looks::{any_of, only_seen, with},
    words::{explained, explained_beside, explained_verb},
};
use crate::scenario::{
    modifier::MODIFIERS,
    shape::{Field, Form},
    verb::{VERBS, Verb},
};

const NO_STEP: &str = "a step is a verb with its argument, such as `click: [640, 400]`";

impl Schema {
    pub(super) fn step(&mut self) -> Value {
        self.refer(
            "step",
            |schema| json!({ "anyOf": [schema.step_mapping(), bare_step()] }),
        )
    }

    fn step_mapping(&mut self) -> Value {
        let mut properties = Map::new();
        for field in MODIFIERS.fields {
            let value = self.form(field.form);
            properties.insert(field.name.to_owned(), explained(value, field));
        }
        for (name, fields) in keys_beside() {
            let value = fields.first().map(|(_, field)| self.form(field.form));
            let value = explained_beside(value.unwrap_or_default(), &fields);
            properties.insert(name.to_owned(), value);
        }
        for verb in VERBS {
            let argument = self.argument(verb);
            let value = explained_verb(argument, verb, MODIFIERS.field(verb.name));
            properties.insert(verb.name.to_owned(), value);
        }
        json!({
            "type": "object",
            "title": "a step",
            "properties": properties,
            "additionalProperties": false,
            "oneOf": VERBS.iter().copied().map(one_verb).collect::<Vec<_>>(),
            "dependencies": dependencies(),
        })
    }

    /// What comes after a verb.
    fn argument(&mut self, verb: &Verb) -> Value {
        let mut forms = Vec::new();
        match verb.short {
            Some(Field {
                form: Form::Target, ..
            }) if only_seen(verb.shape) => forms.push(awaited(verb)),
            Some(field) => forms.push(self.form(field.form)),
            None => {}
        }
        if verb.shape.fields.is_empty() {
            forms.push(json!({ "type": "object", "maxProperties": 0 }));
        } else {
            forms.push(Value::Object(self.object(verb.shape)));
        }
        if verb.bare {
            // An editor would offer to write `null` for its type, which is a
            // word in a scenario.
            let something = ["string", "number", "boolean", "array", "object"];
            forms.push(json!({ "not": { "type": something } }));
        }
        match &mut forms[..] {
            [only] if !verb.bare => only.take(),
            _ => json!({ "anyOf": forms }),
        }
    }
}

/// A single word that names something to see, or a time to wait.
fn awaited(verb: &Verb) -> Value {
    let name = digits::NAME.to_owned();
    if verb.shape.field("pause").is_some() {
        word(
            &[name, digits::duration()],
            "the name of a target, or a duration",
        )
    } else {
        word(&[name], "the name of a target")
    }
}

/// A verb alone. Its words are not an `enum`: an editor would offer them in addition to the same
/// words as keys.
fn bare_step() -> Value {
    let bare = VERBS.iter().filter(|verb| verb.bare);
    let words: Vec<&str> = bare.map(|verb| verb.name).collect();
    json!({
        "type": "string",
        "title": "a step",
        "description": "A verb that needs no argument.",
        "pattern": format!("^({})$", words.join("|")),
        "errorMessage": NO_STEP,
        "patternErrorMessage": NO_STEP,
    })
}

/// How a step has this verb. A verb that is also a modifier of other verbs is the verb if its own
/// keys are next to it, or if there is no other verb.
fn one_verb(verb: &Verb) -> Value {
    if MODIFIERS.field(verb.name).is_none() {
        return with(verb.name);
    }
    let mut keys = vec![verb.name];
    keys.extend(verb.beside.required());
    if keys.len() > 1 {
        return json!({ "required": keys });
    }
    let others = VERBS.iter().filter(|other| other.name != verb.name);
    let others: Vec<Value> = others.map(|other| one_verb(other)).collect();
    json!({ "required": keys, "not": { "anyOf": others } })
}

/// The keys that only some verbs have next to them, with these verbs.
fn keys_beside() -> Vec<(&'static str, Vec<(&'static Verb, &'static Field)>)> {
    let mut keys: Vec<(&str, Vec<(&Verb, &Field)>)> = Vec::new();
    for verb in VERBS {
        for field in verb.beside.fields {
            match keys.iter_mut().find(|(name, _)| *name == field.name) {
                Some((_, fields)) => fields.push((verb, field)),
                None => keys.push((field.name, vec![(verb, field)])),
            }
        }
    }
    keys
}

/// Which key asks for which others: a block for its steps, and they for it.
fn dependencies() -> Map<String, Value> {
    let mut dependencies = Map::new();
    for verb in VERBS {
        let required: Vec<&str> = verb.beside.required().collect();
        if !required.is_empty() && MODIFIERS.field(verb.name).is_none() {
            dependencies.insert(verb.name.to_owned(), json!(required));
        }
    }
    for (name, fields) in keys_beside() {
        let verbs: Vec<&str> = fields.iter().map(|(verb, _)| verb.name).collect();
        let wanted = match fields[..] {
            [(verb, _)] => {
                let others = verb.beside.required().filter(|other| *other != name);
                json!(verbs.iter().copied().chain(others).collect::<Vec<_>>())
            }
            _ => any_of(&verbs),
        };
        dependencies.insert(name.to_owned(), wanted);
    }
    dependencies
}
