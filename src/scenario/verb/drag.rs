//! `drag`: moves the pointer with a button held down.

use super::{Action, Field, Form, HELD, NOTHING, Shape, Verb, Written, click::BUTTON, held};
use crate::{
    input::{Button, Key},
    scenario::{reader::Reader, target::Target, template::Val},
};

/// A drag.
#[derive(Clone, Debug)]
pub struct Drag {
    /// From where; where the pointer is if nothing is written.
    pub from: Option<Target>,
    /// Where to.
    pub to: Target,
    /// With which button.
    pub button: Option<Val<Button>>,
    /// Keys that are held down meanwhile.
    pub modifiers: Vec<Val<Key>>,
}

static SHAPE: Shape = Shape {
    owner: "`drag`",
    fields: &[
        Field::new(
            "from",
            Form::Target,
            "a target",
            "[200, 300]",
            "where the button goes down; where the pointer is if left out",
        ),
        Field::new(
            "to",
            Form::Target,
            "a target",
            "[600, 300]",
            "where the button comes up",
        ),
        BUTTON,
        HELD,
    ],
    required: &["to"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "drag",
    doc: "moves the pointer from one target to another with a button held down",
    shape: &SHAPE,
    short: None,
    bare: false,
    beside: &NOTHING,
    example: "drag: { from: [200, 300], to: [600, 300] }",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let (mut from, mut button, mut modifiers) = (None, None, None);
    let to = written.field(reader, "to", Reader::target, |reader, fields| {
        from = fields.read(reader, "from", Reader::target);
        button = fields.read(reader, "button", Reader::value);
        modifiers = fields.read(reader, "modifiers", held);
    })?;
    (reader.seen() == before).then(|| {
        Action::Drag(Box::new(Drag {
            from,
            to,
            button,
            modifiers: modifiers.unwrap_or_default(),
        }))
    })
}
