//! `record`: starts a named recording, or stops the one that is running.

use super::{Action, Field, Form, NOTHING, Shape, Verb, Written};
use crate::scenario::{reader::Reader, template::Txt};

/// What happens to the recording.
#[derive(Clone, Debug)]
pub enum Record {
    /// It starts, with this name.
    Start(Txt),
    /// It stops.
    Stop,
}

const RECORDING: Field = Field::new(
    "recording",
    Form::Line,
    "the name of a recording",
    "demo",
    "the name of the recording to start, or `stop`",
)
.required();

static SHAPE: Shape = Shape::of_verb("`record`", &[RECORDING]);

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
    let name = written
        .fields(reader)?
        .read(reader, &RECORDING, Reader::line)?;
    let record = if name.value.known() == Some("stop") {
        Record::Stop
    } else {
        Record::Start(name)
    };
    Some(Action::Record(Box::new(record)))
}
