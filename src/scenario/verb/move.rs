//! `move`: moves the pointer.

use super::{Action, Field, Form, NOTHING, Shape, Verb, Written, click::is_target};
use crate::scenario::{reader::Reader, target::Target};

/// Where the pointer goes.
#[derive(Clone, Debug)]
pub struct Move {
    /// Where.
    pub target: Target,
}

const TARGET: Field = Field::new(
    "target",
    Form::Target,
    "a target",
    "[640, 400]",
    "where to move the pointer",
);

static SHAPE: Shape = Shape::of_verb("`move`", &[TARGET.required()]);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "move",
    doc: "moves the pointer to a target",
    shape: &SHAPE,
    short: Some(TARGET),
    bare: false,
    beside: &NOTHING,
    example: "move: 50%,50%",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let target = match written.argument {
        Some(node) if is_target(node) => reader.target(node, &TARGET.named("move"))?,
        _ => written
            .fields(reader)?
            .read(reader, &TARGET, Reader::target)?,
    };
    Some(Action::Move(Box::new(Move { target })))
}
