//! What can be true apart from the screen: a program runs, a command succeeds, a file or a
//! clipboard has a text.

use super::{
    Field, Form, Run,
    clipboard::SELECTION,
    launch::{ENVIRONMENT, FOLDER},
    run::{COMMAND, EXIT_CODE, STDERR, STDOUT},
};
use crate::scenario::{
    condition::{CHECKS, Check, GONE},
    fields::Fields,
    notation::Choice,
    problem::{Code, Problem},
    reader::Reader,
    shape::joined,
    source::Spanned,
    template::{Txt, Val},
};

/// What must be true apart from the screen.
#[derive(Clone, Debug)]
pub enum Fact {
    /// A process runs, or does not.
    Process {
        /// Its name.
        name: Txt,
        /// Whether it has to be gone.
        gone: Option<Val<bool>>,
    },
    /// A command ends and writes as expected.
    Command(Run),
    /// A file of the desktop's machine exists with a content, or does not exist.
    File {
        /// Its path.
        path: Txt,
        /// What its text has to be like.
        checks: Vec<Check>,
        /// Whether it has to be gone.
        gone: Option<Val<bool>>,
    },
    /// A clipboard has a text.
    Clipboard {
        /// What the text has to be like.
        checks: Vec<Check>,
        /// Which clipboard.
        selection: Option<Val<Choice>>,
    },
}

const PROCESS: Field = Field::new(
    "process",
    Form::Line,
    "the name of a program",
    "mousepad",
    "a running program: a desktop process, or any program of the desktop's session",
);

const FILE: Field = Field::new(
    "file",
    Form::Line,
    "a path",
    "~/out.csv",
    "a file on the desktop's machine; a relative path starts in the folder where the desktop was \
     started, `~/` in the session's home",
);

const CLIPBOARD: Field = Field::new(
    "clipboard",
    Form::Check,
    "a text or a mapping of checks",
    "{ contains: Hello }",
    "the text on the clipboard",
);

/// The keys that name a fact.
pub(in crate::scenario) const FACTS: [Field; 4] = [PROCESS, COMMAND, FILE, CLIPBOARD];

/// What is only for commands.
const OF_COMMAND: [Field; 5] = [EXIT_CODE, STDOUT, STDERR, ENVIRONMENT, FOLDER];

/// What may only be next to one kind of fact, with the key that names the fact. `gone` may be next
/// to several kinds, and next to targets.
pub(in crate::scenario) static BESIDE: [(&str, &[Field]); 3] = [
    ("command", &OF_COMMAND),
    ("file", &CHECKS),
    ("clipboard", &[SELECTION]),
];

/// Every key of facts but `gone`, which targets have as well.
pub(super) const KEYS: [Field; 15] = joined(&[&FACTS, &OF_COMMAND, &CHECKS, &[SELECTION]]);

/// How many facts the fields name.
pub(super) fn count(fields: &Fields<'_>) -> usize {
    FACTS
        .iter()
        .filter(|field| fields.find(field.name).is_some())
        .count()
}

/// The fact among the fields of `verb`, if there is one. A key without the fact that it
/// belongs to is a problem.
pub(super) fn read(reader: &mut Reader, fields: &Fields<'_>, verb: &str) -> Option<Fact> {
    let named = |field: &&Field| fields.find(field.name).is_some();
    let name = FACTS.iter().find(named).map(|field| field.name);
    if let Some(stranger) = stranger(fields, name) {
        reader.add(of_another(stranger, verb));
        return None;
    }
    match name? {
        "process" => Some(Fact::Process {
            gone: fields.read(reader, &GONE, Reader::value),
            name: fields.read(reader, &PROCESS, Reader::line)?,
        }),
        "command" => Run::read(reader, fields).map(Fact::Command),
        "file" => {
            let gone = fields.read(reader, &GONE, Reader::value);
            let path = fields.read(reader, &FILE, Reader::line);
            let checks = reader.checks_of(fields);
            if let Some(gone) = gone.as_ref().filter(|_| !checks.is_empty()) {
                reader.add(text_of_nothing(gone));
                return None;
            }
            Some(Fact::File {
                path: path?,
                checks,
                gone,
            })
        }
        _ => Some(Fact::Clipboard {
            selection: fields.read(reader, &SELECTION, Reader::value),
            checks: fields.read(reader, &CLIPBOARD, Reader::checks)?,
        }),
    }
}

/// The first key that is for another fact than this one; without one, for any.
fn stranger<'n>(fields: &Fields<'n>, fact: Option<&str>) -> Option<&'n Spanned<String>> {
    let find = |field: &Field| fields.pair(field.name).map(|(key, _)| key);
    let gone = matches!(fact, Some("command" | "clipboard")).then(|| find(&GONE));
    let others = BESIDE.iter().filter(|(whose, _)| fact != Some(whose));
    let mut others = others.flat_map(|(_, keys)| *keys);
    gone.flatten().or_else(|| others.find_map(find))
}

/// A key that has no effect on what `verb` is about.
fn of_another(key: &Spanned<String>, verb: &str) -> Problem {
    let name = &*key.value;
    let has = |(_, keys): &&(&str, &[Field])| keys.iter().any(|key| key.name == name);
    let (whose, help) = match BESIDE.iter().find(has) {
        Some((fact @ "file", _)) => (
            format!("a {fact}"),
            format!(
                "add a `file` next to it; for a clipboard, write it inside: `clipboard: {{ {name}: \
                 … }}`"
            ),
        ),
        Some((fact, _)) => (
            format!("a {fact}"),
            format!("remove it, or add a `{fact}` next to it"),
        ),
        None => (
            "a target, a process or a file".to_owned(),
            "for a command that has to fail, use `exit-code: 1`; for a clipboard that must not \
             contain some text, use `lacks`"
                .to_owned(),
        ),
    };
    Problem::new(
        Code::UnknownKey,
        key.span,
        format!("`{name}` is for {whose}, and this `{verb}` has none"),
    )
    .label("this key has no effect here")
    .help(help)
}

fn text_of_nothing(gone: &Val<bool>) -> Problem {
    let message = "a file that has to be gone has no text";
    Problem::new(Code::TwoLooks, gone.span, message)
        .label("it contradicts what the file has to contain")
        .help("remove `gone`, or remove the checks of the text")
}
