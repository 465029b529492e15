//! Captions, the words over a film: as a step of their own, or next to another verb.

use std::time::Duration;

use super::{
    fields::fields,
    node::{Kind, Node},
    notation::Choice,
    reader::Reader,
    shape::{Field, Form, Shape},
    template::{Txt, Val},
};

/// The names of the places of a caption.
const POSITIONS: [&str; 7] = [
    "bottom",
    "top",
    "center",
    "top-left",
    "top-right",
    "bottom-left",
    "bottom-right",
];

/// Its words.
pub(super) const TEXT: Field = Field::new(
    "text",
    Form::Text,
    "a text",
    "Save the note",
    "the words; an empty text removes the previous caption",
);

const POSITION: Field = Field::new(
    "position",
    Form::Choice(&POSITIONS),
    "a place such as `bottom` or `top-left`",
    "top",
    "where the words are; at the bottom by default",
);

const LASTING: Field = Field::new(
    "for",
    Form::Duration,
    "a duration",
    "4s",
    "how long the words are shown; until the next caption by default",
);

fields! {
    /// Words over a film.
    pub struct Caption of "`caption`" {
        /// The words.
        text: Txt = required Reader::text, TEXT;
        /// Where they are.
        position: Option<Val<Choice>> = optional Reader::value, POSITION;
        /// How long they are shown.
        lasting: Option<Val<Duration>> = optional Reader::value, LASTING;
    }
}

/// The fields of a caption that is a step.
pub(super) const SHAPE: Shape = Caption::SHAPE;

static BESIDE: Shape = Shape::new("`caption`", &[TEXT.required(), POSITION]);

/// A caption next to another verb, which is shown while its step is played.
pub(super) const CAPTION: Field = Field::new(
    "caption",
    Form::Short(&BESIDE, "text"),
    "a text",
    "Save the note",
    "words that a film shows while the step is played",
);

impl Reader {
    /// A caption next to a verb.
    pub(super) fn caption(&mut self, node: &Node, field: &Field) -> Option<Caption> {
        if matches!(node.kind, Kind::Mapping(_)) {
            let fields = self.fields(node, &BESIDE, node.span)?;
            return Caption::read(self, &fields);
        }
        let text = Field {
            form: TEXT.form,
            ..*field
        };
        Some(Caption {
            text: self.text(node, &text)?,
            position: None,
            lasting: None,
        })
    }
}

impl Caption {
    /// Reads a caption that is a step.
    pub(super) fn of_step(reader: &mut Reader, fields: &super::fields::Fields<'_>) -> Option<Self> {
        Self::read(reader, fields)
    }
}
