//! What people say of the pictures of a run, kept beside it.
//!
//! A rejected picture is a finding that somebody has looked at: the note says what is
//! wrong, and the file can be handed on with the run, or be committed. `accept` leaves
//! out what was rejected unless it is named. A verdict is about the bytes that somebody
//! saw, so one of an earlier run in the same folder says nothing about this one.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    plain::{document, visible},
    whole,
};

/// The name of the file; beside a zip file it stands after the name of that one.
pub(super) const FILE: &str = "review.json";

/// All verdicts on a run.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Verdicts {
    rejected: Vec<Rejection>,
}

/// A picture or tree that must not become a baseline.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Rejection {
    /// The path of the artifact in its run.
    pub(super) artifact: String,
    /// Which bytes were rejected: their length, and their CRC-32.
    seen: String,
    /// The baseline that it does not become.
    pub(super) baseline: String,
    /// The scenario's name.
    pub(super) scenario: String,
    /// Where the step is written: `FILE:LINE:COLUMN`.
    pub(super) place: String,
    /// What is wrong with it.
    pub(super) note: String,
    /// Who says so, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) by: Option<String>,
    /// When.
    pub(super) at: DateTime<Utc>,
}

/// What a rejection is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    pub(super) artifact: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) baseline: &'a str,
    pub(super) scenario: &'a str,
    pub(super) place: &'a str,
}

/// The file of the verdicts on a run: in its folder, or beside its zip file.
pub(super) fn file(run: &Path) -> PathBuf {
    if run.is_dir() {
        return run.join(FILE);
    }
    let mut file = run.to_owned().into_os_string();
    file.push(".");
    file.push(FILE);
    file.into()
}

impl Verdicts {
    /// Reads the verdicts on a run; none if there is no file.
    pub(super) fn read(file: &Path) -> io::Result<Self> {
        let text = match fs::read(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error),
        };
        serde_json::from_slice(&text).map_err(io::Error::other)
    }

    /// Writes them, whole or not at all. A file that says nothing goes.
    pub(super) fn write(&self, file: &Path) -> io::Result<()> {
        if self.rejected.is_empty() {
            return match fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        // Paths have to stay what they are, so nothing else makes their characters seen.
        let text = document(&serde_json::to_string_pretty(self)?) + "\n";
        whole::write(file, text.as_bytes())
    }

    /// The rejection of these bytes, if there is one.
    pub(super) fn of(&self, artifact: &str, bytes: &[u8]) -> Option<&Rejection> {
        let seen = seen(bytes);
        let mut rejected = self.rejected.iter();
        rejected.find(|one| one.artifact == artifact && one.seen == seen)
    }

    /// Rejects something; what was said of that artifact before goes.
    pub(super) fn reject(&mut self, about: About<'_>, note: &str, by: Option<&str>) {
        self.withdraw(about.artifact);
        self.rejected.push(Rejection {
            artifact: about.artifact.to_owned(),
            seen: seen(about.bytes),
            baseline: about.baseline.to_owned(),
            scenario: visible(about.scenario),
            place: visible(about.place),
            note: visible(note),
            by: by.map(visible),
            at: Utc::now(),
        });
    }

    /// Takes back what was said of an artifact; whether something was.
    pub(super) fn withdraw(&mut self, artifact: &str) -> bool {
        let before = self.rejected.len();
        self.rejected.retain(|one| one.artifact != artifact);
        self.rejected.len() < before
    }
}

fn seen(bytes: &[u8]) -> String {
    format!(
        "{} bytes, CRC-32 {:08x}",
        bytes.len(),
        crc32fast::hash(bytes)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: About<'static> = About {
        artifact: "a/b.actual.png",
        bytes: b"one",
        baseline: "baselines/a/b.png",
        scenario: "A",
        place: "a.yaml:4:5",
    };

    #[test]
    fn a_note_is_kept_until_it_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(folder.path());
        let mut verdicts = Verdicts::read(&file).unwrap();
        verdicts.reject(ABOUT, "the button is cut off", None);
        verdicts.write(&file).unwrap();
        let mut verdicts = Verdicts::read(&file).unwrap();
        let kept = verdicts.of(ABOUT.artifact, b"one").unwrap();
        assert_eq!(kept.note, "the button is cut off");
        assert!(verdicts.of(ABOUT.artifact, b"another picture").is_none());
        assert!(verdicts.withdraw(ABOUT.artifact));
        verdicts.write(&file).unwrap();
        assert!(!file.exists());
    }

    #[test]
    fn verdicts_on_a_zip_file_stand_beside_it() {
        assert_eq!(
            file(Path::new("x/run.zip")),
            Path::new("x/run.zip.review.json")
        );
    }

    #[test]
    fn a_file_that_holds_something_else_is_an_error_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(folder.path());
        fs::write(&file, "my notes").unwrap();
        assert!(Verdicts::read(&file).is_err());
    }
}
