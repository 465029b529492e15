//! The words of the tables as an editor shows them.

use serde_json::{Value, json};

use crate::scenario::{
    shape::{Field, Form},
    verb::Verb,
};

/// A field's schema with its words: what it is for, what it takes, an example.
pub(super) fn explained(value: Value, field: &Field) -> Value {
    let doc = sentence(field.doc);
    let markdown = format!("{doc}\n\nTakes {}:\n\n{}", field.takes, code(&field.line()));
    offered(
        described(value, field.name, &doc, &markdown),
        example(field),
    )
}

/// The same with an example that an editor can put after the key.
fn offered(value: Value, example: Option<Value>) -> Value {
    let mut value = value;
    if let (Value::Object(value), Some(example)) = (&mut value, example) {
        value.insert("examples".to_owned(), json!([example]));
    }
    value
}

/// A verb's schema with its words; `beside` describes the same key next to another verb.
pub(super) fn explained_verb(value: Value, verb: &Verb, beside: Option<&Field>) -> Value {
    let mut doc = sentence(verb.doc);
    let mut markdown = format!(
        "{doc}\n\n{}",
        code(&format!("steps:\n  - {}", verb.example))
    );
    if let Some(field) = beside {
        let sentence = format!("Next to another verb: {}.", field.doc);
        doc = format!("{doc} {sentence}");
        markdown = format!("{markdown}\n\n{sentence}\n\n{}", code(&field.line()));
    }
    described(value, verb.name, &doc, &markdown)
}

/// The schema of a key that several verbs have next to them, with the words of each.
pub(super) fn explained_beside(value: Value, fields: &[(&Verb, &Field)]) -> Value {
    let of = |(verb, field): &(&Verb, &Field)| format!("Next to `{}`: {}.", verb.name, field.doc);
    let docs: Vec<String> = fields.iter().map(of).collect();
    let examples = fields.first().map(|(_, field)| code(&field.line()));
    let markdown = docs.join("\n\n") + "\n\n" + &examples.unwrap_or_default();
    let Some((_, first)) = fields.first() else {
        return value;
    };
    let value = described(value, first.name, &docs.join(" "), &markdown);
    offered(value, example(first))
}

fn described(value: Value, title: &str, doc: &str, markdown: &str) -> Value {
    let mut value = value;
    if let Value::Object(value) = &mut value {
        value.insert("title".to_owned(), json!(title));
        value.insert("description".to_owned(), json!(doc));
        value.insert("markdownDescription".to_owned(), json!(markdown));
    }
    value
}

/// An example as the value that it is, where it is a word or a number: an
/// editor offers it after the key.
fn example(field: &Field) -> Option<Value> {
    let Field { example, form, .. } = field;
    let quoted = example
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let number = example.parse::<i64>().ok();
    match (form, quoted, number) {
        (Form::Boolean | Form::Checked | Form::Choice(_), ..) => None,
        (_, Some(text), _) => Some(Value::from(text)),
        (_, _, Some(number)) => Some(Value::from(number)),
        _ => (!example.starts_with(['[', '{'])).then(|| Value::from(*example)),
    }
}

fn code(yaml: &str) -> String {
    format!("```yaml\n{yaml}\n```")
}

/// A sentence as the tables have it, with its capital and its dot.
fn sentence(doc: &str) -> String {
    let mut chars = doc.chars();
    let first = chars.next().map(char::to_uppercase);
    let first: String = first.into_iter().flatten().collect();
    format!("{first}{}.", chars.as_str())
}
