//! What a file gives names to, and the defaults of its steps; a scenario and the
//! project's settings write both alike.

use crate::scenario::{
    Defaults, Missing, Names, Vars,
    fields::Fields,
    modifier::bad_name,
    node::Node,
    problem::{Code, Problem},
    reader::Reader,
    screen::RectWritten,
    shape::{Field, Form, Shape},
    source::{Span, Spanned},
    target::{self, Target},
    template,
    verb::{LIMITS, Limits},
};

pub(in crate::scenario) const VARS_FIELD: Field = Field::new(
    "vars",
    Form::Inputs,
    "a mapping of names to texts",
    "{ file: notes.txt }",
    "named texts, used as `${vars.file}`; in a part they are its inputs, and an input without \
     a value must be set with `with`",
);

pub(in crate::scenario) const SECRETS_FIELD: Field = Field::new(
    "secrets",
    Form::Lines,
    "a list of names",
    "[NOTE_PASSWORD]",
    "environment variables whose values are hidden in all reports: `${secrets.NOTE_PASSWORD}`",
);

pub(in crate::scenario) const DEFAULTS_FIELD: Field = Field::new(
    "defaults",
    Form::Mapping(&DEFAULTS),
    "a mapping",
    "{ timeout: 10s }",
    "values for steps that do not set their own",
);

pub(in crate::scenario) const REGIONS_FIELD: Field = Field::new(
    "regions",
    Form::RegionTable,
    "a mapping of names to rectangles",
    "{ clock: { x: 1180, y: 0, width: 100, height: 28 } }",
    "named rectangles of the screen",
);

pub(in crate::scenario) const TARGETS_FIELD: Field = Field::new(
    "targets",
    Form::TargetTable,
    "a mapping of names to targets",
    "{ save-button: { text: Save } }",
    "named targets",
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

/// Everything that gives a name to something, and the defaults.
pub(in crate::scenario) fn names(
    reader: &mut Reader,
    fields: &Fields<'_>,
    names: &mut Names,
    missing: &mut Missing,
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

fn regions(
    reader: &mut Reader,
    node: &Node,
    field: &Field,
) -> Option<Vec<(Spanned<String>, RectWritten)>> {
    reader.table(node, field, |reader, name, value| {
        check_place_name(reader, name);
        reader.rect(value, name.span)
    })
}

fn targets(
    reader: &mut Reader,
    node: &Node,
    field: &Field,
) -> Option<Vec<(Spanned<String>, Target)>> {
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

/// Checks that a name can be used in `${…}`.
pub(super) fn check_name(reader: &mut Reader, name: &Spanned<String>) {
    if !template::is_name(&name.value) {
        reader.add(bad_name(name));
    }
}

/// Regions and targets are named in the same places: `in: clock`.
fn check_place_name(reader: &mut Reader, name: &Spanned<String>) {
    if !target::is_name(&name.value) {
        reader.add(bad_name(name));
    }
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
