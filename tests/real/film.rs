//! Films of what was really played: what is hidden or secret is in none of their frames.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::run::{Ended, Run, assert_video_plays};

const NOTE: &str = "\
version: 1
name: A note is filmed
pace: demo
desktop: { size: 1024x768, packages: [l3afpad] }
secrets: [PATH_OF_GOLD]
steps:
  - wait-ready
  - launch: l3afpad
  - wait: { window: /Untitled/ }
  - record: demo
  - type: unseen
    hidden: true
    expect-change: 2s
  - hotkey: ctrl+a
    hidden: true
  - press: Delete
    hidden: true
    expect-change: 2s
  - group: The note
    steps:
      - type: ${secrets.PATH_OF_GOLD}
        caption: A secret is typed
      - click: { window: /Untitled/ }
";

/// The film is the screen as it was, but for what is drawn over it.
const STYLE: &str = "zoom: { auto: off }\ncaptions: { position: top }\nhold: { seconds: 0.2 }\n";

/// How many frames of a video have letters where the text is written.
fn frames_with_writing(video: &Path) -> usize {
    const AREA: usize = 60 * 14;
    let frames = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(video)
        // Beside the caret.
        .args(["-vf", "crop=60:14:226:240", "-fps_mode", "passthrough"])
        .args(["-f", "rawvideo", "-pix_fmt", "gray", "-"])
        .output()
        .unwrap();
    assert!(frames.status.success(), "{frames:?}");
    let frames = frames.stdout.chunks(AREA);
    let written = frames.filter(|frame| frame.iter().filter(|grey| **grey < 80).count() > 20);
    written.count()
}

fn rendered(ended: &Ended) -> PathBuf {
    let folder = ended.place.path();
    fs::write(folder.join("style.yaml"), STYLE).unwrap();
    let film = folder.join("film.mp4");
    let render = Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .args(["render", "artifacts", "--style", "style.yaml", "--to"])
        .arg(&film)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(render.status.success(), "{render:?}");
    film
}

fn timeline(ended: &Ended) -> Value {
    serde_json::from_str(&ended.file("play/demo.timeline.json")).unwrap()
}

#[test]
fn what_is_hidden_or_secret_is_in_no_frame_of_a_film() {
    let ended = Run::text(NOTE).variable("PATH_OF_GOLD", "mmmm").ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    let timeline = timeline(&ended);
    let told = timeline.to_string();
    assert!(!told.contains("unseen") && !told.contains("mmmm"), "{told}");
    assert_eq!(timeline["hidden"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(timeline["covers"][0]["why"], "secret", "{told}");
    // The frames that films are made of show the secret, and nothing that was hidden.
    let clean = ended.place.path().join("artifacts/play/demo.clean.mkv");
    let shown = frames_with_writing(&clean);
    assert!(shown > 0, "{told}");
    let film = rendered(&ended);
    assert_video_plays(&film);
    assert_eq!(frames_with_writing(&film), 0, "{told}");
    ended.assert_nothing_is_left();
}

#[test]
fn a_film_of_what_is_neither_shows_it() {
    let plain = NOTE
        .replace("secrets: [PATH_OF_GOLD]\n", "")
        .replace("${secrets.PATH_OF_GOLD}", "mmmm");
    let ended = Run::text(&plain).ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    assert!(frames_with_writing(&rendered(&ended)) > 0, "{}", ended.said);
    assert_eq!(timeline(&ended)["covers"].as_array().unwrap().len(), 0);
}
