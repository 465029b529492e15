//! `click`, and its other spellings `double-click` and `right-click`.

use super::{Action, Field, Shape, Verb, Written, count};
use crate::{
    input::Button,
    scenario::{
        field::{Fields, list},
        node::{Kind, Node},
        problem::{Code, Problem, nearest, ticked},
        reader::Reader,
        screen::Position,
        source::Spanned,
    },
};

/// A click.
#[derive(Clone, Debug, PartialEq)]
pub struct Click {
    /// Where; where the pointer is if nothing is written.
    pub target: Option<Spanned<Position>>,
    /// With which button; `right` for `right-click`.
    pub button: Option<Button>,
    /// How often; 2 for `double-click`.
    pub count: Option<u32>,
}

const FIELDS: [Field; 3] = [
    Field::new(
        "target",
        "a position",
        "[640, 400]",
        "where to click; where the pointer is if left out",
    ),
    Field::new("button", "a button", "right", "`left`, `middle` or `right`"),
    Field::new("count", "a whole number from 1 to 3", "2", "how often"),
];

static SHAPE: Shape = Shape {
    owner: "`click`",
    fields: &FIELDS,
    later: &["modifiers"],
};

static DOUBLE_SHAPE: Shape = Shape {
    owner: "`double-click`",
    fields: &[FIELDS[0], FIELDS[1]],
    later: &["modifiers"],
};

static RIGHT_SHAPE: Shape = Shape {
    owner: "`right-click`",
    fields: &[FIELDS[0], FIELDS[2]],
    later: &["modifiers"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = CLICK;

const CLICK: Verb = Verb {
    name: "click",
    doc: "moves the pointer to a place and clicks",
    shape: &SHAPE,
    short: Some(&FIELDS[0]),
    bare: true,
    example: "click: [640, 400]",
    needs: None,
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

/// Keys of a mapping that is a target itself, or was meant to be one:
/// `click: { image: … }`, `click: { x: 1, y: 2 }`.
const TARGET_KEYS: [&str; 6] = ["image", "text", "window", "any", "x", "y"];

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let mut click = Click {
        target: None,
        button: (written.verb.name == RIGHT.name).then_some(Button::Right),
        count: (written.verb.name == DOUBLE.name).then_some(2),
    };
    let Some(node) = written.argument else {
        return Some(Action::Click(click));
    };
    let before = reader.seen();
    if is_fields(node) {
        let fields = reader.fields(node, written.verb.shape, written.key)?;
        read_fields(reader, &fields, &mut click);
    } else {
        let place = Field {
            name: written.verb.name,
            ..FIELDS[0]
        };
        click.target = reader.position(node, &place);
    }
    (reader.seen() == before).then_some(Action::Click(click))
}

fn is_fields(node: &Node) -> bool {
    let is_target = |key: &str| TARGET_KEYS.contains(&key);
    match &node.kind {
        Kind::Mapping(pairs) => !pairs.iter().any(|(key, _)| is_target(&key.value)),
        _ => false,
    }
}

fn read_fields(reader: &mut Reader, fields: &Fields<'_>, click: &mut Click) {
    click.target = fields.read(reader, "target", |reader, node, field| {
        reader.position(node, field)
    });
    if let Some(written) = fields.read(reader, "button", button) {
        click.button = Some(written);
    }
    let times = fields.read(reader, "count", |reader, node, field| {
        count(reader, node, field, 3)
    });
    if let Some(written) = times {
        click.count = Some(written.value);
    }
}

fn button(reader: &mut Reader, node: &Node, field: &Field) -> Option<Button> {
    let name = reader.line(node, field)?;
    let names = Button::ALL.map(Button::name);
    let found = Button::ALL.into_iter().find(|b| b.name() == name.value);
    if found.is_none() {
        let message = format!("there is no button {}", ticked(&name.value));
        let problem = Problem::new(Code::UnknownButton, node.span, message);
        let problem = match nearest(&name.value, names) {
            Some(near) => problem
                .label(format!("did you mean `{near}`?"))
                .help(format!("write `button: {near}`")),
            None => problem
                .label("not a button")
                .help(format!("the buttons are {}", list(names))),
        };
        reader.add(problem);
    }
    found
}
