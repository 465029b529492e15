//! What killed programs leave outside the desktop's own folder: sockets in
//! two folders of `/tmp`, whose places X11 and its session protocol dictate.
//!
//! (An X server that picks its display on its own, as ours do, has no lock file.)

use std::{
    fs,
    io::ErrorKind,
    os::unix::{
        fs::{FileTypeExt, MetadataExt},
        net::UnixStream,
    },
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// Where X servers and session managers put their sockets.
const FOLDERS: [&str; 2] = ["/tmp/.X11-unix", "/tmp/.ICE-unix"];

/// A socket that refuses connections may belong to a program that is about to
/// listen; one that is older than this, or still does after so long, does not.
const STARTING: Duration = Duration::from_millis(200);

/// Removes this user's sockets that nobody listens on.
pub(super) fn remove() {
    let (old, young): (Vec<Dead>, Vec<Dead>) = dead(&FOLDERS.map(Path::new))
        .into_iter()
        .partition(|socket| socket.is_old);
    bury(&old);
    if !young.is_empty() {
        thread::sleep(STARTING);
        bury(&young);
    }
}

/// A socket that nobody listened on.
struct Dead {
    path: PathBuf,
    inode: u64,
    /// False too if nobody knows: the clock may have been set meanwhile.
    is_old: bool,
}

fn dead(folders: &[&Path]) -> Vec<Dead> {
    let entries = folders
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok());
    let paths = entries.flatten().flatten().map(|entry| entry.path());
    paths.filter_map(is_dead).collect()
}

/// Removes those that are still dead.
fn bury(dead: &[Dead]) {
    for socket in dead {
        let now = is_dead(socket.path.clone());
        if now.is_some_and(|now| now.inode == socket.inode) {
            // Somebody else may have removed it meanwhile.
            let _ = fs::remove_file(&socket.path);
        }
    }
}

/// What is known of a socket of this user that nobody listens on.
fn is_dead(path: PathBuf) -> Option<Dead> {
    let metadata = fs::symlink_metadata(&path).ok()?;
    let ours = metadata.uid() == rustix::process::geteuid().as_raw();
    let refused = || {
        UnixStream::connect(&path).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
    };
    if !ours || !metadata.file_type().is_socket() || !refused() {
        return None;
    }
    let age = metadata.modified().ok()?.elapsed();
    Some(Dead {
        inode: metadata.ino(),
        is_old: age.is_ok_and(|age| age > STARTING),
        path,
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_socket_goes_once_nobody_listens_on_it_at_two_looks() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let living = UnixListener::bind(path("X1")).unwrap();
        drop(UnixListener::bind(path("X2")).unwrap());
        drop(UnixListener::bind(path("X3")).unwrap());
        fs::write(path("notes"), "no socket").unwrap();
        let dead = dead(&[folder.path()]);
        assert_eq!(dead.len(), 2);
        assert!(path("X2").exists(), "it may be about to listen");

        // Another program has taken the name meanwhile, and does not listen yet.
        fs::remove_file(path("X3")).unwrap();
        fs::write(path("filler"), "has the number of the file before").unwrap();
        drop(UnixListener::bind(path("X3")).unwrap());
        bury(&dead);
        assert!(!path("X2").exists());
        for name in ["X1", "X3", "notes"] {
            assert!(path(name).exists(), "{name}");
        }
        drop(living);
    }
}
