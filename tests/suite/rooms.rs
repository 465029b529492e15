//! The rooms of `src/` stand in a row, and a room uses only those above it.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Each room with those that it may use.
const ROOMS: [(&str, &[&str]); 17] = [
    ("limits", &[]),
    ("geometry", &[]),
    ("input", &["limits"]),
    ("language", &[]),
    ("pattern", &[]),
    ("plain", &[]),
    ("profile", &[]),
    ("whole", &[]),
    (
        "scenario",
        &[
            "limits", "geometry", "input", "language", "pattern", "plain", "profile",
        ],
    ),
    ("vision", &["geometry", "language", "pattern"]),
    (
        "desktop",
        &["limits", "geometry", "input", "profile", "vision"],
    ),
    (
        "plan",
        &[
            "geometry", "input", "language", "pattern", "profile", "scenario", "vision",
        ],
    ),
    ("event", &["geometry"]),
    (
        "executor",
        &[
            "geometry", "input", "language", "pattern", "whole", "scenario", "vision", "desktop",
            "plan", "event",
        ],
    ),
    (
        "server",
        &[
            "geometry", "input", "language", "profile", "whole", "vision", "desktop",
        ],
    ),
    ("report", &["geometry", "plain", "whole", "event"]),
    (
        "cli",
        &[
            "geometry", "input", "language", "pattern", "plain", "profile", "whole", "scenario",
            "vision", "desktop", "plan", "event", "executor", "server", "report",
        ],
    ),
];

/// Names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 8] = [
    "utils", "util", "helpers", "helper", "common", "misc", "core", "prelude",
];

fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// The first name of a path below `src`: `executor/verb/click.rs` is in `executor`.
fn room(file: &Path) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let first = file
        .strip_prefix(source)
        .unwrap()
        .components()
        .next()
        .unwrap();
    first
        .as_os_str()
        .to_str()
        .unwrap()
        .trim_end_matches(".rs")
        .to_owned()
}

/// The rooms that a text names behind `crate::`, also in `use crate::{a, b}`.
fn used(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => found.push(std::mem::take(&mut name)),
                    c if depth == 0 => name.push(c),
                    _ => {}
                }
            }
            found.push(name);
        } else {
            found.push(rest.to_owned());
        }
    }
    let first = |path: String| -> String {
        path.trim()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    found
        .into_iter()
        .map(first)
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn a_room_uses_only_those_above_it() {
    let mut wrong = Vec::new();
    for file in sources() {
        let here = room(&file);
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == here) else {
            assert!(
                ["lib", "main"].contains(&&*here),
                "{here} is not in the table"
            );
            continue;
        };
        // Doc comments may point anywhere.
        let text = fs::read_to_string(&file).unwrap();
        let code: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        for other in used(&code) {
            if other != here && !allowed.contains(&&*other) {
                wrong.push(format!("{} uses {other}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_room_has_a_name_that_says_something() {
    for file in sources() {
        let stem = file.file_stem().unwrap().to_str().unwrap();
        assert!(!EMPTY_NAMES.contains(&stem), "{}", file.display());
    }
}

#[test]
fn one_file_alone_names_the_yaml_parser() {
    let naming: Vec<PathBuf> = sources()
        .into_iter()
        .filter(|file| {
            fs::read_to_string(file)
                .unwrap()
                .contains("saphyr_parser::")
        })
        .collect();
    let [only] = &naming[..] else {
        panic!("{naming:?}")
    };
    assert!(only.ends_with("scenario/yaml.rs"));
}

#[test]
fn the_check_finds_a_room_behind_braces() {
    let found = used("use crate::{\n event::{A, B},\n plan,\n};\nfn f() { crate::report::x() }");
    assert_eq!(found, ["event", "plan", "report"]);
}

/// Files that use stdout or stderr otherwise than to say something there: to ask
/// whether it is a terminal, and for the keeper's pipe.
const STREAMS: [&str; 3] = [
    "cli/environment.rs",
    "cli/ctl/save.rs",
    "server/keeper/process.rs",
];

#[test]
fn one_file_alone_writes_to_stdout_and_stderr() {
    let writes = |file: &PathBuf| {
        let text = fs::read_to_string(file).unwrap();
        ["stdout()", "stderr()", "print!(", "println!("]
            .iter()
            .any(|way| text.contains(way))
    };
    let is_known = |file: &PathBuf| STREAMS.iter().any(|known| file.ends_with(known));
    let mut writing = sources();
    writing.retain(|file| writes(file) && !is_known(file));
    let [only] = &writing[..] else {
        panic!("{writing:?}")
    };
    assert!(only.ends_with("cli/say.rs"));
}
