//! A scenario as it is written: YAML text to a model in which every value
//! knows its place, and the problems of the text.
//!
//! Nothing is filled in and no name is looked up here; that is
//! [`plan`](crate::plan)'s work. One rule holds for every reader: a problem
//! never ends the reading, so that a person sees all of them at once.

mod char_index;
mod defect;
mod document;
mod draw;
mod field;
mod node;
mod problem;
mod reader;
mod screen;
mod source;
mod step;
mod syntax;
#[cfg(test)]
mod tests;
mod value;
pub mod verb;
mod yaml;

use std::sync::Arc;

use crate::geometry::{Rect, Size};

pub use self::{
    document::{DEFAULTS, DESKTOP, TOP},
    draw::{Problems, render},
    field::{Field, Shape},
    problem::{Code, Problem},
    screen::{Area, Position},
    source::{Defect, ExcerptLines, Source, Span, Spanned},
    step::{MODIFIERS, Step},
    verb::{Action, Limits, Need},
};
pub(crate) use self::{
    field::list,
    problem::{Findings, nearest, shown, ticked},
    value::duration,
};

/// A scenario, as it is written.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The text that all places point into.
    pub source: Arc<Source>,
    /// Its name, for people.
    pub name: Spanned<String>,
    /// What it is about.
    pub description: Option<Spanned<String>>,
    /// Who cares for it.
    pub owner: Option<Spanned<String>>,
    /// Free words to choose scenarios by.
    pub tags: Vec<Spanned<String>>,
    /// The size of the screen.
    pub size: Option<Spanned<Size>>,
    /// What holds where a step says nothing.
    pub defaults: Defaults,
    /// Named parts of the screen, each name once.
    pub regions: Vec<Region>,
    /// Steps to play first.
    pub setup: Vec<Step>,
    /// The scenario's own steps.
    pub steps: Vec<Step>,
    /// Steps that are always played at the end.
    pub teardown: Vec<Step>,
}

/// What holds where a step says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    /// How long a step may take.
    pub timeout: Option<Spanned<std::time::Duration>>,
    /// How screenshots are compared.
    pub screenshot: Limits,
}

/// A named part of the screen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Region {
    /// Its name.
    pub name: Spanned<String>,
    /// The part.
    pub rect: Spanned<Rect>,
}

impl Scenario {
    /// Reads a scenario; beside it stand the warnings, which do not keep it
    /// from being played.
    ///
    /// # Errors
    ///
    /// All problems of the text.
    pub fn read(source: Source) -> Result<(Self, Vec<Problem>), Problems> {
        let source = Arc::new(source);
        let reading = Self::read_leniently(&source);
        let (errors, warnings) = reading.problems.into_sorted();
        match reading.scenario {
            Some((scenario, _)) if errors.is_empty() => Ok((scenario, warnings)),
            _ => Err(Problems::new(source, errors)),
        }
    }

    /// Reads what can be read. A scenario with problems lacks the parts that
    /// have them, but what is left can be looked through for more.
    pub(crate) fn read_leniently(source: &Arc<Source>) -> Reading {
        document::read(source)
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
pub(crate) struct Missing {
    pub(crate) size: bool,
    pub(crate) regions: bool,
    pub(crate) steps: bool,
}
