//! Recordings of the screen.

use serde::{Deserialize, Serialize};

/// The current or most recent recording.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordingStatus {
    /// `rec_1234567890`; empty before the first recording.
    pub id: String,
    /// Whether it is running.
    pub active: bool,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<String>,
    /// Path of the URL of the video.
    pub download: String,
    /// `video/mp4`.
    pub mime_type: String,
    /// The file's name, without a folder.
    pub file_name: String,
    /// The X display that was recorded.
    pub display: String,
    /// `1440x900`.
    pub resolution: String,
    /// What broke it, in words: `ffmpeg was killed by signal 9`. Not part of the protocol: only
    /// some desktops report it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The frames of its clean video, if it has one. Not part of the protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<RecordedFrames>,
}

/// The frames of a clean video: without the pointer, lossless, each with its own time.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct RecordedFrames {
    /// How many there are.
    pub recorded: u64,
    /// How many more there would have been if the machine had not been too busy.
    pub dropped: u64,
}

/// One recording.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct RecordingSummary {
    /// `rec_1234567890`.
    #[serde(default)]
    pub id: String,
    /// The file's name, without a folder.
    #[serde(default)]
    pub file_name: String,
    /// Path of the URL of the video.
    #[serde(default)]
    pub download: String,
    /// `video/mp4`.
    #[serde(default)]
    pub mime_type: String,
    /// The size of the file now.
    pub size_bytes: u64,
    /// When it began, RFC 3339.
    #[serde(default)]
    pub created_at: String,
    /// Whether it is still active.
    #[serde(default)]
    pub active: bool,
}
