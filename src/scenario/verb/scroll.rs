//! `scroll`: turns the wheel.

use super::{Action, Field, Form, NOTHING, Verb, Written, fields, times};
use crate::{
    input::Direction,
    limits,
    scenario::{notation::DIRECTIONS, reader::Reader, target::Target, template::Val},
};

const DIRECTION: Field = Field::new(
    "direction",
    Form::Choice(&DIRECTIONS),
    "`up`, `down`, `left` or `right`",
    "down",
    "the direction to scroll in",
);

const AMOUNT: Field = Field::new(
    "amount",
    times(*limits::NOTCHES.end()),
    "a whole number from 1 to 100",
    "3",
    "how many notches of the wheel; 1 by default",
);

const TARGET: Field = Field::new(
    "target",
    Form::Target,
    "a target",
    "\"50%,50%\"",
    "where to scroll; at the pointer by default",
);

fields! {
    /// A turn of the wheel.
    pub struct Scroll of "`scroll`" {
        /// Which way.
        direction: Val<Direction> = required Reader::value, DIRECTION;
        /// By how many notches.
        amount: Option<Val<u32>> = optional Reader::value, AMOUNT;
        /// Where; where the pointer is if nothing is written.
        target: Option<Target> = optional Reader::target, TARGET;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "scroll",
    doc: "turns the mouse wheel, at a target or where the pointer is",
    shape: &Scroll::SHAPE,
    short: Some(DIRECTION),
    bare: false,
    beside: &NOTHING,
    example: "scroll: { direction: down, amount: 3 }",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Scroll::read, Action::Scroll)
}
