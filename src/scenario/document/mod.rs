//! The top level of a scenario's file.

mod desktop;
mod matrix;
mod memory;
mod names;

use std::sync::Arc;

use self::matrix::{MATRIX, matrix};
pub(crate) use self::memory::Memory;
pub use self::{desktop::DESKTOP, names::DEFAULTS};
pub(super) use self::{
    desktop::{DESKTOP_FIELD, desktop},
    names::{DEFAULTS_FIELD, REGIONS_FIELD, SECRETS_FIELD, TARGETS_FIELD, VARS_FIELD, names},
};
use super::{
    Missing, Reading, Scenario, defect,
    fields::Fields,
    modifier::MODIFIERS,
    node::{Kind, Node},
    problem::{Code, Findings, Problem},
    reader::Reader,
    shape::{Field, Form, Shape, joined},
    source::{Source, Span, Spanned},
    template::{Template, Txt},
    verb::{Step, step},
    yaml,
};

/// For whom a scenario is played.
const PACES: [&str; 2] = ["test", "demo"];

const VERSION: Field = Field::new(
    "version",
    Form::Integer { least: 1, most: 1 },
    "a whole number",
    "1",
    "the version of the language",
)
.required();

const NAME: Field = Field::new(
    "name",
    Form::Line,
    "one line of text",
    "A note is saved",
    "the name of the test case in reports",
);

const DESCRIPTION: Field = Field::new(
    "description",
    Form::Text,
    "a text",
    "Saves a note and looks at it",
    "what the scenario tests",
);

const OWNER: Field = Field::new(
    "owner",
    Form::Line,
    "one line of text",
    "editor team",
    "who maintains the scenario",
);

const TAGS: Field = Field::new(
    "tags",
    Form::Lines,
    "a list of words",
    "[smoke]",
    "words to group scenarios by",
);

pub(super) const RETRIES: Field = Field::new(
    "retries",
    Form::Integer { least: 0, most: 10 },
    "a whole number from 0 to 10",
    "1",
    "how often to try a scenario again, on a fresh desktop, if it does not pass; one that \
     passes then is `flaky`",
);

const EXCLUSIVE: Field = Field::new(
    "exclusive",
    Form::Lines,
    "a list of names",
    "[port-8080]",
    "what the scenario needs for itself: two scenarios of a run that share a name here are never \
     played at the same time on one machine",
);

const PACE: Field = Field::new(
    "pace",
    Form::Choice(&PACES),
    "`test` or `demo`",
    "demo",
    "for whom it is played: `test`, as fast as the desktop responds, or `demo`, as a person \
     would, for an audience",
);

const SETUP: Field = Field::new(
    "setup",
    Form::Steps,
    "a list of steps",
    "[wait-ready]",
    "steps that are played first",
);

const STEPS: Field = Field::new(
    "steps",
    Form::Steps,
    "a list of steps",
    "[wait-ready]",
    "the steps of the scenario",
)
.required();

const TEARDOWN: Field = Field::new(
    "teardown",
    Form::Steps,
    "a list of steps",
    "[press: Escape]",
    "steps that are always played at the end",
);

const BELOW_NAME: [Field; 16] = [
    DESCRIPTION,
    OWNER,
    TAGS,
    RETRIES,
    EXCLUSIVE,
    PACE,
    DESKTOP_FIELD,
    VARS_FIELD,
    SECRETS_FIELD,
    DEFAULTS_FIELD,
    REGIONS_FIELD,
    TARGETS_FIELD,
    MATRIX,
    SETUP,
    STEPS,
    TEARDOWN,
];

/// The keys of a scenario's file.
pub static TOP: Shape = Shape::new(
    "a scenario",
    &joined::<18>(&[&[VERSION, NAME.required()], &BELOW_NAME]),
);

/// The same for a file that only other files use: it needs no name.
pub static PART: Shape = Shape::new("a part", &joined::<18>(&[&[VERSION, NAME], &BELOW_NAME]));

/// What a file is read as.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Role {
    /// A scenario that is played.
    Scenario,
    /// Steps for other files to use.
    Part,
}

pub(super) fn read(source: &Arc<Source>, role: Role) -> Reading {
    let (root, findings) = root(source, empty_file);
    let Some(root) = root else {
        return Reading {
            scenario: None,
            problems: findings,
        };
    };
    let mut reader = Reader::new(source, &MODIFIERS, findings);
    let scenario = scenario(&mut reader, source, &root, role);
    Reading {
        scenario,
        problems: reader.finish(),
    }
}

/// The one value of a file, unless there is none to read.
pub(super) fn root(
    source: &Arc<Source>,
    empty: impl FnOnce() -> Problem,
) -> (Option<Node>, Findings) {
    let mut findings = Findings::default();
    if let Some(defect) = source.defect() {
        findings.add(defect::explain(source, defect));
        return (None, findings);
    }
    let root = yaml::read(source, &mut findings).filter(|root| !root.is_nothing());
    if root.is_none() && findings.seen() == 0 {
        findings.add(empty());
    }
    (root, findings)
}

fn scenario(
    reader: &mut Reader,
    source: &Arc<Source>,
    root: &Node,
    role: Role,
) -> Option<(Scenario, Missing)> {
    if let Kind::Sequence(_) = &root.kind {
        reader.add(only_a_list(root));
        return None;
    }
    let shape = match role {
        Role::Scenario => &TOP,
        Role::Part => &PART,
    };
    // What is missing is missing at the first line, not at all of them.
    let fields = reader.fields(root, shape, source.first_line_of(root.span))?;
    fields.read(reader, &VERSION, version);
    let nameless = || Spanned::new(Template::default(), source.first_line_of(root.span));
    let name = fields.read(reader, &NAME, Reader::line);
    let mut scenario = Scenario {
        name: name.unwrap_or_else(nameless),
        description: fields.read(reader, &DESCRIPTION, Reader::text),
        owner: fields.read(reader, &OWNER, Reader::line),
        tags: fields.read(reader, &TAGS, lines).unwrap_or_default(),
        retries: fields.read(reader, &RETRIES, Reader::value),
        exclusive: fields.read(reader, &EXCLUSIVE, lines).unwrap_or_default(),
        pace: fields.read(reader, &PACE, Reader::value),
        ..Scenario::empty(source, root.span)
    };
    let mut missing = Missing::default();
    let before = reader.seen();
    if let Some(desktop) = fields.read(reader, &DESKTOP_FIELD, desktop) {
        scenario.desktop = desktop;
    }
    missing.size = reader.seen() > before;
    names(reader, &fields, &mut scenario.names, &mut missing);
    let before = reader.seen();
    scenario.matrix = fields.read(reader, &MATRIX, matrix);
    missing.names |= reader.seen() > before;
    if role == Role::Part {
        refuse_in_part(reader, &fields);
    }
    let before = reader.seen();
    fields.read(reader, &STEPS, |reader, node, field| {
        some_steps(reader, node, field);
        Some(())
    });
    scenario.setup = steps(reader, &fields, &SETUP);
    scenario.steps = steps(reader, &fields, &STEPS);
    scenario.teardown = steps(reader, &fields, &TEARDOWN);
    missing.steps = reader.seen() > before;
    Some((scenario, missing))
}

fn steps(reader: &mut Reader, fields: &Fields<'_>, field: &Field) -> Vec<Step> {
    let read =
        |reader: &mut Reader, node: &Node, field: &Field| Some(step::read_all(reader, node, field));
    fields.read(reader, field, read).unwrap_or_default()
}

pub(super) fn version(reader: &mut Reader, node: &Node, field: &Field) -> Option<()> {
    let any = Field {
        form: Form::Integer {
            least: i64::MIN,
            most: i64::MAX,
        },
        ..*field
    };
    let number = reader.value::<i64>(node, &any)?;
    let written = number.value.known().copied();
    if written != Some(1) {
        let written = written.map_or_else(|| "a name".to_owned(), |number| number.to_string());
        let message = format!(
            "this version of Deskhand supports version 1 of the language, \
                               not {written}"
        );
        reader.add(
            Problem::new(Code::WrongVersion, number.span, message)
                .label("this is the version of the language, not of the scenario")
                .help("write `version: 1`"),
        );
    }
    Some(())
}

fn lines(reader: &mut Reader, node: &Node, field: &Field) -> Option<Vec<Txt>> {
    let items = reader.list(node, field)?;
    Some(
        items
            .iter()
            .filter_map(|item| reader.line(item, field))
            .collect(),
    )
}

fn some_steps(reader: &mut Reader, node: &Node, field: &Field) {
    if matches!(&node.kind, Kind::Sequence(items) if items.is_empty()) {
        reader.add(
            Problem::new(
                Code::MissingValue,
                node.span,
                "there must be at least one step",
            )
            .label("this list is empty")
            .help(format!("write `{}`", field.line())),
        );
    }
}

/// What only a scenario of its own can have.
fn refuse_in_part(reader: &mut Reader, fields: &Fields<'_>) {
    for name in [
        "retries",
        "exclusive",
        "pace",
        "desktop",
        "matrix",
        "setup",
        "teardown",
    ] {
        if let Some((key, _)) = fields.pair(name) {
            reader.add(not_in_part(key));
        }
    }
}

fn not_in_part(key: &Spanned<String>) -> Problem {
    Problem::new(
        Code::NoPart,
        key.span,
        format!("a part (a file for `use`) cannot have `{}`", key.value),
    )
    .label("this belongs in the scenario that uses the part")
    .help(
        "move it there; a part can have `vars`, `secrets`, `defaults`, `regions`, `targets` and \
         `steps`",
    )
}

fn only_a_list(root: &Node) -> Problem {
    Problem::new(
        Code::WrongType,
        root.span,
        "a scenario must be a mapping, but this file is a list",
    )
    .label("the list begins here")
    .help(
        "put the steps below their key:\nversion: 1\nname: A note is saved\nsteps:\n  - wait-ready",
    )
}

fn empty_file() -> Problem {
    Problem::new(
        Code::EmptyFile,
        Span::default(),
        "this file contains no scenario",
    )
    .label("only spaces and comments")
    .help("a scenario begins like this:\nversion: 1\nname: A note is saved\nsteps:\n  - wait-ready")
}
