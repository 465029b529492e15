//! From the paths on the command line to the texts of scenarios.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    plan::{Disk, Files},
    scenario::Source,
};

/// A path that gives no scenario.
#[derive(Debug, thiserror::Error)]
pub(super) enum PathError {
    /// It cannot be read.
    #[error("cannot read {path}: {reason}")]
    Read {
        /// The path.
        path: String,
        /// The system's words.
        reason: io::Error,
    },
    /// It is a folder without a scenario.
    #[error("there is no `.yaml` file in the folder {0}")]
    Empty(String),
}

/// Reads every scenario of `paths`: files as they are, folders with all their
/// `.yaml` and `.yml` files by name, folders called `baselines` aside.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Source>, Vec<PathError>> {
    let (mut sources, mut errors) = (Vec::new(), Vec::new());
    for path in paths {
        let mut files = Vec::new();
        if let Err(error) = collect(path, true, &mut files) {
            errors.push(error);
        } else if files.is_empty() {
            errors.push(PathError::Empty(path.display().to_string()));
        }
        for file in files {
            match Disk.read(&file, Source::MAX_BYTES + 1) {
                Ok(bytes) => sources.push(Source::new(name(&file), &bytes)),
                Err(reason) => errors.push(unreadable(&file, reason)),
            }
        }
    }
    if errors.is_empty() {
        Ok(sources)
    } else {
        Err(errors)
    }
}

fn collect(path: &Path, named: bool, files: &mut Vec<PathBuf>) -> Result<(), PathError> {
    let metadata = fs::metadata(path).map_err(|reason| unreadable(path, reason))?;
    if !metadata.is_dir() {
        let is_yaml = path
            .extension()
            .is_some_and(|ending| ending == "yaml" || ending == "yml");
        if named || is_yaml {
            files.push(path.to_owned());
        }
        return Ok(());
    }
    if !named && path.file_name().is_some_and(|name| name == "baselines") {
        return Ok(());
    }
    let entries = fs::read_dir(path).map_err(|reason| unreadable(path, reason))?;
    let mut inside: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    inside.sort();
    inside
        .iter()
        .try_for_each(|path| collect(path, false, files))
}

fn unreadable(path: &Path, reason: io::Error) -> PathError {
    PathError::Read {
        path: path.display().to_string(),
        reason,
    }
}

fn name(path: &Path) -> String {
    let text = path.to_string_lossy();
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}
