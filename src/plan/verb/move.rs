//! `move`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{Value, map},
    written,
};
use crate::plan::Target;

/// Moves the pointer.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Where to.
    pub to: Target,
}

impl Verb for Move {
    fn title(&self) -> String {
        self.to.to_string()
    }

    fn argument(&self, folder: &Path) -> Value {
        map([("target", self.to.notation(folder))])
    }

    fn targets(&self) -> Vec<&Target> {
        vec![&self.to]
    }

    fn strokes(&self) -> Option<usize> {
        Some(0)
    }
}

impl Resolve for written::Move {
    type Meant = Move;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Move> {
        let to = resolver.target(&self.target)?;
        Some(Move { to })
    }
}
