//! Which baselines a run wrote.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The baselines that a run wrote: none of them passes in the same run, whichever
/// scenario or attempt comes to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Written(Arc<Mutex<BTreeSet<PathBuf>>>);

impl Written {
    /// Remembers one.
    pub(super) fn add(&self, path: &Path) {
        self.paths().insert(path.to_owned());
    }

    /// Whether this picture is one of them.
    pub(super) fn has(&self, path: &Path) -> bool {
        self.paths().contains(path)
    }

    /// Whether one of them is in this folder.
    pub(super) fn in_folder(&self, folder: &Path) -> bool {
        self.paths()
            .iter()
            .any(|path| path.parent() == Some(folder))
    }

    fn paths(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        // A set is consistent after every call, even after a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
