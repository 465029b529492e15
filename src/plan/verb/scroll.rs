//! `scroll`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{Fields, Value, map, shown},
    times, written,
};
use crate::{input::Direction, plan::Target};

/// Turns the wheel.
#[derive(Clone, Debug, PartialEq)]
pub struct Scroll {
    /// Where; `None` is where the pointer is.
    pub at: Option<Target>,
    /// Which way.
    pub direction: Direction,
    /// By how many notches, 1 to 100.
    pub amount: u32,
}

impl Verb for Scroll {
    fn title(&self) -> String {
        let (direction, notches) = (self.direction, times(self.amount));
        match &self.at {
            Some(at) => format!("{direction}{notches} at {at}"),
            None => format!("{direction}{notches}"),
        }
    }

    fn argument(&self, folder: &Path) -> Value {
        let mut fields = Fields::new();
        fields.extend(self.at.as_ref().map(|at| ("target", at.notation(folder))));
        fields.push(("direction", shown(&self.direction)));
        fields.push(("amount", self.amount.into()));
        map(fields)
    }

    fn targets(&self) -> Vec<&Target> {
        self.at.iter().collect()
    }

    fn is_about_windows(&self) -> bool {
        true
    }

    fn strokes(&self) -> Option<usize> {
        usize::try_from(self.amount).ok()
    }
}

impl Resolve for written::Scroll {
    type Meant = Scroll;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Scroll> {
        let at = resolver.optional_target(self.target.as_ref());
        let direction = resolver.value(&self.direction);
        let amount = resolver.optional(self.amount.as_ref());
        Some(Scroll {
            at: at?,
            direction: direction?,
            amount: amount?.unwrap_or(1),
        })
    }
}
