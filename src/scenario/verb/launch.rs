//! `launch`: starts a program in the desktop's session and goes on.

use super::{Action, Field, Form, NOTHING, Need, Shape, Verb, Written};
use crate::scenario::{
    fields::Fields,
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
    /// Variables in addition to those of the session.
    pub environment: Vec<Named>,
    /// The folder to run it in.
    pub folder: Option<Txt>,
}

pub(super) const ENVIRONMENT: Field = Field::new(
    "environment",
    Form::Variables,
    "a mapping of names to texts",
    "{ LANG: C.UTF-8 }",
    "additional environment variables; among these fields, only this one may contain secrets",
);

pub(super) const FOLDER: Field = Field::new(
    "folder",
    Form::Line,
    "a path",
    "/tmp",
    "the folder to run it in; by default the one where the desktop was started; `~/` is the \
     session's home",
);

const COMMAND: Field = Field::new(
    "command",
    Form::Text,
    "a command line",
    "mousepad",
    "the command line that starts the program",
)
.required();

static SHAPE: Shape = Shape::of_verb("`launch`", &[COMMAND, ENVIRONMENT, FOLDER]);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "launch",
    doc: "starts a program in the desktop's session and continues at once",
    shape: &SHAPE,
    short: Some(COMMAND),
    bare: false,
    beside: &NOTHING,
    example: "launch: mousepad",
    needs: &[Need::Execute],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Launch::read, Action::Launch)
}

impl Launch {
    fn read(reader: &mut Reader, fields: &Fields<'_>) -> Option<Self> {
        let command = Command::read(reader, fields, &COMMAND)?;
        Some(Self { command })
    }
}

impl Command {
    /// Reads a command line, which the field `line` has, and its surroundings.
    pub(super) fn read(reader: &mut Reader, fields: &Fields<'_>, line: &Field) -> Option<Self> {
        let line = fields.read(reader, line, Reader::filled_text);
        let environment = fields.read(reader, &ENVIRONMENT, Reader::texts);
        let folder = fields.read(reader, &FOLDER, Reader::line);
        Some(Self {
            line: line?,
            environment: environment.unwrap_or_default(),
            folder,
        })
    }
}
