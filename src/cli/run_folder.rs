//! What a run left: a folder of artifacts, or a zip file of one, as CI systems
//! keep it.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

use zip::{ZipArchive, result::ZipError};

use super::last_run::EVENTS;

/// The most that the events of a run may have, in bytes.
const MAX_EVENTS: u64 = 256 << 20;

/// The most that a picture may have.
const MAX_PICTURE: u64 = 64 << 20;

/// The artifacts of a run.
pub(super) enum RunFolder {
    Folder(PathBuf),
    Zip {
        archive: ZipArchive<File>,
        /// The prefix of the path of every file: the run may be in a folder of the archive.
        prefix: String,
    },
}

impl RunFolder {
    /// The run in a folder, or in a zip file.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        let archive = ZipArchive::new(File::open(path)?).map_err(broken)?;
        let prefixes = archive.file_names().filter_map(|name| {
            let name = name.ok()?;
            let prefix = name.strip_suffix(EVENTS)?;
            (prefix.is_empty() || prefix.ends_with('/')).then(|| prefix.to_owned())
        });
        let prefix = prefixes.min_by_key(String::len);
        let prefix = prefix.ok_or(io::ErrorKind::NotFound)?;
        Ok(Self::Zip { archive, prefix })
    }

    /// All events of the run.
    pub(super) fn events(&mut self) -> io::Result<Vec<u8>> {
        self.read(EVENTS, MAX_EVENTS)
    }

    /// The picture or tree at a path of the run, which must stay inside it.
    pub(super) fn file(&mut self, path: &str) -> io::Result<Vec<u8>> {
        self.read(path, MAX_PICTURE)
    }

    /// What is at a path of the run, which must stay inside it, if it has no more than
    /// this many bytes.
    pub(super) fn read(&mut self, path: &str, most: u64) -> io::Result<Vec<u8>> {
        let mut parts = Path::new(path).components();
        if !parts.all(|part| matches!(part, Component::Normal(_))) {
            return Err(outside());
        }
        match self {
            Self::Folder(folder) => {
                let file = inside(folder, path)?;
                if fs::metadata(&file)?.len() > most {
                    return Err(too_long(most));
                }
                fs::read(file)
            }
            Self::Zip { archive, prefix } => {
                let file = archive
                    .by_name(&format!("{prefix}{path}"))
                    .map_err(broken)?;
                let mut bytes = Vec::new();
                // The length that it states may be wrong.
                file.take(most + 1).read_to_end(&mut bytes)?;
                if bytes.len() as u64 > most {
                    return Err(too_long(most));
                }
                Ok(bytes)
            }
        }
    }
}

/// A file of a folder, by its real path; a link that leads out of the folder does not count, and
/// neither does a device or a pipe, whose end may never come.
///
/// # Errors
///
/// Those of the system, and that it is not a file of the folder.
pub(super) fn inside(folder: &Path, path: &str) -> io::Result<PathBuf> {
    let root = fs::canonicalize(folder)?;
    let real = fs::canonicalize(folder.join(path))?;
    if !real.starts_with(root) {
        return Err(outside());
    }
    if !real.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(real)
}

fn outside() -> io::Error {
    io::Error::other("the path is outside the run")
}

fn too_long(most: u64) -> io::Error {
    io::Error::other(format!("it is larger than {} MiB", most >> 20))
}

fn broken(error: ZipError) -> io::Error {
    match error {
        ZipError::Io(error) => error,
        ZipError::FileNotFound => io::ErrorKind::NotFound.into(),
        other => io::Error::other(format!("it is neither a folder nor a zip file: {other}")),
    }
}
