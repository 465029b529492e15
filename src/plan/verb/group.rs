//! `group`, and what `use` and `for-each` become.

use std::{path::Path, time::Duration};

use super::{
    Resolve, Resolver, Verb,
    notation::{Value, literal, map},
    written,
};
use crate::plan::{Step, resolve::standard};

/// Plays steps one after another: those of a `group`, of a used file, of each
/// entry of a `for-each`.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What they are about, for people.
    pub title: String,
    /// The steps.
    pub steps: Vec<Step>,
}

impl Verb for Group {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn argument(&self, _: &Path) -> Value {
        map([("title", literal(&self.title))])
    }

    fn blocks(&self) -> Vec<(&'static str, &[Step])> {
        vec![("steps", &self.steps)]
    }

    fn timeout(&self, _: Duration) -> Duration {
        standard::BLOCK_TIMEOUT
    }
}

impl Resolve for written::Group {
    type Meant = Group;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Group> {
        resolver.text(&self.title)?;
        Some(Group {
            title: self.title.value.known().unwrap_or_default().to_owned(),
            steps: resolver.steps(&self.steps),
        })
    }
}
