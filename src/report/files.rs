//! The report files, each written whole or not at all.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the report {}: {reason}", path.display())]
pub struct Problem {
    /// Its file.
    pub path: PathBuf,
    /// The system's words.
    pub reason: io::Error,
}

/// Writes a report beside its place and renames it, so that a reader never
/// meets half of it and an older report stays if there is no room for a new one.
///
/// # Errors
///
/// [`Problem`], and the older report, if there was one, is as it was.
pub fn write(path: &Path, text: &str) -> Result<(), Problem> {
    let problem = |reason| Problem {
        path: path.to_owned(),
        reason,
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(problem)?;
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let written = fs::write(&part, text).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        // Half a report helps nobody, and its room may be needed.
        let _ = fs::remove_file(&part);
    }
    written.map_err(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_appears_whole_and_replaces_the_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/junit.xml");
        write(&path, "one").unwrap();
        write(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path().join("new")).unwrap().count(), 1);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_named() {
        let problem = write(Path::new("/proc/nowhere/junit.xml"), "x").unwrap_err();
        assert!(
            problem.to_string().contains("/proc/nowhere/junit.xml"),
            "{problem}"
        );
    }
}
