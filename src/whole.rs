//! Files that appear whole or not at all: a reader never meets half of one, and
//! what was there stays if the disk is full.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// Writes a file. A link stays, and what it leads to is replaced; a device or a pipe
/// is written to.
///
/// # Errors
///
/// Those of the system; a file that was there is then as it was.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        return OpenOptions::new().write(true).open(path)?.write_all(bytes);
    }
    Whole::prepare(path, bytes)?.put()
}

/// A file that is written, and has to be put into its place. It is gone if it never
/// is.
#[derive(Debug)]
pub struct Whole {
    file: NamedTempFile,
    place: PathBuf,
}

impl Whole {
    /// Writes a file beside its place, as [`Whole::empty`] makes it.
    ///
    /// # Errors
    ///
    /// Those of the system, and that there is something else than a file.
    pub fn prepare(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        Self::empty(path)?.with(bytes)
    }

    /// Makes a file beside its place. In the place of one that is there it has that
    /// one's permissions, and its owner, where this user may give files away. A link
    /// stays, and what it leads to is replaced.
    ///
    /// # Errors
    ///
    /// Those of the system, and that there is something else than a file.
    pub fn empty(path: &Path) -> io::Result<Self> {
        let before = match fs::metadata(path) {
            Ok(before) => Some(before),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if let Some(before) = &before {
            regular(before)?;
        }
        let place = match &before {
            Some(_) => fs::canonicalize(path)?,
            None => path.to_owned(),
        };
        let folder = place
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        // Made like any other file: with the permissions that this user's files have.
        let file = tempfile::Builder::new()
            .suffix(".part")
            .make_in(folder.unwrap_or(Path::new(".")), |path| {
                File::create_new(path)
            })?;
        // Before anything is in it that only some may read.
        if let Some(before) = &before {
            keep(before, file.as_file())?;
        }
        Ok(Self { file, place })
    }

    /// The same file, with these bytes in it.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub fn with(mut self, bytes: &[u8]) -> io::Result<Self> {
        self.file.as_file_mut().write_all(bytes)?;
        Ok(self)
    }

    /// The file itself, to change what is known of it.
    #[must_use]
    pub fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Puts it into its place.
    ///
    /// # Errors
    ///
    /// Those of the system; a file that was there is then as it was.
    pub fn put(self) -> io::Result<()> {
        self.file.persist(self.place)?;
        Ok(())
    }
}

/// A device or a pipe is neither read, which may never end, nor replaced.
///
/// # Errors
///
/// What it is instead of a file.
pub(crate) fn regular(there: &Metadata) -> io::Result<()> {
    if there.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !there.is_file() {
        let words = "is neither a file nor a folder";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, words));
    }
    Ok(())
}

/// Gives a file the owner and the permissions of the one that it replaces.
#[cfg(unix)]
fn keep(before: &Metadata, file: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};

    let new = file.metadata()?;
    if (before.uid(), before.gid()) != (new.uid(), new.gid()) {
        // Whoever may not give it away keeps it.
        let _ = fchown(file, Some(before.uid()), Some(before.gid()));
    }
    file.set_permissions(before.permissions())
}

#[cfg(not(unix))]
fn keep(before: &Metadata, file: &File) -> io::Result<()> {
    file.set_permissions(before.permissions())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn a_file_appears_whole_and_replaces_the_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("now.png");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(count(folder.path()), 1);
    }

    #[test]
    fn what_is_not_put_into_its_place_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("now.png");
        write(&path, b"one").unwrap();
        drop(Whole::prepare(&path, b"two").unwrap());
        assert!(write(folder.path(), b"two").is_err());
        let error = write(&folder.path().join("no/now.png"), b"two").unwrap_err();
        assert_eq!(error.to_string(), "No such file or directory (os error 2)");
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(count(folder.path()), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_a_device_stay_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link, full] = ["file", "link", "full"].map(|name| folder.path().join(name));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());

        // A link, so that the device is safe from a mistake here.
        std::os::unix::fs::symlink("/dev/full", &full).unwrap();
        let error = write(&full, b"new").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(fs::symlink_metadata(&full).unwrap().is_symlink());
        assert!(Whole::prepare(Path::new("/dev/null"), b"new").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_permissions_and_a_new_one_has_the_usual_ones() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let [usual, new] = ["usual", "new"].map(|name| folder.path().join(name));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        fs::write(&usual, "").unwrap();
        write(&new, b"one").unwrap();
        assert_eq!(mode(&new), mode(&usual));
        fs::set_permissions(&new, fs::Permissions::from_mode(0o640)).unwrap();
        write(&new, b"two").unwrap();
        assert_eq!(mode(&new), 0o640);
    }
}
