//! `press`: presses one key, once or several times.

use super::{Action, Field, Form, NOTHING, Shape, Verb, Written, times, unknown_key_name};
use crate::{
    input::Key,
    scenario::{
        notation::{Notation, Word},
        problem::{Problem, shown},
        reader::Reader,
        template::Val,
    },
};

/// A key to press.
#[derive(Clone, Debug)]
pub struct Press {
    /// Which one.
    pub key: Val<Key>,
    /// How often.
    pub times: Option<Val<u32>>,
}

static SHAPE: Shape = Shape {
    owner: "`press`",
    fields: &[
        Field::new(
            "key",
            Form::Key,
            "the name of a key",
            "Return",
            "the key to press, by its X11 name, or a character",
        ),
        Field::new(
            "times",
            times(100),
            "a whole number from 1 to 100",
            "3",
            "how often it is pressed; once if left out",
        ),
    ],
    required: &["key"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "press",
    doc: "presses one key of the keyboard",
    shape: &SHAPE,
    short: Some("key"),
    bare: false,
    beside: &NOTHING,
    example: "press: Return",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let mut times = None;
    let key = written.field(reader, "key", Reader::value, |reader, fields| {
        times = fields.read(reader, "times", Reader::value);
    })?;
    (reader.seen() == before).then(|| Action::Press(Box::new(Press { key, times })))
}

impl Notation for Key {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let name = word.text.trim();
        // No key's name is so long, and looking for the nearest one costs time.
        let found = if name.len() > 64 {
            Err(None)
        } else {
            Self::from_name(name).map_err(|error| error.nearest)
        };
        found.map_err(|nearest| {
            if name.contains('+') {
                return unknown_key_name(word.span, name, None, "press")
                    .label("several keys")
                    .help(format!(
                        "keys pressed together are a `hotkey: {}`",
                        shown(name, 40)
                    ));
            }
            unknown_key_name(word.span, name, nearest, word.field.name)
        })
    }
}
