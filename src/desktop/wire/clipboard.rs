//! The clipboards, an extension of the local desktop.

use serde::{Deserialize, Serialize};

/// `GET /api/clipboard`: what a clipboard has.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct ClipboardContent {
    /// The text, up to [`limits::CLIPBOARD`](super::limits::CLIPBOARD) bytes; null if
    /// there is none.
    pub text: Option<String>,
    /// Where there is something else, the formats in which its program offers it, such
    /// as `image/png`.
    pub formats: Vec<String>,
}
