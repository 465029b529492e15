//! `deskhand init`: the first files for testing a repository.
//!
//! What is written is what `deploy/` has for each CI system, so that both are tested
//! together. No existing file is changed.

mod host;

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::{
    Exit, ProcessEnvironment,
    ci::{Recipe, SYSTEMS},
    complain, tell,
};

/// Writes a first scenario, settings, and the file for a CI system.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The CI system [default: that of the host of `git remote`]
    #[arg(long, value_name = "WHICH", value_parser = choice())]
    ci: Option<&'static Recipe>,
    /// The image in which scenarios are played, with Deskhand and all packages in it
    #[arg(long, value_name = "NAME", default_value = IMAGE)]
    image: String,
}

/// The image that the recipes name.
const IMAGE: &str = "registry.example/desktop-tests";

/// The words for the systems for which there is a file.
fn choice() -> impl TypedValueParser<Value = &'static Recipe> {
    let known = SYSTEMS.iter().filter_map(|system| {
        let recipe = system.recipe.as_ref()?;
        Some(PossibleValue::new(recipe.name).help(system.title))
    });
    PossibleValuesParser::new(known)
        .try_map(|word| recipes().find(|it| it.name == word).ok_or("it has no file"))
}

/// The files for CI systems.
fn recipes() -> impl Iterator<Item = &'static Recipe> {
    SYSTEMS.iter().filter_map(|system| system.recipe.as_ref())
}

impl Recipe {
    /// What is in it for a project with this image.
    fn filled(&self, image: &str) -> String {
        match self.text.split_once("\n---\n") {
            Some((_, jobs)) => of_component(jobs),
            None => self.text.to_owned(),
        }
        .replace(IMAGE, image)
    }
}

/// The jobs of GitLab's component with its defaults, and its first lines as a comment.
fn of_component(jobs: &str) -> String {
    let inputs = [
        ("image", IMAGE),
        ("paths", "scenarios"),
        ("shards", "2"),
        ("stage", "test"),
    ];
    let head = "# Plays the scenarios of this repository in two shares and merges their \
                reports. The\n# image has Deskhand and all packages in it.\n";
    let fill = |text: String, (name, value): (&str, &str)| {
        text.replace(&format!("$[[ inputs.{name} ]]"), value)
    };
    head.to_owned() + &inputs.into_iter().fold(jobs.to_owned(), fill)
}

const SCENARIO: &str = "\
# Checks that the desktop starts. Add the steps of your program after `wait-ready`:
#   - launch: my-program
#   - wait: { window: /My Program/ }
#   - screenshot-assert: first-window
version: 1
name: The desktop is ready
steps:
  - wait-ready
";

const SETTINGS: &str = "\
# The settings of all scenarios of this project.
version: 1
";

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._-/:@".contains(c);
    if arguments.image.is_empty() || !arguments.image.chars().all(is_name) {
        complain(&format!(
            "`{}` is not the name of an image",
            arguments.image
        ));
        return Exit::Usage;
    }
    let root = root(&environment.folder);
    let recipe = match arguments.ci.map_or_else(|| host::recipe(&root), Ok) {
        Ok(recipe) => recipe,
        Err(problem) => {
            complain(&problem);
            return Exit::Usage;
        }
    };
    let file = recipe.path;
    match write_new(&root.join(file), &recipe.filled(&arguments.image)) {
        Ok(()) => tell(&format!("wrote {file}")),
        Err(error) => {
            complain(&match error.kind() {
                ErrorKind::AlreadyExists => format!(
                    "{file} exists and stays as it is: add the jobs of {RECIPES} to it, or \
                     choose another system with `--ci`"
                ),
                _ => format!("cannot write {file}: {error}"),
            });
            return if error.kind() == ErrorKind::AlreadyExists {
                Exit::Usage
            } else {
                Exit::Report
            };
        }
    }
    let scenarios = root.join("scenarios");
    let mut rest = vec![("deskhand.yaml", SETTINGS)];
    if !scenarios.exists() {
        rest.push(("scenarios/ready.yaml", SCENARIO));
    }
    for (file, text) in rest {
        match write_new(&root.join(file), text) {
            Ok(()) => tell(&format!("wrote {file}")),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                complain(&format!("cannot write {file}: {error}"));
                return Exit::Report;
            }
        }
    }
    tell(&next(recipe, &arguments.image));
    Exit::Passed
}

/// Where the recipes are.
const RECIPES: &str = "`deploy/` of Deskhand's repository";

/// What to do next.
fn next(recipe: &Recipe, image: &str) -> String {
    let file = recipe.path;
    let mut steps = vec!["play it here: deskhand run --install-deps".to_owned()];
    if image == IMAGE {
        steps.push(format!(
            "build an image with Deskhand and your packages: docs/clusters.md and {RECIPES} \
             say how"
        ));
        steps.push(format!("write its name in place of {IMAGE} in {file}"));
    }
    steps.push(format!("commit {file}{}", recipe.then));
    let numbered = (1..)
        .zip(steps)
        .map(|(number, step)| format!("\n  {number}. {step}"));
    format!("next:{}", numbered.collect::<String>())
}

/// The nearest folder above that is a repository, or the folder itself.
fn root(folder: &Path) -> PathBuf {
    let root = folder.ancestors().find(|above| above.join(".git").exists());
    root.unwrap_or(folder).to_owned()
}

/// Writes a file that must not be there, not even as a link.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create_new(path)?;
    let written = file.write_all(text.as_bytes());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}
