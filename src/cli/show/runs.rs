//! The runs that are shown: one, or several as one.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::follow::Follower;
use crate::{
    cli::{
        last_run::EVENTS,
        run_folder::{RunFolder, inside},
    },
    report::{self, Run, RunLog, read_events},
};

/// The most that a file in a zip file may have, in bytes: it is unpacked in memory.
const MAX_PACKED: u64 = 512 << 20;

/// What is shown.
pub(super) struct Runs {
    sources: Vec<Source>,
    /// Where the files of several runs are: which run has them, and where there.
    places: Option<BTreeMap<String, Place>>,
    told: Told,
}

/// A run as it was named.
pub(super) struct Source {
    /// The folder or the zip file.
    pub(super) path: PathBuf,
    folder: Mutex<RunFolder>,
}

/// A file of one of several runs.
#[derive(Clone, Debug)]
struct Place {
    run: usize,
    path: String,
}

/// What happened in the runs.
enum Told {
    /// All of it.
    Whole(Arc<RunLog>),
    /// What a file that may still grow has told so far.
    SoFar(Mutex<Follower>),
}

/// A file of a run, to be sent.
pub(super) enum Content {
    File(File, u64),
    Bytes(Vec<u8>),
}

impl Runs {
    /// Opens the runs that were named.
    pub(super) fn open(named: &[PathBuf]) -> Result<Self, String> {
        let mut sources: Vec<Source> = Vec::new();
        for path in named {
            let source = Source::open(path).map_err(|error| unreadable(path, &error))?;
            let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
            if !sources
                .iter()
                .any(|it| real(&it.path) == real(&source.path))
            {
                sources.push(source);
            }
        }
        let folder = match &sources[..] {
            [only] => only.folder(),
            _ => None,
        };
        let Some(folder) = folder else {
            return Self::together(sources);
        };
        let mut follower = Follower::of(&folder.join(EVENTS));
        let first = follower.read();
        first.map_err(|error| unreadable(&folder, &error))?;
        Ok(Self {
            told: Told::SoFar(Mutex::new(follower)),
            places: None,
            sources,
        })
    }

    /// Several runs as one, as `report` has them.
    fn together(sources: Vec<Source>) -> Result<Self, String> {
        let mut runs = Vec::new();
        for source in &sources {
            let bytes = source.lock().events();
            let bytes = bytes.map_err(|error| unreadable(&source.path, &error))?;
            let name = source.path.display().to_string();
            let events = read_events(&*bytes).map_err(|error| format!("{name}: {error}"))?;
            runs.push(Run { name, events });
        }
        if let [only] = &runs[..] {
            let told = Told::Whole(Arc::new(only.events.iter().collect()));
            return Ok(Self {
                told,
                places: None,
                sources,
            });
        }
        let merged = report::merge(runs).map_err(|error| error.to_string())?;
        let places = merged.files.into_iter().map(|file| {
            let place = Place {
                run: file.run,
                path: file.from,
            };
            (file.to, place)
        });
        Ok(Self {
            told: Told::Whole(Arc::new(merged.events.iter().collect())),
            places: Some(places.collect()),
            sources,
        })
    }

    /// What happened, as far as it is known.
    pub(super) fn log(&self) -> Arc<RunLog> {
        match &self.told {
            Told::Whole(log) => Arc::clone(log),
            Told::SoFar(follower) => lock(follower).log(),
        }
    }

    /// Looks whether more has happened: whether it has, and whether the run goes on.
    pub(super) fn look(&self) -> (bool, bool) {
        match &self.told {
            Told::Whole(_) => (false, false),
            Told::SoFar(follower) => {
                let mut follower = lock(follower);
                // What cannot be read now may be readable at the next look.
                let changed = follower.read().unwrap_or_default();
                (changed, follower.goes_on())
            }
        }
    }

    /// The run that has a file, and the path that the file has there.
    pub(super) fn source(&self, path: &str) -> Option<(&Source, String)> {
        match &self.places {
            None => Some((self.sources.first()?, path.to_owned())),
            Some(places) => {
                let place = places.get(path)?;
                Some((self.sources.get(place.run)?, place.path.clone()))
            }
        }
    }

    /// A file of a run, whole.
    pub(super) fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let (source, path) = self.source(path).ok_or(ErrorKind::NotFound)?;
        source.lock().file(&path)
    }

    /// A file of a run, to be sent.
    pub(super) fn content(&self, path: &str) -> io::Result<Content> {
        let (source, path) = self.source(path).ok_or(ErrorKind::NotFound)?;
        let mut folder = source.lock();
        if let RunFolder::Folder(folder) = &*folder {
            let file = File::open(inside(folder, &path)?)?;
            let length = file.metadata()?.len();
            return Ok(Content::File(file, length));
        }
        folder.read(&path, MAX_PACKED).map(Content::Bytes)
    }
}

impl Source {
    fn open(path: &Path) -> io::Result<Self> {
        let is_events = path.file_name() == Some(EVENTS.as_ref());
        let path = match path.parent() {
            Some(parent) if is_events && parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) if is_events => parent,
            _ => path,
        };
        Ok(Self {
            path: path.to_owned(),
            folder: Mutex::new(RunFolder::open(path)?),
        })
    }

    /// Its files.
    pub(super) fn lock(&self) -> std::sync::MutexGuard<'_, RunFolder> {
        lock(&self.folder)
    }

    /// Its folder, if it is one.
    fn folder(&self) -> Option<PathBuf> {
        match &*self.lock() {
            RunFolder::Folder(folder) => Some(folder.clone()),
            RunFolder::Zip { .. } => None,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    if error.kind() == ErrorKind::NotFound {
        return format!(
            "there is no run in {path}: play scenarios with `deskhand run`, or name the folder \
             or zip file with the artifacts of a run"
        );
    }
    format!("cannot read a run from {path}: {error}")
}
