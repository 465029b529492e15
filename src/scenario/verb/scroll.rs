//! `scroll`: turns the wheel.

use super::{Action, Field, Form, NOTHING, Shape, Verb, Written, times};
use crate::{
    input::Direction,
    scenario::{notation::DIRECTIONS, reader::Reader, target::Target, template::Val},
};

/// A turn of the wheel.
#[derive(Clone, Debug)]
pub struct Scroll {
    /// Which way.
    pub direction: Val<Direction>,
    /// By how many notches.
    pub amount: Option<Val<u32>>,
    /// Where; where the pointer is if nothing is written.
    pub target: Option<Target>,
}

static SHAPE: Shape = Shape {
    owner: "`scroll`",
    fields: &[
        Field::new(
            "direction",
            Form::Choice(&DIRECTIONS),
            "`up`, `down`, `left` or `right`",
            "down",
            "which way",
        ),
        Field::new(
            "amount",
            times(100),
            "a whole number from 1 to 100",
            "3",
            "how many notches of the wheel; 1 if left out",
        ),
        Field::new(
            "target",
            Form::Target,
            "a target",
            "\"50%,50%\"",
            "where to; where the pointer is if left out",
        ),
    ],
    required: &["direction"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "scroll",
    doc: "turns the wheel, above a target if one is given",
    shape: &SHAPE,
    short: Some("direction"),
    bare: false,
    beside: &NOTHING,
    example: "scroll: { direction: down, amount: 3 }",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let (mut amount, mut target) = (None, None);
    let direction = written.field(reader, "direction", Reader::value, |reader, fields| {
        amount = fields.read(reader, "amount", Reader::value);
        target = fields.read(reader, "target", Reader::target);
    })?;
    (reader.seen() == before).then(|| {
        Action::Scroll(Box::new(Scroll {
            direction,
            amount,
            target,
        }))
    })
}
