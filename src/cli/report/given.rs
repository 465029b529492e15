//! A run as it was named on the command line.

use std::{
    error::Error,
    fs::{self, File},
    io::{self, BufReader},
    path::{Path, PathBuf},
};

use crate::{
    cli::{Exit, complain, last_run::EVENTS},
    event::{Event, EventKind},
    report::read_events,
};

/// A run that was read.
pub(super) struct Given {
    /// As it was named.
    pub(super) name: String,
    /// The folder of its artifacts.
    pub(super) folder: PathBuf,
    /// Its events, at least the first.
    pub(super) events: Vec<Event>,
}

impl Given {
    /// Reads runs, each once however often it was named; says what is wrong with all
    /// that cannot be read.
    pub(super) fn all(named: &[PathBuf]) -> Result<Vec<Self>, Exit> {
        let (mut given, mut seen, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
        for path in named {
            let events = if path.is_dir() {
                path.join(EVENTS)
            } else {
                path.clone()
            };
            let real = fs::canonicalize(&events).unwrap_or_else(|_| events.clone());
            if seen.contains(&real) {
                continue;
            }
            seen.push(real);
            match Self::read(path, &events) {
                Ok(run) => given.extend(run),
                Err(problem) => wrong.push(problem),
            }
        }
        if given.is_empty() && wrong.is_empty() {
            wrong.push("there is nothing to report".to_owned());
        }
        if wrong.is_empty() {
            return Ok(given);
        }
        for problem in wrong {
            complain(&problem);
        }
        Err(Exit::Usage)
    }

    /// Reads a run; `None` if it was cut off before its first event.
    fn read(path: &Path, file: &Path) -> Result<Option<Self>, String> {
        let name = path.display().to_string();
        let opened = File::open(file).map_err(|error| unreadable(path, &error))?;
        let events = read_events(BufReader::new(opened)).map_err(|error| {
            let cause = error.source().map(|cause| format!(": {cause}"));
            format!("{}: {error}{}", file.display(), cause.unwrap_or_default())
        })?;
        let Some(first) = events.first() else {
            complain(&format!(
                "{name} has no event: its run was cut off before it began, so it is left out"
            ));
            return Ok(None);
        };
        if !matches!(first.kind, EventKind::RunStarted { .. }) {
            return Err(format!(
                "{} is not the file of a run: its first event is not the start of one",
                file.display()
            ));
        }
        let folder = file.parent().unwrap_or(Path::new(""));
        let is_here = folder.as_os_str().is_empty();
        let folder = if is_here { Path::new(".") } else { folder };
        Ok(Some(Self {
            name,
            folder: folder.to_owned(),
            events,
        }))
    }

    /// Whether it played one share of several.
    pub(super) fn is_shard(&self) -> bool {
        let shard = match self.events.first().map(|event| &event.kind) {
            Some(EventKind::RunStarted { shard, .. }) => *shard,
            _ => None,
        };
        shard.is_some_and(|shard| shard.count > 1)
    }
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    if error.kind() == io::ErrorKind::NotFound {
        format!(
            "there is no run in {path}: name the folder of a run's artifacts, which has a file \
             `{EVENTS}`, or that file"
        )
    } else {
        format!("cannot read a run from {path}: {error}")
    }
}
