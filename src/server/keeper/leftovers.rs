//! What killed programs leave outside of the desktop's own folder: sockets in
//! two folders of `/tmp`, whose places X11 and its session protocol dictate.
//!
//! (An X server that picks its display by itself, as ours do, has no lock file.)

use std::{
    fs,
    io::ErrorKind,
    os::unix::{
        fs::{FileTypeExt, MetadataExt},
        net::UnixStream,
    },
    path::Path,
    time::Duration,
};

/// Where X servers and session managers put their sockets.
const FOLDERS: [&str; 2] = ["/tmp/.X11-unix", "/tmp/.ICE-unix"];

/// A socket that refuses connections may belong to a program that is about to
/// listen; one that is older than this does not.
const STARTING: Duration = Duration::from_millis(200);

/// Removes this user's sockets that nobody listens on.
pub(super) fn remove() {
    for folder in FOLDERS {
        remove_in(Path::new(folder));
    }
}

fn remove_in(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if is_dead(&path) {
            // Somebody else may have removed it meanwhile.
            let _ = fs::remove_file(path);
        }
    }
}

fn is_dead(path: &Path) -> bool {
    let Ok(metadata) = fs::symlink_metadata(path) else {
        return false;
    };
    let ours = metadata.uid() == rustix::process::geteuid().as_raw();
    let age = metadata
        .modified()
        .ok()
        .and_then(|since| since.elapsed().ok());
    ours && metadata.file_type().is_socket()
        && age.is_some_and(|age| age > STARTING)
        && UnixStream::connect(path)
            .is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
}

#[cfg(test)]
mod tests {
    use std::{os::unix::net::UnixListener, time::SystemTime};

    use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, utimensat};

    use super::*;

    /// Has a file be as old as one of a program that has started long ago.
    fn grow_old(path: &Path) {
        let then = SystemTime::now() - STARTING * 2;
        let then = then.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let then = Timespec {
            tv_sec: then.as_secs().try_into().unwrap(),
            tv_nsec: then.subsec_nanos().into(),
        };
        let times = Timestamps {
            last_access: then,
            last_modification: then,
        };
        utimensat(CWD, path, &times, AtFlags::empty()).unwrap();
    }

    #[test]
    fn a_socket_goes_once_nobody_listens_on_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let living = UnixListener::bind(path("X1")).unwrap();
        drop(UnixListener::bind(path("X2")).unwrap());
        fs::write(path("notes"), "no socket").unwrap();
        remove_in(folder.path());
        assert!(path("X2").exists(), "it may be about to listen");

        for name in ["X1", "X2"] {
            grow_old(&path(name));
        }
        remove_in(folder.path());
        assert!(!path("X2").exists());
        assert!(path("X1").exists());
        assert!(path("notes").exists());
        drop(living);
    }
}
