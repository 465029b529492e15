//! `for-each`: plays steps once for each entry of a list.

use super::{Action, Field, Form, STEPS, Shape, Verb, Written, step::Step};
use crate::scenario::{reader::Reader, source::Spanned, template::Txt};

/// Steps that are played once for each entry of a list.
#[derive(Clone, Debug)]
pub struct ForEach {
    /// The entries.
    pub entries: Vec<Txt>,
    /// The name of the entry in the steps; `item` if nothing is written.
    pub name: Option<Spanned<String>>,
    /// The steps.
    pub steps: Vec<Step>,
}

const IN: Field = Field::new(
    "in",
    Form::Texts,
    "a list of texts",
    "[a, b]",
    "the entries, in order",
)
.required();

const AS: Field = Field::new(
    "as",
    Form::Line,
    "a name",
    "letter",
    "the name of the entry, used as `${letter}`; `item` by default",
);

const EACH: Field = Field {
    doc: "the steps to play for each entry",
    required: true,
    ..STEPS
};

static SHAPE: Shape = Shape::of_verb("`for-each`", &[IN, AS]);

static BESIDE: Shape = Shape::new("`for-each`", &[EACH]);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "for-each",
    doc: "plays steps once for each entry of a list",
    shape: &SHAPE,
    short: Some(IN),
    bare: false,
    beside: &BESIDE,
    example: "for-each: { in: [a, b], as: letter }\n    steps:\n      - type: ${letter}",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let entries = |reader: &mut Reader, node: &_, field: &Field| {
        reader.entries(node, field, |reader, node, field| {
            let entry = Field {
                takes: "a text",
                example: "text",
                ..*field
            };
            reader.entry(node, &entry)
        })
    };
    let fields = written.fields(reader);
    let name = fields
        .as_ref()
        .and_then(|it| it.read(reader, &AS, Reader::name));
    let entries = fields.and_then(|it| it.read(reader, &IN, entries));
    let steps = written.steps(reader, &EACH);
    Some(Action::ForEach(Box::new(ForEach {
        entries: entries?,
        name,
        steps,
    })))
}
