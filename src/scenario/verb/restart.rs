//! `restart`: ends a process of the desktop and starts it again.

use super::{Action, Field, Form, NOTHING, Verb, Written, fields};
use crate::scenario::{notation::Choice, reader::Reader, template::Val};

/// The names of a desktop's processes, as the desktop API has them.
pub(crate) const PROCESSES: [&str; 4] = ["xvfb", "xfce4", "x11vnc", "novnc"];

const PROCESS: Field = Field::new(
    "process",
    Form::Choice(&PROCESSES),
    "`xvfb`, `xfce4`, `x11vnc` or `novnc`",
    "xfce4",
    "the desktop process to restart",
);

fields! {
    /// A process to restart.
    pub struct Restart of "`restart`" {
        /// One of [`PROCESSES`].
        process: Val<Choice> = required Reader::value, PROCESS;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "restart",
    doc: "restarts a desktop process, and those that depend on it",
    shape: &Restart::SHAPE,
    short: Some(PROCESS),
    bare: false,
    beside: &NOTHING,
    example: "restart: xfce4",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Restart::read, Action::Restart)
}
