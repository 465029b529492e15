//! The report files, each written whole or not at all.

use std::{
    fs,
    io::{self, Write as _},
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
/// meets half of it and an older report stays if there is no room for a new one. A
/// link stays, and the file that it leads to is replaced; a device or a pipe is
/// written to.
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
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        let opened = fs::OpenOptions::new().write(true).open(path);
        let written = opened.and_then(|mut there| there.write_all(text.as_bytes()));
        return written.map_err(problem);
    }
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

    #[cfg(target_os = "linux")]
    #[test]
    fn a_link_and_a_device_stay_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| folder.path().join(name));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());

        // A link, so that the device is safe from a mistake here.
        let device = folder.path().join("full");
        std::os::unix::fs::symlink("/dev/full", &device).unwrap();
        assert!(write(&device, "x").is_err());
        assert!(fs::symlink_metadata(&device).unwrap().is_symlink());
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
