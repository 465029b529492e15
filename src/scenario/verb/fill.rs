//! `fill`: replaces what is in a field.

use super::{Action, Field, Form, NOTHING, Verb, Written, fields};
use crate::scenario::{reader::Reader, target::Target, template::Txt};

const TARGET: Field = Field::new(
    "target",
    Form::Target,
    "a target",
    "{ role: textbox, name: Name }",
    "the field",
);

const TEXT: Field = Field::new(
    "text",
    Form::Text,
    "a text",
    "Ann",
    "what the field then contains; an empty text clears it",
);

fields! {
    /// A text for a field.
    pub struct Fill of "`fill`" {
        /// The field.
        target: Target = required Reader::target, TARGET;
        /// The text.
        text: Txt = required Reader::text, TEXT;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "fill",
    doc: "clicks a field, replaces its content, and verifies what arrived",
    shape: &Fill::SHAPE,
    short: None,
    bare: false,
    beside: &NOTHING,
    example: "fill: { target: { role: textbox, name: Name }, text: Ann }",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Fill::read, Action::Fill)
}
