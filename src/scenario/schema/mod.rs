//! JSON Schema (draft 7) of the files that people write, for their editors.
//!
//! It is made from the tables that the reader uses, so an editor offers, explains and refuses the
//! same as Deskhand. Every right file is valid; what only a reader of the whole file can know is
//! not refused: names that nothing has, files that are not there, `key:` with nothing after it
//! where a text belongs (the schema cannot tell it from the word `null`).

mod digits;
mod form;
mod looks;
mod step;
mod words;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use self::words::explained;
use super::{
    document::{PART, TOP},
    project::PROJECT,
    shape::{Field, Form, Shape},
};

/// The schema of a scenario's file.
#[must_use]
pub fn scenario_schema() -> Value {
    document(&TOP, "Deskhand scenario")
}

/// The schema of a file that scenarios `use`, in a folder `parts`.
#[must_use]
pub fn part_schema() -> Value {
    document(&PART, "Deskhand part")
}

/// The schema of a project's settings, `deskhand.yaml`.
#[must_use]
pub fn project_schema() -> Value {
    document(&PROJECT, "Deskhand project settings")
}

fn document(shape: &'static Shape, title: &str) -> Value {
    let mut schema = Schema::default();
    let mut root = schema.object(shape);
    root.insert(
        "$schema".to_owned(),
        json!("http://json-schema.org/draft-07/schema#"),
    );
    root.insert("title".to_owned(), json!(title));
    root.insert("definitions".to_owned(), json!(schema.definitions));
    Value::Object(root)
}

/// A schema in the making: the definitions that its parts have asked for.
#[derive(Default)]
struct Schema {
    definitions: BTreeMap<&'static str, Value>,
}

impl Schema {
    /// A reference to a definition, which is made at its first use. Definitions
    /// may refer to each other in cycles.
    fn refer(&mut self, name: &'static str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.definitions.contains_key(name) {
            self.definitions.insert(name, Value::Null);
            let value = make(self);
            self.definitions.insert(name, value);
        }
        json!({ "$ref": format!("#/definitions/{name}") })
    }

    /// A mapping of the fields of `shape`.
    fn object(&mut self, shape: &'static Shape) -> Map<String, Value> {
        let mut properties = Map::new();
        for field in shape.fields {
            properties.insert(field.name.to_owned(), self.field(shape, field));
        }
        let mut object = Map::new();
        object.insert("type".to_owned(), json!("object"));
        object.insert("title".to_owned(), json!(shape.owner.replace('`', "")));
        object.insert("properties".to_owned(), Value::Object(properties));
        object.insert("additionalProperties".to_owned(), json!(false));
        let required: Vec<&str> = shape.required().collect();
        if !required.is_empty() {
            object.insert("required".to_owned(), json!(required));
        }
        object.extend(looks::rules(shape));
        object
    }

    /// A field of `shape`, with its words.
    fn field(&mut self, shape: &'static Shape, field: &Field) -> Value {
        let value = match field.form {
            Form::Target if field.name == "target" && looks::only_seen(shape) => self.seen(),
            // Blocks may be empty, a scenario may not.
            Form::Steps if shape.owner == TOP.owner && field.required => {
                json!({ "type": "array", "items": self.step(), "minItems": 1 })
            }
            form => self.form(form),
        };
        explained(value, field)
    }
}
