//! What all answers are made from.

use std::sync::Mutex;

use super::{changed::Changed, gate::Gate, runs::Runs};
use crate::cli::ProcessEnvironment;

/// Everything that answers are made from.
pub(super) struct Desk {
    pub(super) runs: Runs,
    pub(super) gate: Gate,
    pub(super) environment: ProcessEnvironment,
    /// Held by whoever writes a file.
    pub(super) writing: Mutex<Changed>,
}

impl Desk {
    pub(super) fn new(runs: Runs, gate: Gate, environment: ProcessEnvironment) -> Self {
        Self {
            runs,
            gate,
            environment,
            writing: Mutex::default(),
        }
    }
}
