//! Pictures, videos and files: to a file, whole or not at all, or to stdout;
//! and back from a file or stdin.

use std::{
    ffi::OsString,
    fs,
    io::{self, IsTerminal, Read, Write},
    path::{Path, PathBuf},
};

use super::Fault;

/// Where bytes go.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Target {
    /// `-`.
    Stdout,
    /// A file; one that is there is replaced.
    File(PathBuf),
}

impl From<OsString> for Target {
    fn from(text: OsString) -> Self {
        if text == "-" {
            Self::Stdout
        } else {
            Self::File(text.into())
        }
    }
}

impl Target {
    /// As it was written.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Stdout => "-".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Refuses to fill a terminal with bytes, before anything is asked for.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if *self == Self::Stdout && io::stdout().is_terminal() {
            let problem = "a terminal cannot show it: name a file, or send stdout to one";
            return Err(Fault::Usage(problem.to_owned()));
        }
        Ok(())
    }
}

/// Where bytes come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Source {
    /// `-`.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl From<OsString> for Source {
    fn from(text: OsString) -> Self {
        match Target::from(text) {
            Target::Stdout => Self::Stdin,
            Target::File(path) => Self::File(path),
        }
    }
}

impl Source {
    /// All of it.
    pub(super) fn read(&self) -> Result<Vec<u8>, Fault> {
        let (place, read) = match self {
            Self::Stdin => {
                let mut bytes = Vec::new();
                let read = io::stdin().lock().read_to_end(&mut bytes);
                ("stdin".to_owned(), read.map(|_| bytes))
            }
            Self::File(path) => (path.display().to_string(), fs::read(path)),
        };
        read.map_err(|error| Fault::Usage(format!("cannot read {place}: {error}")))
    }
}

/// Writes a file under another name beside its place and renames it, so that a
/// reader never meets half of it and an older file stays if the disk is full.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link keeps pointing to the file; a device or a pipe is no file to replace.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return fs::OpenOptions::new()
            .write(true)
            .open(path)?
            .write_all(bytes);
    }
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let written = fs::write(&part, bytes).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        // Half a picture helps nobody.
        let _ = fs::remove_file(&part);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole_and_replaces_the_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("now.png");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write(folder.path(), b"one").is_err());
        assert!(write(&folder.path().join("no/now.png"), b"one").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_a_device_stay_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        write(Path::new("/dev/null"), b"new").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn a_dash_is_stdout() {
        assert_eq!(Target::from(OsString::from("-")), Target::Stdout);
        let file = Target::from(OsString::from("./-"));
        assert_eq!(file, Target::File(PathBuf::from("./-")));
    }
}
