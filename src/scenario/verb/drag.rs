//! `drag`: moves the pointer with a button held down.

use std::time::Duration;

use super::{Action, Field, Form, HELD, NOTHING, Verb, Written, click::BUTTON, fields, held};
use crate::{
    input::{Button, Key},
    scenario::{reader::Reader, target::Target, template::Val},
};

const FROM: Field = Field::new(
    "from",
    Form::Target,
    "a target",
    "[200, 300]",
    "where to press the button; at the pointer by default",
);

const TO: Field = Field::new(
    "to",
    Form::Target,
    "a target",
    "[600, 300]",
    "where to release the button",
);

const VIA: Field = Field::new(
    "via",
    Form::TargetList,
    "a list of targets",
    "[[400, 100]]",
    "where the pointer passes on its way",
);

const DURATION: Field = Field::new(
    "duration",
    Form::Duration,
    "a duration",
    "800ms",
    "how long the pointer takes from the first target to the last, in small steps; 500 ms by \
     default where `via` is given, otherwise as fast as programs can follow",
);

fields! {
    /// A drag.
    pub struct Drag of "`drag`" {
        /// From where; where the pointer is if nothing is written.
        from: Option<Target> = optional Reader::target, FROM;
        /// Where to.
        to: Target = required Reader::target, TO;
        /// Past what.
        via: Vec<Target> = list Reader::targets, VIA;
        /// In which time.
        duration: Option<Val<Duration>> = optional Reader::value, DURATION;
        /// With which button.
        button: Option<Val<Button>> = optional Reader::value, BUTTON;
        /// Keys that are held down meanwhile.
        modifiers: Vec<Val<Key>> = list held, HELD;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "drag",
    doc: "drags from one target to another with a button held down",
    shape: &Drag::SHAPE,
    short: None,
    bare: false,
    beside: &NOTHING,
    example: "drag: { from: [200, 300], to: [600, 300] }",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Drag::read, Action::Drag)
}
