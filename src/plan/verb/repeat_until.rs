//! `repeat-until`.

use std::{path::Path, time::Duration};

use super::{
    Resolve, Resolver, Verb,
    notation::{Fields, Value},
    written,
};
use crate::plan::{Condition, Step, Target, resolve::standard};

/// Plays steps until something holds, which is looked at before each round.
#[derive(Clone, Debug, PartialEq)]
pub struct RepeatUntil {
    /// What ends it.
    pub condition: Condition,
    /// The maximum number of rounds; the step fails if it does not hold after them.
    pub most: u32,
    /// What is played in each round.
    pub steps: Vec<Step>,
}

impl Verb for RepeatUntil {
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
        vec![("steps", &self.steps)]
    }

    fn rounds(&self) -> u32 {
        self.most
    }

    fn beside(&self) -> Fields {
        vec![("max", self.most.into())]
    }

    fn is_about_windows(&self) -> bool {
        false
    }

    fn timeout(&self, _: Duration) -> Duration {
        standard::BLOCK_TIMEOUT
    }
}

impl Resolve for written::RepeatUntil {
    type Meant = RepeatUntil;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<RepeatUntil> {
        let condition = resolver.condition(&self.condition);
        let most = resolver.value(&self.most);
        let (steps, _) = resolver.either(&self.steps, &[]);
        Some(RepeatUntil {
            condition: condition?,
            most: most?,
            steps,
        })
    }
}
