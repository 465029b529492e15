//! `deskhand report`: the reports of runs that have ended, of one or of several together.
//!
//! One run gets its reports again. Several become one in a folder of its own; so does a
//! single shard, since what the others should have played is missing then.

mod given;
mod put;

use std::path::{Path, PathBuf};

use clap::{ValueEnum, value_parser};

use self::{given::Given, put::Folder};
use super::{
    Exit, ProcessEnvironment,
    ci::Links,
    complain, project,
    reports::Options,
    repository::Repository,
    say::{self, Printed},
};
use crate::{
    report::{self, COMMENT, Run, RunLog, Ways},
    scenario::{self, Project},
};

/// The default folder for merged runs.
const MERGED: &str = "artifacts/merged";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The runs: the folders of their artifacts, or their `events.jsonl`
    #[arg(value_name = "RUN", required = true)]
    runs: Vec<PathBuf>,
    /// The folder for the merged run [default: artifacts/merged]
    ///
    /// It must be new, empty, or the result of an earlier `deskhand report`. Without this option,
    /// the reports of a single run that is not a shard are written next to its events.
    #[arg(long, value_name = "DIR")]
    artifacts: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
    /// Print the report too, to stdout
    #[arg(long, value_enum, value_name = "WHICH")]
    format: Option<Format>,
    /// The maximum size of the Markdown on stdout, in bytes [default: 65536]
    ///
    /// This is as much as fits in a comment on GitHub.
    #[arg(long, value_name = "BYTES", requires = "format", value_parser = value_parser!(u32).range(1000..))]
    most: Option<u32>,
}

/// The reports for stdout.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For a comment on a pull request
    Markdown,
    /// One document, which `deskhand schema report` describes
    Json,
}

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    match report(arguments, environment) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn report(arguments: &Arguments, environment: &ProcessEnvironment) -> Result<Exit, Exit> {
    let settings = settings(environment)?;
    let given = Given::all(&arguments.runs)?;
    let (log, artifacts) = match &given[..] {
        [only] if arguments.artifacts.is_none() && !only.is_shard() => {
            (only.events.iter().collect(), only.folder.clone())
        }
        _ => {
            let folder = arguments.artifacts.clone();
            let folder = folder.unwrap_or_else(|| PathBuf::from(MERGED));
            (merged(&given, &folder)?, folder)
        }
    };
    tell_of(&log);
    // The `junit` of the project is for runs: what they become together is elsewhere.
    let reports = arguments
        .options
        .reports(artifacts, settings.as_ref(), None);
    let repository = Repository::new(environment);
    let mut reported = reports.write(&log, None, &repository);
    if let Some(format) = arguments.format {
        let most = arguments.most.and_then(|most| usize::try_from(most).ok());
        reported &= print(&log, (format, most), &reports.artifacts, &repository).is_ok();
    }
    Ok(match reports.exit(&log) {
        Exit::Passed if !reported => Exit::Report,
        // It was the run that was interrupted, and what it would have found is unknown.
        Exit::Interrupted => Exit::Desktop,
        exit => exit,
    })
}

/// Prints a report to stdout.
fn print(
    log: &RunLog,
    (format, most): (Format, Option<usize>),
    artifacts: &Path,
    repository: &Repository,
) -> Printed {
    let file = |file: &str| repository.file(file);
    match format {
        Format::Markdown => {
            let artifacts = repository.file(&artifacts.to_string_lossy());
            let links = Links::here();
            let ways = Ways {
                file: &file,
                source: links.source.as_deref(),
                artifacts: &artifacts,
                run: links.run.as_deref(),
                shows_artifacts: false,
            };
            say::print(&report::markdown(log, ways, most.unwrap_or(COMMENT)))
        }
        Format::Json => say::print_document(&format!("{:#}\n", report::json(log, &file))),
    }
}

/// Merges runs in a folder, and prints the result.
fn merged(given: &[Given], folder: &Path) -> Result<RunLog, Exit> {
    let place = Folder::free(folder, given).map_err(|wrong| {
        complain(&wrong);
        Exit::Usage
    })?;
    let runs = given.iter().map(|given| Run {
        name: given.name.clone(),
        events: given.events.clone(),
    });
    let merged = report::merge(runs.collect()).map_err(|error| {
        complain(&error.to_string());
        Exit::Usage
    })?;
    place.put(&merged, given).map_err(|error| {
        complain(&format!("cannot write to {}: {error}", folder.display()));
        Exit::Report
    })?;
    Ok(merged.events.iter().collect())
}

/// Says on stderr how it ended, and what is missing.
fn tell_of(log: &RunLog) {
    for shard in &log.missing {
        complain(&format!("shard {shard} is missing: no run of it was given"));
    }
    say::show(report::summary(log, true).trim_end());
}

/// The settings of the project, if there are some.
fn settings(environment: &ProcessEnvironment) -> Result<Option<Project>, Exit> {
    let Some(source) = project::find(environment)? else {
        return Ok(None);
    };
    match Project::read(source) {
        Ok((project, _)) => Ok(Some(project)),
        Err(problems) => {
            let drawn = scenario::render(&[problems], environment.width, environment.colour);
            say::show(&drawn);
            Err(Exit::Invalid)
        }
    }
}
