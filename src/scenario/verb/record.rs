//! `record`: starts a named recording, or stops the one that is running.

use super::{Action, Field, Form, NOTHING, Shape, Verb, Written};
use crate::scenario::{
    reader::Reader,
    template::{Txt, Val},
};

/// What happens to the recording.
#[derive(Clone, Debug)]
pub enum Record {
    /// It starts, with this name, and takes this many frames a second at most.
    Start(Txt, Option<Val<u32>>),
    /// It stops.
    Stop,
}

const RECORDING: Field = Field::new(
    "recording",
    Form::Line,
    "the name of a recording",
    "demo",
    "the name of the recording to start, or `stop`",
);

const FRAME_RATE: Field = Field::new(
    "frame-rate",
    Form::Integer {
        least: 30,
        most: 60,
    },
    "`30` or `60`",
    "60",
    "the maximum number of frames per second that are kept for films, if the desktop can do it; \
     30 by default",
);

static SHAPE: Shape = Shape::of_verb("`record`", &[RECORDING.required(), FRAME_RATE]);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "record",
    doc: "starts a named recording of the screen, or stops the running one",
    shape: &SHAPE,
    short: Some(RECORDING),
    bare: false,
    beside: &NOTHING,
    example: "record: demo",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let fields = written.fields(reader)?;
    let name = fields.read(reader, &RECORDING, Reader::line);
    let rate = fields.read(reader, &FRAME_RATE, Reader::value);
    let name = name?;
    let record = if name.value.known() == Some("stop") {
        Record::Stop
    } else {
        Record::Start(name, rate)
    };
    Some(Action::Record(Box::new(record)))
}
