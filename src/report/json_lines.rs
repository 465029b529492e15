//! `events.jsonl`: each event as one line of JSON, written as it happens, so
//! that a run that is cut off leaves everything up to there.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
    path::Path,
    sync::{Mutex, PoisonError},
};

use super::RunLog;
use crate::event::{Event, EventKind, EventSink};

/// Writes events to a file and folds them for the other reports.
pub struct JsonLines {
    state: Mutex<State>,
}

struct State {
    /// `None` once it can never be complete.
    file: Option<File>,
    /// How many bytes of the file are complete lines.
    whole: u64,
    /// Lines that could not be written yet, the oldest first.
    pending: Vec<u8>,
    log: RunLog,
    /// Why the file is incomplete, as long as it is.
    problem: Option<io::Error>,
}

/// The most that is kept of what could not be written, in bytes.
const MOST: usize = 64 << 20;

impl JsonLines {
    /// Starts the file at `path`.
    ///
    /// # Errors
    ///
    /// When the file cannot be made.
    pub fn create(path: &Path) -> io::Result<Self> {
        let file = File::create(path)?;
        // Whoever finds the file can tell by this that its run is not over. Where the
        // file system has no locks, nobody can.
        let _ = file.try_lock();
        Ok(Self {
            state: Mutex::new(State {
                file: Some(file),
                whole: 0,
                pending: Vec::new(),
                log: RunLog::default(),
                problem: None,
            }),
        })
    }

    /// Everything that happened, and why the file is incomplete, if it is.
    #[must_use]
    pub fn finish(&self) -> (RunLog, Option<io::Error>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.write_pending();
        (std::mem::take(&mut state.log), state.problem.take())
    }
}

impl State {
    /// After a problem, such as a full disk, nothing is written that comes after what is missing: a
    /// file with a gap would tell a wrong story. Writing is tried again at the end of every
    /// scenario, when there may be space again.
    fn write(&mut self, event: &Event) {
        let line = match serde_json::to_vec(event) {
            Ok(line) if self.pending.len() < MOST => line,
            told => {
                self.problem = self.problem.take().or(told.err().map(io::Error::from));
                (self.file, self.pending) = (None, Vec::new());
                return;
            }
        };
        self.pending.extend(line);
        self.pending.push(b'\n');
        if self.problem.is_none() || matches!(event.kind, EventKind::ScenarioFinished { .. }) {
            self.write_pending();
        }
    }

    fn write_pending(&mut self) {
        let Some(file) = self.file.as_mut().filter(|_| !self.pending.is_empty()) else {
            return;
        };
        if self.problem.is_some() {
            // A part of a line may have been written. What is not a file has no length.
            let _ = file.set_len(self.whole);
            let _ = file.seek(SeekFrom::Start(self.whole));
        }
        match file.write_all(&self.pending) {
            Ok(()) => {
                self.whole += self.pending.len() as u64;
                self.pending.clear();
                self.problem = None;
            }
            Err(error) => self.problem = Some(error),
        }
    }
}

impl Drop for JsonLines {
    /// A process that is just being started has a copy of the file, and would keep its lock.
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &state.file {
            let _ = file.unlock();
        }
    }
}

impl EventSink for JsonLines {
    fn emit(&self, event: &Event) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.log.apply(event);
        state.write(event);
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn started() -> Event {
        Event::now(EventKind::RunStarted {
            version: "1.2.3".to_owned(),
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
    fn the_file_tells_what_the_fold_knows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        let lines = JsonLines::create(&path).unwrap();
        lines.emit(&started());
        let (log, problem) = lines.finish();
        assert!(problem.is_none());
        let read = RunLog::from_jsonl(BufReader::new(File::open(&path).unwrap())).unwrap();
        assert_eq!(read, log);
    }

    #[test]
    fn a_full_disk_is_told_once_and_the_run_goes_on() {
        let lines = JsonLines::create(Path::new("/dev/full")).unwrap();
        lines.emit(&started());
        lines.emit(&started());
        let (log, problem) = lines.finish();
        assert_eq!(log.version, "1.2.3");
        assert_eq!(problem.unwrap().kind(), io::ErrorKind::StorageFull);
    }
}
