//! `record`: starts a named recording, or stops the one that is running.

use super::{Action, Field, Shape, Verb, Written};
use crate::scenario::{reader::Reader, source::Spanned};

/// What happens to the recording.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Record {
    /// It starts, with this name.
    Start(Spanned<String>),
    /// It stops.
    Stop,
}

const FIELDS: [Field; 1] = [Field::new(
    "recording",
    "the name of a recording",
    "demo",
    "the name of the recording that starts, or `stop`",
)];

static SHAPE: Shape = Shape {
    owner: "`record`",
    fields: &FIELDS,
    later: &[],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "record",
    doc: "starts a named recording of the screen, or stops it",
    shape: &SHAPE,
    short: Some(&FIELDS[0]),
    bare: false,
    example: "record: demo",
    needs: None,
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let name = written.field(reader, "recording", Reader::line, |_, _| ())?;
    Some(Action::Record(if name.value == "stop" {
        Record::Stop
    } else {
        Record::Start(name)
    }))
}
