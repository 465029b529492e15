//! The JSON that travels between a client and a desktop, one type for each
//! shape of the protocol. Client and server use the same types, so that they cannot diverge. The
//! allowed values are in [`limits`].

mod clipboard;
mod display;
mod extension;
mod filesystem;
mod hold;
pub(crate) mod operation;
mod process;
mod recording;
mod sandbox;
mod stack;
#[cfg(test)]
mod tests;
mod widget;
mod window;

use serde::{Deserialize, Serialize};

/// The bounds of the desktop API: see `src/limits.rs`.
pub mod limits {
    pub use crate::limits::*;
}

pub use self::{
    clipboard::ClipboardContent,
    display::{Clicked, DisplayInfo, FocusAfter, Health, ImageFormat, Position, Window},
    extension::{Damage, ExecuteRequest, ExecuteResult, Extensions, FRAME_SIZE},
    filesystem::{
        CopyFile, DeleteFile, EditFile, EditFileResult, EditFiles, EditResult, Exists, FileEdit,
        FileInfo, FileKind, GlobFiles, HomeFolder, ListFiles, Mkdir, MoveFile, ReadFile,
        SearchFiles, SearchMatch, SetPermissions, ShowTree, StartFolder, TreeEntry,
    },
    hold::Holding,
    process::{
        PROCESSES, ProcessErrors, ProcessInfo, ProcessLogs, ProcessRestart, ProcessStatusList,
        ProcessesState,
    },
    recording::{RecordedFrames, RecordingStatus, RecordingSummary},
    sandbox::{
        CreateSandbox, ListSandboxes, PresignedUrl, PresignedUrlRequest, Sandbox, SandboxList,
        SandboxState,
    },
    stack::{Calm, Hidden, HiddenBy, Layer, Stack},
    widget::{Scope, Unreadable, Widget, WidgetQuery, WidgetTrees, WidgetsFound},
    window::{Arranged, Arrangement},
};

/// A list in the protocol's envelope.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Items<T> {
    /// The members, in the order of the desktop.
    pub items: Vec<T>,
}

/// `{"ok": true}`: the answer of an action that has no other result.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// Always true; a failed action is an error status instead.
    pub ok: bool,
    /// After keys, on a desktop that knows it: whether anybody received them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached: Option<bool>,
}

/// The body of every error that is not a validation error.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What went wrong.
    pub message: String,
    /// One entry for each bad field of a validation error.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// What is wrong with one field of a request.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name.
    pub field: String,
    /// What it must be.
    pub error: String,
}
