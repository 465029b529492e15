//! `download`: copies a file of the desktop's machine among the artifacts.

use super::{Action, Field, Form, NOTHING, Need, Verb, Written, fields};
use crate::scenario::{reader::Reader, template::Txt};

const FROM: Field = Field::new(
    "from",
    Form::Line,
    "a path",
    "notes.txt",
    "the file; a relative path starts in the folder where the desktop was started, `~/` in the \
     session's home",
);

const TO: Field = Field::new(
    "to",
    Form::Line,
    "the name of a file",
    "saved-notes.txt",
    "its name among the artifacts; its own name by default",
);

fields! {
    /// A file that comes from the desktop's machine.
    pub struct Download of "`download`" {
        /// Its path there.
        from: Txt = required Reader::line, FROM;
        /// Its name among the artifacts; that of the file if nothing is written.
        to: Option<Txt> = optional Reader::line, TO;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "download",
    doc: "copies a file from the desktop's machine to the artifacts",
    shape: &Download::SHAPE,
    short: Some(FROM),
    bare: false,
    beside: &NOTHING,
    example: "download: notes.txt",
    needs: &[Need::Files],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Download::read, Action::Download)
}
