//! Runs of every format of events that there was, kept in `tests/runs`: their reports can be
//! made again for good. A new format gets a run of its own there; no old one is changed.

use std::{fs, path::Path};

use super::{read, report};

/// A copy of a run, in a folder of its own.
fn copy(run: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/runs")
        .join(run);
    copy_all(&from, &folder.path().join("artifacts"));
    folder
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn a_run_of_the_first_format_still_gets_every_report() {
    let folder = copy("first");
    let here = folder.path();
    for (format, part) in [
        ("markdown", "### ❌ 1 of 2 scenarios passed"),
        ("json", "\"A note is found\""),
    ] {
        let ended = report(here, &["artifacts", "--format", format]);
        assert_eq!(ended.status, 1, "{}", ended.said);
        assert!(ended.stdout.contains(part), "{}", ended.stdout);
    }
    let page = read(here, "artifacts/report.html");
    for part in [
        "A note is saved",
        "is not on the screen",
        "focus moved to another window",
        "./note/demo.mp4",
        "<ol style=\"--depth:1\">",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    let junit = read(here, "artifacts/junit.xml");
    assert!(junit.contains("tests=\"2\" failures=\"1\""), "{junit}");
}

#[test]
fn a_run_of_0_1_0_gets_every_report_and_what_its_page_loads() {
    let folder = copy("0.1.0");
    let here = folder.path();
    let ended = report(here, &["artifacts"]);
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert!(
        ended.said.contains("1 passed, 2 failed in "),
        "{}",
        ended.said
    );
    let page = read(here, "artifacts/report.html");
    for part in [
        "data-yaml=\"- click: { role: button, name: Equals }\"",
        "the screen differs from the baseline <code>editor</code>",
        "button &quot;7&quot;",
        "data-tag=\"smoke\"",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    for (script, begin) in [
        ("play/trace.js", "(window.deskhandTraces"),
        (
            "play/editor.step-6.actual.js",
            "Object.assign(window.deskhandPictures",
        ),
    ] {
        assert!(read(here, &format!("artifacts/{script}")).starts_with(begin));
    }
}
