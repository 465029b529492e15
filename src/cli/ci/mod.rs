//! What a CI system is told beside the reports: commands in the log of the job, and a
//! summary where it shows one.

mod agent;
mod links;
mod system;

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::ValueEnum;

pub(super) use self::{
    links::Links,
    system::{GITLAB, SYSTEMS},
};
use super::{ProcessEnvironment, complain, repository::Repository, say};
use crate::report::{self, CiSystem, Groups, RunLog, Verdict, Ways};

/// What `--ci` says.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Choice {
    /// The system whose variables are set
    #[default]
    Auto,
    /// No commands and no summary
    None,
    /// GitHub Actions: groups, annotations and a step summary
    Github,
    /// GitLab CI: sections
    Gitlab,
    /// Azure Pipelines: groups, issues and a summary
    Azure,
    /// Buildkite: groups and an annotation
    Buildkite,
}

/// How GitHub names the file for the summary of a step.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// GitHub refuses a summary of more than 1 MiB; Buildkite an annotation.
const LONGEST: usize = 1 << 20;

/// The summary that Azure is told to read, in the folder of the artifacts.
pub(super) const SUMMARY: &str = "summary.md";

/// The CI system that reads the log of this run.
pub(super) struct Ci {
    system: CiSystem,
}

impl Ci {
    /// The chosen one, or the one whose variables are set.
    pub(super) fn new(choice: Choice, environment: &ProcessEnvironment) -> Option<Self> {
        let system = match choice {
            Choice::Auto => environment.system?,
            Choice::None => return None,
            Choice::Github => CiSystem::Github,
            Choice::Gitlab => CiSystem::Gitlab,
            Choice::Azure => CiSystem::Azure,
            Choice::Buildkite => CiSystem::Buildkite,
        };
        Some(Self { system })
    }

    /// How the log of the run is divided.
    pub(super) fn groups(&self, environment: &ProcessEnvironment) -> Groups {
        let repository = Repository::new(environment);
        Groups::new(self.system, Box::new(move |file| repository.file(file)))
    }

    /// Shows the summary of a run where the system has a place for it. That it cannot be
    /// shown is said, and changes nothing.
    pub(super) fn summarize(
        &self,
        log: &RunLog,
        artifacts: &Path,
        environment: &ProcessEnvironment,
    ) {
        let shown = match self.system {
            CiSystem::Gitlab => Ok(()),
            CiSystem::Github => self.append(log, artifacts, environment),
            CiSystem::Azure => self.upload(log, artifacts, environment),
            CiSystem::Buildkite => self.annotate(log, artifacts, environment),
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
            shows_artifacts: self.system == CiSystem::Buildkite,
        };
        report::markdown(log, ways, most)
    }

    /// Adds it to what other programs of the step have written.
    fn append(
        &self,
        log: &RunLog,
        artifacts: &Path,
        environment: &ProcessEnvironment,
    ) -> io::Result<()> {
        let named = ProcessEnvironment::variable(STEP_SUMMARY).filter(|path| !path.is_empty());
        let Some(path) = named.map(PathBuf::from) else {
            return Ok(());
        };
        let before = fs::metadata(&path).map_or(0, |file| file.len());
        let before = usize::try_from(before).unwrap_or(usize::MAX);
        let most = LONGEST.saturating_sub(before);
        let text = self.markdown(log, artifacts, environment, most);
        if text.len() > most {
            return Err(io::Error::other(format!(
                "{} has no room for it: GitHub shows 1 MiB",
                path.display()
            )));
        }
        let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
        file.write_all(text.as_bytes())
    }

    /// Writes it beside the reports, and says where it is.
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
        if let Some(command) = self.system.upload_summary(&path.to_string_lossy()) {
            say::exactly_on_stderr(command.as_bytes());
        }
        Ok(())
    }

    /// Gives it to the agent, if that is there.
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
