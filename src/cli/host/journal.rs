//! What has to be deleted if this process is killed: a file for each sandbox in the
//! user's state folder, from which the next start deletes those that are left.
//!
//! The file of a sandbox is written before the sandbox is used, and is locked as long as its
//! process lives, however that ends. It contains no key.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

/// What the files' names end with.
const ENDING: &str = "json";

/// The files of one user.
pub(super) struct Journal {
    folder: PathBuf,
    /// The control plane whose sandboxes are meant.
    base_url: String,
}

/// The file of an existing sandbox.
pub(super) struct Entry {
    path: PathBuf,
    /// Locked until it is dropped.
    _lock: File,
}

/// A sandbox that was left by a process that has ended.
pub(super) struct Orphan {
    /// Its id.
    pub(super) sandbox: String,
    /// Its file, which nobody else takes meanwhile.
    pub(super) entry: Entry,
}

/// What is in a file.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    sandbox: String,
    base_url: String,
    /// The process that made it.
    pid: u32,
    /// When that process started, in clock ticks since the machine did, where that is
    /// known: another process may have its id by now.
    started: Option<u64>,
    /// When the sandbox ends on its own at the latest, in seconds since 1970.
    expires: u64,
}

impl Journal {
    /// The files below the state folder of a user, for the sandboxes of the control
    /// plane at `base_url`.
    pub(super) fn new(state: &Path, base_url: &str) -> Self {
        Self {
            folder: state.join("deskhand/sandboxes"),
            base_url: base_url.to_owned(),
        }
    }

    /// Writes the file of a sandbox that ends on its own after `lifetime`.
    pub(super) fn enter(&self, sandbox: &str, lifetime: Duration) -> io::Result<Entry> {
        fs::create_dir_all(&self.folder)?;
        let pid = std::process::id();
        let record = Record {
            sandbox: sandbox.to_owned(),
            base_url: self.base_url.clone(),
            pid,
            started: started(pid),
            expires: now().saturating_add(lifetime.as_secs()),
        };
        // It gets its name once it is whole and locked.
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.as_file().lock()?;
        serde_json::to_writer(&mut file, &record)?;
        file.flush()?;
        let path = self.folder.join(sandbox).with_extension(ENDING);
        let lock = file.persist(&path).map_err(|error| error.error)?;
        Ok(Entry { path, _lock: lock })
    }

    /// Every sandbox of this control plane whose process has ended. Files of sandboxes
    /// whose time is over are removed.
    pub(super) fn orphans(&self) -> Vec<Orphan> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path());
        let paths = paths.filter(|path| path.extension().is_some_and(|ending| ending == ENDING));
        paths.filter_map(|path| self.orphan(path)).collect()
    }

    fn orphan(&self, path: PathBuf) -> Option<Orphan> {
        let mut file = File::open(&path).ok()?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return None,
            // Where there are no locks, the process itself is looked for.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let mut text = String::new();
        file.read_to_string(&mut text).ok()?;
        let Record {
            sandbox,
            base_url,
            pid,
            started: at,
            expires,
        } = serde_json::from_str(&text).ok()?;
        let lives = at.is_some() && started(pid) == at;
        if lives {
            return None;
        }
        let entry = Entry { path, _lock: file };
        if expires < now() {
            entry.remove();
            return None;
        }
        // The key is for this control plane, and is sent to no other.
        (base_url == self.base_url).then_some(Orphan { sandbox, entry })
    }
}

impl Entry {
    /// Its sandbox is gone, or another process takes care of it.
    pub(super) fn remove(self) {
        // Somebody may have removed it by hand.
        let _ = fs::remove_file(self.path);
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// When a process started: field 22 of `/proc/PID/stat`, see proc(5). The second field
/// is its name in parentheses, which may hold anything.
fn started(pid: u32) -> Option<u64> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let name = stat.iter().rposition(|byte| *byte == b')')?;
    let rest = String::from_utf8_lossy(&stat[name + 1..]);
    rest.split_ascii_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "https://api.example";
    const MINUTE: Duration = Duration::from_secs(60);

    /// The ids of the sandboxes that were left.
    fn left(journal: &Journal) -> Vec<String> {
        let orphans = journal.orphans().into_iter();
        orphans.map(|orphan| orphan.sandbox).collect()
    }

    /// Has a file be as one whose process has ended.
    fn kill(entry: Entry) {
        let text = fs::read_to_string(&entry.path).unwrap();
        let mut record: Record = serde_json::from_str(&text).unwrap();
        record.started = record.started.map(|at| at + 1);
        let text = serde_json::to_string(&record).unwrap();
        fs::write(&entry.path, text).unwrap();
        drop(entry);
    }

    #[test]
    fn a_sandbox_is_left_once_its_process_has_ended() {
        let state = tempfile::tempdir().unwrap();
        let journal = Journal::new(state.path(), HERE);
        assert!(left(&journal).is_empty(), "there is no folder yet");
        let first = journal.enter("sbx-1", MINUTE).unwrap();
        let second = journal.enter("sbx-2", MINUTE).unwrap();
        assert!(left(&journal).is_empty(), "this process lives");
        kill(first);
        assert_eq!(left(&journal), ["sbx-1"]);
        let [orphan] = <[Orphan; 1]>::try_from(journal.orphans()).ok().unwrap();
        assert!(left(&journal).is_empty(), "somebody deletes it now");
        orphan.entry.remove();
        second.remove();
        let folder = fs::read_dir(state.path().join("deskhand/sandboxes")).unwrap();
        assert_eq!(folder.count(), 0);
    }

    #[test]
    fn a_process_that_lives_keeps_its_sandbox_where_there_are_no_locks_too() {
        let state = tempfile::tempdir().unwrap();
        let journal = Journal::new(state.path(), HERE);
        let entry = journal.enter("sbx-1", MINUTE).unwrap();
        drop(entry);
        assert!(left(&journal).is_empty());
    }

    #[test]
    fn no_other_control_plane_is_asked_and_no_sandbox_whose_time_is_over() {
        let state = tempfile::tempdir().unwrap();
        let journal = Journal::new(state.path(), HERE);
        let elsewhere = Journal::new(state.path(), "https://elsewhere.example");
        kill(elsewhere.enter("sbx-1", MINUTE).unwrap());
        assert!(left(&journal).is_empty());
        assert_eq!(left(&elsewhere), ["sbx-1"]);

        let mut over = journal.enter("sbx-2", MINUTE).unwrap();
        let text = fs::read_to_string(&over.path).unwrap();
        let mut record: Record = serde_json::from_str(&text).unwrap();
        record.expires = now() - 1;
        fs::write(&over.path, serde_json::to_string(&record).unwrap()).unwrap();
        let path = std::mem::take(&mut over.path);
        kill(Entry {
            path: path.clone(),
            ..over
        });
        assert!(left(&journal).is_empty() && !path.exists());
    }

    #[test]
    fn a_file_that_is_not_ours_is_left_alone() {
        let state = tempfile::tempdir().unwrap();
        let journal = Journal::new(state.path(), HERE);
        let folder = state.path().join("deskhand/sandboxes");
        fs::create_dir_all(&folder).unwrap();
        let [odd, half] = ["notes.txt", "sbx-1.json"].map(|name| folder.join(name));
        fs::write(&odd, "mine").unwrap();
        fs::write(&half, r#"{"sandbox": "sbx-1""#).unwrap();
        assert!(left(&journal).is_empty() && odd.exists() && half.exists());
    }
}
