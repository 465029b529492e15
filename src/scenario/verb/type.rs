//! `type`: types a text.

use std::time::Duration;

use super::{Action, Field, Form, NOTHING, Verb, Written, fields};
use crate::scenario::{
    reader::Reader,
    template::{Txt, Val},
};

const TEXT: Field = Field::new(
    "text",
    Form::Text,
    "a text",
    "Hello",
    "the text to type, exactly as it is written",
);

const SPEED: Field = Field::new(
    "speed",
    Form::Duration,
    "a duration",
    "60ms",
    "the pause after each character; none by default",
);

const VERIFY: Field = Field::new(
    "verify",
    Form::Boolean,
    "`true` or `false`",
    "true",
    "whether to select the text afterwards and check what arrived",
);

fields! {
    /// A text to type.
    pub struct Type of "`type`" {
        /// The text, as it is written.
        text: Txt = required Reader::text, TEXT;
        /// The pause after each character.
        speed: Option<Val<Duration>> = optional Reader::value, SPEED;
        /// Whether to look at what arrived.
        verify: Option<Val<bool>> = optional Reader::value, VERIFY;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "type",
    doc: "types text on the keyboard",
    shape: &Type::SHAPE,
    short: Some(TEXT),
    bare: false,
    beside: &NOTHING,
    example: "type: Hello",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Type::read, Action::Type)
}
