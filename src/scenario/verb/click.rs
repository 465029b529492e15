//! `click`, and its other spellings `double-click` and `right-click`.

use super::{Action, HELD, NOTHING, Shape, Verb, Written, held, times};
use crate::{
    input::{Button, Key},
    scenario::{
        fields::Fields,
        node::{Kind, Node},
        notation::BUTTONS,
        reader::Reader,
        shape::{Field, Form},
        source::Spanned,
        target::{self, LOOKS, Target},
        template::{Val, Value},
    },
};

/// A click.
#[derive(Clone, Debug)]
pub struct Click {
    /// Where; where the pointer is if nothing is written.
    pub target: Option<Target>,
    /// With which button; `right` for `right-click`.
    pub button: Option<Val<Button>>,
    /// How often; 2 for `double-click`.
    pub count: Option<Val<u32>>,
    /// Keys that are held down meanwhile.
    pub modifiers: Vec<Val<Key>>,
}

pub(super) const BUTTON: Field = Field::new(
    "button",
    Form::Choice(&BUTTONS),
    "`left`, `middle` or `right`",
    "right",
    "which button; `left` by default",
);

const TARGET: Field = Field::new(
    "target",
    Form::Target,
    "a target",
    "[640, 400]",
    "where to click; at the pointer by default",
);

const COUNT: Field = Field::new(
    "count",
    times(3),
    "a whole number from 1 to 3",
    "2",
    "how many times to click",
);

static SHAPE: Shape = Shape::of_verb("`click`", &[TARGET, BUTTON, COUNT, HELD]);

static DOUBLE_SHAPE: Shape = Shape::of_verb("`double-click`", &[TARGET, BUTTON, HELD]);

static RIGHT_SHAPE: Shape = Shape::of_verb("`right-click`", &[TARGET, COUNT, HELD]);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = CLICK;

const CLICK: Verb = Verb {
    name: "click",
    doc: "moves the pointer to a target and clicks",
    shape: &SHAPE,
    short: Some(TARGET),
    bare: true,
    beside: &NOTHING,
    example: "click: [640, 400]",
    needs: &[],
    read,
};

/// A click with the count of 2.
pub(super) static DOUBLE: Verb = Verb {
    name: "double-click",
    doc: "clicks twice",
    shape: &DOUBLE_SHAPE,
    example: "double-click: [640, 400]",
    ..CLICK
};

/// A click with the right button.
pub(super) static RIGHT: Verb = Verb {
    name: "right-click",
    doc: "clicks with the right button",
    shape: &RIGHT_SHAPE,
    example: "right-click: [640, 400]",
    ..CLICK
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let key = written.key;
    let name = written.verb.name;
    let right = (name == RIGHT.name).then(|| Spanned::new(Value::Known(Button::Right), key));
    let twice = (name == DOUBLE.name).then(|| Spanned::new(Value::Known(2), key));
    let mut click = Click {
        target: None,
        button: right,
        count: twice,
        modifiers: Vec::new(),
    };
    let Some(node) = written.argument else {
        return Some(Action::Click(Box::new(click)));
    };
    let before = reader.seen();
    if is_target(node) {
        click.target = reader.target(node, &TARGET.named(written.verb.name));
    } else {
        let fields = reader.fields(node, written.verb.shape, written.key)?;
        read_fields(reader, &fields, &mut click);
    }
    (reader.seen() == before).then(|| Action::Click(Box::new(click)))
}

/// Whether an argument is a target itself, or was meant to be one:
/// `click: { image: … }`, `click: { x: 1, y: 2 }`.
pub(super) fn is_target(node: &Node) -> bool {
    let Kind::Mapping(pairs) = &node.kind else {
        return true;
    };
    let has = |is_one: &dyn Fn(&str) -> bool| pairs.iter().any(|(key, _)| is_one(&key.value));
    has(&|key| LOOKS.contains(&key) || matches!(key, "x" | "y"))
        || has(&|key| target::TARGET.field(key).is_some()) && !has(&|key| key == TARGET.name)
}

fn read_fields(reader: &mut Reader, fields: &Fields<'_>, click: &mut Click) {
    click.target = fields.read(reader, &TARGET, Reader::target);
    if let Some(button) = fields.read(reader, &BUTTON, Reader::value) {
        click.button = Some(button);
    }
    if let Some(count) = fields.read(reader, &COUNT, Reader::value) {
        click.count = Some(count);
    }
    click.modifiers = fields.read(reader, &HELD, held).unwrap_or_default();
}
