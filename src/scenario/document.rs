//! The top level of a scenario's file.

use std::sync::Arc;

use super::{
    Defaults, Missing, Reading, Region, Scenario, defect,
    field::{Field, Fields, Shape},
    node::{Kind, Node},
    problem::{Code, Findings, Problem, ticked},
    reader::Reader,
    screen::Area,
    source::{Source, Span, Spanned},
    step::{self, Step},
    verb::{Action, LIMITS, Limits},
    yaml,
};

/// The keys of a scenario's file.
pub static TOP: Shape = Shape {
    owner: "a scenario",
    fields: &[
        Field::new(
            "version",
            "a whole number",
            "1",
            "the version of the language",
        ),
        Field::new(
            "name",
            "a text of one line",
            "A note is saved",
            "what the scenario shows",
        ),
        Field::new(
            "description",
            "a text",
            "Saves a note and looks at it",
            "what it is about",
        ),
        Field::new(
            "owner",
            "a text of one line",
            "editor team",
            "who cares for it",
        ),
        Field::new(
            "tags",
            "a list of words",
            "[smoke]",
            "free words to choose scenarios by",
        ),
        Field::new(
            "desktop",
            "a mapping",
            "{ size: 1280x800 }",
            "the desktop that it is played on",
        ),
        Field::new(
            "defaults",
            "a mapping",
            "{ timeout: 10s }",
            "what holds where a step says nothing",
        ),
        Field::new(
            "regions",
            "a mapping of names to rectangles",
            "{ clock: { x: 1180, y: 0, width: 100, height: 28 } }",
            "named parts of the screen",
        ),
        Field::new(
            "setup",
            "a list of steps",
            "[wait-ready]",
            "steps to play first",
        ),
        Field::new(
            "steps",
            "a list of steps",
            "[wait-ready]",
            "the steps of the scenario",
        ),
        Field::new(
            "teardown",
            "a list of steps",
            "[press: Escape]",
            "steps that are always played at the end",
        ),
    ],
    later: &["vars", "secrets", "targets", "matrix"],
};

/// The keys of `desktop`.
pub static DESKTOP: Shape = Shape {
    owner: "`desktop`",
    fields: &[Field::new(
        "size",
        "a size",
        "1280x800",
        "the size of the screen in pixels",
    )],
    later: &["profile", "environment"],
};

/// The keys of `defaults`.
pub static DEFAULTS: Shape = Shape {
    owner: "`defaults`",
    fields: &[
        Field::new("timeout", "a duration", "10s", "how long a step may take"),
        Field::new(
            "screenshot",
            "a mapping",
            "{ tolerance: 10% }",
            "how screenshots are compared",
        ),
    ],
    later: &[],
};

/// The smallest and the largest screen, width and height.
const SMALLEST: u32 = 320;
const LARGEST: (u32, u32) = (7680, 4320);

pub(super) fn read(source: &Arc<Source>) -> Reading {
    let mut findings = Findings::default();
    if let Some(defect) = source.defect() {
        findings.add(defect::explain(source, defect));
        return Reading {
            scenario: None,
            problems: findings,
        };
    }
    let before = findings.seen();
    let Some(root) = yaml::read(source, &mut findings).filter(|root| !root.is_nothing()) else {
        if findings.seen() == before {
            findings.add(empty_file());
        }
        return Reading {
            scenario: None,
            problems: findings,
        };
    };
    let mut reader = Reader::new(source, findings);
    let scenario = scenario(&mut reader, source, &root);
    let mut problems = reader.finish();
    if let Some((scenario, _)) = &scenario
        && problems.seen() == before
    {
        for region in unused_regions(scenario) {
            problems.add(unused_region(region));
        }
    }
    Reading { scenario, problems }
}

fn scenario(reader: &mut Reader, source: &Arc<Source>, root: &Node) -> Option<(Scenario, Missing)> {
    if let Kind::Sequence(_) = &root.kind {
        reader.add(only_a_list(root));
        return None;
    }
    // What is missing is missing at the first line, not at all of them.
    let fields = reader.fields(root, &TOP, source.first_line_of(root.span))?;
    fields.require(reader, "version", version);
    let nameless = || Spanned::new(String::new(), root.span);
    let name = fields.require(reader, "name", Reader::line);
    let mut scenario = Scenario {
        source: Arc::clone(source),
        name: name.unwrap_or_else(nameless),
        description: fields.read(reader, "description", Reader::text),
        owner: fields.read(reader, "owner", Reader::line),
        tags: fields.read(reader, "tags", tags).unwrap_or_default(),
        size: None,
        defaults: fields
            .read(reader, "defaults", defaults)
            .unwrap_or_default(),
        regions: Vec::new(),
        setup: Vec::new(),
        steps: Vec::new(),
        teardown: Vec::new(),
    };
    let mut missing = Missing::default();
    let before = reader.seen();
    scenario.size = fields.read(reader, "desktop", desktop);
    missing.size = reader.seen() > before;
    let before = reader.seen();
    scenario.regions = fields.read(reader, "regions", regions).unwrap_or_default();
    missing.regions = reader.seen() > before;
    let before = reader.seen();
    required_steps(reader, &fields);
    scenario.setup = steps(reader, &fields, "setup");
    scenario.steps = steps(reader, &fields, "steps");
    scenario.teardown = steps(reader, &fields, "teardown");
    missing.steps = reader.seen() > before;
    Some((scenario, missing))
}

fn steps(reader: &mut Reader, fields: &Fields<'_>, name: &str) -> Vec<Step> {
    let read =
        |reader: &mut Reader, node: &Node, field: &Field| Some(step::read_all(reader, node, field));
    fields.read(reader, name, read).unwrap_or_default()
}

fn version(reader: &mut Reader, node: &Node, field: &Field) -> Option<()> {
    let number = reader.integer(node, field, (i64::MIN, i64::MAX))?;
    if number.value != 1 {
        let message = format!(
            "this Deskhand plays version 1 of the language, not {}",
            number.value
        );
        reader.add(
            Problem::new(Code::WrongVersion, number.span, message)
                .label("the version of the language, not of the scenario")
                .help("write `version: 1`"),
        );
    }
    Some(())
}

fn tags(reader: &mut Reader, node: &Node, field: &Field) -> Option<Vec<Spanned<String>>> {
    let items = reader.list(node, field)?;
    Some(
        items
            .iter()
            .filter_map(|item| reader.line(item, field))
            .collect(),
    )
}

fn desktop(reader: &mut Reader, node: &Node, _: &Field) -> Option<Spanned<crate::geometry::Size>> {
    let fields = reader.fields(node, &DESKTOP, node.span)?;
    let size = fields.read(reader, "size", Reader::size)?;
    let fits = |pixels: u32, most: u32| (SMALLEST..=most).contains(&pixels);
    let (width, height) = (size.value.width, size.value.height);
    if fits(width, LARGEST.0) && fits(height, LARGEST.1) {
        return Some(size);
    }
    let near = (
        width.clamp(SMALLEST, LARGEST.0),
        height.clamp(SMALLEST, LARGEST.1),
    );
    reader.add(
        Problem::new(
            Code::OutOfRange,
            size.span,
            format!("no screen has the size {}", size.value),
        )
        .label(format!(
            "{SMALLEST}x{SMALLEST} to {}x{} are possible",
            LARGEST.0, LARGEST.1
        ))
        .help(format!("write `size: {}x{}`", near.0, near.1)),
    );
    None
}

fn defaults(reader: &mut Reader, node: &Node, _: &Field) -> Option<Defaults> {
    let fields = reader.fields(node, &DEFAULTS, node.span)?;
    let limits = |reader: &mut Reader, node: &Node, _: &Field| {
        let fields = reader.fields(node, &LIMITS, node.span)?;
        Some(Limits::read(reader, &fields))
    };
    Some(Defaults {
        timeout: fields.read(reader, "timeout", Reader::duration),
        screenshot: fields
            .read(reader, "screenshot", limits)
            .unwrap_or_default(),
    })
}

fn regions(reader: &mut Reader, node: &Node, field: &Field) -> Option<Vec<Region>> {
    let Kind::Mapping(pairs) = &node.kind else {
        let message = format!("`regions` is {}, not {}", field.takes, node.describe());
        reader.add(
            Problem::new(Code::WrongType, node.span, message)
                .label("names with their rectangles belong here")
                .help(format!("write `{}`", field.line())),
        );
        return None;
    };
    let region = |(name, node): &(Spanned<String>, Node)| {
        Some(Region {
            name: name.clone(),
            rect: reader.rect(node, name.span)?,
        })
    };
    Some(pairs.iter().filter_map(region).collect())
}

fn required_steps(reader: &mut Reader, fields: &Fields<'_>) {
    let nothing = |reader: &mut Reader, node: &Node, field: &Field| {
        let empty = matches!(&node.kind, Kind::Sequence(items) if items.is_empty());
        if empty {
            reader.add(
                Problem::new(
                    Code::MissingValue,
                    node.span,
                    "a scenario has at least one step",
                )
                .label("no step")
                .help(format!("write `{}`", field.line())),
            );
        }
        Some(())
    };
    fields.require(reader, "steps", nothing);
}

fn unused_regions(scenario: &Scenario) -> impl Iterator<Item = &Region> {
    let mut used = std::collections::HashSet::new();
    let mut note = |area: &Area| {
        if let Area::Named(name) = area {
            used.insert(name.value.clone());
        }
    };
    scenario
        .defaults
        .screenshot
        .mask
        .iter()
        .flatten()
        .for_each(&mut note);
    for Step { action, .. } in scenario.all_steps() {
        if let Action::ScreenshotAssert(assert) = action {
            assert.region.iter().for_each(&mut note);
            assert.limits.mask.iter().flatten().for_each(&mut note);
        }
    }
    let regions = scenario.regions.iter();
    regions.filter(move |region| !used.contains(&region.name.value))
}

fn unused_region(region: &Region) -> Problem {
    let message = format!("the region {} is never used", ticked(&region.name.value));
    Problem::new(Code::UnusedRegion, region.name.span, message)
        .label("no step names it")
        .help("name it in a `region` or a `mask`, or remove it")
}

fn only_a_list(root: &Node) -> Problem {
    Problem::new(
        Code::WrongType,
        root.span,
        "a scenario is a mapping, and this file is a list",
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
        "this file has no scenario in it",
    )
    .label("nothing but blanks and comments")
    .help("a scenario begins like this:\nversion: 1\nname: A note is saved\nsteps:\n  - wait-ready")
}
