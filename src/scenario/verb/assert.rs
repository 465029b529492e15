//! `assert`: says what must hold now.

use super::{
    Action, Field, Form, NOTHING, Run, Shape, Verb, Written,
    clipboard::SELECTION,
    launch::{ENVIRONMENT, FOLDER},
    run::{COMMAND, EXIT_CODE, STDERR, STDOUT},
};
use crate::scenario::{
    condition::{Check, GONE, Sight, TARGET},
    fields::Fields,
    node::Kind,
    notation::Choice,
    problem::{Code, Problem},
    reader::Reader,
    shape::joined,
    source::Spanned,
    target::{AMONG_OTHERS, FIELDS},
    template::{Txt, Val},
};

/// What must hold now.
#[derive(Clone, Debug)]
pub enum Assert {
    /// A target is there, or is not.
    Sight(Box<Sight>),
    /// A process runs, or does not.
    Process {
        /// Its name.
        name: Txt,
        /// Whether it has to be gone.
        gone: Option<Val<bool>>,
    },
    /// A command ends and writes as expected.
    Command(Run),
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
    "a running program: a desktop process, or any process of the desktop's machine",
);

const CLIPBOARD: Field = Field::new(
    "clipboard",
    Form::Check,
    "a text or a mapping of checks",
    "{ contains: Hello }",
    "the text on the clipboard",
);

/// What is for commands alone.
const OF_COMMAND: [Field; 5] = [EXIT_CODE, STDOUT, STDERR, ENVIRONMENT, FOLDER];

static SHAPE: Shape = Shape::of_verb(
    "`assert`",
    &joined::<19>(&[
        &[TARGET, GONE],
        &AMONG_OTHERS,
        &[PROCESS, COMMAND],
        &OF_COMMAND,
        &[CLIPBOARD, SELECTION],
    ]),
);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "assert",
    doc: "checks once that something is true: a target, a process, the result of a command, or \
          the text on the clipboard",
    shape: &SHAPE,
    short: Some(TARGET),
    bare: false,
    beside: &NOTHING,
    example: "assert: { text: Saved }",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let mapping = written
        .argument
        .filter(|node| matches!(node.kind, Kind::Mapping(_)));
    let assert = if let Some(node) = mapping {
        let fields = reader.fields(node, &SHAPE, written.key)?;
        of_fields(reader, &fields, written)?
    } else {
        let target = written
            .fields(reader)?
            .read(reader, &TARGET, Reader::target)?;
        Assert::Sight(Box::new(Sight { target, gone: None }))
    };
    if let Assert::Sight(sight) = &assert
        && sight.target.is_place()
    {
        reader.add(nothing(written));
    }
    (reader.seen() == before).then(|| Action::Assert(Box::new(assert)))
}

fn of_fields(reader: &mut Reader, fields: &Fields<'_>, written: &Written<'_>) -> Option<Assert> {
    let has = |field: &Field| fields.find(field.name).is_some();
    let looks = has(&TARGET) || FIELDS.iter().any(has);
    let (process, command, clipboard) = (has(&PROCESS), has(&COMMAND), has(&CLIPBOARD));
    let kinds = [looks, process, command, clipboard];
    let kinds = kinds.into_iter().filter(|is_there| *is_there).count();
    let stranger = |field: &Field| fields.pair(field.name);
    let strange = [
        (command || clipboard).then(|| stranger(&GONE)),
        (!command).then(|| OF_COMMAND.iter().find_map(stranger)),
        (!clipboard).then(|| stranger(&SELECTION)),
    ];
    if let Some((key, _)) = strange.into_iter().flatten().flatten().next()
        && kinds == 1
    {
        reader.add(of_another(key));
        return None;
    }
    match kinds {
        0 => {
            reader.add(nothing(written));
            None
        }
        1 if process => Some(Assert::Process {
            gone: fields.read(reader, &GONE, Reader::value),
            name: fields.read(reader, &PROCESS, Reader::line)?,
        }),
        1 if command => Run::read(reader, fields).map(Assert::Command),
        1 if clipboard => Some(Assert::Clipboard {
            selection: fields.read(reader, &SELECTION, Reader::value),
            checks: fields.read(reader, &CLIPBOARD, Reader::checks)?,
        }),
        1 => {
            let sight = reader.sight(fields, written.key);
            sight.map(Box::new).map(Assert::Sight)
        }
        _ => {
            reader.add(several(written));
            None
        }
    }
}

fn nothing(written: &Written<'_>) -> Problem {
    let span = written.argument.map_or(written.key, |node| node.span);
    Problem::new(Code::MissingKey, span, "this `assert` has nothing to check")
        .label("a target, `process`, `command` or `clipboard` is missing")
        .help("write `- assert: { text: Saved }` or `- assert: { process: mousepad }`")
}

fn of_another(key: &Spanned<String>) -> Problem {
    let name = &key.value;
    let (whose, help) = match &**name {
        "gone" => (
            "a target or a process",
            "for a command that has to fail, use `exit-code: 1`; for a clipboard that must not \
             contain some text, use `lacks`",
        ),
        "selection" => ("a clipboard", "remove it, or assert a `clipboard`"),
        _ => ("a command", "remove it, or assert a `command`"),
    };
    Problem::new(
        Code::UnknownKey,
        key.span,
        format!("`{name}` is for {whose}, and this `assert` has none"),
    )
    .label("this key has no effect here")
    .help(help)
}

fn several(written: &Written<'_>) -> Problem {
    let span = written.argument.map_or(written.key, |node| node.span);
    Problem::new(Code::TwoLooks, span, "an `assert` checks only one thing")
        .label("this `assert` has several")
        .help("write a separate step for each")
}
