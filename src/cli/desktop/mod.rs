//! `deskhand desktop …`, and the keeper of its processes.

mod start;

use std::path::{Path, PathBuf};

use clap::{
    Subcommand,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

use super::{
    Exit, ProcessEnvironment, complain, host::local, plans::Selection, runtime, tell,
    value::language,
};
use crate::{
    geometry::Size,
    language::Language,
    plan::{Need, Plan},
    profile::Profile,
    server::{
        doctor, keeper,
        packages::{self, Extras},
    },
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Start a local desktop and serve it until Ctrl-C
    Start(start::Arguments),
    /// Install the Debian packages that the local desktop needs
    Install {
        /// Also install what these scenarios, or folders of scenarios, need: their
        /// `packages`, and Tesseract if they look for text
        #[arg(value_name = "PATH")]
        scenarios: Vec<PathBuf>,
        /// Also install what the tests and examples of Deskhand need
        #[arg(long)]
        for_tests: bool,
        /// Also install Tesseract for English and these languages, such as `deu,fra`
        #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = language)]
        languages: Vec<Language>,
    },
    /// Check that everything the local desktop needs is there, and say how to fix what is not
    Doctor {
        /// Only what desktops of this profile need [default: every profile]
        #[arg(long, value_name = "WHICH", value_parser = profile())]
        profile: Option<Profile>,
    },
}

/// The word for how much of a desktop runs.
fn profile() -> impl TypedValueParser<Value = Profile> {
    let word = |profile: Profile| {
        PossibleValue::new(profile.name()).help(match profile {
            Profile::Xfce => "All of XFCE",
            Profile::Bare => "A window manager on a plain background",
        })
    };
    PossibleValuesParser::new(Profile::ALL.iter().copied().map(word))
        .try_map(|name| Profile::from_name(&name).ok_or("there is no such profile"))
}

pub(super) fn run(command: &Command, environment: &ProcessEnvironment) -> Exit {
    match command {
        Command::Start(arguments) => start::run(arguments, environment),
        Command::Install {
            scenarios,
            for_tests,
            languages,
        } => {
            let extras = Extras {
                text: *for_tests || !languages.is_empty(),
                languages,
                tests: *for_tests,
                ..Extras::default()
            };
            let plans = plans(scenarios, environment);
            let installed = plans.and_then(|plans| {
                let plans: Vec<&Plan> = plans.iter().collect();
                install(environment, &plans, extras)
            });
            installed.err().unwrap_or(Exit::Passed)
        }
        Command::Doctor { profile } => {
            let every = || Profile::ALL.to_vec();
            let profiles = profile.map_or_else(every, |only| vec![only]);
            examine(&profiles, environment)
        }
    }
}

/// The scenarios in these files and folders; none if none is named.
fn plans(paths: &[PathBuf], environment: &ProcessEnvironment) -> Result<Vec<Plan>, Exit> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let selection = Selection::of(paths.to_vec(), Vec::new());
    let read = selection.read(environment, false)?;
    Ok(read.playable(environment)?.plans)
}

/// Installs what the desktop, these scenarios and the `extras` need and is missing, after listing
/// it; costs nothing if everything is installed.
pub(super) fn install(
    environment: &ProcessEnvironment,
    plans: &[&Plan],
    extras: Extras<'_>,
) -> Result<(), Exit> {
    let reading = plans.iter().filter(|plan| reads_text(plan));
    let read = reading.clone().flat_map(|plan| &plan.languages);
    let languages: Vec<Language> = read.chain(extras.languages).copied().collect();
    let packages: Vec<String> = plans
        .iter()
        .flat_map(|plan| plan.packages.clone())
        .collect();
    let extras = Extras {
        text: extras.text || reading.count() > 0,
        languages: &languages,
        packages: &packages,
        ..extras
    };
    let missing = packages::missing_packages(&environment.path, extras);
    if missing.is_empty() {
        tell("all packages of the local desktop are installed");
        return Ok(());
    }
    tell(&format!(
        "installing Debian packages: {}",
        missing.join(" ")
    ));
    packages::install(&missing, &environment.path, &mut tell).map_err(|error| {
        complain(&error.to_string());
        Exit::Desktop
    })
}

/// Whether a scenario looks for text.
fn reads_text(plan: &Plan) -> bool {
    plan.needs().contains(&Need::TextRecognition)
}

fn examine(profiles: &[Profile], environment: &ProcessEnvironment) -> Exit {
    let options = local::options(environment, Size::new(1280, 800));
    let checks = match runtime::block_on(doctor::examine(&options, profiles)) {
        Ok(checks) => checks,
        Err(exit) => return exit,
    };
    for check in &checks {
        let mark = if check.remedy.is_none() { "ok " } else { "BAD" };
        tell(&format!("{mark} {}: {}", check.subject, check.finding));
        if let Some(remedy) = &check.remedy {
            tell(&format!("    remedy: {remedy}"));
        }
    }
    let bad = checks.iter().filter(|check| check.remedy.is_some()).count();
    if bad == 0 {
        tell("the local desktop works on this machine");
        return Exit::Passed;
    }
    let problems = if bad == 1 { "a problem" } else { "problems" };
    tell(&format!(
        "{bad} of {} checks found {problems}",
        checks.len()
    ));
    Exit::Desktop
}

/// The hidden command that Deskhand starts for each local desktop.
pub(super) fn keep(folder: Option<&Path>, place: Option<&str>) -> Exit {
    match keeper::run(folder, place) {
        Ok(()) => Exit::Passed,
        Err(error) => {
            complain(&format!(
                "cannot run the keeper of the desktop's processes: {error}"
            ));
            Exit::Desktop
        }
    }
}
