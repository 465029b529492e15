//! Where the files of several runs go in the folder of all of them.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::{Component, Path},
};

use crate::event::{Artifact, Event, EventKind};

/// A file of a run that belongs to the merged run.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Moved {
    /// Which run it is of: its place among those that were given.
    pub run: usize,
    /// Its path in that run's artifacts, with `/`; it does not leave them.
    pub from: String,
    /// Its path in those of all of them.
    pub to: String,
}

/// What is in the folder already, or will be.
const TAKEN: [&str; 4] = ["events.jsonl", "junit.xml", "report.html", "recordings"];

/// Where files go that are in no folder.
const LOOSE: &str = "files";

/// The folders of several runs in one: each keeps its name if that is free.
#[derive(Default)]
pub(super) struct Folders {
    taken: HashSet<String>,
    /// By the run and the name of the folder there.
    names: HashMap<(usize, String), String>,
    files: BTreeMap<(usize, String), String>,
}

impl Folders {
    /// The same events with the paths that their files will have. Files outside the
    /// run's artifacts are not its own, whatever its events say.
    pub(super) fn moved(&mut self, run: usize, mut events: Vec<Event>) -> Vec<Event> {
        // The traces of what is being played: of a scenario that has ended, its artifacts
        // say whether there is one.
        let mut traces = HashMap::new();
        for event in &mut events {
            match &mut event.kind {
                EventKind::StepFinished { artifacts, .. } => {
                    artifacts.retain_mut(|artifact| self.put(run, artifact).is_some());
                }
                EventKind::ScenarioFinished {
                    scenario,
                    artifacts,
                    ..
                } => {
                    if let Some(trace) = traces.remove(scenario) {
                        self.files.remove(&(run, trace));
                    }
                    artifacts.retain_mut(|artifact| self.put(run, artifact).is_some());
                }
                EventKind::RecordingSaved { artifact, film, .. } => {
                    let _ = self.put(run, artifact);
                    film.retain_mut(|artifact| self.put(run, artifact).is_some());
                }
                EventKind::DesktopStarted {
                    scenario,
                    trace: Some(artifact),
                    ..
                } => {
                    let from = artifact.path.clone();
                    if self.put(run, artifact).is_some() {
                        traces.insert(*scenario, from);
                    }
                }
                _ => {}
            }
        }
        events.retain(|event| match &event.kind {
            EventKind::RecordingSaved { artifact, .. } => is_inside(&artifact.path),
            _ => true,
        });
        events
    }

    pub(super) fn files(self) -> Vec<Moved> {
        let files = self.files.into_iter();
        files
            .map(|((run, from), to)| Moved { run, from, to })
            .collect()
    }

    /// Gives a file its path, if it is inside the folder of its run.
    fn put(&mut self, run: usize, artifact: &mut Artifact) -> Option<()> {
        if !is_inside(&artifact.path) {
            return None;
        }
        let (folder, rest) = match artifact.path.split_once('/') {
            Some((folder, rest)) => (folder, rest),
            None => (LOOSE, &*artifact.path),
        };
        let to = format!("{}/{rest}", self.name(run, folder));
        let from = std::mem::replace(&mut artifact.path, to.clone());
        self.files.insert((run, from), to);
        Some(())
    }

    fn name(&mut self, run: usize, folder: &str) -> String {
        if let Some(name) = self.names.get(&(run, folder.to_owned())) {
            return name.clone();
        }
        let mut number = 1;
        let mut name = folder.to_owned();
        while TAKEN.contains(&&*name) || self.taken.contains(&name) {
            number += 1;
            name = format!("{folder}-{number}");
        }
        self.taken.insert(name.clone());
        self.names.insert((run, folder.to_owned()), name.clone());
        name
    }
}

fn is_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}
