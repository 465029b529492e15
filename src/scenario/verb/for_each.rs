//! `for-each`: plays steps once for each entry of a list.

use super::{Action, Field, Form, STEPS, Shape, Verb, Written};
use crate::scenario::{reader::Reader, source::Spanned, step::Step, template::Txt};

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

static SHAPE: Shape = Shape {
    owner: "`for-each`",
    fields: &[
        Field::new(
            "in",
            Form::Texts,
            "a list of texts",
            "[a, b]",
            "the entries, in their order",
        ),
        Field::new(
            "as",
            Form::Line,
            "a name",
            "letter",
            "the name of the entry: `${letter}`; `item` if left out",
        ),
    ],
    required: &["in"],
};

static BESIDE: Shape = Shape {
    owner: "`for-each`",
    fields: &[Field {
        doc: "the steps that are played for each entry",
        ..STEPS
    }],
    required: &["steps"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "for-each",
    doc: "plays steps once for each entry of a list",
    shape: &SHAPE,
    short: Some("in"),
    bare: false,
    beside: &BESIDE,
    example: "for-each: { in: [a, b], as: letter }\n    steps:\n      - type: ${letter}",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let mut name = None;
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
    let entries = written.field(reader, "in", entries, |reader, fields| {
        name = fields.read(reader, "as", Reader::name);
    });
    let steps = written.steps(reader, "steps");
    Some(Action::ForEach(Box::new(ForEach {
        entries: entries?,
        name,
        steps,
    })))
}
