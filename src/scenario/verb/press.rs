//! `press`: presses one key, once or several times.

use std::time::Duration;

use super::{Action, Field, Form, NOTHING, Verb, Written, fields, times, unknown_key_name};
use crate::{
    input::Key,
    scenario::{
        notation::{Notation, Word},
        problem::{Problem, shown},
        reader::Reader,
        template::Val,
    },
};

const KEY: Field = Field::new(
    "key",
    Form::Key,
    "the name of a key",
    "Return",
    "the key to press: its X11 name, or a character",
);

const TIMES: Field = Field::new(
    "times",
    times(100),
    "a whole number from 1 to 100",
    "3",
    "how many times to press it; once by default",
);

const PAUSE: Field = Field::new(
    "pause",
    Form::Duration,
    "a duration",
    "100ms",
    "the time between two presses; none by default",
);

fields! {
    /// A key to press.
    pub struct Press of "`press`" {
        /// Which one.
        key: Val<Key> = required Reader::value, KEY;
        /// How often.
        times: Option<Val<u32>> = optional Reader::value, TIMES;
        /// The time between two presses.
        pause: Option<Val<Duration>> = optional Reader::value, PAUSE;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "press",
    doc: "presses one key",
    shape: &Press::SHAPE,
    short: Some(KEY),
    bare: false,
    beside: &NOTHING,
    example: "press: Return",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Press::read, Action::Press)
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
                        "to press keys together, use `hotkey: {}`",
                        shown(name, 40)
                    ));
            }
            let problem = unknown_key_name(word.span, name, nearest, word.field.name);
            match (word.field.form, nearest) {
                (Form::Keys, Some(near)) => {
                    problem.help(format!("write `{}: [{near}]`", word.field.name))
                }
                _ => problem,
            }
        })
    }
}
