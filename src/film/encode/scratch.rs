//! Files without a name: what is written to them disappears with the program, however it ends.

use std::{
    fs::File,
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use crate::whole::Whole;

/// A file that is invisible until it is put into its place.
///
/// On Linux, the file of another process has a path below `/proc`, so ffmpeg can read and write it
/// like any other; elsewhere it has a name, and is removed in the end.
#[derive(Debug)]
pub struct Scratch {
    #[cfg(target_os = "linux")]
    file: File,
    #[cfg(not(target_os = "linux"))]
    file: tempfile::NamedTempFile,
}

impl Scratch {
    /// A file on the disk of a folder.
    ///
    /// # Errors
    ///
    /// Those of the system.
    #[cfg(target_os = "linux")]
    pub fn within(folder: &Path) -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder)?;
        Ok(Self { file })
    }

    /// A file on the disk of a folder.
    ///
    /// # Errors
    ///
    /// Those of the system.
    #[cfg(not(target_os = "linux"))]
    pub fn within(folder: &Path) -> io::Result<Self> {
        let file = tempfile::NamedTempFile::new_in(folder)?;
        Ok(Self { file })
    }

    /// The same with these bytes in it.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub fn with(folder: &Path, bytes: &[u8]) -> io::Result<Self> {
        let scratch = Self::within(folder)?;
        scratch.file().write_all(bytes)?;
        Ok(scratch)
    }

    /// The path by which other programs know it, as long as this value lives.
    #[must_use]
    #[cfg(target_os = "linux")]
    pub fn path(&self) -> PathBuf {
        use std::os::fd::AsRawFd as _;
        let (process, number) = (std::process::id(), self.file.as_raw_fd());
        PathBuf::from(format!("/proc/{process}/fd/{number}"))
    }

    /// The path by which other programs know it, as long as this value lives.
    #[must_use]
    #[cfg(not(target_os = "linux"))]
    pub fn path(&self) -> PathBuf {
        self.file.path().to_owned()
    }

    /// The file itself.
    #[must_use]
    #[cfg(target_os = "linux")]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The file itself.
    #[must_use]
    #[cfg(not(target_os = "linux"))]
    pub fn file(&self) -> &File {
        self.file.as_file()
    }

    /// How many bytes it has.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub fn size(&self) -> io::Result<u64> {
        Ok(self.file().metadata()?.len())
    }

    /// A file next to `place` with the same content as this one, ready to be renamed to it.
    ///
    /// # Errors
    ///
    /// Those of the system: a full disk is noticed here.
    pub fn prepare(&self, place: &Path) -> io::Result<Whole> {
        let whole = Whole::empty(place)?;
        let mut from = self.file();
        from.seek(SeekFrom::Start(0))?;
        io::copy(&mut from, &mut whole.file())?;
        Ok(whole)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn nobody_sees_it_before_it_is_put_into_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::with(folder.path(), b"frames").unwrap();
        assert_eq!(fs::read(scratch.path()).unwrap(), b"frames");
        if cfg!(target_os = "linux") {
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        }
        let place = folder.path().join("film.mp4");
        let whole = scratch.prepare(&place).unwrap();
        assert!(!place.exists());
        whole.put().unwrap();
        assert_eq!(fs::read(&place).unwrap(), b"frames");
    }

    #[test]
    fn what_another_program_writes_by_its_path_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::with(folder.path(), b"something longer").unwrap();
        fs::write(scratch.path(), b"short").unwrap();
        assert_eq!(scratch.size().unwrap(), 5);
    }
}
