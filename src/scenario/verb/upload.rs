//! `upload`: copies a file to the desktop's machine.

use super::{Action, Field, Form, NOTHING, Need, Verb, Written, fields};
use crate::scenario::{reader::Reader, template::Txt};

const FROM: Field = Field::new(
    "from",
    Form::Line,
    "the path of a file",
    "files/notes.txt",
    "the file, by its path relative to this file",
);

const TO: Field = Field::new(
    "to",
    Form::Line,
    "a path",
    "notes.txt",
    "where to copy it; a relative path starts in the folder where the desktop was started, \
     `~/` in the session's home",
);

fields! {
    /// A file that goes to the desktop's machine.
    pub struct Upload of "`upload`" {
        /// Its path, from the scenario's file.
        from: Txt = required Reader::line, FROM;
        /// Where it goes; a relative path begins in the folder that the desktop was started in.
        to: Txt = required Reader::line, TO;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "upload",
    doc: "copies a file to the desktop's machine",
    shape: &Upload::SHAPE,
    short: None,
    bare: false,
    beside: &NOTHING,
    example: "upload: { from: files/notes.txt, to: notes.txt }",
    needs: &[Need::Files],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Upload::read, Action::Upload)
}
