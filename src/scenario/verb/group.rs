//! `group`: steps that belong together, under one name.

use super::{Action, Field, Form, STEPS, Shape, Verb, Written, step::Step};
use crate::scenario::{reader::Reader, template::Txt};

/// Steps that belong together.
#[derive(Clone, Debug)]
pub struct Group {
    /// What they do together.
    pub title: Txt,
    /// The steps.
    pub steps: Vec<Step>,
}

const TITLE: Field = Field::new(
    "title",
    Form::Line,
    "one line of text",
    "save the note",
    "the title of the group in reports",
)
.required();

const TOGETHER: Field = Field {
    doc: "the steps of the group",
    required: true,
    ..STEPS
};

static SHAPE: Shape = Shape::of_verb("`group`", &[TITLE]);

static BESIDE: Shape = Shape::new("`group`", &[TOGETHER]);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "group",
    doc: "groups steps under one title and one set of modifiers",
    shape: &SHAPE,
    short: Some(TITLE),
    bare: false,
    beside: &BESIDE,
    example: "group: save the note\n    steps:\n      - hotkey: ctrl+s",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let fields = written.fields(reader);
    let title = fields.and_then(|it| it.read(reader, &TITLE, Reader::line));
    let steps = written.steps(reader, &TOGETHER);
    Some(Action::Group(Box::new(Group {
        title: title?,
        steps,
    })))
}
