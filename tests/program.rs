//! The program on files alone: what it says, and with which status it ends,
//! before anything is played.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");

/// What the program did.
struct Ended {
    status: i32,
    /// What it was asked for.
    stdout: String,
    /// Both, as a person at a terminal sees it.
    said: String,
}

fn deskhand(folder: &Path, arguments: &[&str]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .args(arguments)
        .current_dir(folder)
        .env("DESKHAND_EXAMPLE_SECRET", "not told")
        .env_remove("CI")
        .output()
        .unwrap();
    let Output {
        status,
        stdout,
        stderr,
    } = output;
    Ended {
        status: status.code().unwrap(),
        stdout: String::from_utf8(stdout.clone()).unwrap(),
        said: String::from_utf8([stderr, stdout].concat()).unwrap(),
    }
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

const GOOD: &str = "version: 1\nname: Good\nsteps:\n  - press: Tab\n";
const BAD: &str = "version: 1\nname: Bad\nsteps:\n  - pres: Tab\n";

#[test]
fn the_examples_are_right_in_their_standard_form_and_can_be_played_dry() {
    let here = Path::new(PROJECT);
    let checked = deskhand(here, &["check", "scenarios"]);
    assert_eq!(checked.status, 0, "{}", checked.said);
    assert!(!checked.said.contains('⚠'), "{}", checked.said);
    let formatted = deskhand(here, &["fmt", "--check", "scenarios"]);
    assert_eq!(formatted.status, 0, "{}", formatted.said);
    let played = deskhand(here, &["run", "--dry-run", "scenarios"]);
    assert_eq!(played.status, 0, "{}", played.said);
    assert!(!played.said.contains("not told"), "{}", played.said);
}

#[test]
fn all_problems_of_all_files_are_told_and_nothing_is_played() {
    let folder = folder(&[("a/bad.yaml", BAD), ("a/good.yaml", GOOD), ("b.yml", BAD)]);
    for command in [
        &["check", "."][..],
        &["run", "."],
        &["run", "--dry-run", "."],
    ] {
        let ended = deskhand(folder.path(), command);
        assert_eq!(ended.status, 3, "{command:?}: {}", ended.said);
        for place in ["a/bad.yaml:4:5", "b.yml:4:5"] {
            assert!(ended.said.contains(place), "{command:?}: {}", ended.said);
        }
    }
    assert!(!folder.path().join("artifacts").exists());
}

#[test]
fn problems_are_told_to_programs_and_to_workflows() {
    let folder = folder(&[("bad.yaml", BAD)]);
    let json = deskhand(folder.path(), &["check", "--format", "json", "bad.yaml"]);
    assert_eq!(json.status, 3);
    let problems: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let [problem] = &problems.as_array().unwrap()[..] else {
        panic!("{problems}")
    };
    assert_eq!(problem["code"], "unknown-verb");
    assert_eq!(
        (&problem["line"], &problem["column"]),
        (&4.into(), &5.into())
    );
    let github = deskhand(folder.path(), &["check", "--format", "github", "bad.yaml"]);
    let line = "::error file=bad.yaml,line=4,endLine=4,col=5,endColumn=9,";
    assert!(github.stdout.starts_with(line), "{}", github.stdout);
}

#[test]
fn a_file_of_any_size_or_kind_is_answered_at_once() {
    let folder = folder(&[]);
    let huge = fs::File::create(folder.path().join("huge.yaml")).unwrap();
    huge.set_len(100 << 20).unwrap();
    let text = |path: &str, text: String| fs::write(folder.path().join(path), text).unwrap();
    text(
        "long.yaml",
        format!("version: 1\nname: {}\n", "x".repeat(100 << 20)),
    );
    text(
        "deep.yaml",
        format!("version: 1\nname: {}", "[".repeat(200_000)),
    );
    text("cr.yaml", GOOD.replace('\n', "\r\n"));
    text("tab.yaml", GOOD.replace("  -", "\t-"));
    text("bom.yaml", format!("\u{feff}{GOOD}"));
    for (file, status, code) in [
        ("huge.yaml", 3, "too-large"),
        ("long.yaml", 3, "too-large"),
        ("/dev/zero", 3, "too-large"),
        ("deep.yaml", 3, "too-large"),
        ("/dev/null", 3, "empty-file"),
        ("tab.yaml", 3, "yaml-syntax"),
        ("cr.yaml", 0, ""),
        ("bom.yaml", 0, ""),
    ] {
        let ended = deskhand(folder.path(), &["check", file]);
        assert_eq!(ended.status, status, "{file}: {}", ended.said);
        assert!(ended.said.contains(code), "{file}: {}", ended.said);
        assert!(ended.said.len() < 4000, "{file}: {}", ended.said.len());
    }
}

#[test]
fn the_settings_are_those_of_the_nearest_folder_above() {
    let settings = "version: 1\nvars: { key: Escape }\ndesktop: { size: 800x600 }\n";
    let scenario =
        "version: 1\nname: Good\nsteps:\n  - press: ${vars.key}\n  - click: [799, 599]\n";
    let folder = folder(&[("deskhand.yaml", settings), ("deep/er/a.yaml", scenario)]);
    let deep = folder.path().join("deep/er");
    let explained = deskhand(&deep, &["explain", "a.yaml"]);
    assert!(
        explained.stdout.contains("size: 800x600"),
        "{}",
        explained.said
    );
    assert!(
        explained.stdout.contains("key: \"Escape\""),
        "{}",
        explained.stdout
    );
    let given = deskhand(&deep, &["explain", "--var", "key=Tab", "a.yaml"]);
    assert!(given.stdout.contains("key: \"Tab\""), "{}", given.said);

    fs::write(
        folder.path().join("deskhand.yaml"),
        "version: 1\nvras: {}\n",
    )
    .unwrap();
    let wrong = deskhand(&deep, &["check", "a.yaml"]);
    assert_eq!(wrong.status, 3);
    assert!(wrong.said.contains("deskhand.yaml:2:1"), "{}", wrong.said);
    assert!(
        wrong.said.contains("did you mean `vars`?"),
        "{}",
        wrong.said
    );
}

#[test]
fn a_var_that_no_scenario_has_is_wrong_usage() {
    let folder = folder(&[("a.yaml", GOOD)]);
    let ended = deskhand(folder.path(), &["check", "--var", "kye=Tab", "a.yaml"]);
    assert_eq!(ended.status, 2);
    assert!(
        ended.said.contains("no scenario has a var `kye`"),
        "{}",
        ended.said
    );
}

#[test]
fn what_would_be_played_is_listed_for_people_and_programs() {
    let rows = format!("{GOOD}matrix: [{{ a: x }}, {{ a: y }}]\ntags: [smoke]\n");
    let folder = folder(&[
        ("a.yaml", &rows),
        ("parts/b.yaml", "version: 1\nsteps: [wait-ready]\n"),
    ]);
    let people = deskhand(folder.path(), &["list", "."]);
    let lines: Vec<&str> = people.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{}", people.stdout);
    assert!(
        lines[1].contains("Good [a=y]") && lines[1].ends_with("smoke"),
        "{lines:?}"
    );
    let programs = deskhand(folder.path(), &["list", "--json", "."]);
    let entries: serde_json::Value = serde_json::from_str(&programs.stdout).unwrap();
    assert_eq!(entries[1]["row"], "a=y");
}

#[test]
fn fmt_writes_the_standard_form_once_and_checks_it() {
    let untidy = "version:   1\nname: Good # why\nsteps:\n- press:    Tab\n";
    let folder = folder(&[("a.yaml", untidy)]);
    assert_eq!(
        deskhand(folder.path(), &["fmt", "--check", "a.yaml"]).status,
        1
    );
    assert_eq!(deskhand(folder.path(), &["fmt", "a.yaml"]).status, 0);
    let tidy = fs::read_to_string(folder.path().join("a.yaml")).unwrap();
    assert_eq!(
        tidy,
        "version: 1\nname: Good  # why\nsteps:\n  - press: Tab\n"
    );
    assert_eq!(
        deskhand(folder.path(), &["fmt", "--check", "a.yaml"]).status,
        0
    );
}
