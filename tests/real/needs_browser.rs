//! The pages of a run in a real browser.

use std::{fs, path::Path, process::Command};

use deskhand::{geometry::Size, vision::Frame};

use crate::{run::Run, skipped};

const PICTURE: &str = "version: 1
name: The editor looks as before
tags: [smoke, editor]
desktop: { size: 800x600, profile: bare }
regions: { corner: { x: 0, y: 0, width: 300, height: 200 } }
steps:
  - record: film
  - launch: l3afpad
  - wait: { window: /Untitled/ }
  - type: Hello
  - group: Compare
    steps:
      - screenshot-assert: { baseline: editor, region: corner }
        timeout: 300ms
";

const MISSING: &str = "version: 1
name: The calculator adds
tags: [smoke]
desktop: { size: 800x600, profile: bare }
steps:
  - launch: sh -c 'echo begins; galculator'
  - wait: { window: galculator, stable: 300ms }
  - group: Add
    steps:
      - click: { role: button, name: \"7\" }
      - click: { role: button, name: Equals }
        timeout: 300ms
";

const PASSING: &str = "version: 1
name: A note is typed
tags: [editor]
desktop: { size: 800x600, profile: bare }
steps:
  - launch: l3afpad
  - wait: { window: /Untitled/ }
  - type: A < B & C
  - wait: { window: /^\\*/ }
";

#[test]
fn needs_browser_every_control_of_the_page_does_what_it_says() {
    let requirements = "tests/browser/requirements.txt";
    let Some(python) = skipped::python_with(requirements, "browser") else {
        skipped::for_lack_of("PyPI, which cannot be reached");
        return;
    };
    let run = Run::text(PICTURE)
        .other("miss.yaml", MISSING)
        .other("ok.yaml", PASSING)
        .options(&["miss.yaml", "ok.yaml", "--trace", "on"]);
    let baselines = run.place.path().join("baselines/play");
    fs::create_dir_all(&baselines).unwrap();
    let blue = Frame::filled(Size::new(300, 200), [0x33, 0x66, 0x99]);
    fs::write(baselines.join("editor.png"), blue.encode_png()).unwrap();
    let ended = run.ended();
    assert_eq!(ended.status, 1, "{}", ended.said);

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/page.py");
    let used = Command::new(python.join("bin/python"))
        .arg(script)
        .arg(ended.place.path().join("artifacts"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&used.stdout);
    let complaint = String::from_utf8_lossy(&used.stderr);
    assert!(used.status.success(), "{said}\n{complaint}\n{}", ended.said);
    ended.assert_nothing_is_left();
}

const FILMED: &str = "version: 1
name: A note is written
desktop: { size: 800x600, profile: bare }
steps:
  - record: demo
  - caption: A note  # said
  - launch: l3afpad
  - wait: { window: /Untitled/ }
  - wait: 1s
  - type: Hello
  - wait: 1s
  - record: stop
";

#[test]
fn needs_browser_the_film_of_a_recording_is_made_there() {
    let requirements = "tests/browser/requirements.txt";
    let Some(python) = skipped::python_with(requirements, "browser") else {
        skipped::for_lack_of("PyPI, which cannot be reached");
        return;
    };
    let ended = Run::text(FILMED).ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/film.py");
    let used = Command::new(python.join("bin/python"))
        .arg(script)
        .arg(env!("CARGO_BIN_EXE_deskhand"))
        .arg(ended.place.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&used.stdout);
    let complaint = String::from_utf8_lossy(&used.stderr);
    assert!(used.status.success(), "{said}\n{complaint}\n{}", ended.said);
    ended.assert_nothing_is_left();
}
