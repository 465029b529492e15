//! `screenshot`: keeps a picture of the screen.

use super::{Action, Field, Form, NOTHING, Verb, Written, fields};
use crate::scenario::{modifier::REGION, reader::Reader, screen::Area, template::Txt};

const PICTURE: Field = Field::new(
    "picture",
    Form::Line,
    "the name of a picture",
    "menu",
    "the name of the picture among the artifacts",
);

fields! {
    /// A picture to keep.
    pub struct Screenshot of "`screenshot`" {
        /// Its name.
        name: Txt = required Reader::line, PICTURE;
        /// The part of the screen.
        region: Option<Area> = optional Reader::area, REGION;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "screenshot",
    doc: "saves a picture of the screen",
    shape: &Screenshot::SHAPE,
    short: Some(PICTURE),
    bare: false,
    beside: &NOTHING,
    example: "screenshot: menu",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Screenshot::read, Action::Screenshot)
}
