//! `hotkey`: presses several keys together.

use std::sync::Arc;

use super::{Action, Field, Form, NOTHING, Verb, Written, fields, unknown_key_name};
use crate::{
    input::{BadChord, Chord},
    scenario::{
        node::{Kind, Node},
        notation::{Notation, Word},
        problem::{Code, Problem, shown},
        reader::Reader,
        source::{Source, Span, Spanned},
        template::{Val, Value},
        value,
    },
};

/// Keys to press together, and how they are written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Keys {
    /// Which ones.
    pub chord: Chord,
    /// With `+` between them: `ctrl+s`.
    pub written: String,
}

const KEYS: Field = Field::new(
    "keys",
    Form::Chord,
    "keys with `+` between them",
    "ctrl+s",
    "the keys, in the order in which they are pressed",
);

fields! {
    /// Keys to press together.
    pub struct Hotkey of "`hotkey`" {
        /// Which ones.
        keys: Val<Keys> = required keys, KEYS;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "hotkey",
    doc: "presses several keys at the same time",
    shape: &Hotkey::SHAPE,
    short: Some(KEYS),
    bare: false,
    beside: &NOTHING,
    example: "hotkey: ctrl+s",
    needs: &[],
    read,
};

/// No chord of ten keys is longer.
const LONGEST: usize = 300;

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Hotkey::read, Action::Hotkey)
}

pub(super) fn keys(reader: &mut Reader, node: &Node, field: &Field) -> Option<Val<Keys>> {
    let source = Arc::clone(&reader.source);
    let at = |name: &str| part(&source, node, name);
    let keys = if let Kind::Sequence(_) = node.kind {
        let names = reader.entries(node, field, Reader::known_line)?;
        let names = names.into_iter().map(|name| name.value);
        let names: Vec<String> = names.take(Chord::MAX_KEYS + 1).collect();
        let chord = Chord::from_names(names.iter().map(String::as_str));
        chord_of(chord, &names.join("+"), node.span, &at)
    } else {
        let written = reader.scalar(node, field)?.text.trim();
        if value::has_interpolation(written) {
            return reader.value(node, field);
        }
        chord_of(Chord::parse(shortened(written)), written, node.span, &at)
    };
    match keys {
        Ok(keys) => Some(Spanned::new(Value::Known(keys), node.span)),
        Err(problem) => {
            reader.add(problem);
            None
        }
    }
}

impl Notation for Keys {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let written = word.text.trim();
        let here = |_: &str| word.span;
        chord_of(Chord::parse(shortened(written)), written, word.span, &here)
    }
}

/// The keys, or what is wrong with them: at the place of the whole, or of the
/// one key that is wrong.
fn chord_of(
    read: Result<Chord, BadChord>,
    written: &str,
    span: Span,
    at: &dyn Fn(&str) -> Span,
) -> Result<Keys, Problem> {
    let error = match read {
        Ok(chord) => {
            let written = written.to_owned();
            return Ok(Keys { chord, written });
        }
        Err(error) => error,
    };
    Err(match error {
        BadChord::Key(error) if error.name.is_empty() => {
            bad(span, "a key is missing next to a `+`")
                .label("expected a key on both sides of each `+`")
                .help("the plus key is called `plus`: `ctrl+plus`")
        }
        BadChord::Key(error) => {
            let problem = unknown_key_name(at(&error.name), &error.name, error.nearest, "hotkey");
            let parts = || error.name.split(['-', ' ', ',']);
            let joined = parts().count() > 1 && Chord::from_names(parts()).is_ok();
            match error.nearest {
                Some(near) if !joined => {
                    let mended = written.replacen(&error.name, near, 1);
                    problem.help(format!("write `{}`", shown(&mended, 60)))
                }
                _ if joined => {
                    let mended = written.replace(['-', ' ', ','], "+");
                    problem
                        .label("expected one key")
                        .help(format!("join keys with `+`: `{}`", shown(&mended, 60)))
                }
                _ => problem,
            }
        }
        error @ BadChord::Count { .. } => bad(span, &error.to_string())
            .label(if matches!(written, "" | "[]") {
                "no keys"
            } else {
                "too many keys"
            })
            .help("write `ctrl+s`; to type text, use `type`"),
    })
}

/// The place of one key in the text of several, where it can be found.
fn part(source: &Source, node: &Node, name: &str) -> Span {
    let text = source.slice(node.span);
    let is_edge = |char: Option<char>| !char.is_some_and(char::is_alphanumeric);
    let whole = |at: &usize| {
        is_edge(text[..*at].chars().next_back()) && is_edge(text[at + name.len()..].chars().next())
    };
    let mut places = text.match_indices(name).map(|(at, _)| at);
    places.find(whole).map_or(node.span, |at| {
        let start = node.span.start + at;
        Span::new(start..start + name.len())
    })
}

/// Cut where it is far too long to be keys, so that looking for the nearest
/// key stays cheap.
fn shortened(written: &str) -> &str {
    match written.char_indices().nth(LONGEST) {
        Some((end, _)) => &written[..end],
        None => written,
    }
}

fn bad(span: Span, message: &str) -> Problem {
    Problem::new(Code::BadHotkey, span, message)
}
