//! `use`: plays the steps of another file.

use super::{Action, Field, Form, Shape, Verb, Written};
use crate::scenario::{
    reader::{Named, Reader},
    template::Txt,
};

/// A file whose steps are played.
#[derive(Clone, Debug)]
pub struct Use {
    /// Its path, from this file.
    pub file: Txt,
    /// What its `vars` are here.
    pub inputs: Vec<Named>,
}

static SHAPE: Shape = Shape {
    owner: "`use`",
    fields: &[Field::new(
        "file",
        Form::Line,
        "the path of a file",
        "parts/close.yaml",
        "the file, by its path from this one",
    )],
    required: &["file"],
};

static BESIDE: Shape = Shape {
    owner: "`use`",
    fields: &[Field::new(
        "with",
        Form::Variables,
        "a mapping of names to texts",
        "{ save: \"no\" }",
        "what the `vars` of the file are this time",
    )],
    required: &[],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "use",
    doc: "plays the steps of another file",
    shape: &SHAPE,
    short: Some("file"),
    bare: false,
    beside: &BESIDE,
    example: "use: parts/close.yaml",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let inputs = written.beside.read(reader, "with", Reader::texts);
    let file = written.field(reader, "file", Reader::line, |_, _| ())?;
    (reader.seen() == before).then(|| {
        Action::Use(Box::new(Use {
            file,
            inputs: inputs.unwrap_or_default(),
        }))
    })
}
