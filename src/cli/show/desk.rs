//! What all answers are made from.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    changed::Changed,
    film::{drafts::Previews, history::History},
    gate::Gate,
    runs::Runs,
};
use crate::cli::ProcessEnvironment;

/// Everything that answers are made from.
pub(super) struct Desk {
    pub(super) runs: Runs,
    pub(super) gate: Gate,
    pub(super) environment: ProcessEnvironment,
    /// Held by whoever writes a file.
    pub(super) writing: Mutex<Changed>,
    /// What can be undone of films.
    history: Mutex<History>,
    /// Drafts of films.
    pub(super) previews: Previews,
}

impl Desk {
    pub(super) fn new(runs: Runs, gate: Gate, environment: ProcessEnvironment) -> Self {
        Self {
            runs,
            gate,
            environment,
            writing: Mutex::default(),
            history: Mutex::default(),
            previews: Previews::default(),
        }
    }

    /// What can be undone of films.
    pub(super) fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
