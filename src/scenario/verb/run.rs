//! `run`: runs a command on the desktop's machine and waits for its end.

use super::{
    Action, Command, Field, Form, NOTHING, Need, Shape, Verb, Written,
    launch::{ENVIRONMENT, FOLDER, surroundings},
};
use crate::scenario::{
    condition::Check,
    field::Fields,
    notation::ExitCode,
    reader::Reader,
    template::{Txt, Val},
};

/// A command, and what must come of it.
#[derive(Clone, Debug)]
pub struct Run {
    /// The command.
    pub command: Command,
    /// The status that it has to end with.
    pub exit_code: Option<Val<ExitCode>>,
    /// What it has to write to stdout.
    pub stdout: Vec<Check>,
    /// What it has to write to stderr.
    pub stderr: Vec<Check>,
}

pub(super) const COMMAND: Field = Field::new(
    "command",
    Form::Text,
    "a command line",
    "cat notes.txt",
    "the command line, for the shell",
);

pub(super) const EXIT_CODE: Field = Field::new(
    "exit-code",
    Form::ExitCode,
    "a whole number from 0 to 255, or `any`",
    "0",
    "the status that it has to end with; 0 if left out",
);

pub(super) const STDOUT: Field = Field::new(
    "stdout",
    Form::Check,
    "a text or a mapping of checks",
    "{ contains: Hello }",
    "what it has to write to stdout",
);

pub(super) const STDERR: Field = Field::new(
    "stderr",
    Form::Check,
    "a text or a mapping of checks",
    "{ lacks: error }",
    "what it has to write to stderr",
);

static SHAPE: Shape = Shape {
    owner: "`run`",
    fields: &[COMMAND, EXIT_CODE, STDOUT, STDERR, ENVIRONMENT, FOLDER],
    required: &["command"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "run",
    doc: "runs a command on the desktop's machine and holds its end against what is expected",
    shape: &SHAPE,
    short: Some("command"),
    bare: false,
    beside: &NOTHING,
    example: "run: { command: cat notes.txt, stdout: { contains: Hello } }",
    needs: &[Need::Execute],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let mut parts = None;
    let line = written.field(reader, "command", Reader::filled_text, |reader, fields| {
        parts = Some(Parts::read(reader, fields));
    })?;
    (reader.seen() == before).then(|| Action::Run(Box::new(parts.unwrap_or_default().run(line))))
}

/// All of a command's fields but the command.
#[derive(Default)]
pub(super) struct Parts {
    exit_code: Option<Val<ExitCode>>,
    stdout: Vec<Check>,
    stderr: Vec<Check>,
    surroundings: (Vec<crate::scenario::Named>, Option<Txt>),
}

impl Parts {
    pub(super) fn read(reader: &mut Reader, fields: &Fields<'_>) -> Self {
        let mut checks = |name| {
            let checks = fields.read(reader, name, Reader::checks);
            checks.unwrap_or_default()
        };
        let (stdout, stderr) = (checks("stdout"), checks("stderr"));
        Self {
            exit_code: fields.read(reader, "exit-code", Reader::value),
            stdout,
            stderr,
            surroundings: surroundings(reader, fields),
        }
    }

    pub(super) fn run(self, line: Txt) -> Run {
        let (environment, folder) = self.surroundings;
        Run {
            command: Command {
                line,
                environment,
                folder,
            },
            exit_code: self.exit_code,
            stdout: self.stdout,
            stderr: self.stderr,
        }
    }
}
