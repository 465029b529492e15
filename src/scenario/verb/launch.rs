//! `launch`: starts a program in the desktop's session and goes on.

use super::{Action, Field, Need, Shape, Verb, Written};
use crate::scenario::{reader::Reader, source::Spanned};

/// A program to start.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Launch {
    /// A command line for the shell.
    pub command: Spanned<String>,
}

const FIELDS: [Field; 1] = [Field::new(
    "command",
    "a command line",
    "mousepad",
    "the command line that starts the program",
)];

static SHAPE: Shape = Shape {
    owner: "`launch`",
    fields: &FIELDS,
    later: &[],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "launch",
    doc: "starts a program in the desktop's session and goes on",
    shape: &SHAPE,
    short: Some(&FIELDS[0]),
    bare: false,
    example: "launch: mousepad",
    needs: Some(Need::Execute),
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let command = written.field(reader, "command", Reader::filled_text, |_, _| ())?;
    Some(Action::Launch(Launch { command }))
}
