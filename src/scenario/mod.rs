//! A scenario as it is written: YAML text to a model in which every value
//! knows its place, and the problems of the text.
//!
//! Nothing is filled in and no name is looked up here; that is
//! [`plan`](crate::plan)'s work. One rule holds for every reader: a problem
//! never ends the reading, so that a person sees all of them at once.

mod caption;
mod char_index;
mod condition;
mod defect;
mod document;
mod draw;
pub mod edit;
mod escape;
mod fields;
mod format;
mod json;
mod mistake;
mod modifier;
mod node;
mod notation;
mod problem;
mod project;
mod reader;
mod schema;
mod screen;
mod shape;
mod source;
mod style;
mod syntax;
mod target;
mod template;
#[cfg(test)]
mod tests;
mod tree;
mod unquoted;
mod value;
pub mod verb;
mod yaml;

use std::{sync::Arc, time::Duration};

use crate::{geometry::Size, language::Language, profile::Profile};

pub use self::tree::{TreeNode, TreeWritten, read_tree};
pub use self::{
    condition::{CHECK, Check, Comparison, Condition, SIGHT, Sight, TEXT_CONDITION, Truth},
    document::{DEFAULTS, DESKTOP, Memory, PART, TOP},
    draw::{Problems, render},
    format::format,
    modifier::{
        CAPTURE, Capture, EXPECT_CHANGE, ExpectChange, MODIFIERS, Modifiers, RETRY, Retry, Watched,
    },
    notation::{Choice, ExitCode, Notation, Package, Word},
    problem::{Code, Problem},
    project::{PROJECT, Project, RUN, RunSettings},
    reader::Named,
    schema::{part_schema, project_schema, scenario_schema},
    screen::{Area, RECT, RectWritten},
    shape::{Field, Form, Shape},
    source::{Defect, ExcerptLines, Source, Span, Spanned},
    style::StyleWritten,
    target::{
        Look, PLACE_TOGETHER, Pointed, Relations, Side, TARGET, TOGETHER, Target, WINDOW,
        WidgetLook, WidgetStates, WindowLook, Within,
    },
    template::{Open, Piece, Reference, Scope, Template, Txt, Val, Value},
    verb::Step,
    verb::{Action, Limits, Need},
};
pub(crate) use self::{
    document::Role,
    problem::{Findings, list, nearest, shown, these, these_of, ticked},
    value::{duration, percentage},
};

/// A scenario, as it is written.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The text that all places point into.
    pub source: Arc<Source>,
    /// Its name, for people.
    pub name: Txt,
    /// What it is about.
    pub description: Option<Txt>,
    /// Who cares for it.
    pub owner: Option<Txt>,
    /// Free words to choose scenarios by.
    pub tags: Vec<Txt>,
    /// How often it is tried again when it fails.
    pub retries: Option<Val<u32>>,
    /// Names of what it must not share with a scenario that is played at the same time.
    pub exclusive: Vec<Txt>,
    /// For whom it is played.
    pub pace: Option<Val<Choice>>,
    /// The desktop that it is played on.
    pub desktop: DesktopWritten,
    /// What it gives names to.
    pub names: Names,
    /// The rows that it is played with.
    pub matrix: Option<Matrix>,
    /// Steps to play first.
    pub setup: Vec<Step>,
    /// The scenario's own steps.
    pub steps: Vec<Step>,
    /// Steps that are always played at the end.
    pub teardown: Vec<Step>,
}

/// The desktop that a scenario is played on.
#[derive(Clone, Debug, Default)]
pub struct DesktopWritten {
    /// The size of its screen.
    pub size: Option<Val<Size>>,
    /// What runs on it: `xfce` or `bare`.
    pub profile: Option<Val<Profile>>,
    /// Variables of its session.
    pub environment: Vec<Named>,
    /// The languages that text on its screen is in.
    pub languages: Option<Vec<Val<Language>>>,
    /// The Debian packages of the programs that it launches.
    pub packages: Vec<Val<Package>>,
    /// Whether it may be one that an earlier scenario has left.
    pub reuse: Option<Val<bool>>,
    /// Whether programs report their widgets.
    pub accessibility: Option<Val<bool>>,
    /// How much memory its processes may take together.
    pub memory: Option<Val<Memory>>,
    /// How many processes it may have.
    pub processes: Option<Val<u32>>,
}

/// What a file gives names to, and the defaults of its steps.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Names for texts; without a text they have to be given by whoever uses
    /// the file.
    pub vars: Vars,
    /// The names of secrets.
    pub secrets: Vec<Spanned<String>>,
    /// What holds where a step says nothing.
    pub defaults: Defaults,
    /// Named parts of the screen, each name once.
    pub regions: Vec<(Spanned<String>, RectWritten)>,
    /// Named targets, each name once.
    pub targets: Vec<(Spanned<String>, Target)>,
}

/// Names for texts.
pub type Vars = Vec<(Spanned<String>, Option<Txt>)>;

/// What holds where a step says nothing.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// How long a step may take.
    pub timeout: Option<Val<Duration>>,
    /// How screenshots are compared.
    pub screenshot: Limits,
}

/// The rows that a scenario is played with.
#[derive(Clone, Debug)]
pub enum Matrix {
    /// Each row, where it is written.
    Rows(Vec<(Span, Vec<Named>)>),
    /// All combinations of these values.
    Axes(Vec<(Spanned<String>, Vec<Txt>)>),
}

impl Scenario {
    /// A scenario without anything in it, to be filled by what can be read.
    fn empty(source: &Arc<Source>, span: Span) -> Self {
        Self {
            source: Arc::clone(source),
            name: Spanned::new(Template::default(), span),
            description: None,
            owner: None,
            tags: Vec::new(),
            retries: None,
            exclusive: Vec::new(),
            pace: None,
            desktop: DesktopWritten::default(),
            names: Names::default(),
            matrix: None,
            setup: Vec::new(),
            steps: Vec::new(),
            teardown: Vec::new(),
        }
    }

    /// The names and the desktop of a project's settings, as those of a
    /// scenario without steps.
    pub(crate) fn of_project(project: &Project) -> Self {
        Self {
            desktop: project.desktop.clone(),
            names: project.names.clone(),
            ..Self::empty(&project.source, Span::default())
        }
    }

    /// Reads a scenario; beside it stand the warnings, which do not keep it
    /// from being played.
    ///
    /// # Errors
    ///
    /// All problems of the text.
    pub fn read(source: Source) -> Result<(Self, Vec<Problem>), Problems> {
        let source = Arc::new(source);
        let reading = Self::read_leniently(&source, Role::Scenario);
        let (errors, warnings) = reading.problems.into_sorted();
        match reading.scenario {
            Some((scenario, _)) if errors.is_empty() => Ok((scenario, warnings)),
            _ => Err(Problems::new(source, errors)),
        }
    }

    /// Reads what can be read. A scenario with problems lacks the parts that
    /// have them, but what is left can be looked through for more.
    pub(crate) fn read_leniently(source: &Arc<Source>, role: Role) -> Reading {
        document::read(source, role)
    }

    /// Setup, steps and teardown, in the order in which they are played.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        self.setup.iter().chain(&self.steps).chain(&self.teardown)
    }
}

/// What became of a text.
pub(crate) struct Reading {
    /// The parts that are right; `None` where there is no mapping to read.
    pub(crate) scenario: Option<(Scenario, Missing)>,
    /// All problems and warnings.
    pub(crate) problems: Findings,
}

/// Which parts of a scenario may lack something because of their problems.
/// What depends on them cannot be judged then.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each part is independent")]
pub(crate) struct Missing {
    pub(crate) size: bool,
    pub(crate) names: bool,
    pub(crate) regions: bool,
    pub(crate) targets: bool,
    pub(crate) steps: bool,
}
