//! `restart`: ends a process of the desktop and starts it again.

use super::{Action, Field, Form, NOTHING, Shape, Verb, Written};
use crate::scenario::{notation::Choice, reader::Reader, template::Val};

/// A process to restart.
#[derive(Clone, Debug)]
pub struct Restart {
    /// One of [`PROCESSES`].
    pub process: Val<Choice>,
}

/// The names of a desktop's processes, as the desktop API has them.
pub const PROCESSES: [&str; 4] = ["xvfb", "xfce4", "x11vnc", "novnc"];

static SHAPE: Shape = Shape {
    owner: "`restart`",
    fields: &[Field::new(
        "process",
        Form::Choice(&PROCESSES),
        "`xvfb`, `xfce4`, `x11vnc` or `novnc`",
        "xfce4",
        "the process of the desktop",
    )],
    required: &["process"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "restart",
    doc: "ends a process of the desktop and starts it again, with those that need it",
    shape: &SHAPE,
    short: Some("process"),
    bare: false,
    beside: &NOTHING,
    example: "restart: xfce4",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let process = written.field(reader, "process", Reader::value, |_, _| ())?;
    Some(Action::Restart(Box::new(Restart { process })))
}
