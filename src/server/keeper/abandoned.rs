//! Desktops that nobody keeps any more: their Deskhand, guard and keeper were killed at once.
//! Whoever starts the next desktop removes what they left.
//!
//! A desktop that is kept has a file in its folder that is locked as long as one of
//! those three lives.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;

use super::{FOLDER_PREFIX, lock::Lock, remains::clean_up_after};

/// The file, and its temporary name until it is locked: nobody may find it unlocked.
const KEPT: &str = "kept";
const NEW: &str = "kept.new";

/// Says that a desktop's folder is kept, as long as its lock is held.
pub(super) fn keep(folder: &Path) -> io::Result<Lock> {
    let (new, kept) = (folder.join(NEW), folder.join(KEPT));
    if let Ok(file) = File::open(&kept) {
        return Ok(Lock::shared(file)?);
    }
    let lock = Lock::shared(File::create(&new)?)?;
    fs::rename(new, kept)?;
    Ok(lock)
}

/// Ends and removes the desktops of this user in a folder that nobody keeps.
pub(super) fn remove_in(base: &Path) {
    let entries = fs::read_dir(base).into_iter().flatten().flatten();
    for folder in entries.map(|entry| entry.path()) {
        if let Some(_locked) = is_abandoned(&folder) {
            clean_up_after(&folder, None);
        }
    }
}

/// The lock of a desktop that nobody keeps, so that nobody else cleans up after it.
pub(super) fn is_abandoned(folder: &Path) -> Option<Lock> {
    let name = folder.file_name()?.as_encoded_bytes();
    let metadata = fs::symlink_metadata(folder).ok()?;
    let ours = metadata.is_dir() && metadata.uid() == rustix::process::geteuid().as_raw();
    if !ours || !name.starts_with(FOLDER_PREFIX.as_bytes()) {
        return None;
    }
    let path: PathBuf = folder.join(KEPT);
    let nofollow = OFlags::NOFOLLOW.bits().cast_signed();
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(nofollow)
        .open(&path)
        .ok()?;
    let lock = Lock::alone(file).ok()?;
    lock.is_at(&path).then_some(lock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_keeps_is_removed_and_nothing_else() {
        let base = tempfile::tempdir().unwrap();
        let folder = |name: &str| base.path().join(name);
        for name in ["deskhand-kept", "deskhand-left", "deskhand-other", "left"] {
            fs::create_dir(folder(name)).unwrap();
        }
        let _kept = keep(&folder("deskhand-kept")).unwrap();
        let again = keep(&folder("deskhand-kept")).unwrap();
        drop(again);
        drop(keep(&folder("deskhand-left")).unwrap());
        drop(keep(&folder("left")).unwrap());
        remove_in(base.path());
        assert!(!folder("deskhand-left").exists());
        for name in ["deskhand-kept", "deskhand-other", "left"] {
            assert!(folder(name).exists(), "{name}");
        }
    }
}
