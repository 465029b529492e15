//! A scenario as it is written: YAML text to a model in which every value
//! knows its place, and the problems of the text.
//!
//! No default is filled in and no name is looked up here; that is the work of
//! [`plan`](crate::plan). One rule holds for every reader: a problem never ends the reading, so
//! that a person sees all of them at once.

mod caption;
mod char_index;
mod condition;
mod defect;
mod document;
mod draw;
pub(crate) mod edit;
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
pub(crate) mod verb;
mod written;
mod yaml;

use std::sync::Arc;

pub use self::{
    condition::Comparison,
    draw::{Problems, render},
    format::format,
    problem::{Code, Problem},
    schema::{part_schema, project_schema, scenario_schema},
    source::{Defect, ExcerptLines, Source, Span, Spanned},
    target::Side,
    verb::Need,
};
pub(crate) use self::{
    condition::{CHECK, Check, Condition, SIGHT, Sight, TEXT_CONDITION, Truth},
    document::{Memory, Role},
    modifier::{Capture, ExpectChange, Retry, Watched},
    notation::{Choice, ExitCode, Notation},
    problem::{Findings, list, nearest, shown, these, these_of, ticked},
    project::Project,
    reader::Named,
    screen::{Area, RECT, RectWritten},
    style::StyleWritten,
    target::{
        Look, Pointed, PositionWritten, Relations, TARGET, TOGETHER, Target, WINDOW, WidgetLook,
        WidgetStates, WindowLook, Within,
    },
    template::{Piece, Reference, Scope, Template, Txt, Val, Value},
    tree::{TreeNode, read_tree},
    value::{duration, percentage},
    verb::{Action, Step},
    written::{Defaults, DesktopWritten, Matrix, Missing, Names, Scenario, Vars},
};

/// What the tests of the whole program hold its texts against: see
/// [`internal`](crate::internal).
pub(crate) mod internal {
    pub use super::{
        condition::{CHECK, SIGHT, TEXT_CONDITION},
        document::{DEFAULTS, DESKTOP, PART, TOP},
        modifier::{CAPTURE, EXPECT_CHANGE, MODIFIERS, RETRY},
        project::{PROJECT, Project, RUN},
        screen::RECT,
        shape::{Field, Form, Shape},
        target::{PLACE_TOGETHER, TARGET, TOGETHER, WINDOW},
        verb::{LIMITS, VERBS, Verb},
        written::Scenario,
    };
}

impl Scenario {
    /// Reads a scenario, together with its warnings, which do not prevent it from being played.
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
}

/// The outcome of a text.
pub(crate) struct Reading {
    /// The parts that are right; `None` where there is no mapping to read.
    pub(crate) scenario: Option<(Scenario, Missing)>,
    /// All problems and warnings.
    pub(crate) problems: Findings,
}
