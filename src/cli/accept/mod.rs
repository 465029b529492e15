//! `deskhand accept`: makes the pictures and trees of a run the baselines.
//!
//! The run may have been on another machine: what a CI system keeps of it, a
//! folder or a zip file, is enough. All are written, or none.

pub(super) mod baseline;

use std::{
    io,
    path::{Path, PathBuf},
};

use self::baseline::{Offer, Refused, is_named, offers, parted, variant, write};
use super::{
    Exit, ProcessEnvironment, complain,
    run_folder::RunFolder,
    say,
    verdicts::{self, Verdicts},
};
use crate::report::RunLog;

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
    let offers = offers(&log);
    let mut wanted = Vec::new();
    for offer in &offers {
        let file = offer.file(&environment.folder).map_err(refused)?;
        if arguments.only.is_empty() || arguments.only.iter().any(|name| is_named(&file, name)) {
            wanted.push((offer, file));
        }
    }
    if wanted.is_empty() {
        return Err(nothing(arguments, &offers));
    }
    let verdicts = verdicts(run)?;
    let mut accepted = Vec::new();
    for (offer, file) in wanted {
        let read = offer.read((run, &mut folder), &file, arguments.variant.as_deref());
        let read = read.map_err(refused)?;
        match verdicts.of(&offer.path, &read.bytes) {
            Some(rejection) if arguments.only.is_empty() => complain(&format!(
                "left out {}, which was rejected: {}; name it with `--only` to accept it",
                file.display(),
                rejection.note
            )),
            _ => accepted.push(read),
        }
    }
    write(&accepted).map_err(refused)?;
    let lines = accepted
        .iter()
        .map(|accepted| format!("accepted {}\n", accepted.file.display()));
    say::print(&lines.collect::<String>())?;
    Ok(Exit::Passed)
}

/// What people said about the run.
fn verdicts(run: &Path) -> Result<Verdicts, Exit> {
    let file = verdicts::file(run);
    Verdicts::read(&file).map_err(|error| {
        complain(&format!("cannot read {}: {error}", file.display()));
        Exit::Usage
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it ends here")]
fn refused(refused: Refused) -> Exit {
    complain(&refused.to_string());
    refused.exit()
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
fn nothing(arguments: &Arguments, offers: &[Offer]) -> Exit {
    let names: Vec<String> = offers
        .iter()
        .map(|offer| {
            let (path, _) = parted(Path::new(&offer.candidate.baseline));
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
