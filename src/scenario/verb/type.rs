//! `type`: types a text.

use super::{Action, Field, Shape, Verb, Written};
use crate::scenario::{reader::Reader, source::Spanned};

/// A text to type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Type {
    /// The text, as it is written.
    pub text: Spanned<String>,
}

const FIELDS: [Field; 1] = [Field::new(
    "text",
    "a text",
    "Hello",
    "the text to type, exactly as it is written",
)];

static SHAPE: Shape = Shape {
    owner: "`type`",
    fields: &FIELDS,
    later: &["speed", "verify"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "type",
    doc: "types a text on the keyboard",
    shape: &SHAPE,
    short: Some(&FIELDS[0]),
    bare: false,
    example: "type: Hello",
    needs: None,
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let text = written.field(reader, "text", Reader::text, |_, _| ())?;
    Some(Action::Type(Type { text }))
}
