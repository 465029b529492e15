//! The draft that is shown, and those that are ending.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::{cli::show::answer::Problem, film::encode::Stop};

/// How long what is being drawn may take to end.
const ENDING: Duration = Duration::from_secs(3);

/// How often to look whether it has ended.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The draft that is drawn or shown, and those that are ending.
#[derive(Default)]
pub(in crate::cli::show) struct Previews(Mutex<Known>);

#[derive(Default)]
pub(super) struct Known {
    pub(super) last: u64,
    pub(super) now: Option<Preview>,
    pub(super) ending: Vec<JoinHandle<()>>,
}

/// A draft.
pub(super) struct Preview {
    pub(super) number: u64,
    pub(super) page: String,
    pub(super) stop: Stop,
    /// It is deleted as soon as nothing is drawn in it any more.
    pub(super) folder: Arc<TempDir>,
    pub(super) stage: Arc<Mutex<Stage>>,
    pub(super) seen: Arc<Mutex<Instant>>,
    pub(super) work: JoinHandle<()>,
}

/// How far a draft is.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub(super) enum Stage {
    /// It is being drawn.
    Working { done: u32, all: u32 },
    /// It can be shown.
    Ready { seconds: f64, notes: Vec<String> },
    /// There will be none.
    Failed { reason: String },
}

/// A draft and its progress.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    pub(super) number: u64,
    #[serde(flatten)]
    pub(super) stage: Stage,
}

/// Which draft is meant.
#[derive(Debug, Deserialize)]
pub(super) struct Which {
    pub(super) number: u64,
}

impl Previews {
    pub(super) fn lock(&self) -> MutexGuard<'_, Known> {
        lock(&self.0)
    }

    /// Ends everything that is drawn; what a killed program left is gone then too.
    pub(in crate::cli::show) fn end(&self) {
        let mut known = self.lock();
        known.put_away();
        let until = Instant::now() + ENDING;
        for work in mem::take(&mut known.ending) {
            while !work.is_finished() && Instant::now() < until {
                thread::sleep(LOOK_AGAIN);
            }
        }
    }
}

impl Known {
    pub(super) fn put_away(&mut self) {
        if let Some(preview) = self.now.take() {
            preview.stop.ask();
            self.ending.push(preview.work);
        }
        self.ending.retain(|work| !work.is_finished());
    }

    pub(super) fn of(&self, which: &Which) -> Result<&Preview, Problem> {
        let now = self.now.as_ref().filter(|now| now.number == which.number);
        now.ok_or_else(|| Problem::new("another preview has been started".to_owned()))
    }
}

/// What nobody else uses meanwhile.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
