//! `run`: runs a command on the desktop's machine and waits for its end.

use super::{
    Action, Command, Field, Form, NOTHING, Need, Shape, Verb, Written,
    launch::{ENVIRONMENT, FOLDER},
};
use crate::scenario::{
    condition::Check, fields::Fields, notation::ExitCode, reader::Reader, template::Val,
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
    "the command line, which the shell runs",
);

pub(super) const EXIT_CODE: Field = Field::new(
    "exit-code",
    Form::ExitCode,
    "a whole number from 0 to 255, or `any`",
    "0",
    "the expected exit code; 0 by default",
);

pub(super) const STDOUT: Field = Field::new(
    "stdout",
    Form::Check,
    "a text or a mapping of checks",
    "{ contains: Hello }",
    "what stdout has to be",
);

pub(super) const STDERR: Field = Field::new(
    "stderr",
    Form::Check,
    "a text or a mapping of checks",
    "{ lacks: error }",
    "what stderr has to be",
);

static SHAPE: Shape = Shape::of_verb(
    "`run`",
    &[
        COMMAND.required(),
        EXIT_CODE,
        STDOUT,
        STDERR,
        ENVIRONMENT,
        FOLDER,
    ],
);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "run",
    doc: "runs a command on the desktop's machine and checks its exit code and output",
    shape: &SHAPE,
    short: Some(COMMAND),
    bare: false,
    beside: &NOTHING,
    example: "run: { command: cat notes.txt, stdout: { contains: Hello } }",
    needs: &[Need::Execute],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Run::read, Action::Run)
}

impl Run {
    pub(super) fn read(reader: &mut Reader, fields: &Fields<'_>) -> Option<Self> {
        let command = Command::read(reader, fields, &COMMAND);
        let exit_code = fields.read(reader, &EXIT_CODE, Reader::value);
        let stdout = fields.read(reader, &STDOUT, Reader::checks);
        let stderr = fields.read(reader, &STDERR, Reader::checks);
        Some(Self {
            command: command?,
            exit_code,
            stdout: stdout.unwrap_or_default(),
            stderr: stderr.unwrap_or_default(),
        })
    }
}
