//! `assert`: says what must hold now.

use super::{
    Action, Field, Form, NOTHING, Run, Shape, Verb, Written,
    launch::{ENVIRONMENT, FOLDER},
    run::{COMMAND, EXIT_CODE, Parts, STDERR, STDOUT},
};
use crate::scenario::{
    condition::{GONE, Sight, TARGET},
    field::Fields,
    node::Kind,
    problem::{Code, Problem},
    reader::Reader,
    source::Spanned,
    target::FIELDS,
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
}

static SHAPE: Shape = Shape {
    owner: "`assert`",
    fields: &[
        TARGET,
        GONE,
        FIELDS[1],
        FIELDS[2],
        FIELDS[3],
        FIELDS[4],
        FIELDS[5],
        FIELDS[6],
        FIELDS[8],
        FIELDS[9],
        Field::new(
            "process",
            Form::Line,
            "the name of a program",
            "mousepad",
            "a program that runs: one of the desktop's own processes, or any on its machine",
        ),
        COMMAND,
        EXIT_CODE,
        STDOUT,
        STDERR,
        ENVIRONMENT,
        FOLDER,
    ],
    required: &[],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "assert",
    doc: "says what must hold now: a target, a window, a process, the output of a command",
    shape: &SHAPE,
    short: Some("target"),
    bare: false,
    beside: &NOTHING,
    example: "assert: { text: Saved }",
    needs: &[],
    read,
};

/// The keys of which an assert has one, beside those of a target.
const KINDS: [&str; 2] = ["process", "command"];

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let mapping = written
        .argument
        .filter(|node| matches!(node.kind, Kind::Mapping(_)));
    let assert = if let Some(node) = mapping {
        let fields = reader.fields(node, &SHAPE, written.key)?;
        of_fields(reader, &fields, written)?
    } else {
        let target = written.field(reader, "target", Reader::target, |_, _| ())?;
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
    let has = |name: &str| fields.find(name).is_some();
    let looks = has("target") || FIELDS.iter().any(|field| has(field.name));
    let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| has(kind)).collect();
    let of_command = ["exit-code", "stdout", "stderr", "environment", "folder"];
    let strange = match kinds[..] {
        ["command"] => fields.pair("gone"),
        _ => of_command.iter().find_map(|name| fields.pair(name)),
    };
    if let Some((key, _)) = strange
        && usize::from(looks) + kinds.len() == 1
    {
        reader.add(of_another(key));
        return None;
    }
    match (looks, &kinds[..]) {
        (true, []) => {
            let sight = reader.sight(fields, written.key);
            sight.map(Box::new).map(Assert::Sight)
        }
        (false, ["process"]) => Some(Assert::Process {
            gone: fields.read(reader, "gone", Reader::value),
            name: fields.read(reader, "process", Reader::line)?,
        }),
        (false, ["command"]) => {
            let parts = Parts::read(reader, fields);
            let line = fields.read(reader, "command", Reader::filled_text)?;
            Some(Assert::Command(parts.run(line)))
        }
        (false, []) => {
            reader.add(nothing(written));
            None
        }
        _ => {
            reader.add(several(written));
            None
        }
    }
}

fn nothing(written: &Written<'_>) -> Problem {
    let span = written.argument.map_or(written.key, |node| node.span);
    Problem::new(Code::MissingKey, span, "nothing to assert is named here")
        .label("a target, `process` or `command` is missing")
        .help("write `- assert: { text: Saved }` or `- assert: { process: mousepad }`")
}

fn of_another(key: &Spanned<String>) -> Problem {
    let name = &key.value;
    let (whose, help) = if name == "gone" {
        (
            "a target or a process",
            "a command that has to fail: `exit-code: 1`",
        )
    } else {
        ("a command", "leave it out, or assert a `command`")
    };
    Problem::new(
        Code::UnknownKey,
        key.span,
        format!("`{name}` is for {whose}, and this `assert` has none"),
    )
    .label("nothing that it could be about")
    .help(help)
}

fn several(written: &Written<'_>) -> Problem {
    let span = written.argument.map_or(written.key, |node| node.span);
    Problem::new(Code::TwoLooks, span, "an `assert` looks at one thing")
        .label("several things")
        .help("give each a step of its own")
}
