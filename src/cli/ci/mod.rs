//! What a CI system gets in addition to the reports: commands in the log of the job, and a summary
//! if it shows one.

mod agent;
mod links;
mod system;

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use self::system::Summary;
pub use self::system::variables;
pub(super) use self::{
    links::Links,
    system::{GITLAB, Recipe, SYSTEMS, SystemLog},
};
use super::{ProcessEnvironment, complain, repository::Repository, say};
use crate::report::{self, Groups, RunLog, Verdict, Ways};

/// What `--ci` says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Choice {
    /// The system whose variables are set.
    Auto,
    /// No commands and no summary.
    None,
    /// This one.
    Of(&'static SystemLog),
}

/// The words for [`Choice`].
pub(super) fn choice() -> impl TypedValueParser<Value = Choice> {
    let auto = PossibleValue::new("auto").help("The system whose variables are set");
    let none = PossibleValue::new("none").help("No commands and no summary");
    let systems = SYSTEMS.iter().filter_map(|system| {
        let log = system.log.as_ref()?;
        let help = format!("{}: {}", system.title, log.gets);
        Some(PossibleValue::new(log.name).help(help))
    });
    PossibleValuesParser::new([auto, none].into_iter().chain(systems)).map(|word| {
        let mut logs = SYSTEMS.iter().filter_map(|system| system.log.as_ref());
        match logs.find(|log| log.name == word) {
            Some(log) => Choice::Of(log),
            None if word == "none" => Choice::None,
            None => Choice::Auto,
        }
    })
}

impl Links {
    /// Those of this job.
    pub(super) fn here() -> Self {
        Self::of(&|name| ProcessEnvironment::variable(name).filter(|value| !value.is_empty()))
    }

    fn of(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut pages = SYSTEMS.iter().filter_map(|system| system.pages.as_ref());
        let found = pages.find_map(|pages| (pages.links)(&variable(pages.variable)?, variable));
        found.unwrap_or_default()
    }
}

/// GitHub refuses a summary of more than 1 MiB; Buildkite an annotation.
const LONGEST: usize = 1 << 20;

/// The summary that Azure is told to read, in the folder of the artifacts.
pub(super) const SUMMARY: &str = "summary.md";

/// The CI system that reads the log of this run.
pub(super) struct Ci {
    log: &'static SystemLog,
}

impl Ci {
    /// The chosen one, or the one whose variables are set.
    pub(super) fn new(choice: Choice, environment: &ProcessEnvironment) -> Option<Self> {
        let log = match choice {
            Choice::Auto => environment.system?,
            Choice::None => return None,
            Choice::Of(log) => log,
        };
        Some(Self { log })
    }

    /// How the log of the run is divided.
    pub(super) fn groups(&self, environment: &ProcessEnvironment) -> Groups {
        let repository = Repository::new(environment);
        Groups::new(
            self.log.commands,
            Box::new(move |file| repository.file(file)),
        )
    }

    /// Shows the summary of a run if the system has a place for it. If it cannot be shown, a
    /// message says so, and nothing else changes.
    pub(super) fn summarize(
        &self,
        log: &RunLog,
        artifacts: &Path,
        environment: &ProcessEnvironment,
    ) {
        let shown = match self.log.summary {
            Summary::None => Ok(()),
            Summary::Appended(variable) => {
                let named = ProcessEnvironment::variable(variable);
                match named.filter(|path| !path.is_empty()).map(PathBuf::from) {
                    Some(path) => self.append(log, artifacts, environment, &path),
                    None => Ok(()),
                }
            }
            Summary::Uploaded => self.upload(log, artifacts, environment),
            Summary::Annotated => self.annotate(log, artifacts, environment),
        };
        if let Err(error) = shown {
            complain(&format!("the summary of the run cannot be shown: {error}"));
        }
    }

    fn markdown(
        &self,
        log: &RunLog,
        artifacts: &Path,
        environment: &ProcessEnvironment,
        most: usize,
    ) -> String {
        let repository = Repository::new(environment);
        let links = Links::here();
        let artifacts = repository.file(&artifacts.to_string_lossy());
        let ways = Ways {
            file: &|file| repository.file(file),
            source: links.source.as_deref(),
            artifacts: &artifacts,
            run: links.run.as_deref(),
            shows_artifacts: matches!(self.log.summary, Summary::Annotated),
        };
        report::markdown(log, ways, most)
    }

    /// Adds it to what other programs of the step have written.
    fn append(
        &self,
        log: &RunLog,
        artifacts: &Path,
        environment: &ProcessEnvironment,
        path: &Path,
    ) -> io::Result<()> {
        let before = fs::metadata(path).map_or(0, |file| file.len());
        let before = usize::try_from(before).unwrap_or(usize::MAX);
        let most = LONGEST.saturating_sub(before);
        let text = self.markdown(log, artifacts, environment, most);
        if text.len() > most {
            return Err(io::Error::other(format!(
                "{} has no room for it: GitHub shows 1 MiB",
                path.display()
            )));
        }
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        file.write_all(text.as_bytes())
    }

    /// Writes it next to the reports, and says where it is.
    fn upload(
        &self,
        log: &RunLog,
        artifacts: &Path,
        environment: &ProcessEnvironment,
    ) -> io::Result<()> {
        let text = self.markdown(log, artifacts, environment, LONGEST);
        let path = artifacts.join(SUMMARY);
        report::write(&path, &text).map_err(io::Error::other)?;
        let path = fs::canonicalize(&path)?;
        if let Some(command) = self.log.commands.upload_summary(&path.to_string_lossy()) {
            say::exactly_on_stderr(command.as_bytes());
        }
        Ok(())
    }

    /// Gives it to the agent, if there is one.
    fn annotate(
        &self,
        log: &RunLog,
        artifacts: &Path,
        environment: &ProcessEnvironment,
    ) -> io::Result<()> {
        let Some(program) = environment.program_in_path(agent::PROGRAM) else {
            return Ok(());
        };
        let style = match Verdict::of(log) {
            Verdict::Passed => "success",
            Verdict::Flaky | Verdict::Interrupted => "warning",
            Verdict::Failed | Verdict::Error => "error",
        };
        // Each shard has one of its own.
        let context = match log.shard {
            Some(shard) => format!("deskhand-{}", shard.index),
            None => "deskhand".to_owned(),
        };
        let text = self.markdown(log, artifacts, environment, LONGEST);
        agent::annotate(&program, (style, &context), &text)
    }
}
