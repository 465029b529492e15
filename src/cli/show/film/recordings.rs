//! The recordings of a run that have a timeline.

use std::path::PathBuf;

use serde::Serialize;

use super::moved::Moved;
use crate::{
    cli::{
        run_folder::{RunFolder, inside},
        show::{answer::Problem, desk::Desk},
    },
    event::ArtifactKind,
    plain::visible,
    report::{RecordingLog, RunLog, ScenarioLog},
    timeline::Timeline,
    whole::Whole,
};

/// A recording with its timeline.
pub(super) struct Filmed<'l> {
    pub(super) scenario: &'l ScenarioLog,
    pub(super) recording: &'l RecordingLog,
    /// The path of the timeline in the run.
    pub(super) path: &'l str,
}

/// A recording of which a film can be made, as the report knows it.
#[derive(Debug, Serialize)]
pub(super) struct Offered {
    /// The path of its video.
    video: String,
    /// The path of its timeline.
    timeline: String,
    /// Its name.
    name: String,
}

/// All recordings that have a timeline, each scenario as it was played last.
pub(super) fn filmed(log: &RunLog) -> impl Iterator<Item = Filmed<'_>> {
    log.scenarios.iter().flat_map(|scenario| {
        scenario.recordings.iter().filter_map(move |recording| {
            let mut film = recording.film.iter();
            let timeline = film.find(|it| it.kind == ArtifactKind::Timeline)?;
            Some(Filmed {
                scenario,
                recording,
                path: &timeline.path,
            })
        })
    })
}

/// The recording whose timeline has that path.
pub(super) fn found<'l>(log: &'l RunLog, path: &str) -> Result<Filmed<'l>, Problem> {
    let mut all = filmed(log);
    all.find(|filmed| filmed.path == path)
        .ok_or_else(|| Problem::new("the run has no such recording".to_owned()))
}

/// What the report offers films of.
pub(super) fn list(desk: &Desk) -> Vec<Offered> {
    let log = desk.runs.log();
    let offered = filmed(&log).map(|filmed| Offered {
        video: filmed.recording.artifact.path.clone(),
        timeline: filmed.path.to_owned(),
        name: visible(&filmed.recording.name),
    });
    offered.collect()
}

/// The timeline at a path of the run.
pub(super) fn read(desk: &Desk, path: &str) -> Result<Timeline, Problem> {
    let unread = |why: String| Problem::new(format!("cannot read {path}: {why}"));
    let bytes = desk.runs.read(path);
    let bytes = bytes.map_err(|error| unread(error.to_string()))?;
    Timeline::from_json(&bytes).map_err(|error| unread(error.to_string()))
}

/// The file at a path of the run, if that is a folder and not an archive.
pub(super) fn file(desk: &Desk, path: &str) -> Option<PathBuf> {
    let (source, path) = desk.runs.source(path)?;
    match &*source.lock() {
        RunFolder::Folder(folder) => inside(folder, &path).ok(),
        RunFolder::Zip { .. } => None,
    }
}

/// A timeline beside its place, to be put there.
pub(super) fn prepared(desk: &Desk, path: &str, timeline: &Timeline) -> Result<Whole, Problem> {
    let unwritten = |why: String| Problem::new(format!("cannot write {path}: {why}"));
    let file = file(desk, path);
    let file = file.ok_or_else(|| unwritten("the run is an archive".to_owned()))?;
    let bytes = serde_json::to_vec(timeline).map_err(|error| unwritten(error.to_string()))?;
    Whole::prepare(&file, &bytes).map_err(|error| unwritten(error.to_string()))
}

/// Tells the timelines of the run that lines of a file have moved. One that cannot be told
/// knows its steps no longer, and changes of them are refused.
pub(in crate::cli::show) fn shift(desk: &Desk, name: &str, old: &str, new: &str) {
    let moved = Moved::between(old, new);
    for filmed in filmed(&desk.runs.log()) {
        let Ok(mut timeline) = read(desk, filmed.path) else {
            continue;
        };
        if moved.shift(&mut timeline, name)
            && let Ok(whole) = prepared(desk, filmed.path, &timeline)
        {
            drop(whole.put());
        }
    }
}
