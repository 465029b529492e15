//! Reading a file of events.

use std::io::{self, BufRead};

use serde::Deserialize;
use thiserror::Error;

use super::RunLog;
use crate::event::{Event, EventKind};

/// Why a file of events could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file itself cannot be read.
    #[error("cannot read the events")]
    Io(#[from] io::Error),
    /// A line is not an event.
    #[error("line {line} is not an event{}", written_by(version.as_deref()))]
    Line {
        /// Its number, from 1.
        line: usize,
        /// The version of Deskhand that wrote the file, where that is known and is not
        /// this one.
        version: Option<String>,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// The end of the message that names the version.
fn written_by(version: Option<&str>) -> String {
    let here = env!("CARGO_PKG_VERSION");
    let end = |version| {
        format!(
            " that Deskhand {here} knows: version {version} wrote the file, so read it with \
             that one"
        )
    };
    version.map(end).unwrap_or_default()
}

/// As much of an event as every version writes.
#[derive(Deserialize)]
struct Any {
    #[serde(rename = "time")]
    _time: chrono::DateTime<chrono::Utc>,
    event: String,
}

/// Reads a file of events, one JSON object a line.
///
/// The last line may be cut in half, as a killed process leaves it; it is then left
/// out. Empty lines mean nothing. Events of kinds that a newer version of Deskhand may
/// have are left out too.
///
/// # Errors
///
/// If the reader fails, or a whole line is not an event.
pub fn read_events(mut reader: impl BufRead) -> Result<Vec<Event>, ReadError> {
    let mut events: Vec<Event> = Vec::new();
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice(&bytes) {
            Ok(event) => events.push(event),
            Err(_) if !bytes.ends_with(b"\n") => break,
            Err(_) if !events.is_empty() && is_of_a_newer_kind(&bytes) => {}
            Err(source) => {
                return Err(ReadError::Line {
                    line,
                    version: other_version(events.first()),
                    source,
                });
            }
        }
    }
    Ok(events)
}

/// Whether a line is an event of a kind that is not known here.
fn is_of_a_newer_kind(line: &[u8]) -> bool {
    let Ok(any) = serde_json::from_slice::<Any>(line) else {
        return false;
    };
    // The kinds are told by what is wrong with an event that has nothing else.
    let bare = serde_json::json!({ "event": any.event });
    let wrong = serde_json::from_value::<EventKind>(bare).err();
    wrong.is_some_and(|error| error.to_string().starts_with("unknown variant"))
}

/// The version that wrote a file, if it is not this one.
fn other_version(first: Option<&Event>) -> Option<String> {
    let EventKind::RunStarted { version, .. } = &first?.kind else {
        return None;
    };
    (version != env!("CARGO_PKG_VERSION")).then(|| version.clone())
}

impl RunLog {
    /// Folds a file of events, as [`read_events`] reads it.
    ///
    /// # Errors
    ///
    /// Those of [`read_events`].
    pub fn from_jsonl(reader: impl BufRead) -> Result<Self, ReadError> {
        Ok(read_events(reader)?.iter().collect())
    }
}

impl<'e> FromIterator<&'e Event> for RunLog {
    fn from_iter<T: IntoIterator<Item = &'e Event>>(events: T) -> Self {
        let mut log = Self::default();
        for event in events {
            log.apply(event);
        }
        log
    }
}
