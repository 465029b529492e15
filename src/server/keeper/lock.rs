//! Locks that show who uses a folder, also to other processes.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
};

/// A file or folder that is locked. It is unlocked before it is closed: a process that
/// another thread is just starting has a copy of it until it becomes its program, and
/// would keep the lock that long.
pub(super) struct Lock(File);

impl Lock {
    /// Takes a shared lock.
    pub(super) fn shared(file: File) -> Result<Self, TryLockError> {
        file.try_lock_shared()?;
        Ok(Self(file))
    }

    /// Takes an exclusive lock; an error if anybody else has a lock.
    pub(super) fn alone(file: File) -> Result<Self, TryLockError> {
        file.try_lock()?;
        Ok(Self(file))
    }

    /// Whether it is still what is at that path.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        let [Ok(open), Ok(there)] = [self.0.metadata(), fs::symlink_metadata(path)] else {
            return false;
        };
        (open.dev(), open.ino()) == (there.dev(), there.ino())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _: io::Result<()> = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_ends_though_a_process_that_is_being_started_has_a_copy_of_its_file() {
        let path = tempfile::NamedTempFile::new().unwrap();
        let open = || File::open(path.path()).unwrap();
        let file = open();
        let copy = file.try_clone().unwrap();
        let lock = Lock::shared(file).unwrap();
        assert!(Lock::alone(open()).is_err());
        drop(lock);
        Lock::alone(open()).unwrap();
        drop(copy);
    }
}
