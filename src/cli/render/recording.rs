//! The recording of a run that a film is made of.

use std::{
    fs::{self, File},
    io::{self, BufReader},
    path::{Path, PathBuf},
};

use crate::{
    cli::{last_run::EVENTS, run_folder::inside},
    event::ArtifactKind,
    film::source::{Frames, SourceError},
    report::RunLog,
    timeline::{LONGEST, Timeline},
};

/// What the path of a timeline ends with.
const ENDING: &str = ".timeline.json";

/// A recording with what was done in it.
pub(super) struct Recording {
    /// Its timeline.
    pub(super) timeline: Timeline,
    /// Its frames without the pointer, or the plain video.
    frames: PathBuf,
    /// Its path without its endings.
    stem: PathBuf,
}

impl Recording {
    /// The only recording of a run, or that of a name.
    pub(super) fn find(run: &Path, name: Option<&str>) -> Result<Self, String> {
        let (folder, log) = run_in(run)?;
        let paths = timelines(&log);
        let of = |path: &str| path.strip_suffix(ENDING).unwrap_or(path).to_owned();
        let names: Vec<String> = paths.iter().map(|path| of(path)).collect();
        let is_meant = |known: &str| {
            name.is_none_or(|name| known == name || known.rsplit('/').next() == Some(name))
        };
        let meant: Vec<usize> = (0..names.len())
            .filter(|at| is_meant(&names[*at]))
            .collect();
        let listed = || names.join("`, `");
        match meant[..] {
            [only] => Self::read(&folder, &paths[only], &names[only]),
            [] if names.is_empty() => Err(format!(
                "the run in {} has no recording to make a film of: play a scenario that has \
                 `record`",
                run.display()
            )),
            [] => Err(format!(
                "the run in {} has no recording `{}`; it has `{}`",
                run.display(),
                name.unwrap_or_default(),
                listed()
            )),
            _ => Err(format!(
                "the run in {} has several recordings: choose one with `--recording`: `{}`",
                run.display(),
                listed()
            )),
        }
    }

    fn read(folder: &Path, path: &str, name: &str) -> Result<Self, String> {
        let unreadable = |what: &Path, why: &dyn ToString| {
            format!("cannot read {}: {}", what.display(), why.to_string())
        };
        let shown = folder.join(path);
        let missing = |what: &str, file: &Path| {
            format!(
                "the {what} of the recording `{name}` {} missing: there is no {}; copy all \
                 artifacts of the run, or play it again",
                if what.ends_with('s') { "are" } else { "is" },
                file.display()
            )
        };
        let found = |what: &str, path: &str, shown: &Path| {
            inside(folder, path).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => missing(what, shown),
                _ => unreadable(shown, &error),
            })
        };
        let file = found("timeline", path, &shown)?;
        let text = limited(&file).map_err(|error| unreadable(&shown, &error))?;
        let timeline = Timeline::from_json(&text).map_err(|error| unreadable(&shown, &error))?;
        let beside = timeline.clean.as_ref().map(|clean| clean.file.clone());
        let Some(beside) = beside.or_else(|| timeline.video.clone()) else {
            return Err(format!("{} names no frames and no video", shown.display()));
        };
        let path = Path::new(path).with_file_name(&beside);
        let shown = folder.join(&path);
        let frames = found("frames", &path.to_string_lossy(), &shown)?;
        Ok(Self {
            timeline,
            frames,
            stem: folder.join(name),
        })
    }

    /// Its frames, from the first.
    pub(super) fn frames(&self) -> Result<Frames, SourceError> {
        Frames::open(&self.frames, self.timeline.size)
    }

    /// A path beside it that begins with its name.
    pub(super) fn beside(&self, ending: &str) -> PathBuf {
        let mut path = self.stem.as_os_str().to_owned();
        path.push(ending);
        PathBuf::from(path)
    }
}

/// The folder of a run, and what happened in it.
fn run_in(run: &Path) -> Result<(PathBuf, RunLog), String> {
    let (folder, events) = if run.is_dir() {
        (run.to_owned(), run.join(EVENTS))
    } else {
        let folder = run.parent().unwrap_or(Path::new("")).to_owned();
        (folder, run.to_owned())
    };
    let shown = run.display();
    let file = File::open(&events).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!(
            "there is no run in {shown}: play scenarios with `deskhand run`, or name the folder \
             of a run's artifacts"
        ),
        _ => format!("cannot read a run from {shown}: {error}"),
    })?;
    let log = RunLog::from_jsonl(BufReader::new(file)).map_err(|error| {
        format!(
            "{shown} does not contain a run: {error}; a run in a zip file has to be unpacked \
             first"
        )
    })?;
    let is_here = folder.as_os_str().is_empty();
    let folder = if is_here { PathBuf::from(".") } else { folder };
    Ok((folder, log))
}

/// The paths of all timelines, those of the last attempts.
fn timelines(log: &RunLog) -> Vec<String> {
    let recordings = log.scenarios.iter().flat_map(|log| &log.recordings);
    let films = recordings.flat_map(|recording| &recording.film);
    let timelines = films.filter(|artifact| artifact.kind == ArtifactKind::Timeline);
    let mut paths: Vec<String> = timelines.map(|artifact| artifact.path.clone()).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn limited(file: &Path) -> io::Result<Vec<u8>> {
    let length = fs::metadata(file)?.len();
    if length > LONGEST {
        let most = LONGEST >> 20;
        return Err(io::Error::other(format!("it is larger than {most} MiB")));
    }
    fs::read(file)
}
