//! The files in `deploy/` for CI systems, and `deskhand init`, which writes them.
//!
//! `tests/real/kit.rs` runs what they tell CI systems to run.

mod needs_pypi;

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;

use crate::program::{Ended, deskhand};

/// The files that `init` writes, by the address of the remote.
const FILES: [(&str, &str, &str); 4] = [
    (
        "github",
        "git@github.com:me/it.git",
        ".github/workflows/desktop-tests.yml",
    ),
    (
        "gitlab",
        "https://gitlab.example/me/it.git",
        ".gitlab-ci.yml",
    ),
    (
        "azure",
        "https://me@dev.azure.com/me/it/_git/it",
        "azure-pipelines.yml",
    ),
    ("buildkite", "", ".buildkite/pipeline.yml"),
];

/// A repository with this remote, or none.
fn repository(remote: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(folder.path());
        assert!(command.status().unwrap().success(), "{arguments:?}");
    };
    git(&["init", "--quiet"]);
    if !remote.is_empty() {
        git(&["remote", "add", "upstream", "https://git.example/it.git"]);
        git(&["remote", "add", "origin", remote]);
    }
    folder
}

fn read(folder: &Path, file: &str) -> String {
    let path = folder.join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn init(folder: &Path, arguments: &[&str]) -> Ended {
    deskhand(folder, &[&["init"], arguments].concat())
}

#[test]
fn a_repository_gets_the_file_of_its_host_and_a_first_scenario() {
    for (system, remote, file) in FILES {
        let folder = repository(remote);
        let here = folder.path();
        let chosen = ["--ci", system];
        let options = if remote.is_empty() { &chosen[..] } else { &[] };
        let ended = init(here, options);
        assert_eq!(ended.status, 0, "{}", ended.said);
        let said = format!(
            "wrote {file}\nwrote deskhand.yaml\nwrote scenarios/ready.yaml\nnext:\n  1. play it \
             here: deskhand run --install-deps\n"
        );
        assert!(ended.said.starts_with(&said), "{}", ended.said);
        let last = "in place of registry.example/desktop-tests in ";
        assert!(
            ended.said.contains(&format!("{last}{file}\n")),
            "{}",
            ended.said
        );
        let text = read(here, file);
        assert!(text.contains("deskhand run --shard auto") || text.contains(" run --shard auto"));
        assert!(!text.contains("$[["), "{text}");
        for command in [
            &["check"][..],
            &["fmt", "--check", "scenarios", "deskhand.yaml"],
        ] {
            let ended = deskhand(here, command);
            assert_eq!(ended.status, 0, "{}", ended.said);
            assert!(!ended.said.contains('⚠'), "{}", ended.said);
        }
    }
}

#[test]
fn the_image_can_be_named_and_is_nothing_but_a_name() {
    let folder = repository("git@github.com:me/it.git");
    let image = "docker.example/me/it:7";
    for wrong in ["a b", "x\"}, evil: {", "", "a\nb"] {
        let ended = init(folder.path(), &["--image", wrong]);
        assert_eq!(ended.status, 2, "{}", ended.said);
    }
    let ended = init(folder.path(), &["--image", image]);
    assert_eq!(ended.status, 0, "{}", ended.said);
    let text = read(folder.path(), FILES[0].2);
    assert_eq!(text.matches(&format!("\"{image}\"")).count(), 2, "{text}");
    assert!(!text.contains("registry.example"), "{text}");
    assert!(!ended.said.contains("registry.example"), "{}", ended.said);
}

#[test]
fn nothing_that_is_there_is_changed() {
    let folder = repository("https://gitlab.example/me/it.git");
    let here = folder.path();
    fs::write(here.join(".gitlab-ci.yml"), "mine\n").unwrap();
    let ended = init(here, &[]);
    assert_eq!(ended.status, 2, "{}", ended.said);
    assert!(
        ended
            .said
            .contains(".gitlab-ci.yml exists and stays as it is"),
        "{}",
        ended.said
    );
    assert_eq!(read(here, ".gitlab-ci.yml"), "mine\n");
    assert!(!here.join("scenarios").exists() && !here.join("deskhand.yaml").exists());

    // Another system's file goes to the root, beside what is there.
    fs::create_dir_all(here.join("scenarios/deep")).unwrap();
    fs::write(here.join("deskhand.yaml"), "version: 1\n# mine\n").unwrap();
    let ended = init(&here.join("scenarios/deep"), &["--ci", "buildkite"]);
    assert_eq!(ended.status, 0, "{}", ended.said);
    assert!(
        ended
            .said
            .starts_with("wrote .buildkite/pipeline.yml\nnext:"),
        "{}",
        ended.said
    );
    assert_eq!(read(here, "deskhand.yaml"), "version: 1\n# mine\n");
    assert!(here.join(".buildkite/pipeline.yml").exists());
    assert!(!here.join("scenarios/ready.yaml").exists());

    // A link is there, wherever it leads.
    let folder = repository("https://gitlab.example/me/it.git");
    let elsewhere = folder.path().join("elsewhere");
    std::os::unix::fs::symlink(&elsewhere, folder.path().join(".gitlab-ci.yml")).unwrap();
    assert_eq!(init(folder.path(), &[]).status, 2);
    assert!(!elsewhere.exists());
}

#[test]
fn a_host_that_nobody_knows_is_named() {
    for (remote, words) in [
        (
            "",
            "this repository has no remote; choose a CI system: --ci github",
        ),
        (
            "https://git.example/me/it.git",
            "the remote of this repository is on git.example, whose CI system is not known",
        ),
    ] {
        let folder = repository(remote);
        let ended = init(folder.path(), &[]);
        assert_eq!(ended.status, 2, "{}", ended.said);
        assert!(ended.said.contains(words), "{}", ended.said);
        assert!(!folder.path().join("deskhand.yaml").exists());
    }
    let folder = tempfile::tempdir().unwrap();
    let ended = init(folder.path(), &[]);
    assert!(
        ended.said.contains("git says `not a git repository"),
        "{}",
        ended.said
    );
}
