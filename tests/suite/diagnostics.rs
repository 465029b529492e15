//! A gallery of everything that can be wrong in a scenario's text: one bad
//! file for each mistake, and beside it exactly what is said about it.
//!
//! `DESKHAND_BLESS=1 cargo test --test suite diagnostics::` writes the outputs anew;
//! read the difference with the eyes of someone who has just misspelt a word.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use deskhand::{
    plan::{self, Context, Disk, Files},
    scenario::{Code, Problems, Source, render},
};

fn gallery() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let entries = fs::read_dir(folder).expect("the gallery is there");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    files.sort();
    files
}

/// The files that those of the gallery name, whose own names are bare.
struct Gallery;

impl Gallery {
    fn path(path: &Path) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/diagnostics")
            .join(path)
    }
}

impl Files for Gallery {
    fn read(&self, path: &Path, most: usize) -> io::Result<Vec<u8>> {
        Disk.read(&Self::path(path), most)
    }

    fn is_file(&self, path: &Path) -> bool {
        Disk.is_file(&Self::path(path))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        Disk.list(&Self::path(folder))
    }
}

fn problems_of(file: &PathBuf) -> Vec<Problems> {
    let name = file.file_name().expect("a name").to_string_lossy();
    let source = Source::new(name, &fs::read(file).expect("a readable file"));
    let context = Context {
        files: &Gallery,
        ..Context::default()
    };
    match plan::read([source], &context) {
        Ok(read) => read.warnings,
        Err(problems) => problems,
    }
}

#[test]
fn every_bad_file_gets_exactly_the_words_beside_it() {
    let bless = std::env::var_os("DESKHAND_BLESS").is_some();
    let mut differences = Vec::new();
    for file in gallery() {
        let output = render(&problems_of(&file), 100, false);
        let beside = file.with_extension("txt");
        if bless {
            fs::write(&beside, &output).expect("a writable gallery");
        } else if fs::read_to_string(&beside).unwrap_or_default() != output {
            differences.push(format!("{}:\n{output}", file.display()));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_kind_of_problem_is_in_the_gallery() {
    let shown: BTreeSet<&str> = gallery()
        .iter()
        .flat_map(problems_of)
        .flat_map(|file| file.iter().map(|p| p.code.name()).collect::<Vec<_>>())
        .collect();
    let all = Code::ALL.iter().map(|code| code.name());
    let missing: Vec<&str> = all.filter(|code| !shown.contains(code)).collect();
    assert!(missing.is_empty(), "not in the gallery: {missing:?}");
}

#[test]
fn every_file_of_the_gallery_has_a_problem_or_a_warning() {
    for file in gallery() {
        assert!(!problems_of(&file).is_empty(), "{}", file.display());
    }
}
