//! The official Python client of the API, unchanged, on a desktop that was
//! started from the shell.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
    time::Duration,
};

use crate::{place::Place, skipped, started::Started};

/// Python with the client, or `None` where pip reaches nobody. Whichever test
/// comes first installs it for the others.
fn python() -> Option<PathBuf> {
    static PYTHON: LazyLock<Option<PathBuf>> = LazyLock::new(install);
    PYTHON.clone()
}

fn install() -> Option<PathBuf> {
    Some(skipped::python_with("tests/sdk/requirements.txt", "sdk")?.join("bin/python"))
}

#[test]
fn the_official_client_runs_every_method() {
    let Some(python) = python() else {
        skipped::for_lack_of("PyPI, which cannot be reached");
        return;
    };
    let place = Place::new();
    let desktop = Started::new(&place, &[], &[]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk/every_method.py");
    let ran = Command::new(python)
        .arg(script)
        .args([desktop.said("url"), desktop.said("token")])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let complaint = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}\n{complaint}");
    assert!(said.contains("30 passed, 0 failed"), "{said}");
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}

#[test]
fn the_official_client_works_on_files_by_every_method() {
    let Some(python) = python() else {
        skipped::for_lack_of("PyPI, which cannot be reached");
        return;
    };
    let place = Place::new();
    let control_plane = ["--control-plane", "--profile", "bare"];
    let desktop = Started::new(&place, &control_plane, &[]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk/every_file_method.py");
    let ran = Command::new(python)
        .arg(script)
        .args([desktop.said("url"), desktop.said("token")])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let complaint = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}\n{complaint}");
    for kind in ["sync", "async"] {
        let methods = said
            .lines()
            .filter(|line| line.starts_with(&format!("ok {kind} ")));
        assert_eq!(methods.count(), 21, "{said}");
    }
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}
