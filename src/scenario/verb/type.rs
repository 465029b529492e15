//! `type`: types a text.

use std::time::Duration;

use super::{Action, Field, Form, NOTHING, Shape, Verb, Written};
use crate::scenario::{
    reader::Reader,
    template::{Txt, Val},
};

/// A text to type.
#[derive(Clone, Debug)]
pub struct Type {
    /// The text, as it is written.
    pub text: Txt,
    /// The pause behind each character.
    pub speed: Option<Val<Duration>>,
    /// Whether to look at what arrived.
    pub verify: Option<Val<bool>>,
}

static SHAPE: Shape = Shape {
    owner: "`type`",
    fields: &[
        Field::new(
            "text",
            Form::Text,
            "a text",
            "Hello",
            "the text to type, exactly as it is written",
        ),
        Field::new(
            "speed",
            Form::Duration,
            "a duration",
            "60ms",
            "the pause behind each character; as fast as it goes if left out",
        ),
        Field::new(
            "verify",
            Form::Boolean,
            "`true` or `false`",
            "true",
            "whether to select the text afterwards and compare it with what was meant",
        ),
    ],
    required: &["text"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "type",
    doc: "types a text on the keyboard",
    shape: &SHAPE,
    short: Some("text"),
    bare: false,
    beside: &NOTHING,
    example: "type: Hello",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let (mut speed, mut verify) = (None, None);
    let text = written.field(reader, "text", Reader::text, |reader, fields| {
        speed = fields.read(reader, "speed", Reader::value);
        verify = fields.read(reader, "verify", Reader::value);
    })?;
    (reader.seen() == before).then(|| {
        Action::Type(Box::new(Type {
            text,
            speed,
            verify,
        }))
    })
}
