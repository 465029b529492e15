//! The events of a run, also while they are being written.

use std::{
    fs::{File, TryLockError},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::report::{RunLog, read_events};

/// The most that is read of a file of events at once, in bytes.
const MOST: u64 = 256 << 20;

/// Reads what is new in a file of events.
pub(super) struct Follower {
    path: PathBuf,
    log: Arc<RunLog>,
    /// How many bytes of the file have been read: whole lines.
    read: u64,
    /// The first line: another one is another run.
    first: Vec<u8>,
}

impl Follower {
    pub(super) fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            log: Arc::default(),
            read: 0,
            first: Vec::new(),
        }
    }

    /// What is known so far.
    pub(super) fn log(&self) -> Arc<RunLog> {
        Arc::clone(&self.log)
    }

    /// Reads what is new; whether there was something.
    pub(super) fn read(&mut self) -> io::Result<bool> {
        let mut file = BufReader::new(File::open(&self.path)?);
        let mut first = Vec::new();
        file.read_until(b'\n', &mut first)?;
        let length = file.get_ref().metadata()?.len();
        let is_other = self.read > 0 && (first != self.first || length < self.read);
        if is_other {
            (self.log, self.read) = (Arc::default(), 0);
        }
        if length == self.read {
            return Ok(is_other);
        }
        self.first = first;
        file.seek(SeekFrom::Start(self.read))?;
        let mut bytes = Vec::new();
        file.take(MOST).read_to_end(&mut bytes)?;
        // A line without an end is still being written.
        bytes.truncate(memchr::memrchr(b'\n', &bytes).map_or(0, |at| at + 1));
        let log = Arc::make_mut(&mut self.log);
        // The first event of all has to be one; later ones may be of a newer version.
        let mut told = if self.read == 0 {
            Vec::new()
        } else {
            self.first.clone()
        };
        told.extend_from_slice(&bytes);
        let events = read_events(&*told).map_err(io::Error::other)?;
        let known = usize::from(self.read > 0);
        for event in &events[known.min(events.len())..] {
            log.apply(event);
        }
        self.read += bytes.len() as u64;
        Ok(is_other || !bytes.is_empty())
    }

    /// Whether the run is in progress: it has not reported its end, and its file is locked. If
    /// nothing has been reported, the file was only just created and may not be locked yet:
    /// trying the lock now could keep the run from taking it.
    pub(super) fn goes_on(&self) -> bool {
        if self.read == 0 || self.log.took.is_some() {
            return false;
        }
        let Ok(file) = File::open(&self.path) else {
            return false;
        };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        event::{Event, EventKind, EventSink as _},
        report::JsonLines,
    };

    fn started(version: &str) -> Event {
        Event::now(EventKind::RunStarted {
            version: version.to_owned(),
            host: "here".to_owned(),
            target: "memory".to_owned(),
            scenarios: 2,
            jobs: 1,
            shard: None,
            division: None,
            shuffle: None,
            expected: None,
        })
    }

    #[test]
    fn a_run_is_followed_to_its_end_and_the_next_one_from_its_start() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        let lines = JsonLines::create(&path).unwrap();
        let mut follower = Follower::of(&path);
        assert!(!follower.read().unwrap() && !follower.goes_on());
        lines.emit(&started("1.0.0"));
        assert!(follower.read().unwrap() && follower.goes_on());
        assert!(!follower.read().unwrap());
        let took = Duration::from_secs(1);
        lines.emit(&Event::now(EventKind::RunFinished {
            interrupted: false,
            took,
        }));
        assert!(follower.read().unwrap() && !follower.goes_on());
        assert_eq!(follower.log().took, Some(took));
        assert_eq!(follower.log().version, "1.0.0");
        drop(lines);

        let lines = JsonLines::create(&path).unwrap();
        lines.emit(&started("2.0.0"));
        assert!(follower.read().unwrap() && follower.goes_on());
        assert_eq!(follower.log().version, "2.0.0");
        assert_eq!(follower.log().took, None);
        // Killed: nobody writes there any more.
        drop(lines);
        assert!(!follower.read().unwrap() && !follower.goes_on());
    }

    #[test]
    fn half_a_line_waits_for_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        let line = serde_json::to_string(&started("1.0.0")).unwrap() + "\n";
        std::fs::write(&path, &line[..20]).unwrap();
        let mut follower = Follower::of(&path);
        assert!(!follower.read().unwrap());
        std::fs::write(&path, &line).unwrap();
        assert!(follower.read().unwrap());
        assert_eq!(follower.log().version, "1.0.0");
    }
}
