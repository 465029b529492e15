//! The sections of GitLab's job logs.

use chrono::{DateTime, Utc};

/// Begins a section, which is folded if `is_folded`. The name may have letters, digits,
/// dots, dashes and underscores.
pub(super) fn open(time: DateTime<Utc>, name: &str, is_folded: bool, title: &str) -> String {
    let folded = if is_folded { "[collapsed=true]" } else { "" };
    let time = time.timestamp();
    format!("\x1b[0Ksection_start:{time}:{name}{folded}\r\x1b[0K{title}\n")
}

/// Ends it.
pub(super) fn close(time: DateTime<Utc>, name: &str) -> String {
    let time = time.timestamp();
    format!("\x1b[0Ksection_end:{time}:{name}\r\x1b[0K\n")
}
