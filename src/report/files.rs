//! The report files, each written completely or not at all.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::whole;

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the report {}: {reason}", path.display())]
pub struct Problem {
    /// Its file.
    pub path: PathBuf,
    /// The system's words.
    pub reason: io::Error,
}

/// Writes a report, and its folder if there is none. A link stays, and the file that
/// it leads to is replaced; a device or a pipe is written to.
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
    whole::write(path, text.as_bytes()).map_err(problem)
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
