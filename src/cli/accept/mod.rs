//! `deskhand accept`: makes the pictures and trees of a run the baselines.
//!
//! The run may have been on another machine: what a CI system keeps of it, a
//! folder or a zip file, is enough. All are written, or none.

mod run_folder;

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use self::run_folder::RunFolder;
use super::{Exit, ProcessEnvironment, complain, say};
use crate::{
    event::{ArtifactKind, Candidate},
    executor,
    plan::TreeOf,
    report::RunLog,
    vision::Frame,
    whole::Whole,
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The run: the folder of its artifacts, or a zip file of the folder
    #[arg(default_value = "artifacts")]
    run: PathBuf,
    /// Only this baseline, such as `saved` or `hello/saved`; can be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Add them as variants of this name, and keep the existing baselines
    #[arg(long, value_name = "NAME", value_parser = variant)]
    variant: Option<String>,
}

/// A picture, or a tree of widgets, on its way to become a baseline.
struct Accepted {
    file: PathBuf,
    bytes: Vec<u8>,
    /// What stands beside a picture.
    about: Option<String>,
}

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    match accept(arguments, environment) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn accept(arguments: &Arguments, environment: &ProcessEnvironment) -> Result<Exit, Exit> {
    let run = &arguments.run;
    let mut folder = RunFolder::open(run).map_err(|error| unreadable(run, &error))?;
    let events = folder.events().map_err(|error| unreadable(run, &error))?;
    let log = RunLog::from_jsonl(&*events).map_err(|error| {
        complain(&format!(
            "{} does not contain a run: {error}",
            run.display()
        ));
        Exit::Usage
    })?;
    let mut wanted = Vec::new();
    for (path, candidate) in candidates(&log) {
        let file = place(&candidate.baseline, &environment.folder)?;
        if arguments.only.is_empty() || arguments.only.iter().any(|name| is_named(&file, name)) {
            wanted.push((path, candidate, file));
        }
    }
    if wanted.is_empty() {
        return Err(nothing(arguments, &log));
    }
    let mut accepted = Vec::new();
    for (path, candidate, file) in wanted {
        let bytes = folder.file(path).map_err(|error| {
            complain(&format!("cannot read {path} in {}: {error}", run.display()));
            Exit::Usage
        })?;
        if let Err(problem) = check(&file, &bytes) {
            complain(&format!("{path} in {} is {problem}", run.display()));
            return Err(Exit::Usage);
        }
        let file = as_variant(&file, arguments.variant.as_deref());
        let about = about(&file, candidate).map_err(|error| {
            complain(&format!(
                "cannot read the environment in which {path} was made: {error}"
            ));
            Exit::Report
        })?;
        accepted.push(Accepted { file, bytes, about });
    }
    write(&accepted).map_err(|(file, error)| {
        complain(&format!("cannot write {}: {error}", file.display()));
        Exit::Report
    })?;
    let lines = accepted
        .iter()
        .map(|accepted| format!("accepted {}\n", accepted.file.display()));
    say::print(&lines.collect::<String>())?;
    Ok(Exit::Passed)
}

/// What is wrong with what should become a baseline.
fn check(file: &Path, bytes: &[u8]) -> Result<(), String> {
    if is_tree(file) {
        let tree = TreeOf::read(&file.display().to_string(), bytes);
        return tree
            .map(drop)
            .map_err(|problem| format!("no tree of widgets: {problem}"));
    }
    let picture = Frame::decode_png(bytes);
    picture
        .map(drop)
        .map_err(|error| format!("a picture that {error}"))
}

/// What stands beside a picture: in which environment it was made.
fn about(file: &Path, candidate: &Candidate) -> Result<Option<String>, serde_yaml::Error> {
    if is_tree(file) {
        return Ok(None);
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let environment = executor::Environment::from(candidate.environment.clone());
    environment.to_yaml(&name).map(Some)
}

/// What the files of baselines end with: pictures, and trees of widgets.
const ENDINGS: [&str; 2] = [".png", TREE];
const TREE: &str = ".tree.yaml";

fn is_tree(file: &Path) -> bool {
    file.to_string_lossy().ends_with(TREE)
}

/// The pictures and trees of a run that can become baselines, with their paths; of two for
/// the same baseline the later one.
fn candidates(log: &RunLog) -> Vec<(&str, &Candidate)> {
    let steps = log.scenarios.iter().flat_map(|scenario| &scenario.steps);
    let pictures = steps
        .flat_map(|step| &step.artifacts)
        .filter(|artifact| matches!(artifact.kind, ArtifactKind::Actual | ArtifactKind::Tree));
    let mut candidates: Vec<(&str, &Candidate)> = Vec::new();
    for artifact in pictures {
        if let Some(candidate) = &artifact.candidate {
            candidates.retain(|(_, other)| other.baseline != candidate.baseline);
            candidates.push((&artifact.path, candidate));
        }
    }
    candidates
}

/// The file of a baseline, which must be a PNG or a tree in a folder of baselines, below
/// the folder that the program was started in: the events may be anybody's.
fn place(baseline: &str, here: &Path) -> Result<PathBuf, Exit> {
    let path = Path::new(baseline);
    let path = path.strip_prefix(here).unwrap_or(path);
    let inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let folder = path.parent().and_then(Path::parent);
    let named = folder.and_then(Path::file_name) == Some("baselines".as_ref());
    let is_baseline = ENDINGS.iter().any(|ending| baseline.ends_with(ending));
    if inside && named && is_baseline {
        return Ok(path.to_owned());
    }
    complain(&format!(
        "{baseline} is not a baseline below this folder: run `deskhand accept` in the folder \
         where the run was started"
    ));
    Err(Exit::Usage)
}

/// The file of a baseline without its ending, and the ending.
fn parted(file: &Path) -> (PathBuf, &'static str) {
    let whole = file.to_string_lossy();
    for ending in ENDINGS {
        if let Some(name) = whole.strip_suffix(ending) {
            return (PathBuf::from(name), ending);
        }
    }
    (file.to_owned(), "")
}

/// Whether a baseline is meant by `saved`, `saved.png` or `hello/saved`.
fn is_named(file: &Path, name: &str) -> bool {
    let (own, _) = parted(file);
    own.ends_with(name) || file.ends_with(name)
}

/// `saved@name.png` for `saved.png`.
fn as_variant(file: &Path, variant: Option<&str>) -> PathBuf {
    let Some(variant) = variant else {
        return file.to_owned();
    };
    let (own, ending) = parted(file);
    let stem = own.file_name().unwrap_or_default().to_string_lossy();
    let name = stem.split('@').next().unwrap_or_default();
    file.with_file_name(format!("{name}@{variant}{ending}"))
}

fn variant(text: &str) -> Result<String, String> {
    let allowed = |char: char| char.is_alphanumeric() || "-_.".contains(char);
    if !text.is_empty() && text.len() <= 100 && text.chars().all(allowed) {
        return Ok(text.to_owned());
    }
    Err("use letters, digits, `-`, `_` and `.`".to_owned())
}

/// Writes all, or nothing: only when every file is there under another name, all
/// get their own.
fn write(accepted: &[Accepted]) -> Result<(), (PathBuf, io::Error)> {
    let mut written = Vec::new();
    for Accepted { file, bytes, about } in accepted {
        let failed = |error| (file.clone(), error);
        fs::create_dir_all(file.parent().unwrap_or(Path::new(""))).map_err(failed)?;
        let mut files = vec![(file.clone(), bytes.as_slice())];
        if let Some(about) = about {
            files.push((file.with_extension("yaml"), about.as_bytes()));
        }
        for (file, bytes) in files {
            let whole = Whole::prepare(&file, bytes).map_err(|error| (file.clone(), error))?;
            written.push((whole, file));
        }
    }
    for (whole, file) in written {
        whole.put().map_err(|error| (file, error))?;
    }
    Ok(())
}

fn unreadable(run: &Path, error: &io::Error) -> Exit {
    let run = run.display();
    complain(&if error.kind() == io::ErrorKind::NotFound {
        format!(
            "there is no run in {run}: play scenarios with `deskhand run`, or name the folder \
             or zip file with the artifacts of a run"
        )
    } else {
        format!("cannot read a run from {run}: {error}")
    });
    Exit::Usage
}

/// Says why there is nothing to accept.
fn nothing(arguments: &Arguments, log: &RunLog) -> Exit {
    let names: Vec<String> = candidates(log)
        .iter()
        .map(|(_, candidate)| {
            let (path, _) = parted(Path::new(&candidate.baseline));
            let file = path.file_name().unwrap_or_default();
            file.to_string_lossy().into_owned()
        })
        .collect();
    let run = arguments.run.display();
    if names.is_empty() {
        complain(&format!(
            "the run in {run} has no picture or tree to accept"
        ));
        return Exit::Passed;
    }
    let only = arguments.only.join("`, `");
    let all = names.join("`, `");
    complain(&format!(
        "the run in {run} has no picture or tree `{only}`; it has `{all}`"
    ));
    Exit::Usage
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_baseline_stays_below_the_folder_of_the_project() {
        let here = Path::new("/project");
        let good = "scenarios/baselines/hello/saved.png";
        assert_eq!(place(good, here), Ok(good.into()));
        assert_eq!(place(&format!("/project/{good}"), here), Ok(good.into()));
        for bad in [
            "/elsewhere/baselines/hello/saved.png",
            "../baselines/hello/saved.png",
            "scenarios/hello/saved.png",
            "baselines/hello/saved.sh",
            "baselines/../../x/baselines/a/b.png",
        ] {
            assert_eq!(place(bad, here), Err(Exit::Usage), "{bad}");
        }
    }

    #[test]
    fn a_baseline_is_meant_by_its_name_or_with_its_scenario() {
        let file = Path::new("scenarios/baselines/hello/saved.png");
        for name in ["saved", "saved.png", "hello/saved"] {
            assert!(is_named(file, name), "{name}");
        }
        for name in ["ave", "other/saved", "hello"] {
            assert!(!is_named(file, name), "{name}");
        }
    }

    #[test]
    fn a_variant_stands_beside_its_baseline() {
        for file in ["baselines/hello/saved.png", "baselines/hello/saved@old.png"] {
            let file = as_variant(Path::new(file), Some("trixie"));
            assert_eq!(file, Path::new("baselines/hello/saved@trixie.png"));
        }
        assert!(variant("a b").is_err() && variant("a@b").is_err() && variant("").is_err());
    }

    #[test]
    fn where_one_cannot_be_written_none_is() {
        let folder = tempfile::tempdir().unwrap();
        let one = folder.path().join("baselines/one.png");
        fs::write(folder.path().join("two"), "a file").unwrap();
        let below_a_file = folder.path().join("two/baselines/two.png");
        let a_folder = folder.path().join("three.png");
        fs::create_dir(&a_folder).unwrap();
        for bad in [below_a_file, a_folder] {
            let accepted = [one.clone(), bad].map(|file| Accepted {
                file,
                bytes: vec![1],
                about: Some(String::new()),
            });
            assert!(write(&accepted).is_err());
            assert_eq!(fs::read_dir(one.parent().unwrap()).unwrap().count(), 0);
        }
    }
}
