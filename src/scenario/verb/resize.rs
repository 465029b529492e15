//! `resize`: gives the screen another size.

use super::{Action, Field, Form, NOTHING, Shape, Verb, Written};
use crate::{
    geometry::Size,
    scenario::{reader::Reader, template::Val},
};

/// Another size of the screen.
#[derive(Clone, Debug)]
pub struct Resize {
    /// The size.
    pub size: Val<Size>,
}

static SHAPE: Shape = Shape {
    owner: "`resize`",
    fields: &[Field::new(
        "size",
        Form::Size,
        "a size",
        "1920x1080",
        "the size of the screen in pixels",
    )],
    required: &["size"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "resize",
    doc: "gives the screen another size; a recording that runs ends with it",
    shape: &SHAPE,
    short: Some("size"),
    bare: false,
    beside: &NOTHING,
    example: "resize: 1920x1080",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let size = written.field(reader, "size", Reader::value, |_, _| ())?;
    Some(Action::Resize(Box::new(Resize { size })))
}
