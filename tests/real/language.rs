//! What only a real desktop shows of the language: text that is read, loops that
//! are interrupted, parts that are kept out of a video.

use std::{fs, process::Command};

use crate::run::{Run, send};

#[test]
fn text_is_read_on_the_screen_and_a_miss_shows_the_nearest() {
    let ended = Run::text(
        "\
version: 1
name: Text on the screen
desktop: { size: 1024x768 }
steps:
  - wait-ready
  - launch: l3afpad
  - wait: { window: /Untitled/, stable: 200ms }
  - click: { text: Search, in: { window: /Untitled/ } }
    expect-change: 2s
  - wait: { text: /Find/ }
  - press: Escape
  - assert: { text: Optoins }
",
    )
    .ended();
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert!(
        ended.said.contains("1. the text `Options`"),
        "{}",
        ended.said
    );
    assert!(ended.said.contains("at play.yaml:12:5"), "{}", ended.said);
    let marked = ended.place.path().join("artifacts/play/step-7.target.png");
    assert!(marked.exists(), "{}", ended.said);
    ended.assert_nothing_is_left();
}

#[test]
fn text_in_the_languages_of_the_desktop_is_read_with_all_its_marks() {
    let ended = Run::text(
        "\
version: 1
name: German text
desktop: { size: 1024x768, languages: [deu] }
steps:
  - wait-ready
  - launch: l3afpad
  - wait: { window: /Untitled/, stable: 200ms }
  - type: Größe ändern (Übersicht)
  - wait: { text: /^Größe ändern .Übersicht.$/, in: { window: /Untitled/ } }
  - assert: { text: Ubersicht, gone: true }
",
    )
    .ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    ended.assert_nothing_is_left();
}

#[test]
fn an_interrupt_in_a_loop_ends_the_loop_and_plays_the_teardown() {
    let run = Run::text(
        "\
version: 1
name: A long wait
desktop: { size: 1024x768, profile: bare }
steps:
  - wait-ready
  - repeat-until: { window: Never }
    max: 1000
    steps:
      - run: echo x >> rounds; sleep 0.1
teardown:
  - run: touch cleaned
",
    );
    let child = run.started();
    run.has_told(r#""step":4,"parent""#);
    send("-INT", child.id());
    let ended = run.end_of(child);
    assert_eq!(ended.status, 130, "{}", ended.said);
    assert!(
        ended.place.path().join("cleaned").exists(),
        "{}",
        ended.said
    );
    assert!(ended.file("junit.xml").contains(r#"type="interrupted""#));
    ended.assert_nothing_is_left();
}

const NOTE: &str = "\
version: 1
name: Something is hidden
desktop: { size: 1024x768 }
steps:
  - wait-ready
  - launch: l3afpad
  - wait: { window: /Untitled/, stable: 300ms }
  - record: demo
  - wait: { stable: 300ms }
  - type: secret writing
    hidden: true
    expect-change: 2s
  - wait: { stable: 300ms }
    hidden: true
  - hotkey: ctrl+a
    hidden: true
  - press: Delete
    hidden: true
    expect-change: 2s
  - wait: { stable: 300ms }
";

/// How many frames of a video have something dark where the text is written.
fn frames_with_writing(video: &std::path::Path) -> usize {
    const AREA: usize = 120 * 14;
    let frames = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(video)
        // Beside the caret.
        .args(["-vf", "crop=120:14:226:240", "-f", "rawvideo"])
        .args(["-pix_fmt", "gray", "-"])
        .output()
        .unwrap();
    assert!(frames.status.success(), "{frames:?}");
    let frames = frames.stdout.chunks(AREA);
    let written = frames.filter(|frame| frame.iter().filter(|grey| **grey < 100).count() > 20);
    written.count()
}

#[test]
fn what_is_hidden_is_in_no_frame_of_the_video() {
    let hidden = Run::text(NOTE).ended();
    assert_eq!(hidden.status, 0, "{}", hidden.said);
    let video = hidden.place.path().join("artifacts/play/demo.mp4");
    assert_eq!(frames_with_writing(&video), 0);
    assert!(fs::metadata(&video).unwrap().len() > 1000);
    hidden.assert_nothing_is_left();

    let shown = Run::text(&NOTE.replace("    hidden: true\n", "")).ended();
    let video = shown.place.path().join("artifacts/play/demo.mp4");
    assert!(frames_with_writing(&video) > 0, "{}", shown.said);
}
