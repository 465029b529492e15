//! The rooms of `src/` stand in a row, and a room uses only those above it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Each room with those that it may use.
const ROOMS: [(&str, &[&str]); 23] = [
    ("limits", &[]),
    ("geometry", &[]),
    ("input", &["limits"]),
    ("json_schema", &[]),
    ("language", &[]),
    ("pattern", &[]),
    ("plain", &[]),
    ("profile", &[]),
    ("secret", &[]),
    ("shard", &[]),
    ("whole", &[]),
    ("timeline", &["geometry", "json_schema"]),
    ("widget", &["geometry", "pattern"]),
    (
        "scenario",
        &[
            "limits", "geometry", "input", "language", "pattern", "plain", "profile", "widget",
        ],
    ),
    ("vision", &["geometry", "language", "pattern"]),
    (
        "desktop",
        &[
            "limits", "geometry", "input", "pattern", "profile", "vision", "widget",
        ],
    ),
    (
        "plan",
        &[
            "limits", "geometry", "input", "language", "pattern", "profile", "scenario", "shard",
            "timeline", "vision", "widget",
        ],
    ),
    ("event", &["geometry", "shard", "vision"]),
    (
        "executor",
        &[
            "geometry", "input", "language", "pattern", "whole", "scenario", "vision", "desktop",
            "plan", "event", "shard", "timeline", "widget",
        ],
    ),
    (
        "server",
        &[
            "geometry", "input", "language", "pattern", "profile", "secret", "whole", "vision",
            "desktop", "widget",
        ],
    ),
    (
        "film",
        &["geometry", "plain", "timeline", "vision", "whole", "widget"],
    ),
    (
        "report",
        &[
            "geometry",
            "json_schema",
            "plain",
            "shard",
            "whole",
            "event",
        ],
    ),
    (
        "cli",
        &[
            "geometry", "input", "language", "pattern", "plain", "profile", "secret", "whole",
            "scenario", "vision", "desktop", "plan", "event", "executor", "server", "report",
            "shard", "timeline", "widget", "film",
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

/// The modules that a file imports, each as a path from the crate's root. `here` is the
/// file's own; a name at the end of a path may be that of an item.
fn imports(here: &[String], text: &str) -> Vec<Vec<String>> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let statements = code.split(';').filter_map(|statement| {
        let line = statement.lines().find(|line| {
            let line = line.trim_start();
            line.starts_with("use ") || line.starts_with("pub") && line.contains(" use ")
        })?;
        let at = statement.find(line)? + line.find("use ")? + "use ".len();
        Some(statement[at..].split_whitespace().collect::<String>())
    });
    let mut paths = Vec::new();
    for statement in statements {
        unfold("", &statement, &mut paths);
    }
    let from_root = |path: String| {
        let mut at = here.to_vec();
        let mut names = path.split("::").map(|name| name.trim_start_matches("r#"));
        let first = names.next()?;
        match first {
            "crate" => at.clear(),
            "self" => {}
            "super" => drop(at.pop()),
            _ => return None,
        }
        for name in names {
            match name {
                "super" => drop(at.pop()),
                name => at.push(name.to_owned()),
            }
        }
        Some(at)
    };
    paths.into_iter().filter_map(from_root).collect()
}

/// Each path of a tree: `a::{b, c::{d}}` is `a::b` and `a::c::d`.
fn unfold(before: &str, tree: &str, paths: &mut Vec<String>) {
    let mut depth = 0;
    let mut start = 0;
    let ends = tree.char_indices().chain([(tree.len(), ',')]);
    for (at, c) in ends {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let one = &tree[start..at];
                match one.split_once('{') {
                    Some((head, inner)) => {
                        let inner = inner.strip_suffix('}').unwrap_or(inner);
                        unfold(&format!("{before}{head}"), inner, paths);
                    }
                    None if one.is_empty() => {}
                    None => paths.push(format!("{before}{one}")),
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// Each file's module with those that it imports. A module that only holds others
/// together names its own children, which is no import.
fn modules() -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeMap::new();
    for file in sources() {
        let inside = file.strip_prefix(&source).unwrap().with_extension("");
        let names = inside.iter().map(|name| name.to_str().unwrap().to_owned());
        let mut names: Vec<String> = names.collect();
        if names.iter().any(|name| name == "tests") {
            continue;
        }
        names.pop_if(|last| ["mod", "lib", "main"].contains(&&**last));
        files.insert(names, fs::read_to_string(&file).unwrap());
    }
    let known = |path: &[String]| {
        let mut parts = (0..=path.len()).rev().map(|length| &path[..length]);
        parts
            .find(|part| files.contains_key(*part))
            .unwrap()
            .to_vec()
    };
    let imported = |here: &Vec<String>, text: &String| {
        let paths = imports(here, text).into_iter();
        let modules = paths.map(|path| known(&path));
        modules.filter(|other| !other.starts_with(here)).collect()
    };
    let entries = files.iter();
    entries
        .map(|(here, text)| (here.clone(), imported(here, text)))
        .collect()
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let modules = modules();
    let mut circles = Vec::new();
    for start in modules.keys() {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&Vec<String>> = modules[start].iter().collect();
        while let Some(module) = next.pop() {
            if seen.insert(module) {
                next.extend(&modules[module]);
            }
        }
        if seen.contains(start) {
            circles.push(start.join("::"));
        }
    }
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn the_check_for_circles_follows_every_way_to_name_a_module() {
    let here = ["plan".to_owned(), "verb".to_owned(), "click".to_owned()];
    let text = "use super::{Verb, drag::held};\nuse crate::{\n    input::{Button, Key},\n    \
                plan::Target,\n};\npub use self::inner::Item;\nuse std::fs;\n\
                #[cfg(test)]\nmod tests {\n    use super::*;\n}\n";
    let found: Vec<String> = imports(&here, text)
        .iter()
        .map(|it| it.join("::"))
        .collect();
    let expected = [
        "plan::verb::Verb",
        "plan::verb::drag::held",
        "input::Button",
        "input::Key",
        "plan::Target",
        "plan::verb::click::inner::Item",
    ];
    assert_eq!(found, expected);
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
