//! A scenario as it is meant: nothing left to parse, no default left to fill,
//! every name resolved.
//!
//! [`Scenario`] says what was written, a [`Plan`]
//! says what will be played. What can be wrong in a text is wrong here at the
//! latest, before the first move of the mouse; so whoever plays a plan meets
//! only what a desktop can do wrong.

mod action;
mod names;
mod order;
mod resolve;
#[cfg(test)]
mod tests;
mod title;

use std::{path::PathBuf, sync::Arc, time::Duration};

use crate::{
    geometry::Size,
    scenario::{Findings, Missing, Problems, Scenario, Source, Span},
};

pub use self::action::{Action, Record, ScreenshotAssert, Spot};
pub use crate::scenario::Need;

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
    /// Who cares for it.
    pub owner: Option<String>,
    /// Free words to choose scenarios by, each once.
    pub tags: Vec<String>,
    /// The size of the screen.
    pub size: Size,
    /// The folder of its baselines: `baselines/<file stem>` beside the file.
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
    /// The verb and its argument in the text: what a drawing underlines.
    pub origin: Span,
    /// One line of at most 60 characters: its `name`, else verb and argument.
    pub title: String,
    /// How long it may take.
    pub timeout: Duration,
    /// Whether the scenario goes on when it fails; it fails at its end then.
    pub soft: bool,
    /// What to do.
    pub action: Action,
}

/// What became of many files: the plans and the warnings beside them.
#[derive(Debug, Default)]
pub struct Plans {
    /// One for each file, in the order of the files.
    pub plans: Vec<Plan>,
    /// For each file that has some.
    pub warnings: Vec<Problems>,
}

/// Reads and resolves many files.
///
/// # Errors
///
/// All problems of all files that have some; warnings wait until there are
/// none.
pub fn read(sources: impl IntoIterator<Item = Source>) -> Result<Plans, Vec<Problems>> {
    let mut read = Plans::default();
    let mut problems = Vec::new();
    for source in sources {
        let source = Arc::new(source);
        let reading = Scenario::read_leniently(&source);
        let mut findings = reading.problems;
        let plan = reading
            .scenario
            .map(|(scenario, missing)| resolve::resolve(&scenario, missing, &mut findings));
        let (errors, warnings) = findings.into_sorted();
        if !errors.is_empty() {
            problems.push(Problems::new(source, errors));
            continue;
        }
        read.plans.extend(plan);
        if !warnings.is_empty() {
            read.warnings.push(Problems::new(source, warnings));
        }
    }
    if problems.is_empty() {
        Ok(read)
    } else {
        Err(problems)
    }
}

impl Plan {
    /// The plan of a scenario.
    ///
    /// # Errors
    ///
    /// All problems that only the scenario's meaning shows.
    pub fn resolve(scenario: &Scenario) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let plan = resolve::resolve(scenario, Missing::default(), &mut findings);
        let (errors, _) = findings.into_sorted();
        if errors.is_empty() {
            Ok(plan)
        } else {
            Err(Problems::new(Arc::clone(&scenario.source), errors))
        }
    }

    /// What its steps need of the desktop, each once.
    #[must_use]
    pub fn needs(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        for step in self.all_steps() {
            if let Some(need) = step.action.needs()
                && !needs.contains(&need)
            {
                needs.push(need);
            }
        }
        needs
    }

    /// Setup, steps and teardown, in the order in which they are played.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        self.setup.iter().chain(&self.steps).chain(&self.teardown)
    }
}
