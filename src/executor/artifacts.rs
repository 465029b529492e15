//! The files that a scenario leaves.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    fault::{Breakage, Fault},
    redactor::Redactor,
};
use crate::{
    event::{Artifact, ArtifactKind},
    whole::{self, Whole},
};

/// The folder of one scenario's artifacts, made when the first is written.
#[derive(Clone, Debug)]
pub(super) struct Artifacts {
    root: PathBuf,
    folder: String,
    pub(super) mask: Redactor,
}

impl Artifacts {
    /// The folder called `folder` below `root`.
    pub(super) fn new(root: &Path, folder: &str, mask: Redactor) -> Self {
        Self {
            root: root.to_owned(),
            folder: folder.to_owned(),
            mask,
        }
    }

    /// The file of this name, whether it exists or not.
    pub(super) fn artifact(&self, kind: ArtifactKind, name: &str) -> Artifact {
        Artifact::new(kind, format!("{}/{name}", self.folder))
    }

    /// Where a file is.
    pub(super) fn path(&self, artifact: &Artifact) -> PathBuf {
        self.root.join(&artifact.path)
    }

    /// Writes a file completely or not at all; text is written without secrets.
    pub(super) fn keep(
        &self,
        kind: ArtifactKind,
        name: &str,
        bytes: &[u8],
    ) -> Result<Artifact, Fault> {
        let folder = self.root.join(&self.folder);
        let path = folder.join(name);
        let masked = match kind {
            ArtifactKind::Log | ArtifactKind::File => self.mask.bytes(bytes),
            _ => None,
        };
        let bytes = masked.as_deref().unwrap_or(bytes);
        let written = fs::create_dir_all(&folder).and_then(|()| whole::write(&path, bytes));
        written.map_err(|error| cannot_write(&path, &error))?;
        Ok(self.artifact(kind, name))
    }

    /// Begins a file of many parts.
    pub(super) fn begin(&self, name: &str) -> Result<Growing, Fault> {
        let folder = self.root.join(&self.folder);
        let path = folder.join(name);
        let file = fs::create_dir_all(&folder).and_then(|()| Whole::empty(&path));
        match file {
            Ok(file) => Ok(Growing { path, file }),
            Err(error) => Err(cannot_write(&path, &error)),
        }
    }
}

/// A file that is written part by part, and appears once it is complete.
pub(super) struct Growing {
    path: PathBuf,
    file: Whole,
}

impl Growing {
    pub(super) fn write(&mut self, part: &[u8]) -> Result<(), Fault> {
        let mut file = self.file.file();
        let written = file.write_all(part);
        written.map_err(|error| cannot_write(&self.path, &error))
    }

    /// Puts it into its place.
    pub(super) fn end(self) -> Result<(), Fault> {
        let put = self.file.put();
        put.map_err(|error| cannot_write(&self.path, &error))
    }
}

/// The error for a file that cannot be written.
pub(super) fn cannot_write(path: &Path, error: &io::Error) -> Fault {
    let path = path.display();
    let full = matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    );
    let message = if full {
        format!("the disk is full: cannot write {path} ({error})")
    } else {
        format!("cannot write {path}: {error}")
    };
    Fault::Broken(Breakage {
        message,
        detail: None,
        help: Some("free some space, or make the folder writable".to_owned()),
    })
}
