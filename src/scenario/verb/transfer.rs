//! `upload` and `download`: files to and from the desktop's machine.

use super::{Action, Field, Form, NOTHING, Need, Shape, Verb, Written};
use crate::scenario::{reader::Reader, template::Txt};

/// A file that goes to the desktop's machine.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its path, from the scenario's file.
    pub from: Txt,
    /// Where it goes; a relative path begins in the folder that the desktop was started in.
    pub to: Txt,
}

/// A file that comes from the desktop's machine.
#[derive(Clone, Debug)]
pub struct Download {
    /// Its path there.
    pub from: Txt,
    /// Its name among the artifacts; that of the file if nothing is written.
    pub to: Option<Txt>,
}

static UPLOAD_SHAPE: Shape = Shape {
    owner: "`upload`",
    fields: &[
        Field::new(
            "from",
            Form::Line,
            "the path of a file",
            "files/notes.txt",
            "the file, by its path from this one",
        ),
        Field::new(
            "to",
            Form::Line,
            "a path",
            "notes.txt",
            "where it goes; a relative path begins in the folder that the desktop was started in, `~/` in \
             the session's home",
        ),
    ],
    required: &["from", "to"],
};

static DOWNLOAD_SHAPE: Shape = Shape {
    owner: "`download`",
    fields: &[
        Field::new(
            "from",
            Form::Line,
            "a path",
            "notes.txt",
            "the file; a relative path begins in the folder that the desktop was started in, `~/` in the \
             session's home",
        ),
        Field::new(
            "to",
            Form::Line,
            "the name of a file",
            "saved-notes.txt",
            "its name among the artifacts; its own if left out",
        ),
    ],
    required: &["from"],
};

/// The line of `upload` in the table of verbs.
pub(super) static UPLOAD: Verb = Verb {
    name: "upload",
    doc: "copies a file to the desktop's machine",
    shape: &UPLOAD_SHAPE,
    short: None,
    bare: false,
    beside: &NOTHING,
    example: "upload: { from: files/notes.txt, to: notes.txt }",
    needs: &[Need::Files],
    read: upload,
};

/// The line of `download` in the table of verbs.
pub(super) static DOWNLOAD: Verb = Verb {
    name: "download",
    doc: "copies a file of the desktop's machine among the artifacts",
    shape: &DOWNLOAD_SHAPE,
    short: Some("from"),
    bare: false,
    beside: &NOTHING,
    example: "download: notes.txt",
    needs: &[Need::Files],
    read: download,
};

fn upload(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let mut to = None;
    let from = written.field(reader, "from", Reader::line, |reader, fields| {
        to = fields.read(reader, "to", Reader::line);
    })?;
    Some(Action::Upload(Box::new(Upload { from, to: to? })))
}

fn download(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let mut to = None;
    let from = written.field(reader, "from", Reader::line, |reader, fields| {
        to = fields.read(reader, "to", Reader::line);
    })?;
    (reader.seen() == before).then(|| Action::Download(Box::new(Download { from, to })))
}
