//! Where the home of a session is: at the same path in every run, because programs draw that path
//! in titles, lists and dialogs.
//!
//! Several desktops can have one path at a time in mount namespaces of their own:
//! `bwrap` (bubblewrap) binds each session's folder onto an empty one. Where the
//! machine allows no such namespace, as in most containers, the session's folder
//! is the first free one of a row of numbered folders, so a desktop that is alone
//! has the same path there too.

use std::{
    ffi::OsStr,
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use rustix::fs::OFlags;

use super::{
    lock::Lock,
    place::{HOME, SOCKETS, SessionFolder, TEMPORARY},
};

/// What sessions see as their folder; the numbered ones have `-2`, `-3`, … after it.
pub(super) const FIXED: &str = "/tmp/deskhand-session";

/// How many numbered folders there are.
const NUMBERS: u32 = 64;

/// The file in a numbered folder that its session has locked.
const LOCK: &str = ".lock";

/// The session's own folder in the desktop's, unless it is a numbered one.
const OWN: &str = "session";

/// The longest path of a socket, in bytes: `sun_path` of unix(7) without its NUL.
const LONGEST_SOCKET: usize = 107;

/// The longest name that a program gives a socket below `XDG_RUNTIME_DIR`, with
/// the folders above it: room for `run/at-spi/bus_99` and its like.
const SOCKET_NAME: usize = 32;

/// How long another session may take to see that it cannot remove the folder.
const LEAVING: Duration = Duration::from_millis(250);

const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// The session's folder in that of its desktop, which it is bound from.
pub(super) fn make_own(folder: &Path) -> io::Result<()> {
    private(&folder.join(OWN))
}

/// A wrapper program with which a program sees the session's folder at its fixed path, and the lock
/// that keeps that path. An error says why that is impossible.
pub(super) fn bound(folder: &Path) -> io::Result<(Command, SessionFolder, Lock)> {
    let place = SessionFolder {
        real: folder.join(OWN),
        seen: PathBuf::from(FIXED),
        unsteady: None,
    };
    let lock = hold(&place.seen)?;
    let mut command = Command::new("bwrap");
    command
        .args(["--dev-bind", "/", "/", "--bind"])
        .args([&place.real, &place.seen])
        .arg("--");
    Ok((command, place, lock))
}

/// How `bwrap` ends when it cannot make the namespace. A keeper ends with
/// another status.
pub(super) const NO_NAMESPACE: i32 = 1;

/// Where a session can be without a namespace, for some `reason`, and the locks that
/// say so: keep them.
pub(super) fn unbound(folder: &Path, reason: String) -> io::Result<(SessionFolder, Vec<Lock>)> {
    let own = folder.join(OWN);
    let here = |path: PathBuf, reason| SessionFolder {
        real: path.clone(),
        seen: path,
        unsteady: Some(reason),
    };
    for path in (1..=NUMBERS).map(numbered) {
        if let Some(locks) = claim(&path) {
            fs::remove_dir(own)?;
            return Ok((here(path, reason), locks));
        }
    }
    has_room_for_sockets(&own)?;
    let reason = format!("{reason}; and a folder cannot be created in /tmp");
    Ok((here(own, reason), Vec::new()))
}

/// An error if programs could not make their sockets in a session's folder.
fn has_room_for_sockets(folder: &Path) -> io::Result<()> {
    let length = folder.as_os_str().len() + SOCKET_NAME;
    if length <= LONGEST_SOCKET {
        return Ok(());
    }
    let message = format!(
        "the path of a socket can have at most {LONGEST_SOCKET} bytes, but below {} it would \
         have {length}: set TMPDIR to a folder with a shorter path",
        folder.display()
    );
    Err(io::Error::new(io::ErrorKind::InvalidFilename, message))
}

/// Makes a folder that sessions see, and holds it: as long as anybody does, nobody
/// removes it.
fn hold(path: &Path) -> io::Result<Lock> {
    let deadline = Instant::now() + LEAVING;
    loop {
        make(path)?;
        match Lock::shared(open(path)?) {
            Ok(_) if !is_of_sessions(path) => {
                return Err(io::Error::other("it holds files that are not Deskhand's"));
            }
            Ok(lock) if lock.is_at(path) => return Ok(lock),
            // Whoever held it until now has just removed it.
            Ok(_) => {}
            // Somebody looks whether it can be removed.
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                thread::sleep(LOOK_AGAIN);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Takes a numbered folder for one session, if it is free. One that nobody has any
/// more is emptied.
fn claim(path: &Path) -> Option<Vec<Lock>> {
    let folder = hold(path).ok()?;
    let file = path.join(LOCK);
    let open = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .custom_flags(flags(OFlags::NOFOLLOW))
        .open(&file)
        .ok()?;
    let lock = Lock::alone(open).ok()?;
    if !lock.is_at(&file) {
        return None;
    }
    empty(path);
    Some(vec![folder, lock])
}

/// Removes the folder that a session has seen, unless another one sees it.
pub(super) fn leave(seen: &Path) {
    if (1..=NUMBERS).any(|number| numbered(number) == seen) {
        remove(seen);
    }
}

fn remove(path: &Path) {
    let lock = |file: io::Result<File>| Lock::alone(file.ok()?).ok();
    let file = path.join(LOCK);
    if let Some(lock) = lock(File::open(&file))
        && lock.is_at(&file)
    {
        empty(path);
        let _ = fs::remove_file(&file);
    }
    if let Some(folder) = lock(open(path))
        && folder.is_at(path)
    {
        // What is not a session's stays, and so does the folder then.
        let _ = fs::remove_dir(path);
    }
}

fn numbered(number: u32) -> PathBuf {
    match number {
        1 => PathBuf::from(FIXED),
        _ => PathBuf::from(format!("{FIXED}-{number}")),
    }
}

/// Whether there is nothing in a folder that no session puts there.
fn is_of_sessions(path: &Path) -> bool {
    let known = [HOME, SOCKETS, TEMPORARY, LOCK].map(OsStr::new);
    let mut entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.all(|entry| known.contains(&&*entry.file_name()))
}

/// Removes what a session has left.
fn empty(path: &Path) {
    for name in [HOME, SOCKETS, TEMPORARY] {
        let _ = fs::remove_dir_all(path.join(name));
    }
}

/// Makes a folder that only its user may enter.
fn private(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// Makes a folder for every user, whatever the umask says.
fn make(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Ok(()) => fs::set_permissions(path, Permissions::from_mode(0o755)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Opens a folder that is not a link: others may write to `/tmp` too.
fn open(path: &Path) -> io::Result<File> {
    let flags = flags(OFlags::DIRECTORY | OFlags::NOFOLLOW);
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

fn flags(flags: OFlags) -> i32 {
    flags.bits().cast_signed()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_numbered_folder_belongs_to_one_session_and_is_removed_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbered");
        let locks = claim(&path).unwrap();
        assert!(claim(&path).is_none(), "it is taken");
        fs::create_dir(path.join(HOME)).unwrap();
        remove(&path);
        assert!(path.join(HOME).exists(), "its session lives");

        // The session was killed, and nobody removed its folder.
        drop(locks);
        let locks = claim(&path).unwrap();
        assert!(!path.join(HOME).exists(), "nothing of the one before");
        drop(locks);
        remove(&path);
        assert!(!path.exists());
    }

    #[test]
    fn a_numbered_folder_that_others_are_bound_onto_stays_until_they_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbered");
        let locks = claim(&path).unwrap();
        let bound = hold(&path).unwrap();
        drop(locks);
        remove(&path);
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
        drop(bound);
        remove(&path);
        assert!(!path.exists());
    }

    #[test]
    fn a_folder_with_too_long_a_path_for_sockets_is_refused() {
        assert!(has_room_for_sockets(Path::new("/tmp/deskhand-12345678/session")).is_ok());
        let long = PathBuf::from(format!("/tmp/{}", "x".repeat(75)));
        let error = has_room_for_sockets(&long).unwrap_err().to_string();
        assert!(error.contains("at most 107 bytes"), "{error}");
        assert!(error.contains("set TMPDIR"), "{error}");
    }

    #[test]
    fn the_folder_that_sessions_are_bound_onto_goes_with_the_last_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let point = folder.path().join("point");
        let [first, second] = [hold(&point).unwrap(), hold(&point).unwrap()];
        drop(first);
        remove(&point);
        assert!(point.exists(), "the second session needs it");
        drop(second);
        remove(&point);
        assert!(!point.exists());
    }

    #[test]
    fn a_folder_with_files_of_somebody_else_is_neither_used_nor_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("precious");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("notes.txt"), "mine").unwrap();
        assert!(hold(&path).is_err());
        assert!(claim(&path).is_none());
        remove(&path);
        assert!(path.join("notes.txt").exists());

        let link = folder.path().join("link");
        symlink(&path, &link).unwrap();
        assert!(hold(&link).is_err() && claim(&link).is_none());
    }
}
