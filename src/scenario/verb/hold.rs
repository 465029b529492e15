//! `hold`: keeps keys or a button down while steps are played.

use super::{
    Action, Field, Form, STEPS, Shape, Verb, Written, click,
    hotkey::{self, Keys},
    step::Step,
};
use crate::{
    input::Button,
    scenario::{reader::Reader, source::Span, target::Target, template::Val},
};

/// Steps that are played while something is held down.
#[derive(Clone, Debug)]
pub struct Hold {
    /// The place of the verb.
    pub span: Span,
    /// The keys.
    pub keys: Option<Val<Keys>>,
    /// The button of the pointer.
    pub button: Option<Val<Button>>,
    /// Where the pointer goes before the button goes down.
    pub target: Option<Target>,
    /// The steps.
    pub steps: Vec<Step>,
}

const KEYS: Field = Field::new(
    "keys",
    Form::Chord,
    "keys with `+` between them",
    "shift",
    "the keys to hold down, at most 4",
);

const BUTTON: Field = Field {
    doc: "the button to hold down",
    ..click::BUTTON
};

const TARGET: Field = Field::new(
    "target",
    Form::Target,
    "a target",
    "save-button",
    "where to press the button; at the pointer by default",
);

const MEANWHILE: Field = Field {
    doc: "the steps to play while they are down",
    required: true,
    ..STEPS
};

static SHAPE: Shape = Shape::of_verb("`hold`", &[KEYS, BUTTON, TARGET]);

static BESIDE: Shape = Shape::new("`hold`", &[MEANWHILE]);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "hold",
    doc: "keeps keys or a button of the pointer down while its steps are played",
    shape: &SHAPE,
    short: Some(KEYS),
    bare: false,
    beside: &BESIDE,
    example: "hold: { keys: shift }\n    steps:\n      - click: [300, 200]",
    needs: &[super::Need::Hold],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let fields = written.fields(reader);
    let steps = written.steps(reader, &MEANWHILE);
    let fields = fields?;
    let hold = Hold {
        span: written.argument.map_or(written.key, |node| node.span),
        keys: fields.read(reader, &KEYS, hotkey::keys),
        button: fields.read(reader, &BUTTON, Reader::value),
        target: fields.read(reader, &TARGET, Reader::target),
        steps,
    };
    (reader.seen() == before).then(|| Action::Hold(Box::new(hold)))
}
