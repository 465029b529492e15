//! The parts of a scenario, as they are written.

use std::{sync::Arc, time::Duration};

use super::{
    document::Memory,
    notation::{Choice, Package},
    project::Project,
    reader::Named,
    screen::RectWritten,
    source::{Source, Span, Spanned},
    target::Target,
    template::{Template, Txt, Val},
    verb::{Limits, Step},
};
use crate::{geometry::Size, language::Language, profile::Profile};

/// A scenario, as it is written.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The text that all places point into.
    pub source: Arc<Source>,
    /// Its name, for people.
    pub name: Txt,
    /// What it is about.
    pub description: Option<Txt>,
    /// Who maintains it.
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
    /// The names that it defines.
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
    /// The languages of the text on its screen.
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

/// The names that a file defines, and the defaults of its steps.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Names for texts; without a text they have to be given by whoever uses
    /// the file.
    pub vars: Vars,
    /// The names of secrets.
    pub secrets: Vec<Spanned<String>>,
    /// The defaults for steps.
    pub defaults: Defaults,
    /// Named parts of the screen, each name once.
    pub regions: Vec<(Spanned<String>, RectWritten)>,
    /// Named targets, each name once.
    pub targets: Vec<(Spanned<String>, Target)>,
}

/// Names for texts.
pub(crate) type Vars = Vec<(Spanned<String>, Option<Txt>)>;

/// The defaults for steps.
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
    pub(super) fn empty(source: &Arc<Source>, span: Span) -> Self {
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

    /// Setup, steps and teardown, in the order in which they are played.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        self.setup.iter().chain(&self.steps).chain(&self.teardown)
    }
}

/// Which parts of a scenario may be incomplete because of their problems. What
/// depends on them then cannot be judged.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each part is independent")]
pub(crate) struct Missing {
    pub(crate) size: bool,
    pub(crate) names: bool,
    pub(crate) regions: bool,
    pub(crate) targets: bool,
    pub(crate) steps: bool,
}
