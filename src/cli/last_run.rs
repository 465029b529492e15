//! The folder of the artifacts contains the last run; what an earlier run left there is removed,
//! and nothing else.

use std::{
    fs::{self, File, TryLockError},
    io::{self, BufReader},
    path::{Component, Path, PathBuf},
};

use super::{ci, verdicts};
use crate::report::{self, RunLog, ScenarioLog};

/// The events of a run.
pub(super) const EVENTS: &str = "events.jsonl";
/// The page.
pub(super) const HTML: &str = "report.html";
/// The report for CI systems.
pub(super) const JUNIT: &str = "junit.xml";

/// Where the desktop keeps recordings until they are saved among the others.
pub(super) const RECORDINGS: &str = "recordings";

/// Makes `folder` ready for a run. The earlier run's files are those that its
/// own events name, so a folder that somebody else uses loses nothing.
pub(super) fn make_room(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let Ok(events) = File::open(folder.join(EVENTS)) else {
        return Ok(());
    };
    if let Err(TryLockError::WouldBlock) = events.try_lock() {
        return Err(io::Error::other("another run is still writing there"));
    }
    if let Ok(earlier) = RunLog::from_jsonl(BufReader::new(events)) {
        for path in paths(&earlier) {
            discard(folder, Path::new(path));
        }
        for script in report::scripts(&earlier) {
            discard(folder, Path::new(&script.path));
        }
    }
    for recording in unsaved(folder) {
        discard(folder, &recording);
    }
    for report in [HTML, JUNIT, ci::SUMMARY, verdicts::FILE, EVENTS] {
        discard(folder, Path::new(report));
    }
    Ok(())
}

fn paths(log: &RunLog) -> impl Iterator<Item = &str> {
    let attempts = log.scenarios.iter().flat_map(ScenarioLog::all_attempts);
    let files = attempts.flat_map(ScenarioLog::files);
    files.map(|artifact| artifact.path.as_str())
}

/// The recordings that a killed run left behind.
fn unsaved(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join(RECORDINGS)).into_iter().flatten();
    let names = entries.filter_map(|entry| Some(PathBuf::from(entry.ok()?.file_name())));
    let is_video = |name: &PathBuf| {
        let ending = name.extension();
        ending.is_some_and(|ending| ending == "mp4" || ending == "mkv")
    };
    names
        .filter(is_video)
        .map(|name| Path::new(RECORDINGS).join(name))
        .collect()
}

/// Removes one file, and the folders that it is in as far as they are empty then. The
/// file of events may have been written by anybody, so a path that leaves the folder is
/// not followed.
fn discard(folder: &Path, path: &Path) {
    if !path
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
    {
        return;
    }
    let _ = fs::remove_file(folder.join(path));
    let around = path.ancestors().skip(1);
    for parent in around.filter(|parent| !parent.as_os_str().is_empty()) {
        let _ = fs::remove_dir(folder.join(parent));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{
        Artifact, ArtifactKind, Event, EventKind, Outcome, ScenarioId, SourceLocation,
    };

    fn events(artifact: &str) -> String {
        let scenario = ScenarioId(0);
        let place = SourceLocation {
            file: "a.yaml".to_owned(),
            line: 1,
            column: 1,
        };
        let (name, tags) = (String::new(), Vec::new());
        let artifacts = vec![Artifact::new(ArtifactKind::Log, artifact)];
        [
            EventKind::ScenarioStarted {
                attempt: 1,
                attempts: 1,
                expected: None,
                scenario,
                name,
                place,
                tags,
                steps: 0,
            },
            EventKind::ScenarioFinished {
                again: false,
                scenario,
                outcome: Outcome::Passed,
                took: std::time::Duration::ZERO,
                artifacts,
            },
        ]
        .map(|kind| serde_json::to_string(&Event::now(kind)).unwrap() + "\n")
        .concat()
    }

    #[test]
    fn the_earlier_run_goes_and_a_strangers_file_stays() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("artifacts");
        for parent in ["hello", RECORDINGS] {
            fs::create_dir_all(folder.join(parent)).unwrap();
        }
        for file in [
            "hello/xvfb.log",
            "recordings/rec_17.mp4",
            "recordings/rec_17.mkv",
            "notes.txt",
            JUNIT,
        ] {
            fs::write(folder.join(file), "x").unwrap();
        }
        fs::write(folder.join(EVENTS), events("hello/xvfb.log")).unwrap();
        make_room(&folder).unwrap();
        assert!(!folder.join("hello").exists());
        assert!(!folder.join(RECORDINGS).exists());
        assert!(!folder.join(JUNIT).exists());
        assert!(folder.join("notes.txt").exists());
    }

    #[test]
    fn every_attempt_of_the_earlier_run_goes_with_its_folders() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("artifacts");
        let files = ["hello/xvfb.log", "hello/attempt-2/xvfb.log"];
        fs::create_dir_all(folder.join("hello/attempt-2")).unwrap();
        for file in files {
            fs::write(folder.join(file), "x").unwrap();
        }
        fs::write(folder.join(EVENTS), files.map(events).concat()).unwrap();
        make_room(&folder).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }

    #[test]
    fn the_scripts_of_the_earlier_run_go_with_what_they_hand_over() {
        let root = tempfile::tempdir().unwrap();
        let trace = events("hello/trace.jsonl").replace("\"log\"", "\"trace\"");
        fs::write(root.path().join(EVENTS), trace).unwrap();
        fs::create_dir(root.path().join("hello")).unwrap();
        for file in ["hello/trace.jsonl", "hello/trace.js"] {
            fs::write(root.path().join(file), "x").unwrap();
        }
        make_room(root.path()).unwrap();
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_another_run_still_writes_to_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let events = root.path().join(EVENTS);
        let running = crate::report::JsonLines::create(&events).unwrap();
        let refused = make_room(root.path()).unwrap_err();
        assert_eq!(refused.to_string(), "another run is still writing there");
        assert!(events.exists());
        drop(running);
        make_room(root.path()).unwrap();
        assert!(!events.exists());
    }

    #[test]
    fn a_path_that_leaves_the_folder_is_not_followed() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("artifacts");
        fs::create_dir_all(&folder).unwrap();
        fs::write(root.path().join("precious"), "x").unwrap();
        fs::write(folder.join(EVENTS), events("../precious")).unwrap();
        make_room(&folder).unwrap();
        assert!(root.path().join("precious").exists());
    }
}
