//! `hotkey`: presses several keys together.

use super::{Action, Field, Shape, Verb, Written, unknown_key_name};
use crate::{
    input::{BadChord, Chord},
    scenario::{
        node::{Kind, Node},
        problem::{Code, Problem, shown},
        reader::Reader,
        source::{Span, Spanned},
    },
};

/// Keys to press together.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hotkey {
    /// Which ones.
    pub keys: Spanned<Chord>,
    /// The same as it is written: `ctrl+s`.
    pub written: String,
}

const FIELDS: [Field; 1] = [Field::new(
    "keys",
    "keys with `+` between them",
    "ctrl+s",
    "the keys, in the order in which they go down",
)];

static SHAPE: Shape = Shape {
    owner: "`hotkey`",
    fields: &FIELDS,
    later: &[],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "hotkey",
    doc: "presses several keys together",
    shape: &SHAPE,
    short: Some(&FIELDS[0]),
    bare: false,
    example: "hotkey: ctrl+s",
    needs: None,
    read,
};

/// No chord of ten keys is longer.
const LONGEST: usize = 300;

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let hotkey = written.field(reader, "keys", hotkey, |_, _| ())?;
    Some(Action::Hotkey(hotkey))
}

fn hotkey(reader: &mut Reader, node: &Node, field: &Field) -> Option<Hotkey> {
    let written = match &node.kind {
        Kind::Sequence(items) => {
            let names = items.iter().map(|item| reader.line(item, field));
            let names: Option<Vec<_>> = names.collect::<Vec<_>>().into_iter().collect();
            let names = names?.into_iter().map(|name| name.value);
            let names: Vec<String> = names.take(Chord::MAX_KEYS + 1).collect();
            return chord(reader, node, &names.join("+"), |_| {
                Chord::from_names(names.iter().map(String::as_str))
            });
        }
        _ => reader.line(node, field)?,
    };
    chord(reader, node, &written.value, Chord::parse)
}

fn chord(
    reader: &mut Reader,
    node: &Node,
    written: &str,
    read: impl FnOnce(&str) -> Result<Chord, BadChord>,
) -> Option<Hotkey> {
    let problem = match read(shortened(written)) {
        Ok(chord) => {
            return Some(Hotkey {
                keys: Spanned::new(chord, node.span),
                written: written.to_owned(),
            });
        }
        Err(BadChord::Key(error)) if error.name.is_empty() => {
            bad(node, "a key is missing beside a `+`")
                .label("keys with `+` between them")
                .help("the plus key itself is called `plus`: `hotkey: ctrl+plus`")
        }
        Err(BadChord::Key(error)) => {
            let span = part(reader, node, &error.name);
            let problem = unknown_key_name(span, &error.name, error.nearest, "hotkey");
            let parts = || error.name.split(['-', ' ', ',']);
            let joined = parts().count() > 1 && Chord::from_names(parts()).is_ok();
            match error.nearest {
                Some(near) if !joined => {
                    let mended = written.replacen(&error.name, near, 1);
                    problem.help(format!("write `hotkey: {}`", shown(&mended, 60)))
                }
                _ if joined => {
                    let mended = written.replace(['-', ' ', ','], "+");
                    problem.label("not one key").help(format!(
                        "keys have a `+` between them: `hotkey: {}`",
                        shown(&mended, 60)
                    ))
                }
                _ => problem,
            }
        }
        Err(error @ BadChord::Count { .. }) => bad(node, &error.to_string())
            .label("too many, or none")
            .help("write `hotkey: ctrl+s`; to type a text use `type`"),
    };
    reader.add(problem);
    None
}

/// The place of one key in the text of several, where it can be found.
fn part(reader: &Reader, node: &Node, name: &str) -> Span {
    let text = reader.source.slice(node.span);
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

fn bad(node: &Node, message: &str) -> Problem {
    Problem::new(Code::BadHotkey, node.span, message)
}
