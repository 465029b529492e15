//! The project's settings, `deskhand.yaml`: what applies to all of its scenarios, and how they are
//! run.

use std::sync::Arc;

use super::{
    DesktopWritten, Missing, Names, Problems,
    document::{
        DEFAULTS_FIELD, DESKTOP_FIELD, REGIONS_FIELD, RETRIES, SECRETS_FIELD, TARGETS_FIELD,
        VARS_FIELD, desktop, names, root, version,
    },
    modifier::MODIFIERS,
    node::Node,
    notation::Choice,
    problem::{Code, Problem},
    reader::Reader,
    shape::{Field, Form, Shape},
    source::{Source, Span},
    style::{self, STYLE, StyleWritten},
    template::{Txt, Val},
};

/// The settings of a project, as they are written.
#[derive(Clone, Debug)]
pub struct Project {
    /// The text that all places point into.
    pub source: Arc<Source>,
    /// The desktop of scenarios that do not set their own.
    pub desktop: DesktopWritten,
    /// The names that every scenario can use, and the defaults of their steps.
    pub names: Names,
    /// The settings of `run` that its command line does not override.
    pub run: RunSettings,
    /// How films look.
    pub style: Option<StyleWritten>,
}

/// The settings of `run` that its command line does not override.
#[derive(Clone, Debug, Default)]
pub struct RunSettings {
    /// Where to play.
    pub target: Option<Txt>,
    /// The folder for reports, pictures and videos, from the settings' file.
    pub artifacts: Option<Txt>,
    /// Where to write the JUnit report, from the settings' file.
    pub junit: Option<Txt>,
    /// Which readers the JUnit report is for.
    pub junit_dialect: Option<Val<Choice>>,
    /// Which baselines may be written.
    pub update_baselines: Option<Val<Choice>>,
    /// How many scenarios are played side by side, or `auto`.
    pub jobs: Option<Txt>,
    /// How often scenarios that do not set it themselves are tried again.
    pub retries: Option<Val<u32>>,
    /// Whether a run fails if a scenario passed only when it was tried again.
    pub fail_on_flaky: Option<Val<bool>>,
}

/// The words for which baselines may be written.
pub(super) const UPDATES: [&str; 4] = ["all", "changed", "missing", "none"];

/// The words for which readers a JUnit report is for.
pub(super) const JUNIT_DIALECTS: [&str; 2] = ["common", "xunit"];

const TARGET: Field = Field::new(
    "target",
    Form::Line,
    "`local`, `leap0` or a URL",
    "local",
    "where to play scenarios",
);

const ARTIFACTS: Field = Field::new(
    "artifacts",
    Form::Line,
    "the path of a folder",
    "build/artifacts",
    "the folder for reports, pictures and videos",
);

const JUNIT: Field = Field::new(
    "junit",
    Form::Line,
    "the path of a file",
    "build/junit.xml",
    "where to write the JUnit report",
);

const JUNIT_DIALECT: Field = Field::new(
    "junit-dialect",
    Form::Choice(&JUNIT_DIALECTS),
    "`common` or `xunit`",
    "xunit",
    "which programs the JUnit report is for",
);

const UPDATE_BASELINES: Field = Field::new(
    "update-baselines",
    Form::Choice(&UPDATES),
    "`all`, `changed`, `missing` or `none`",
    "none",
    "which baselines to write",
);

const JOBS: Field = Field::new(
    "jobs",
    Form::Line,
    "`auto` or a whole number",
    "4",
    "how many scenarios to play side by side; `auto` by default",
);

const FAIL_ON_FLAKY: Field = Field::new(
    "fail-on-flaky",
    Form::Boolean,
    "`true` or `false`",
    "true",
    "whether to end with status 6 if a scenario passed only when it was tried again",
);

/// The keys of `run`.
pub static RUN: Shape = Shape::new(
    "`run`",
    &[
        TARGET,
        ARTIFACTS,
        JUNIT,
        JUNIT_DIALECT,
        UPDATE_BASELINES,
        JOBS,
        RETRIES,
        FAIL_ON_FLAKY,
    ],
);

const VERSION: Field = Field::new(
    "version",
    Form::Integer { least: 1, most: 1 },
    "a whole number",
    "1",
    "the version of the language",
)
.required();

const RUN_FIELD: Field = Field::new(
    "run",
    Form::Mapping(&RUN),
    "a mapping",
    "{ artifacts: build/artifacts }",
    "settings of `deskhand run`; options on its command line take precedence",
);

/// The keys of `deskhand.yaml`.
pub static PROJECT: Shape = Shape::new(
    "`deskhand.yaml`",
    &[
        VERSION,
        DESKTOP_FIELD,
        VARS_FIELD,
        SECRETS_FIELD,
        DEFAULTS_FIELD,
        REGIONS_FIELD,
        TARGETS_FIELD,
        RUN_FIELD,
        STYLE,
    ],
);

impl Project {
    /// Reads the settings, together with their warnings.
    ///
    /// # Errors
    ///
    /// All problems of the text.
    pub fn read(source: Source) -> Result<(Self, Vec<Problem>), Problems> {
        let source = Arc::new(source);
        let (root, findings) = root(&source, no_settings);
        let mut reader = Reader::new(&source, &MODIFIERS, findings);
        let project = root.and_then(|root| project(&mut reader, &source, &root));
        let (errors, warnings) = reader.finish().into_sorted();
        match project {
            Some(project) if errors.is_empty() => Ok((project, warnings)),
            _ => Err(Problems::new(source, errors)),
        }
    }
}

fn project(reader: &mut Reader, source: &Arc<Source>, root: &Node) -> Option<Project> {
    let fields = reader.fields(root, &PROJECT, source.first_line_of(root.span))?;
    fields.read(reader, &VERSION, version);
    let mut project = Project {
        source: Arc::clone(source),
        desktop: fields
            .read(reader, &DESKTOP_FIELD, desktop)
            .unwrap_or_default(),
        names: Names::default(),
        run: fields.read(reader, &RUN_FIELD, run).unwrap_or_default(),
        style: fields.read(reader, &STYLE, |reader, node, _| {
            style::written(reader, source, node)
        }),
    };
    names(reader, &fields, &mut project.names, &mut Missing::default());
    Some(project)
}

fn run(reader: &mut Reader, node: &Node, _: &Field) -> Option<RunSettings> {
    let fields = reader.fields(node, &RUN, node.span)?;
    Some(RunSettings {
        target: fields.read(reader, &TARGET, Reader::line),
        artifacts: fields.read(reader, &ARTIFACTS, Reader::line),
        junit: fields.read(reader, &JUNIT, Reader::line),
        junit_dialect: fields.read(reader, &JUNIT_DIALECT, Reader::value),
        update_baselines: fields.read(reader, &UPDATE_BASELINES, Reader::value),
        jobs: fields.read(reader, &JOBS, Reader::line),
        retries: fields.read(reader, &RETRIES, Reader::value),
        fail_on_flaky: fields.read(reader, &FAIL_ON_FLAKY, Reader::value),
    })
}

fn no_settings() -> Problem {
    Problem::new(
        Code::EmptyFile,
        Span::default(),
        "this file contains no settings",
    )
    .label("only spaces and comments")
    .help("settings begin like this:\nversion: 1\ndefaults: { timeout: 10s }")
}
