//! `events.jsonl`: each event as one line of JSON, written as it happens, so
//! that a run that is cut off leaves everything up to there.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
    sync::{Mutex, PoisonError},
};

use super::RunLog;
use crate::event::{Event, EventSink};

/// Writes events to a file and folds them for the other reports.
pub struct JsonLines {
    state: Mutex<State>,
}

struct State {
    file: Option<File>,
    log: RunLog,
    problem: Option<io::Error>,
}

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
        let file = Some(file);
        Ok(Self {
            state: Mutex::new(State {
                file,
                log: RunLog::default(),
                problem: None,
            }),
        })
    }

    /// Everything that happened, and why the file is not whole, if it is not.
    #[must_use]
    pub fn finish(&self) -> (RunLog, Option<io::Error>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (std::mem::take(&mut state.log), state.problem.take())
    }
}

impl State {
    /// After the first problem nothing more is written: a file with a gap
    /// would tell a story that never was.
    fn write(&mut self, event: &Event) {
        let Some(file) = &mut self.file else { return };
        let written = serde_json::to_vec(event)
            .map_err(io::Error::from)
            .and_then(|mut line| {
                line.push(b'\n');
                file.write_all(&line)
            });
        if let Err(error) = written {
            self.problem = Some(error);
            self.file = None;
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
    use crate::event::EventKind;

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
