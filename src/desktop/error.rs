//! The errors between Deskhand and a desktop.

use std::time::Duration;

use reqwest::header::HeaderMap;

use super::wire::FieldError;

/// Why a call to a desktop did not do its work. Each is an error of the
/// infrastructure, never a statement about the program under test.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DesktopError {
    /// The desktop answered with an error status.
    #[error(transparent)]
    Status(#[from] Box<Refused>),
    /// The status stream reported an error.
    #[error("the status stream of the desktop reports: {message}")]
    Stream {
        /// The desktop's own words.
        message: String,
    },
    /// An argument was outside the protocol's bounds; nothing was sent.
    #[error("`{field}` {problem}")]
    Argument {
        /// The argument.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// No connection, or one that broke.
    #[error("cannot reach the desktop at {url}: {reason}")]
    Connection {
        /// Where it should be.
        url: String,
        /// The system's words.
        reason: String,
    },
    /// No answer in time.
    #[error("{call} did not answer within {} s", after.as_secs_f32())]
    Timeout {
        /// The call, or what was waited for.
        call: String,
        /// How long Deskhand waited.
        after: Duration,
    },
    /// An answer that does not follow the protocol.
    #[error("the answer to {call} does not follow the desktop API: {problem}")]
    Answer {
        /// The call.
        call: String,
        /// The field and the value that are wrong.
        problem: String,
    },
    /// The desktop does not report widgets, and they cannot be read in another way.
    #[error(
        "this desktop does not report widgets itself, and {}",
        no_reader(lacks)
    )]
    NoWidgets {
        /// What is missing on its machine, as `python3 with gi`.
        lacks: String,
    },
    /// The desktop lacks something that only some desktops have.
    #[error("this desktop cannot {what}: it does not announce the extension `{extension}`")]
    Unsupported {
        /// The thing, as `run commands`.
        what: &'static str,
        /// The extension's name.
        extension: &'static str,
    },
}

/// A complete answer with an error status.
#[derive(Clone, Debug, Default, thiserror::Error)]
#[error("{status} {call}: {message}{}", list(errors))]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// The call, as `POST /api/input/type`.
    pub call: String,
    /// The desktop's own words.
    pub message: String,
    /// The bad fields of a validation error.
    pub errors: Vec<FieldError>,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// The answer's body, at most 64 KiB of it.
    pub body: String,
}

impl DesktopError {
    /// The HTTP status, if the desktop answered with one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        if let Self::Status(refused) = self {
            Some(refused.status)
        } else {
            None
        }
    }

    /// Whether the same call may succeed a moment later: 429, every 5xx and a
    /// failed connection.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Status(refused) => refused.status == 429 || refused.status >= 500,
            Self::Connection { .. } | Self::Stream { .. } => true,
            _ => false,
        }
    }
}

/// Why widgets that a desktop does not report cannot be read in another way.
pub(super) fn no_reader(lacks: &str) -> String {
    format!("its programs cannot be asked from outside, because its machine lacks {lacks}")
}

fn list(errors: &[FieldError]) -> String {
    let each: Vec<String> = errors
        .iter()
        .map(|FieldError { field, error }| format!("`{field}` {error}"))
        .collect();
    if each.is_empty() {
        String::new()
    } else {
        format!(" ({})", each.join("; "))
    }
}
