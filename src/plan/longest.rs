//! How long a scenario can take.

use std::time::Duration;

use super::{Plan, Step};

impl Plan {
    /// The longest time that its steps can take together, each up to its timeout and every block in
    /// all of its rounds; the start of the desktop is not included.
    #[must_use]
    pub fn longest(&self) -> Duration {
        together(self.setup.iter().chain(&self.steps).chain(&self.teardown))
    }
}

fn together<'s>(steps: impl IntoIterator<Item = &'s Step>) -> Duration {
    steps
        .into_iter()
        .map(Step::longest)
        .fold(Duration::ZERO, Duration::saturating_add)
}

impl Step {
    fn longest(&self) -> Duration {
        let verb = self.action.verb();
        let blocks = verb.blocks();
        let inside = blocks
            .iter()
            .map(|(_, steps)| together(*steps).saturating_mul(verb.rounds()));
        // A block is bounded by its own timeout too, which may be a day.
        let once = inside
            .max()
            .map_or(self.timeout, |inside| inside.min(self.timeout));
        let again = once.saturating_add(self.retry.pause);
        once.saturating_add(again.saturating_mul(self.retry.times))
    }
}
