//! What is left of a desktop whose keepers were killed.

use std::{
    collections::BTreeSet,
    fs, io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use super::{FOLDER_PREFIX, fixed, leftovers, segments, tree};

/// How long killed processes may take to be gone.
const DYING: Duration = Duration::from_secs(3);

/// The pause between two looks at what should go.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Ends and removes what keepers that were killed themselves left of the desktop in
/// `folder`, whose session was `seen` there. After those that ended by themselves there
/// is nothing to do.
pub(super) fn clean_up_after(folder: &Path, seen: Option<&Path>) {
    let deadline = Instant::now() + DYING;
    let (mut left, mut killed) = (Vec::new(), BTreeSet::new());
    loop {
        // One that is dying has no environment any more, but is still there, and so may
        // be its sockets.
        left.extend(tree::of_desktop(folder));
        left = tree::families(left);
        if left.is_empty() || Instant::now() > deadline {
            break;
        }
        for pid in &left {
            tree::send(*pid, Signal::KILL);
        }
        killed.extend(left.iter().copied());
        thread::sleep(LOOK_AGAIN);
    }
    segments::remove_of(&killed);
    leftovers::remove();
    remove_folder(folder);
    if let Some(seen) = seen {
        fixed::leave(seen);
    }
}

/// Removes the desktop's folder, and never another: the name is checked, since
/// anybody can start the keeper. A process that was killed a moment ago may
/// still write, so a folder that is not empty is tried again.
pub(super) fn remove_folder(folder: &Path) {
    let name = folder.file_name().unwrap_or_default();
    if !name
        .as_encoded_bytes()
        .starts_with(FOLDER_PREFIX.as_bytes())
    {
        return;
    }
    for _ in 0..20 {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => thread::sleep(LOOK_AGAIN * 4),
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_folder_of_deskhand_is_ever_removed() {
        let root = tempfile::tempdir().unwrap();
        let folders = ["deskhand-abc", "precious"].map(|name| root.path().join(name));
        for folder in &folders {
            fs::create_dir(folder).unwrap();
            remove_folder(folder);
        }
        assert_eq!(folders.map(|folder| folder.exists()), [false, true]);
    }
}
