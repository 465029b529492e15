//! `deskhand render` on folders of artifacts: what it says of what it cannot use.

use std::{fs, path::Path};

use deskhand::event::{
    Artifact, ArtifactKind, Event, EventKind, Outcome, ScenarioId, SourceLocation,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Ended, command, deskhand};

/// The artifacts of a run with these recordings.
fn run(recordings: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let scenario = ScenarioId(0);
    let mut events = vec![
        EventKind::RunStarted {
            version: "0".to_owned(),
            host: "h".to_owned(),
            target: "memory".to_owned(),
            scenarios: 1,
            jobs: 1,
            shard: None,
            division: None,
            shuffle: None,
            expected: None,
        },
        EventKind::ScenarioStarted {
            scenario,
            attempt: 1,
            attempts: 1,
            name: "Hello".to_owned(),
            place: SourceLocation {
                file: "hello.yaml".to_owned(),
                line: 1,
                column: 1,
            },
            tags: Vec::new(),
            steps: 1,
            expected: None,
        },
    ];
    fs::create_dir_all(folder.path().join("artifacts/hello")).unwrap();
    for name in recordings {
        let file = |ending: &str| format!("hello/{name}.{ending}");
        events.push(EventKind::RecordingSaved {
            scenario,
            name: (*name).to_owned(),
            artifact: Artifact::new(ArtifactKind::Video, file("mp4")),
            film: vec![Artifact::new(ArtifactKind::Timeline, file("timeline.json"))],
            span: std::time::Duration::from_secs(1),
        });
        timeline(folder.path(), name, |_| {});
    }
    events.push(EventKind::ScenarioFinished {
        again: false,
        scenario,
        outcome: Outcome::Passed,
        took: std::time::Duration::ZERO,
        artifacts: Vec::new(),
    });
    let lines = events.into_iter().map(Event::now);
    let lines: Vec<String> = lines
        .map(|event| serde_json::to_string(&event).unwrap() + "\n")
        .collect();
    fs::write(folder.path().join("artifacts/events.jsonl"), lines.concat()).unwrap();
    folder
}

/// Writes the timeline of a recording, after a change.
fn timeline(folder: &Path, name: &str, change: impl FnOnce(&mut Value)) {
    let mut whole = json!({
        "version": 1, "scenario": "Hello", "file": "hello.yaml", "recording": name,
        "size": { "width": 64, "height": 48 }, "length": 1.0, "pace": "test",
        "clean": { "file": format!("{name}.clean.mkv"), "frames": 1, "dropped": 0 },
        "steps": [], "input": [], "captions": [], "hidden": [], "covers": [], "windows": [],
    });
    change(&mut whole);
    let file = folder.join(format!("artifacts/hello/{name}.timeline.json"));
    fs::write(file, whole.to_string()).unwrap();
}

fn refused(folder: &TempDir, arguments: &[&str], status: i32) -> String {
    let Ended {
        status: found,
        said,
        ..
    } = deskhand(folder.path(), &[&["render"], arguments].concat());
    assert_eq!(found, status, "{said}");
    said
}

#[test]
fn a_run_with_several_recordings_lists_them() {
    let folder = run(&["demo", "second"]);
    let said = refused(&folder, &[], 2);
    assert!(
        said.contains("choose one with `--recording`: `hello/demo`, `hello/second`"),
        "{said}"
    );
    let said = refused(&folder, &["--recording", "third"], 2);
    assert!(
        said.contains("has no recording `third`; it has `hello/demo`"),
        "{said}"
    );
    let said = refused(&folder, &["--recording", "hello/second"], 2);
    assert!(
        said.contains("the frames of the recording `hello/second` are missing"),
        "{said}"
    );
}

#[test]
fn a_run_without_recordings_and_no_run_at_all_say_what_to_do() {
    let said = refused(&run(&[]), &[], 2);
    assert!(
        said.contains("has no recording to make a film of"),
        "{said}"
    );
    let said = refused(&run(&[]), &["no/such"], 2);
    assert!(said.contains("there is no run in no/such"), "{said}");
}

#[test]
fn outputs_that_cannot_be_written_are_refused_before_anything_else() {
    let folder = run(&["demo"]);
    let said = refused(&folder, &["--to", "demo.avi"], 2);
    assert!(
        said.contains("no film can be written as `.avi`; use `.mp4`"),
        "{said}"
    );
    let said = refused(&folder, &["--to", "no/such/demo.mp4"], 2);
    assert!(said.contains("there is no folder no/such"), "{said}");
    let said = refused(&folder, &["--to", "demo.gif", "--max-size", "5 apples"], 2);
    assert!(said.contains("such as `5MB`"), "{said}");
    let said = refused(&folder, &["--to", "demo.gif", "--check"], 2);
    assert!(said.contains("nothing can be checked"), "{said}");
}

#[test]
fn a_hostile_timeline_is_refused_with_what_is_wrong_in_it() {
    let folder = run(&["demo"]);
    for (pointer, value, words) in [
        ("/length", json!(1e300), "`length` is out of bounds"),
        (
            "/size/width",
            json!(4_000_000_000_u32),
            "the width of the screen is out of bounds",
        ),
        (
            "/clean/file",
            json!("../../secret"),
            "is not the name of a file next to it",
        ),
        ("/version", json!(7), "it has version 7"),
        (
            "/steps",
            json!("none"),
            "it is not a timeline: invalid type",
        ),
    ] {
        timeline(folder.path(), "demo", |whole| {
            *whole.pointer_mut(pointer).unwrap() = value;
        });
        let said = refused(&folder, &["--to", "demo.mp4"], 2);
        assert!(said.contains(words), "{pointer}: {said}");
        assert!(!folder.path().join("demo.mp4").exists());
    }
}

#[test]
fn a_mistake_in_a_style_is_shown_in_its_line() {
    let folder = run(&["demo"]);
    fs::write(folder.path().join("look.yaml"), "zoom:\n  facter: 2\n").unwrap();
    let said = refused(&folder, &["--style", "look.yaml"], 3);
    assert!(said.contains("look.yaml:2:3"), "{said}");
    assert!(said.contains("did you mean `factor`?"), "{said}");
    let settings = "version: 1\nstyle: { pointer: { size: 9000 } }\n";
    fs::write(folder.path().join("deskhand.yaml"), settings).unwrap();
    let said = refused(&folder, &[], 3);
    assert!(
        said.contains("deskhand.yaml:2:27") && said.contains("from 8 to 256"),
        "{said}"
    );
    let scenario = "version: 1\nname: A\nsteps: [{ press: Return }]\n";
    fs::create_dir(folder.path().join("scenarios")).unwrap();
    fs::write(folder.path().join("scenarios/a.yaml"), scenario).unwrap();
    let checked = deskhand(folder.path(), &["check"]);
    assert_eq!(checked.status, 3, "{}", checked.said);
    assert!(
        checked.said.contains("deskhand.yaml:2:27"),
        "{}",
        checked.said
    );
}

#[test]
fn without_ffmpeg_it_says_what_to_install() {
    let folder = run(&["demo"]);
    fs::write(
        folder.path().join("artifacts/hello/demo.clean.mkv"),
        "frames",
    )
    .unwrap();
    let output = command(folder.path(), &["render"])
        .env("PATH", folder.path())
        .output()
        .unwrap();
    let Ended { status, said, .. } = Ended::from(output);
    assert_eq!(status, 4, "{said}");
    assert!(said.contains("is not installed"), "{said}");
    let left = fs::read_dir(folder.path().join("artifacts/hello")).unwrap();
    assert_eq!(left.count(), 2);
}
