//! The program on files alone: what it says, and with which status it ends,
//! before anything is played.

mod addresses;
mod choice;
mod shell;

use std::{
    fs::{self, File},
    io,
    path::Path,
    process::{Command, Output, Stdio},
};

use deskhand::internal::ci_variables;
use tempfile::TempDir;

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");

/// What the program did.
pub(crate) struct Ended {
    pub(crate) status: i32,
    /// What it was asked for.
    pub(crate) stdout: String,
    /// Both, as a person at a terminal sees it.
    pub(crate) said: String,
}

pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deskhand"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("DESKHAND_EXAMPLE_SECRET", "not told");
    // They change what is written.
    for variable in ci_variables() {
        command.env_remove(variable);
    }
    command
}

pub(crate) fn deskhand(folder: &Path, arguments: &[&str]) -> Ended {
    Ended::from(command(folder, arguments).output().unwrap())
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let Output {
            status,
            stdout,
            stderr,
        } = output;
        Self {
            // A status that no program ends with: it was ended by a signal.
            status: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout.clone()).unwrap(),
            said: String::from_utf8([stderr, stdout].concat()).unwrap(),
        }
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
        explained.stdout.contains("key: Escape\n"),
        "{}",
        explained.stdout
    );
    let given = deskhand(&deep, &["explain", "--var", "key=Tab", "a.yaml"]);
    assert!(given.stdout.contains("key: Tab\n"), "{}", given.said);

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

/// Every command in a form that needs no desktop, with whether what it was asked
/// for is on stdout.
const COMMANDS: [(&[&str], bool); 24] = [
    (&[], false),
    (&["--help"], true),
    (&["--version"], true),
    (&["run", "--help"], true),
    (&["--nonsuch"], false),
    (&["run", "good.yaml", "--target", "nonsuch"], false),
    (&["run", "--dry-run", "good.yaml"], false),
    (&["run", "bad.yaml"], false),
    (&["run", "nonsuch.yaml"], false),
    (&["run", "--target", NOBODY, "good.yaml"], false),
    (&["check", "good.yaml"], true),
    (&["check", "--format", "json", "bad.yaml"], true),
    (&["check", "--format", "github", "bad.yaml"], true),
    (&["list", "."], false),
    (&["list", "good.yaml"], true),
    (&["explain", "good.yaml"], true),
    (&["explain", "bad.yaml"], false),
    (&["fmt", "--check", "untidy.yaml"], false),
    (&["schema"], true),
    (&["accept", "nonsuch"], false),
    (&["image", "diff", "nonsuch.png", "nonsuch.png"], false),
    (&["ctl", "--url", NOBODY, "desktop-url"], true),
    (&["ctl", "--url", NOBODY, "health"], false),
    (&["desktop", "doctor"], false),
];

/// An address at which no desktop is.
const NOBODY: &str = "http://127.0.0.1:1";

/// Plays every command in a folder of its own.
fn each_command(play: impl Fn(&Path, &[&str], bool)) {
    let untidy = "version:   1\nname: Untidy\nsteps: [wait-ready]\n";
    for (arguments, prints) in COMMANDS {
        let folder = folder(&[
            ("good.yaml", GOOD),
            ("bad.yaml", BAD),
            ("untidy.yaml", untidy),
        ]);
        play(folder.path(), arguments, prints);
    }
}

/// The same command on a machine that has no program of a desktop, so that the
/// doctor starts none.
fn on_an_empty_machine(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = command(folder, arguments);
    command.env("PATH", "/nonsuch");
    command
}

/// Where everything that is written fails, as on a full disk.
fn full() -> Stdio {
    let device = File::options().write(true).open("/dev/full").unwrap();
    Stdio::from(device)
}

/// A pipe whose reader has left.
fn unread() -> Stdio {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    Stdio::from(writer)
}

#[test]
fn a_stderr_that_cannot_be_written_changes_neither_the_status_nor_what_was_asked_for() {
    each_command(|folder, arguments, _| {
        let as_usual = on_an_empty_machine(folder, arguments).output().unwrap();
        let as_usual = Ended::from(as_usual);
        for (what, stderr) in [("a full disk", full()), ("a closed pipe", unread())] {
            let mut command = on_an_empty_machine(folder, arguments);
            let ended = Ended::from(command.stderr(stderr).output().unwrap());
            assert_eq!(ended.status, as_usual.status, "{arguments:?} on {what}");
            assert_eq!(ended.stdout, as_usual.stdout, "{arguments:?} on {what}");
        }
    });
}

#[test]
fn a_stdout_that_cannot_be_written_is_told_by_a_status_of_its_own() {
    each_command(|folder, arguments, prints| {
        let as_usual = on_an_empty_machine(folder, arguments).output().unwrap();
        let as_usual = Ended::from(as_usual);
        let mut command = on_an_empty_machine(folder, arguments);
        let ended = Ended::from(command.stdout(full()).output().unwrap());
        let status = if prints { 5 } else { as_usual.status };
        assert_eq!(ended.status, status, "{arguments:?}: {}", ended.said);
        let told = ended.said.contains("deskhand: cannot write to stdout: ");
        assert_eq!(told, prints, "{arguments:?}: {}", ended.said);
    });
}

#[test]
fn a_reader_of_stdout_that_has_seen_enough_is_no_error() {
    each_command(|folder, arguments, _| {
        let as_usual = on_an_empty_machine(folder, arguments).output().unwrap();
        let as_usual = Ended::from(as_usual);
        let mut command = on_an_empty_machine(folder, arguments);
        let ended = Ended::from(command.stdout(unread()).output().unwrap());
        assert_eq!(ended.status, as_usual.status, "{arguments:?}");
        assert!(!ended.said.contains("stdout"), "{}", ended.said);
    });
}

#[test]
fn the_standard_form_of_stdin_that_cannot_be_written_is_told_like_every_other_output() {
    let folder = folder(&[("good.yaml", GOOD)]);
    let mut command = command(folder.path(), &["fmt", "-"]);
    command.stdin(File::open(folder.path().join("good.yaml")).unwrap());
    let ended = Ended::from(command.stdout(full()).output().unwrap());
    assert_eq!(ended.status, 5, "{}", ended.said);
}

#[test]
fn a_terminal_that_claims_to_have_no_columns_is_written_to_in_whole_words() {
    let folder = folder(&[("bad.yaml", BAD)]);
    for columns in ["0", "1", "-5", "many"] {
        let mut command = command(folder.path(), &["check", "bad.yaml"]);
        let ended = Ended::from(command.env("COLUMNS", columns).output().unwrap());
        let help = "help: write `- press: Tab`";
        assert!(ended.said.contains(help), "{columns}: {}", ended.said);
    }
}

/// Whether a CI runner would obey a line: GitHub's commands of both kinds, and those
/// of Azure and `TeamCity`.
fn is_obeyed(line: &str) -> bool {
    let starts = line.trim_start().strip_prefix("::");
    let anywhere = ["##[", "##vso[", "##teamcity["];
    starts.is_some_and(|rest| rest.contains("::")) || anywhere.iter().any(|it| line.contains(it))
}

/// A scenario whose texts all would steer a CI runner or a terminal.
const HOSTILE: &str = r###"version: 1
name: "::error::name ##[error]x"
description: "##vso[task.complete result=Failed]"
tags: ["##teamcity[x]", "\u202Egpj\e[31m"]
vars: { command: "::stop-commands::x" }
steps:
  - press: Tab
    name: "::set-output name=a::b\e[2J"
  - type: "##[error]${vars.command}"
"###;

#[test]
fn no_text_of_a_scenario_is_a_command_to_a_ci_runner_or_a_terminal() {
    let folder = folder(&[("::warning::a.yaml", HOSTILE), ("##[error]b.yaml", HOSTILE)]);
    let wrong = HOSTILE.replace("- type:", "-   \"##[error]\\e[1m\":");
    fs::write(folder.path().join("::error::wrong.yaml"), wrong).unwrap();
    for arguments in [
        &["list", "::warning::a.yaml", "##[error]b.yaml"][..],
        &["list", "--json", "::warning::a.yaml", "##[error]b.yaml"],
        &["explain", "::warning::a.yaml"],
        &["run", "--dry-run", "::warning::a.yaml"],
        &["check", "::error::wrong.yaml"],
        &["check", "--format", "json", "::error::wrong.yaml"],
        &["fmt", "--check", "::warning::a.yaml", "::error::wrong.yaml"],
        &["list", "##[error]none.yaml\n::error::two\r::error::three"],
    ] {
        let said = deskhand(folder.path(), arguments).said;
        let obeyed: Vec<&str> = said
            .split(['\n', '\r'])
            .filter(|line| is_obeyed(line))
            .collect();
        assert!(obeyed.is_empty(), "{arguments:?}: {obeyed:#?}");
        let steers = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!said.contains(steers), "{arguments:?}: {said:?}");
        assert!(said.contains("error"), "{arguments:?}: {said}");
    }
}

#[test]
fn what_programs_read_is_the_same_although_no_runner_obeys_it() {
    let folder = folder(&[("a.yaml", HOSTILE)]);
    let listed = deskhand(folder.path(), &["list", "--json", "a.yaml"]).stdout;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed[0]["name"], "::error::name ##[error]x");
    assert_eq!(listed[0]["tags"][1], "\u{202e}gpj\u{1b}[31m");
    let explained = deskhand(folder.path(), &["explain", "a.yaml"]).stdout;
    fs::write(folder.path().join("b.yaml"), &explained).unwrap();
    let again = deskhand(folder.path(), &["explain", "b.yaml"]);
    assert_eq!((again.status, again.stdout), (0, explained));
}

#[test]
fn annotations_are_the_only_commands_and_hold_no_other() {
    let problem = "version: 1\nname: x\nsteps:\n  - \"a\\n::error::b ##[error]c\": 1\n";
    let folder = folder(&[("a,b:c%.yaml", problem)]);
    let ended = deskhand(folder.path(), &["check", "--format", "github", "."]);
    assert_eq!(ended.status, 3);
    for line in ended.stdout.lines() {
        let rest = line.strip_prefix("::error file=a%2Cb%3Ac%25.yaml,line=4,");
        assert!(rest.is_some(), "{line}");
    }
    assert_eq!(ended.stdout.lines().count(), 1, "{}", ended.stdout);
}

#[test]
fn annotations_name_files_from_the_root_of_the_repository() {
    let folder = folder(&[("app/scenarios/bad.yaml", BAD)]);
    fs::create_dir(folder.path().join(".git")).unwrap();
    let app = folder.path().join("app");
    let absolute = app.join("scenarios/bad.yaml");
    for named in [
        "scenarios",
        "./scenarios/bad.yaml",
        absolute.to_str().unwrap(),
    ] {
        let ended = deskhand(&app, &["check", "--format", "github", named]);
        let begins = "::error file=app/scenarios/bad.yaml,line=4,";
        assert!(ended.stdout.starts_with(begins), "{}", ended.stdout);
    }
}
