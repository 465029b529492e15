//! `press`: presses one key, once or several times.

use super::{Action, Field, Shape, Verb, Written, count, unknown_key_name};
use crate::{
    input::Key,
    scenario::{node::Node, problem::shown, reader::Reader, source::Spanned},
};

/// A key to press.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Press {
    /// Which one.
    pub key: Spanned<Key>,
    /// How often.
    pub times: Option<Spanned<u32>>,
}

const FIELDS: [Field; 2] = [
    Field::new("key", "the name of a key", "Return", "the key to press"),
    Field::new(
        "times",
        "a whole number from 1 to 100",
        "3",
        "how often it is pressed",
    ),
];

static SHAPE: Shape = Shape {
    owner: "`press`",
    fields: &FIELDS,
    later: &[],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "press",
    doc: "presses one key of the keyboard",
    shape: &SHAPE,
    short: Some(&FIELDS[0]),
    bare: false,
    example: "press: Return",
    needs: None,
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let mut times = None;
    let key = written.field(reader, "key", key, |reader, fields| {
        times = fields.read(reader, "times", |reader, node, field| {
            count(reader, node, field, 100)
        });
    })?;
    Some(Action::Press(Press { key, times }))
}

fn key(reader: &mut Reader, node: &Node, field: &Field) -> Option<Spanned<Key>> {
    let name = reader.line(node, field)?;
    // No key's name is so long, and looking for the nearest one costs time.
    let found = if name.value.len() > 64 {
        Err(None)
    } else {
        Key::from_name(&name.value).map_err(|error| error.nearest)
    };
    match found {
        Ok(key) => Some(Spanned::new(key, node.span)),
        Err(_) if name.value.contains('+') => {
            reader.add(
                unknown_key_name(node.span, &name.value, None, "press")
                    .label("several keys")
                    .help(format!(
                        "keys pressed together are a `hotkey: {}`",
                        shown(&name.value, 40)
                    )),
            );
            None
        }
        Err(nearest) => {
            reader.add(unknown_key_name(
                node.span,
                &name.value,
                nearest,
                field.name,
            ));
            None
        }
    }
}
