//! Why a film could not be written.

use std::{io, path::PathBuf};

use thiserror::Error;

use crate::film::source::SourceError;

/// Why a film could not be written; no file was changed in that case.
#[derive(Debug, Error)]
pub enum Fault {
    /// The frames of the recording could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A program is not installed.
    #[error(
        "`{0}` is not installed, but films are written with it: install it (Debian: `sudo apt \
         install ffmpeg`), or run `deskhand desktop install`"
    )]
    Missing(&'static str),
    /// A program could not be started.
    #[error("cannot start `{program}`: {error}")]
    Start {
        /// Its name.
        program: &'static str,
        /// What the system says.
        error: io::Error,
    },
    /// A program ended before its work was done.
    #[error("`{program}` {how}: {words}")]
    Failed {
        /// Its name.
        program: &'static str,
        /// How it ended: `ended with status 1`.
        how: String,
        /// The last thing that it said.
        words: String,
    },
    /// A program did nothing for too long.
    #[error("`{program}` did nothing for {seconds} s, and was stopped")]
    Stuck {
        /// Its name.
        program: &'static str,
        /// How long Deskhand waited for it.
        seconds: u64,
    },
    /// Somebody asked to stop.
    #[error("stopped")]
    Stopped,
    /// A file could not be written.
    #[error("cannot write {}: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file could not be read.
    #[error("cannot read {}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// No setting makes the film small enough.
    #[error("{0}")]
    TooLarge(String),
}
