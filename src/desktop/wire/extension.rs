//! What the local desktop can do beside the protocol.

use serde::{Deserialize, Serialize};

/// `GET /api/extensions`: what this desktop can do beside the protocol. A
/// desktop without the path has none of them.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Extensions {
    /// Names of extensions, such as [`Extensions::EXECUTE`].
    pub items: Vec<String>,
}

impl Extensions {
    /// Commands in the desktop's session, at `POST /api/process/execute`.
    pub const EXECUTE: &'static str = "execute";

    /// Whether the extension is announced.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.items.iter().any(|item| item == name)
    }
}

/// A command for the desktop's machine, in the shape of the control plane's
/// `process/execute`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct ExecuteRequest {
    /// Run by `/bin/sh -c`.
    pub command: String,
    /// The folder to run it in; the session's home unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
    /// Variables beside those of the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub envs: Option<std::collections::BTreeMap<String, String>>,
    /// Seconds until it is ended by force; 30 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
}

/// How a command ended.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct ExecuteResult {
    /// 0 to 255; 128 and more where a signal ended it.
    pub exit_code: i32,
    /// What it wrote to stdout, as text.
    pub stdout: String,
    /// What it wrote to stderr, as text.
    pub stderr: String,
}
