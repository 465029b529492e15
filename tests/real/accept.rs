//! From a look that nobody has seen before to a baseline that passes.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::{Command, Output},
};

use zip::{ZipWriter, write::SimpleFileOptions};

use crate::run::Run;

const SCENARIO: &str = "\
version: 1
name: A desktop as it is
desktop: { size: 800x600 }
steps:
  - wait-ready
  - screenshot-assert: seen
";

/// `deskhand accept` in a folder: its status, and what it said.
fn accept(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .arg("accept")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8([stdout, stderr].concat()).unwrap();
    (status.code().unwrap(), said)
}

/// A zip file of a folder, in which it stands under its own name.
fn zipped(folder: &Path, to: &Path) {
    let mut zip = ZipWriter::new(File::create(to).unwrap());
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder.parent().unwrap()).unwrap();
            zip.start_file(name.to_str().unwrap(), SimpleFileOptions::default())
                .unwrap();
            zip.write_all(&fs::read(&path).unwrap()).unwrap();
        }
    }
    zip.finish().unwrap();
}

#[test]
fn what_a_run_saw_becomes_the_baseline_and_then_passes() {
    let ended = Run::text(SCENARIO).ended();
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert!(ended.said.contains("deskhand accept"), "{}", ended.said);
    let folder = ended.place.path().to_owned();

    let (status, said) = accept(&folder, &["--only", "sein"]);
    assert_eq!(status, 2);
    assert!(said.contains("it has `seen`"), "{said}");
    let (status, said) = accept(&folder, &[]);
    assert_eq!((status, &*said), (0, "accepted baselines/play/seen.png\n"));
    let about = fs::read_to_string(folder.join("baselines/play/seen.yaml")).unwrap();
    assert!(
        about.contains("\nsans: DejaVu Sans ") && about.contains("\nxfwm4: "),
        "{about}"
    );

    let archive = folder.join("run.zip");
    zipped(&folder.join("artifacts"), &archive);
    let elsewhere = ended.place.temporary().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let (status, said) = accept(&elsewhere, &["../../run.zip", "--variant", "there"]);
    assert_eq!(
        (status, &*said),
        (0, "accepted baselines/play/seen@there.png\n")
    );

    let again = ended.again().ended();
    assert_eq!(again.status, 0, "{}", again.said);
    let (status, said) = accept(&folder, &[]);
    assert_eq!(status, 0);
    assert!(said.contains("has no picture or tree to accept"), "{said}");
    fs::remove_dir_all(elsewhere).unwrap();
    again.assert_nothing_is_left();
}
