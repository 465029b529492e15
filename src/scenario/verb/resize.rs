//! `resize`: gives the screen another size.

use super::{Action, Field, Form, NOTHING, Verb, Written, fields};
use crate::{
    geometry::Size,
    scenario::{reader::Reader, template::Val},
};

const SIZE: Field = Field::new(
    "size",
    Form::Size,
    "`WIDTHxHEIGHT`",
    "1920x1080",
    "the size of the screen in pixels",
);

fields! {
    /// Another size of the screen.
    pub struct Resize of "`resize`" {
        /// The size.
        size: Val<Size> = required Reader::value, SIZE;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "resize",
    doc: "changes the size of the screen, which ends a running recording",
    shape: &Resize::SHAPE,
    short: Some(SIZE),
    bare: false,
    beside: &NOTHING,
    example: "resize: 1920x1080",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Resize::read, Action::Resize)
}
