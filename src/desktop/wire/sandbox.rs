//! The part of the control plane that makes, lists and ends sandboxes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `POST /v1/sandbox`: the wanted machine.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct CreateSandbox {
    /// What it is made from, 1 to 64 characters: [`CreateSandbox::DESKTOP`].
    pub template_name: String,
    /// Virtual processors, 1 to 8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vcpu: Option<u32>,
    /// Memory in MiB, even, 512 to 8192.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u32>,
    /// Seconds until it is paused or deleted, 1 to 28,800; 300 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u32>,
    /// Whether it is paused instead of deleted at its timeout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_pause: Option<bool>,
    /// Environment variables of every process in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env_vars: Option<BTreeMap<String, String>>,
    /// What it may reach, in the service's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_policy: Option<Value>,
}

impl CreateSandbox {
    /// The template of a graphical desktop.
    pub const DESKTOP: &'static str = "system/desktop:v0.1.0";

    /// A sandbox of the desktop template, with the service's defaults.
    #[must_use]
    pub fn desktop() -> Self {
        Self {
            template_name: Self::DESKTOP.to_owned(),
            ..Self::default()
        }
    }
}

/// What a sandbox is doing.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum SandboxState {
    /// The sandbox is starting.
    #[default]
    Starting,
    /// It runs.
    Running,
    /// Its memory is being kept.
    Snapshotting,
    /// Its memory is kept, and it no longer runs; a request to it resumes it.
    Paused,
    /// It is being resumed.
    Unpausing,
    /// It is stopping.
    Stopping,
    /// It has stopped.
    Stopped,
    /// It is being removed.
    Deleting,
    /// It has been deleted.
    Deleted,
    /// A word that this version of the protocol does not know.
    #[serde(other)]
    #[strum(serialize = "")]
    Other,
}

impl SandboxState {
    /// The word for it in the protocol; empty for one that this version does not know.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// A machine of the hosted service, or a local desktop that stands for one. Of
/// its fields only `id` is always there; an absent number reads as 0.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Sandbox {
    /// `sbx-abc123`; also the first word of its host name.
    pub id: String,
    /// The template that it was made from.
    #[serde(default)]
    pub template_id: String,
    /// Virtual processors.
    #[serde(default)]
    pub vcpu: u32,
    /// Memory in MiB.
    #[serde(default)]
    pub memory: u32,
    /// Disk in MiB.
    #[serde(default)]
    pub disk: u32,
    /// Seconds until it is paused or deleted.
    #[serde(default)]
    pub timeout: u32,
    /// Its state.
    #[serde(default)]
    pub state: SandboxState,
    /// Whether it is paused instead of deleted at its timeout.
    #[serde(default)]
    pub auto_pause: bool,
    /// When it was created, RFC 3339.
    #[serde(default)]
    pub created_at: String,
}

/// `GET /v1/sandboxes`: which of them, and in what order. Everything is
/// optional.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ListSandboxes {
    /// Only those in that state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<SandboxState>,
    /// The direction of the order, in the service's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// The field that gives the order, such as `created_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_by: Option<String>,
    /// The number of the page, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Sandboxes on a page, 1 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
}

/// `GET /v1/sandboxes`: one page of them.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct SandboxList {
    /// The sandboxes of this page.
    pub items: Vec<Sandbox>,
    /// The number of sandboxes on all pages.
    pub total_items: u64,
}

/// `POST /v1/sandbox/{id}/presigned-url`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct PresignedUrlRequest {
    /// The port in the sandbox, 1 to 65,535.
    pub port: u16,
    /// Seconds until it ends, at least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
}

/// An address of a sandbox that needs no key, for a while.
#[derive(Clone, Eq, PartialEq, Serialize, Deserialize)]
pub struct PresignedUrl {
    /// The name by which it can be revoked.
    pub id: String,
    /// What the URL carries instead of a key.
    pub token: String,
    /// The complete URL.
    pub url: String,
    /// The id of its sandbox.
    pub sandbox_id: String,
    /// The port in the sandbox.
    pub port: u16,
    /// RFC 3339.
    pub expires_at: String,
    /// RFC 3339.
    pub created_at: String,
}

impl std::fmt::Debug for PresignedUrl {
    /// Without what lets a stranger in: it may end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PresignedUrl")
            .field("id", &self.id)
            .field("sandbox_id", &self.sandbox_id)
            .field("port", &self.port)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_state_is_the_one_that_is_sent() {
        for word in [
            "starting",
            "running",
            "snapshotting",
            "paused",
            "unpausing",
            "stopping",
            "stopped",
            "deleting",
            "deleted",
        ] {
            let state: SandboxState = serde_json::from_value(word.into()).unwrap();
            assert_eq!(state.word(), word);
        }
    }
}
