//! The top level of a scenario's file.

use std::sync::Arc;

use super::{
    Defaults, Matrix, Missing, Reading, Scenario, Vars, defect,
    fields::Fields,
    modifier::{MODIFIERS, bad_name},
    node::{Kind, Node},
    notation::{Package, wrong_type_of},
    problem::{Code, Findings, Problem, shown},
    reader::{Named, Reader, not_of_type},
    shape::{Field, Form, Shape, joined},
    source::{Source, Span, Spanned},
    target, template,
    template::{Template, Txt},
    verb::{LIMITS, Limits, Step, step},
    yaml,
};
use crate::{language::Language, profile::Profile};

const VERSION: Field = Field::new(
    "version",
    Form::Integer { least: 1, most: 1 },
    "a whole number",
    "1",
    "the version of the language",
)
.required();

pub(super) const DESKTOP_FIELD: Field = Field::new(
    "desktop",
    Form::Mapping(&DESKTOP),
    "a mapping",
    "{ size: 1280x800 }",
    "the desktop to play on",
);

pub(super) const VARS_FIELD: Field = Field::new(
    "vars",
    Form::Inputs,
    "a mapping of names to texts",
    "{ file: notes.txt }",
    "named texts, used as `${vars.file}`; in a part they are its inputs, and an input without \
     a value must be set with `with`",
);

pub(super) const SECRETS_FIELD: Field = Field::new(
    "secrets",
    Form::Lines,
    "a list of names",
    "[NOTE_PASSWORD]",
    "environment variables whose values are hidden in all reports: `${secrets.NOTE_PASSWORD}`",
);

pub(super) const DEFAULTS_FIELD: Field = Field::new(
    "defaults",
    Form::Mapping(&DEFAULTS),
    "a mapping",
    "{ timeout: 10s }",
    "values for steps that do not set their own",
);

pub(super) const REGIONS_FIELD: Field = Field::new(
    "regions",
    Form::RegionTable,
    "a mapping of names to rectangles",
    "{ clock: { x: 1180, y: 0, width: 100, height: 28 } }",
    "named rectangles of the screen",
);

pub(super) const TARGETS_FIELD: Field = Field::new(
    "targets",
    Form::TargetTable,
    "a mapping of names to targets",
    "{ save-button: { text: Save } }",
    "named targets",
);

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
    "what the scenario uses alone: two scenarios that share a name here are never played at \
     the same time on one machine",
);

const MATRIX: Field = Field::new(
    "matrix",
    Form::Matrix,
    "a list of rows",
    "[{ user: ann }, { user: bob }]",
    "plays the scenario once for each row, as a separate test case, with the row's texts as \
     `${matrix.user}`; a mapping of lists means all combinations",
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

const BELOW_NAME: [Field; 15] = [
    DESCRIPTION,
    OWNER,
    TAGS,
    RETRIES,
    EXCLUSIVE,
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
    &joined::<17>(&[&[VERSION, NAME.required()], &BELOW_NAME]),
);

/// The same for a file that only other files use: it needs no name.
pub static PART: Shape = Shape::new("a part", &joined::<17>(&[&[VERSION, NAME], &BELOW_NAME]));

const SIZE: Field = Field::new(
    "size",
    Form::Size,
    "a size",
    "1280x800",
    "the size of the screen in pixels; 1440x900 by default",
);

const PROFILE: Field = Field::new(
    "profile",
    Form::Choice(&Profile::NAMES),
    "`xfce` or `bare`",
    "bare",
    "what runs on the desktop: all of XFCE, or only a window manager on a plain background",
);

const ENVIRONMENT: Field = Field::new(
    "environment",
    Form::Variables,
    "a mapping of names to texts",
    "{ LANG: de_DE.UTF-8 }",
    "additional environment variables of the session",
);

const LANGUAGES: Field = Field::new(
    "languages",
    Form::Languages,
    "a list of ISO 639-2 language codes such as `deu`",
    "[deu, fra]",
    "the languages of the text on the screen, in addition to English",
);

const PACKAGES: Field = Field::new(
    "packages",
    Form::Packages,
    "a list of Debian packages",
    "[galculator]",
    "the packages of the programs that the scenario launches, in addition to those of \
     `deskhand.yaml`",
);

/// The keys of `desktop`.
pub static DESKTOP: Shape = Shape::new(
    "`desktop`",
    &[SIZE, PROFILE, ENVIRONMENT, LANGUAGES, PACKAGES],
);

const TIMEOUT: Field = Field::new(
    "timeout",
    Form::Duration,
    "a duration",
    "10s",
    "how long a step may take",
);

const SCREENSHOT: Field = Field::new(
    "screenshot",
    Form::Mapping(&LIMITS),
    "a mapping",
    "{ tolerance: 10% }",
    "how screenshots are compared",
);

/// The keys of `defaults`.
pub static DEFAULTS: Shape = Shape::new("`defaults`", &[TIMEOUT, SCREENSHOT]);

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
    let scenario = scenario(&mut reader, source, (&root, role));
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
    (root, role): (&Node, Role),
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
        ..Scenario::empty(source, root.span)
    };
    let mut missing = Missing::default();
    let before = reader.seen();
    if let Some(desktop) = fields.read(reader, &DESKTOP_FIELD, desktop) {
        scenario.desktop = desktop;
    }
    missing.size = reader.seen() > before;
    names(reader, &fields, (&mut scenario.names, &mut missing));
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

/// Everything that gives a name to something, and the defaults.
pub(super) fn names(
    reader: &mut Reader,
    fields: &Fields<'_>,
    (names, missing): (&mut super::Names, &mut Missing),
) {
    let before = reader.seen();
    names.vars = fields.read(reader, &VARS_FIELD, vars).unwrap_or_default();
    names.secrets = fields
        .read(reader, &SECRETS_FIELD, secrets)
        .unwrap_or_default();
    missing.names |= reader.seen() > before;
    names.defaults = fields
        .read(reader, &DEFAULTS_FIELD, defaults)
        .unwrap_or_default();
    let before = reader.seen();
    names.regions = fields
        .read(reader, &REGIONS_FIELD, regions)
        .unwrap_or_default();
    missing.regions = reader.seen() > before;
    let before = reader.seen();
    names.targets = fields
        .read(reader, &TARGETS_FIELD, targets)
        .unwrap_or_default();
    missing.targets = reader.seen() > before;
    for (name, _) in &names.targets {
        let same = names
            .regions
            .iter()
            .find(|(other, _)| other.value == name.value);
        if let Some((first, _)) = same {
            reader.add(named_twice(name, first.span));
        }
    }
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

pub(super) fn desktop(
    reader: &mut Reader,
    node: &Node,
    _: &Field,
) -> Option<super::DesktopWritten> {
    let fields = reader.fields(node, &DESKTOP, node.span)?;
    Some(super::DesktopWritten {
        size: fields.read(reader, &SIZE, Reader::value),
        profile: fields.read(reader, &PROFILE, Reader::value),
        environment: fields
            .read(reader, &ENVIRONMENT, Reader::texts)
            .unwrap_or_default(),
        languages: fields.read(reader, &LANGUAGES, |reader, node, field| {
            reader.entries(node, field, Reader::value::<Language>)
        }),
        packages: fields
            .read(reader, &PACKAGES, |reader, node, field| {
                reader.entries(node, field, Reader::value::<Package>)
            })
            .unwrap_or_default(),
    })
}

fn defaults(reader: &mut Reader, node: &Node, _: &Field) -> Option<Defaults> {
    let fields = reader.fields(node, &DEFAULTS, node.span)?;
    let limits = |reader: &mut Reader, node: &Node, _: &Field| {
        let fields = reader.fields(node, &LIMITS, node.span)?;
        Some(Limits::read(reader, &fields))
    };
    Some(Defaults {
        timeout: fields.read(reader, &TIMEOUT, Reader::value),
        screenshot: fields.read(reader, &SCREENSHOT, limits).unwrap_or_default(),
    })
}

/// Holds a name that `${…}` has to be able to name against that.
fn check_name(reader: &mut Reader, name: &Spanned<String>) {
    if !template::is_name(&name.value) {
        reader.add(bad_name(name));
    }
}

fn vars(reader: &mut Reader, node: &Node, field: &Field) -> Option<Vars> {
    let entry = Field {
        takes: "a text",
        example: "text",
        ..*field
    };
    reader.table(node, field, |reader, name, value| {
        check_name(reader, name);
        if value.is_nothing() {
            return Some(None);
        }
        reader.named_entry(name, value, &entry).map(Some)
    })
}

fn secrets(reader: &mut Reader, node: &Node, field: &Field) -> Option<Vec<Spanned<String>>> {
    let entry = Field {
        takes: "a name",
        ..*field
    };
    let items = reader.list(node, field)?;
    Some(
        items
            .iter()
            .filter_map(|item| reader.secret(item, &entry))
            .collect(),
    )
}

fn regions(
    reader: &mut Reader,
    node: &Node,
    field: &Field,
) -> Option<Vec<(Spanned<String>, super::RectWritten)>> {
    reader.table(node, field, |reader, name, value| {
        check_place_name(reader, name);
        reader.rect(value, name.span)
    })
}

fn targets(
    reader: &mut Reader,
    node: &Node,
    field: &Field,
) -> Option<Vec<(Spanned<String>, target::Target)>> {
    let entry = Field {
        form: Form::Target,
        takes: "a target",
        example: "{ text: Save }",
        ..*field
    };
    reader.table(node, field, |reader, name, value| {
        check_place_name(reader, name);
        reader.target(value, &entry)
    })
}

/// Regions and targets are named in the same places: `in: clock`.
fn check_place_name(reader: &mut Reader, name: &Spanned<String>) {
    if !target::is_name(&name.value) {
        reader.add(bad_name(name));
    }
}

fn matrix(reader: &mut Reader, node: &Node, field: &Field) -> Option<Matrix> {
    match &node.kind {
        Kind::Sequence(items) if !items.is_empty() => {
            let row = |reader: &mut Reader, node: &Node, field: &Field| {
                let row: Vec<Named> = reader.texts(node, field)?;
                for (name, _) in &row {
                    check_name(reader, name);
                }
                Some((node.span, row))
            };
            reader.entries(node, field, row).map(Matrix::Rows)
        }
        Kind::Mapping(pairs) if !pairs.is_empty() => {
            let entry = Field {
                takes: "a list of at least one text",
                example: "[ann, bob]",
                ..*field
            };
            let axes = reader.table(node, field, |reader, name, value| {
                check_name(reader, name);
                if let Some(problem) = no_axis(&name.value, value, &entry) {
                    reader.add(problem);
                    return None;
                }
                reader.entries(value, &entry, Reader::entry)
            });
            axes.map(Matrix::Axes)
        }
        _ => {
            reader.add(not_of_type(node, field, field.example));
            None
        }
    }
}

/// The problem of a name of the matrix that does not have a list of texts.
fn no_axis(name: &str, value: &Node, entry: &Field) -> Option<Problem> {
    let is_text = |item: &Node| matches!(item.kind, Kind::Scalar(_));
    let (described, meant) = match &value.kind {
        Kind::Sequence(items) if items.is_empty() => (value.describe(), None),
        Kind::Sequence(items) if items.iter().all(is_text) => return None,
        Kind::Sequence(_) => ("a list of something else".to_owned(), None),
        Kind::Scalar(scalar) if !value.is_nothing() => (value.describe(), Some(&scalar.text)),
        _ => (value.describe(), None),
    };
    let meant = meant.map_or_else(
        || entry.example.to_owned(),
        |text| format!("[{}]", shown(text, 40)),
    );
    let place = (value.span, &*described);
    Some(wrong_type_of(name, entry, place, &meant))
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

fn named_twice(name: &Spanned<String>, first: Span) -> Problem {
    Problem::new(
        Code::DuplicateName,
        name.span,
        format!("a region and a target are both named `{}`", name.value),
    )
    .label("`in` could mean either")
    .related(first, "the region")
    .help("rename one of the two")
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
