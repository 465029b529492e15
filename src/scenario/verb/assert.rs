//! `assert`: checks what must be true now.

use super::{Action, Fact, NOTHING, Shape, Verb, Written, fact};
use crate::scenario::{
    condition::{GONE, Sight, TARGET},
    fields::Fields,
    node::Kind,
    problem::{Code, Problem},
    reader::Reader,
    shape::{Field, joined},
    target::{AMONG_OTHERS, FIELDS},
};

/// What must be true now.
#[derive(Clone, Debug)]
pub enum Assert {
    /// A target is there, or is not.
    Sight(Box<Sight>),
    /// A fact apart from the screen.
    Fact(Fact),
}

static SHAPE: Shape = Shape::of_verb(
    "`assert`",
    &joined::<{ 2 + AMONG_OTHERS.len() + fact::KEYS.len() }>(&[
        &[TARGET, GONE],
        &AMONG_OTHERS,
        &fact::KEYS,
    ]),
);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "assert",
    doc: "checks once that something is true: a target, a process, the result of a command, a \
          file, or the text on the clipboard",
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
    match (looks, fact::count(fields)) {
        (false, 0) => {
            reader.add(nothing(written));
            None
        }
        (false, 1) => fact::read(reader, fields, "assert").map(Assert::Fact),
        (true, 0) => {
            fact::read(reader, fields, "assert");
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
        .label("a target, `process`, `command`, `file` or `clipboard` is missing")
        .help("write `- assert: { text: Saved }` or `- assert: { process: mousepad }`")
}

fn several(written: &Written<'_>) -> Problem {
    let span = written.argument.map_or(written.key, |node| node.span);
    Problem::new(Code::TwoLooks, span, "an `assert` checks only one thing")
        .label("this `assert` has several")
        .help("write a separate step for each")
}
