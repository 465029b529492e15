//! `assert`: says what must hold now.

use super::{
    Action, Field, Form, NOTHING, Run, Shape, Verb, Written,
    launch::{ENVIRONMENT, FOLDER},
    run::{COMMAND, EXIT_CODE, STDERR, STDOUT},
};
use crate::scenario::{
    condition::{GONE, Sight, TARGET},
    fields::Fields,
    node::Kind,
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
}

const PROCESS: Field = Field::new(
    "process",
    Form::Line,
    "the name of a program",
    "mousepad",
    "a program that runs: one of the desktop's own processes, or any on its machine",
);

/// What is for commands alone.
const OF_COMMAND: [Field; 5] = [EXIT_CODE, STDOUT, STDERR, ENVIRONMENT, FOLDER];

static SHAPE: Shape = Shape::of_verb(
    "`assert`",
    &joined::<17>(&[
        &[TARGET, GONE],
        &AMONG_OTHERS,
        &[PROCESS, COMMAND],
        &OF_COMMAND,
    ]),
);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "assert",
    doc: "says what must hold now: a target, a window, a process, the output of a command",
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
    let (process, command) = (has(&PROCESS), has(&COMMAND));
    let kinds = usize::from(process) + usize::from(command);
    let strange = if command && !process {
        fields.pair(GONE.name)
    } else {
        OF_COMMAND.iter().find_map(|field| fields.pair(field.name))
    };
    if let Some((key, _)) = strange
        && usize::from(looks) + kinds == 1
    {
        reader.add(of_another(key));
        return None;
    }
    match (looks, process, command) {
        (true, false, false) => {
            let sight = reader.sight(fields, written.key);
            sight.map(Box::new).map(Assert::Sight)
        }
        (false, true, false) => Some(Assert::Process {
            gone: fields.read(reader, &GONE, Reader::value),
            name: fields.read(reader, &PROCESS, Reader::line)?,
        }),
        (false, false, true) => Run::read(reader, fields).map(Assert::Command),
        (false, false, false) => {
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
