//! The managed processes of a desktop.

use serde::{Deserialize, Serialize};

/// The names of the managed processes, those that others need first.
pub const PROCESSES: [&str; 4] = ["xvfb", "xfce4", "x11vnc", "novnc"];

/// The state of one managed process of the desktop.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ProcessInfo {
    /// `xvfb`, `xfce4`, `x11vnc` or `novnc`.
    pub name: String,
    /// Whether it is running.
    pub running: bool,
    /// Its process id while it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// Path, on the desktop's machine, of what it wrote to stdout.
    pub stdout_log: String,
    /// Path, on the desktop's machine, of what it wrote to stderr.
    pub stderr_log: String,
}

/// Whether all, some or none of the managed processes run.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProcessesState {
    /// All of them.
    Running,
    /// Some of them.
    Degraded,
    /// None of them.
    Stopped,
    /// A word that this version of the protocol does not know.
    #[serde(other)]
    Other,
}

/// `GET /api/status` and each event of its stream.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ProcessStatusList {
    /// The sum of the items.
    pub status: ProcessesState,
    /// The managed processes, those that others need first.
    pub items: Vec<ProcessInfo>,
    /// How many of them run.
    pub running: usize,
    /// How many there are.
    pub total: usize,
}

impl ProcessStatusList {
    /// The list of these processes, with the counts that follow from it.
    #[must_use]
    pub fn new(items: Vec<ProcessInfo>) -> Self {
        let running = items.iter().filter(|p| p.running).count();
        let status = match running {
            0 => ProcessesState::Stopped,
            n if n == items.len() => ProcessesState::Running,
            _ => ProcessesState::Degraded,
        };
        Self {
            status,
            running,
            total: items.len(),
            items,
        }
    }

    /// What `wait_until_ready` waits for: status `running`, or at least as many
    /// running as there are.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.status == ProcessesState::Running || (self.total > 0 && self.running >= self.total)
    }
}

/// `GET /api/process/{name}/logs`: what the process wrote to stdout.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ProcessLogs {
    /// The process.
    pub process: String,
    /// The text.
    pub logs: String,
}

/// `GET /api/process/{name}/errors`: what the process wrote to stderr.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ProcessErrors {
    /// The process.
    pub process: String,
    /// The text.
    pub errors: String,
}

/// `POST /api/process/{name}/restart`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ProcessRestart {
    /// A sentence that says what was done.
    pub message: String,
    /// The state of the process now.
    pub status: ProcessInfo,
}
