//! A scenario as it is meant: nothing left to parse, no default left to fill in, every name
//! resolved.
//!
//! [`Scenario`](crate::scenario::Scenario) says what was written, a [`Plan`] says what will be
//! played. Whatever can be wrong in a text is found here at the latest, before the first move of
//! the mouse, so playing a plan meets only what can go wrong on a desktop.

mod condition;
mod context;
mod ledger;
mod longest;
mod names;
pub(crate) mod notation;
mod order;
mod relation;
mod resolve;
mod suite;
mod target;
#[cfg(test)]
mod tests;
mod text;
mod verb;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use crate::{
    geometry::Size,
    scenario::{Problems, Source, Span},
};

pub use self::{
    condition::{Condition, Sight},
    context::{Context, Disk, Files},
    relation::Relations,
    suite::{Durations, Entry, LeftOut, Suite},
    target::*,
    text::{Check, Comparison, NotCaptured, Part, Text, Values, Wording},
    verb::*,
};
pub(crate) use crate::scenario::verb::PROCESSES;
pub use crate::{
    language::Language,
    pattern::Pattern,
    profile::Profile,
    scenario::{Need, Side},
    timeline::{Pace, Zoom},
};

/// One scenario, ready to be played.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its name, for people.
    pub name: String,
    /// The path of its file, as it was given, with `/`.
    pub file: String,
    /// The text of its file, so that a failure can underline its line.
    pub source: Arc<Source>,
    /// Where its name is written.
    pub origin: Span,
    /// What it is about.
    pub description: Option<String>,
    /// Who maintains it.
    pub owner: Option<String>,
    /// Free words to choose scenarios by, each once.
    pub tags: Vec<String>,
    /// Its row of the matrix, as `lang=de, size=1280x800`, if it has one.
    pub row: Option<String>,
    /// The size of the screen at the start.
    pub size: Size,
    /// Whether the scenario asks for that size: if not, an existing desktop keeps its own.
    pub asks_for_size: bool,
    /// The largest width and the largest height that a step gives the screen.
    pub largest: Size,
    /// What runs on the desktop.
    pub profile: Profile,
    /// Additional variables of the desktop's session.
    pub environment: Vec<(String, String)>,
    /// The languages of the text on its screen, in addition to English, each once.
    pub languages: Vec<Language>,
    /// The Debian packages of the programs that it launches, each once.
    pub packages: Vec<String>,
    /// The names of the secrets that its steps use, each once.
    pub secrets: Vec<String>,
    /// Whether its desktop may be one that an earlier scenario has left.
    pub reuse: bool,
    /// Whether programs on its desktop report their widgets.
    pub accessibility: bool,
    /// How much memory its desktop may take, in MiB, if its file says so.
    pub memory: Option<u64>,
    /// How many processes its desktop may have, if its file says so.
    pub processes: Option<u32>,
    /// How often it is tried again when it fails, if its file says so.
    pub retries: Option<u32>,
    /// The names of what it must not share with a scenario that is played at the same
    /// time on the same machine, each once.
    pub exclusive: Vec<String>,
    /// For whom it is played.
    pub pace: Pace,
    /// The folder of its baselines: `baselines/<file stem>` next to the file.
    pub baselines: PathBuf,
    /// Played first; a failure here skips `steps`.
    pub setup: Vec<Step>,
    /// The scenario itself, at least one step.
    pub steps: Vec<Step>,
    /// Always played at the end, also after a failure or an interrupt.
    pub teardown: Vec<Step>,
}

/// One thing to do or to check.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Where it is written: what a drawing underlines.
    pub origin: Origin,
    /// The verb as it is written: `double-click`.
    pub verb: &'static str,
    /// One line of at most 60 characters: its `name`, else verb and argument.
    pub title: String,
    /// How long it may take.
    pub timeout: Duration,
    /// How often it is tried again when it fails.
    pub retry: Retry,
    /// Whether the scenario goes on when it fails; it fails at its end then.
    pub soft: bool,
    /// Whether it is enough to note that it failed; of a check only.
    pub optional: bool,
    /// The condition for playing it; otherwise it is skipped.
    pub condition: Option<Box<Condition>>,
    /// The change of the screen that it has to cause, compared with the screen before its action.
    pub expect_change: Option<Box<ExpectChange>>,
    /// What of its output is remembered.
    pub capture: Option<Capture>,
    /// Whether it is kept out of a recording.
    pub hidden: bool,
    /// The caption of a film while it is played.
    pub caption: Option<Box<Caption>>,
    /// The part of the screen that a film shows while it is played, if that is set.
    pub zoom: Option<Zoom>,
    /// What to do.
    pub action: Action,
}

/// A place in the text of a file: the steps of a used file are in that file.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The text.
    pub source: Arc<Source>,
    /// The verb and its argument in it.
    pub span: Span,
}

impl Origin {
    /// Where the name of a scenario is written.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        Self {
            source: Arc::clone(&plan.source),
            span: plan.origin,
        }
    }
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        self.span == other.span && self.source.name() == other.source.name()
    }
}

/// How often a step is tried again when it fails. Errors are not tried again: what could not be
/// found out once is not found out the second time.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Retry {
    /// How often at most, after the first attempt.
    pub times: u32,
    /// The pause before each.
    pub pause: Duration,
}

/// A change of the screen that a step has to cause.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectChange {
    /// How long after the action it may take.
    pub within: Duration,
    /// Which changes count.
    pub watched: Watched,
}

/// What is remembered from the result of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Capture {
    /// The name for it: `${captured.name}`.
    pub name: String,
    /// What of it.
    pub from: Output,
    /// Only the match of its first group (or the whole match, if there is no group); always
    /// [`Pattern::Regex`].
    pub matching: Option<Pattern>,
}

/// What a step leaves.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum Output {
    /// What it wrote to stdout, without the line end after it.
    #[default]
    Stdout,
    /// What it wrote to stderr, without the line end after it.
    Stderr,
    /// The status that it ended with.
    ExitCode,
    /// The text of the clipboard or the file that it looked at, or the text in the target that it
    /// found: the value of a widget, or its name if it has none.
    Text,
    /// The name of the widget that it found.
    Name,
    /// The value of the widget that it found; empty if it has none.
    Value,
}

impl Output {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The outcome of many files: the plans and the warnings beside them.
#[derive(Debug, Default)]
pub struct Plans {
    /// One for each row of each file, in the order of the files; none for the
    /// files that others use.
    pub plans: Vec<Plan>,
    /// For each file that has errors: what prevents it from being played.
    pub problems: Vec<Problems>,
    /// For each file that has warnings: what is doubtful.
    pub warnings: Vec<Problems>,
    /// The names of [`Context::vars`] that no file has.
    pub strange_vars: Vec<String>,
}

/// Reads and resolves many files, and those that they use. A file in a folder
/// called `parts` counts as one that others use.
///
/// # Errors
///
/// All problems of all files that have some; warnings wait until there are
/// none.
pub fn read(
    sources: impl IntoIterator<Item = Source>,
    context: &Context<'_>,
) -> Result<Plans, Vec<Problems>> {
    let plans = read_all(sources, context);
    if plans.problems.is_empty() {
        Ok(plans)
    } else {
        Err(plans.problems)
    }
}

/// The same, but plans of files with problems are kept: they lack the parts with problems, and must
/// not be played.
pub fn read_all(sources: impl IntoIterator<Item = Source>, context: &Context<'_>) -> Plans {
    let mut desk = resolve::Desk::new(*context);
    let sources: Vec<Arc<Source>> = sources.into_iter().map(Arc::new).collect();
    let readings = resolve::read(&sources);
    let plans = sources
        .iter()
        .zip(readings)
        .flat_map(|(source, reading)| desk.file(source, reading))
        .collect();
    let strange_vars = desk.strange_vars();
    let (problems, warnings) = desk.finish();
    Plans {
        plans,
        problems,
        warnings,
        strange_vars,
    }
}

impl Plan {
    /// What its steps need from the desktop, each once.
    #[must_use]
    pub fn needs(&self) -> Vec<Need> {
        let mut needs = BTreeSet::new();
        self.each_step(&mut |step| needs.extend(step.needs()));
        needs.into_iter().collect()
    }

    /// Shows every step to `see`, blocks and what is inside them, in the
    /// order in which they are written.
    pub fn each_step<'p>(&'p self, see: &mut dyn FnMut(&'p Step)) {
        fn walk<'p>(steps: &'p [Step], see: &mut dyn FnMut(&'p Step)) {
            for step in steps {
                see(step);
                for (_, block) in step.action.verb().blocks() {
                    walk(block, see);
                }
            }
        }
        for steps in [&self.setup, &self.steps, &self.teardown] {
            walk(steps, see);
        }
    }

    /// The files of this machine that decide what it does, baselines aside: its own, the
    /// parts that it uses, the pictures that it looks for, what it uploads.
    #[must_use]
    pub fn files(&self) -> BTreeSet<&Path> {
        let mut files = BTreeSet::from([Path::new(&self.file)]);
        self.each_step(&mut |step| {
            files.insert(Path::new(step.origin.source.name()));
            files.extend(step.action.verb().files());
            for target in step.targets() {
                files.extend(target.pictures().into_iter().map(Path::new));
            }
        });
        files
    }

    /// Setup, steps and teardown in the order in which they are played, blocks
    /// as one step each.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        self.setup.iter().chain(&self.steps).chain(&self.teardown)
    }
}

impl Step {
    /// What it needs from the desktop itself, without the steps inside it.
    #[must_use]
    pub fn needs(&self) -> Vec<Need> {
        let mut needs = self.action.verb().needs();
        for target in self.targets() {
            needs.extend(target.needs());
        }
        let takes_text = self
            .capture
            .as_ref()
            .is_some_and(|it| it.from == Output::Text);
        if takes_text && self.targets().into_iter().any(|target| !target.is_widget()) {
            needs.push(Need::TextRecognition);
        }
        needs
    }

    /// What it looks for on the screen itself.
    fn targets(&self) -> Vec<&Target> {
        let mut targets = self.action.verb().targets();
        targets.extend(self.condition.as_deref().and_then(Condition::target));
        targets
    }
}
