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

const FILE: Field = Field::new(
    "file",
    Form::Line,
    "the path of a file",
    "parts/close.yaml",
    "the part, by its path relative to this file",
)
.required();

const WITH: Field = Field::new(
    "with",
    Form::Variables,
    "a mapping of names to texts",
    "{ save: \"no\" }",
    "values for the `vars` of the part",
);

static SHAPE: Shape = Shape::of_verb("`use`", &[FILE]);

static BESIDE: Shape = Shape::new("`use`", &[WITH]);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "use",
    doc: "plays the steps of a part",
    shape: &SHAPE,
    short: Some(FILE),
    bare: false,
    beside: &BESIDE,
    example: "use: parts/close.yaml",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let inputs = written.beside.read(reader, &WITH, Reader::texts);
    let file = written.fields(reader)?.read(reader, &FILE, Reader::line)?;
    (reader.seen() == before).then(|| {
        Action::Use(Box::new(Use {
            file,
            inputs: inputs.unwrap_or_default(),
        }))
    })
}
