//! `screenshot`: keeps a picture of the screen.

use super::{Action, Field, Form, NOTHING, Shape, Verb, Written};
use crate::scenario::{modifier::REGION, reader::Reader, screen::Area, template::Txt};

/// A picture to keep.
#[derive(Clone, Debug)]
pub struct Screenshot {
    /// Its name.
    pub name: Txt,
    /// The part of the screen.
    pub region: Option<Area>,
}

static SHAPE: Shape = Shape {
    owner: "`screenshot`",
    fields: &[
        Field::new(
            "picture",
            Form::Line,
            "the name of a picture",
            "menu",
            "the name of the picture, which is kept among the artifacts",
        ),
        REGION,
    ],
    required: &["picture"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "screenshot",
    doc: "keeps a picture of the screen",
    shape: &SHAPE,
    short: Some("picture"),
    bare: false,
    beside: &NOTHING,
    example: "screenshot: menu",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let mut region = None;
    let name = written.field(reader, "picture", Reader::line, |reader, fields| {
        region = fields.read(reader, "region", Reader::area);
    })?;
    (reader.seen() == before).then(|| Action::Screenshot(Box::new(Screenshot { name, region })))
}
