//! The JSON that travels between a client and a desktop, one type for each
//! shape of the protocol. Client and server use the same types, so that they
//! cannot part.

use serde::{Deserialize, Serialize};

use crate::geometry::{Point, Rect, Size};

/// `GET /api/healthz`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// Whether the display answers.
    pub ok: bool,
}

/// `GET /api/display`: the X display and its size in pixels.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct DisplayInfo {
    /// X11's name of the display, `:0`.
    pub display: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl DisplayInfo {
    /// The size of the screen.
    #[must_use]
    pub const fn size(&self) -> Size {
        Size::new(self.width, self.height)
    }
}

/// One window of the list that the window manager keeps. A desktop may leave
/// out any field, which then reads as 0, "" or false.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Window {
    /// X11's number of the window, `0x04000007`.
    pub id: String,
    /// The workspace it is on; -1 for all.
    pub desktop: i64,
    /// The process that owns it, 0 if it does not say.
    pub pid: i64,
    /// Left edge, in pixels of the screen.
    pub x: i32,
    /// Top edge, in pixels of the screen.
    pub y: i32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Instance and class, `xfce4-terminal.Xfce4-terminal`.
    pub class: String,
    /// The machine that its program runs on.
    pub host: String,
    /// Its title.
    pub title: String,
    /// Whether the keyboard goes to it.
    pub focused: bool,
}

impl Window {
    /// Where it is on the screen.
    #[must_use]
    pub const fn rect(&self) -> Rect {
        Rect::new(self.x, self.y, self.width, self.height)
    }
}

/// A list in the protocol's envelope.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Items<T> {
    /// The members, in the order of the desktop.
    pub items: Vec<T>,
}

/// `{"ok": true}`: the answer of an action that has nothing else to tell.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// Always true; a failed action is an error status instead.
    pub ok: bool,
}

/// A position, as the protocol writes it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Pixels from the left edge.
    pub x: i32,
    /// Pixels from the top edge.
    pub y: i32,
}

impl From<Position> for Point {
    fn from(position: Position) -> Self {
        Self::new(position.x, position.y)
    }
}

impl From<Point> for Position {
    fn from(point: Point) -> Self {
        Self {
            x: point.x,
            y: point.y,
        }
    }
}

/// The state of one managed process of the desktop.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ProcessInfo {
    /// `xvfb`, `xfce4`, `x11vnc` or `novnc`.
    pub name: String,
    /// Whether it runs now.
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

/// The current or most recent recording.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordingStatus {
    /// `rec_1234567890`; empty before the first recording.
    pub id: String,
    /// Whether it still runs.
    pub active: bool,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<String>,
    /// Path of the URL that gives the video.
    pub download: String,
    /// `video/mp4`.
    pub mime_type: String,
    /// The file's name, without a folder.
    pub file_name: String,
    /// The X display that was recorded.
    pub display: String,
    /// `1440x900`.
    pub resolution: String,
}

/// The body of every error that is no validation error.
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
