//! How much of its machine a desktop with everything on it may take.

use serde::{Deserialize, Serialize};

/// What all processes of a desktop together may take. If they take more, the desktop is ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Allowance {
    /// Memory in MiB; what several processes share counts once. `None`: any.
    pub memory: Option<u64>,
    /// How many processes there may be.
    pub processes: u32,
}

impl Allowance {
    /// More processes than a desktop with an office program and two browsers has, several
    /// times over, and so few that no machine suffers.
    pub const PROCESSES: u32 = 1000;
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            memory: None,
            processes: Self::PROCESSES,
        }
    }
}
