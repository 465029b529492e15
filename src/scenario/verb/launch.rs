//! `launch`: starts a program in the desktop's session and goes on.

use super::{Action, Field, Form, NOTHING, Need, Shape, Verb, Written};
use crate::scenario::{
    field::Fields,
    reader::{Named, Reader},
    template::Txt,
};

/// A program to start.
#[derive(Clone, Debug)]
pub struct Launch {
    /// With what it is started.
    pub command: Command,
}

/// A command line with what it is run with.
#[derive(Clone, Debug)]
pub struct Command {
    /// A command line for the shell.
    pub line: Txt,
    /// Variables beside those of the session.
    pub environment: Vec<Named>,
    /// The folder to run it in.
    pub folder: Option<Txt>,
}

pub(super) const ENVIRONMENT: Field = Field::new(
    "environment",
    Form::Variables,
    "a mapping of names to texts",
    "{ LANG: C.UTF-8 }",
    "variables beside those of the session; the one place for a secret",
);

pub(super) const FOLDER: Field = Field::new(
    "folder",
    Form::Line,
    "a path",
    "/tmp",
    "the folder to run it in; the one that the desktop was started in if left out; `~/` is the session's home",
);

static SHAPE: Shape = Shape {
    owner: "`launch`",
    fields: &[
        Field::new(
            "command",
            Form::Text,
            "a command line",
            "mousepad",
            "the command line that starts the program",
        ),
        ENVIRONMENT,
        FOLDER,
    ],
    required: &["command"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "launch",
    doc: "starts a program in the desktop's session and goes on",
    shape: &SHAPE,
    short: Some("command"),
    bare: false,
    beside: &NOTHING,
    example: "launch: mousepad",
    needs: &[Need::Execute],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let (mut environment, mut folder) = (Vec::new(), None);
    let line = written.field(reader, "command", Reader::filled_text, |reader, fields| {
        (environment, folder) = surroundings(reader, fields);
    })?;
    let command = Command {
        line,
        environment,
        folder,
    };
    (reader.seen() == before).then(|| Action::Launch(Box::new(Launch { command })))
}

/// The variables and the folder of a command.
pub(super) fn surroundings(reader: &mut Reader, fields: &Fields<'_>) -> (Vec<Named>, Option<Txt>) {
    let environment = fields.read(reader, "environment", Reader::texts);
    let folder = fields.read(reader, "folder", Reader::line);
    (environment.unwrap_or_default(), folder)
}
