//! From the paths on the command line to plans, for every command that reads
//! scenarios.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{Exit, ProcessEnvironment, complain, project, render::style, say, scenarios};
use crate::{
    plan::{self, Context, Plan, Plans},
    scenario::{self, Problems, Project, Source},
};

/// Which scenarios, and with which values.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Selection {
    /// Scenarios, or folders of scenarios [default: scenarios]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Set one of the scenario's `vars`; can be repeated
    #[arg(long = "var", value_name = "NAME=TEXT", value_parser = var)]
    vars: Vec<(String, String)>,
}

/// The result of a selection.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// What would be played.
    pub(super) plans: Vec<Plan>,
    /// The project's settings.
    pub(super) project: Option<Project>,
    /// How many files were read.
    pub(super) files: usize,
    /// The problems of all files.
    pub(super) problems: Vec<Problems>,
    /// What is doubtful in all files.
    pub(super) warnings: Vec<Problems>,
    /// Given values whose names no file has.
    strange_vars: Vec<String>,
}

pub(super) fn var(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=TEXT")?;
    let word = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_');
    if name.is_empty() || !name.chars().all(word) {
        return Err(
            "has a name with characters other than letters, digits, `-` and `_`".to_owned(),
        );
    }
    Ok((name.to_owned(), value.to_owned()))
}

impl Selection {
    /// These files and folders, and nothing else.
    pub(super) const fn of(paths: Vec<PathBuf>, vars: Vec<(String, String)>) -> Self {
        Self { paths, vars }
    }

    /// The same values for these files alone.
    pub(super) fn narrowed(&self, files: &BTreeSet<&str>) -> Self {
        Self::of(files.iter().map(PathBuf::from).collect(), self.vars.clone())
    }

    /// Reads everything and judges nothing.
    pub(super) fn read(
        &self,
        environment: &ProcessEnvironment,
        secrets_required: bool,
    ) -> Result<Read, Exit> {
        let default = [PathBuf::from("scenarios")];
        let paths = match &self.paths[..] {
            [] if default[0].is_dir() => &default[..],
            [] => {
                complain(
                    "name a scenario or a folder of scenarios; there is no folder \
                          `scenarios` here",
                );
                return Err(Exit::Usage);
            }
            paths => paths,
        };
        let settings = project::find(environment)?;
        let sources = scenarios::read(paths).map_err(|errors| {
            for error in errors {
                complain(&error.to_string());
            }
            Exit::Usage
        })?;
        Ok(self.read_sources(settings, sources, secrets_required))
    }

    fn read_sources(
        &self,
        settings: Option<Source>,
        sources: Vec<Source>,
        secrets_required: bool,
    ) -> Read {
        let mut read = Read {
            files: sources.len(),
            ..Read::default()
        };
        match settings.map(Project::read) {
            None => {}
            Some(Ok((project, warnings))) => {
                if !warnings.is_empty() {
                    let source = project.source.clone();
                    read.warnings.push(Problems::new(source, warnings));
                }
                if let Some(written) = &project.style
                    && let Err(problem) = style::of(written)
                {
                    let source = written.source.clone();
                    read.problems.push(Problems::new(source, vec![*problem]));
                }
                read.project = Some(project);
            }
            Some(Err(problems)) => read.problems.push(problems),
        }
        let context = Context {
            environment: &ProcessEnvironment::variable,
            vars: &self.vars,
            project: read.project.as_ref(),
            secrets_required,
            ..Context::default()
        };
        let Plans {
            plans,
            problems,
            warnings,
            strange_vars,
        } = plan::read_all(sources, &context);
        read.plans = plans;
        read.problems.extend(problems);
        read.warnings.extend(warnings);
        read.strange_vars = strange_vars;
        read
    }
}

impl Read {
    /// The same, if it can be played: problems are drawn and end it, warnings
    /// are only drawn.
    pub(super) fn playable(self, environment: &ProcessEnvironment) -> Result<Self, Exit> {
        let sound = self.sound(environment)?;
        draw(&sound.warnings, environment);
        Ok(sound)
    }

    /// The same, if it has no problems; they are drawn.
    pub(super) fn sound(self, environment: &ProcessEnvironment) -> Result<Self, Exit> {
        self.check_vars()?;
        if self.problems.is_empty() {
            return Ok(self);
        }
        draw(&self.problems, environment);
        Err(Exit::Invalid)
    }

    /// Draws the warnings about these files and about the project's settings.
    pub(super) fn draw_warnings(
        &mut self,
        files: &BTreeSet<&Path>,
        environment: &ProcessEnvironment,
    ) {
        let settings = self.project.as_ref().map(|project| project.source.name());
        self.warnings.retain(|problems| {
            let name = problems.source().name();
            files.contains(Path::new(name)) || settings == Some(name)
        });
        draw(&self.warnings, environment);
    }

    /// A value for a name that no file has is a typing error.
    pub(super) fn check_vars(&self) -> Result<(), Exit> {
        // A file with problems may be the one that has the name.
        if !self.problems.is_empty() || self.strange_vars.is_empty() {
            return Ok(());
        }
        for name in &self.strange_vars {
            complain(&format!(
                "no scenario has a var `{name}`; add it to `vars` at the top level"
            ));
        }
        Err(Exit::Usage)
    }
}

fn draw(problems: &[Problems], environment: &ProcessEnvironment) {
    if !problems.is_empty() {
        say::show(&scenario::render(
            problems,
            environment.width,
            environment.colour,
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_var_is_a_name_and_a_text() {
        assert_eq!(var("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert_eq!(
            var("file-name="),
            Ok(("file-name".to_owned(), String::new()))
        );
        for wrong in ["a", "=b", "a b=c", "${x}=y"] {
            assert!(var(wrong).is_err(), "{wrong}");
        }
    }
}
