//! What shells and `man` are given, loaded and asked by themselves.

use std::{fs, io::Write as _, path::Path, process::Command};

use super::{deskhand, folder};

/// What a shell prints that runs `script` with a folder in which Deskhand's script
/// for it has the name `file`; `None` where there is no such shell.
fn loaded(shell: &str, file: &str, script: &str) -> Option<String> {
    let folder = folder(&[]);
    let completion = deskhand(folder.path(), &["completions", shell]);
    assert_eq!(completion.status, 0, "{}", completion.said);
    fs::write(folder.path().join(file), completion.stdout).unwrap();
    let mut command = Command::new(shell);
    // Nobody's settings, and no cache in anybody's home.
    command
        .env("HOME", folder.path())
        .env("ZDOTDIR", folder.path());
    let done = command
        .args(["-c", script])
        .current_dir(folder.path())
        .output();
    let done = match done {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let line = format!("\n== skipped: there is no {shell} here\n");
            let _ = std::io::stderr().write_all(line.as_bytes());
            return None;
        }
        done => done.unwrap(),
    };
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.is_empty(), "{shell}: {said}");
    Some(String::from_utf8(done.stdout).unwrap())
}

#[test]
fn bash_completes_commands_and_the_words_of_options() {
    let script = r#"
        source ./deskhand
        asked() {
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
            _deskhand deskhand "${@: -1}" "${@: -2:1}"
            echo "${COMPREPLY[@]}"
        }
        complete -p deskhand
        asked deskhand expl
        asked deskhand ctl read-t
        asked deskhand run --update-baselines mis
        asked deskhand keep"#;
    let Some(said) = loaded("bash", "deskhand", script) else {
        return;
    };
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0].ends_with("-F _deskhand deskhand") || lines[0].contains("_deskhand"),
        "{said}"
    );
    assert_eq!(
        lines[1..],
        ["explain", "read-text", "missing", ""],
        "{said}"
    );
}

#[test]
fn zsh_finds_and_loads_its_function() {
    let script = r"
        fpath=($PWD $fpath)
        autoload -Uz compinit && compinit -u -D
        print $_comps[deskhand]
        autoload -Uz +X _deskhand && print loaded";
    if let Some(said) = loaded("zsh", "_deskhand", script) {
        assert_eq!(said, "_deskhand\nloaded\n");
    }
}

#[test]
fn fish_completes_commands_and_the_words_of_options() {
    let script = "
        source ./deskhand.fish
        complete --do-complete 'deskhand expl'
        complete --do-complete 'deskhand ctl read-t'
        complete --do-complete 'deskhand run --update-baselines mis'
        complete --do-complete 'deskhand keep'";
    let Some(said) = loaded("fish", "deskhand.fish", script) else {
        return;
    };
    let words: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    assert_eq!(words, ["explain", "read-text", "missing"], "{said}");
}

#[test]
fn every_command_has_a_page_of_the_manual() {
    let folder = folder(&[]);
    let page = |arguments: &[&str]| {
        let ended = deskhand(folder.path(), &[&["man"], arguments].concat());
        assert_eq!(ended.status, 0, "{}", ended.said);
        ended.stdout
    };
    assert!(page(&[]).contains(".TH deskhand 1"), "{}", page(&[]));
    let run = page(&["run"]);
    assert!(
        run.contains(".TH deskhand-run 1") && run.contains("install\\-deps"),
        "{run}"
    );
    assert!(page(&["ctl", "click"]).contains(".TH deskhand-ctl-click 1"));

    let wrong = deskhand(folder.path(), &["man", "ctl", "klick"]);
    assert_eq!(wrong.status, 2);
    assert!(
        wrong.said.contains("`deskhand ctl` has no command `klick`"),
        "{}",
        wrong.said
    );

    page(&["--all", "."]);
    for name in [
        "deskhand",
        "deskhand-run",
        "deskhand-ctl-click",
        "deskhand-desktop-start",
    ] {
        assert_eq!(there(folder.path(), name), 1, "{name}");
    }
    assert_eq!(
        there(folder.path(), "deskhand-keeper"),
        0,
        "only Deskhand starts it"
    );
}

/// How many pages of this name there are.
fn there(folder: &Path, name: &str) -> usize {
    usize::from(folder.join(format!("{name}.1")).is_file())
}
