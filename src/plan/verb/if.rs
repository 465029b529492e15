//! `if`.

use std::{path::Path, time::Duration};

use super::{Resolve, Resolver, Verb, notation::Value, written};
use crate::plan::{Condition, Step, Target, resolve::standard};

/// Plays one of two lists of steps.
#[derive(Clone, Debug, PartialEq)]
pub struct If {
    /// What decides.
    pub condition: Condition,
    /// Played if it holds.
    pub then: Vec<Step>,
    /// Played otherwise.
    pub otherwise: Vec<Step>,
}

impl Verb for If {
    fn title(&self) -> String {
        self.condition.to_string()
    }

    fn argument(&self, folder: &Path) -> Value {
        self.condition.notation(folder)
    }

    fn targets(&self) -> Vec<&Target> {
        self.condition.target().into_iter().collect()
    }

    fn blocks(&self) -> Vec<(&'static str, &[Step])> {
        let mut blocks = vec![("then", &*self.then)];
        if !self.otherwise.is_empty() {
            blocks.push(("else", &self.otherwise));
        }
        blocks
    }

    fn is_about_windows(&self) -> bool {
        false
    }

    fn timeout(&self, _: Duration) -> Duration {
        standard::BLOCK_TIMEOUT
    }
}

impl Resolve for written::If {
    type Meant = If;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<If> {
        let condition = resolver.condition(&self.condition);
        let (then, otherwise) = resolver.either(&self.then, &self.otherwise);
        Some(If {
            condition: condition?,
            then,
            otherwise,
        })
    }
}
