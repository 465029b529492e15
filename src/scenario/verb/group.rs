//! `group`: steps that belong together, under one name.

use super::{Action, Field, Form, STEPS, Shape, Verb, Written};
use crate::scenario::{reader::Reader, step::Step, template::Txt};

/// Steps that belong together.
#[derive(Clone, Debug)]
pub struct Group {
    /// What they do together.
    pub title: Txt,
    /// The steps.
    pub steps: Vec<Step>,
}

static SHAPE: Shape = Shape {
    owner: "`group`",
    fields: &[Field::new(
        "title",
        Form::Line,
        "a text of one line",
        "save the note",
        "what the steps do together, for reports",
    )],
    required: &["title"],
};

static BESIDE: Shape = Shape {
    owner: "`group`",
    fields: &[Field {
        doc: "the steps that belong together",
        ..STEPS
    }],
    required: &["steps"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "group",
    doc: "puts steps that belong together under one name, with one set of modifiers",
    shape: &SHAPE,
    short: Some("title"),
    bare: false,
    beside: &BESIDE,
    example: "group: save the note\n    steps:\n      - hotkey: ctrl+s",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let title = written.field(reader, "title", Reader::line, |_, _| ());
    let steps = written.steps(reader, "steps");
    Some(Action::Group(Box::new(Group {
        title: title?,
        steps,
    })))
}
