//! `deskhand desktop …`, and the keeper of its processes.

mod start;

use std::path::Path;

use clap::Subcommand;

use super::{
    Environment, Exit, complain,
    host::local,
    tell,
    value::{language, profile},
};
use crate::{
    geometry::Size,
    language::Language,
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
        /// Also those that Deskhand's own tests use
        #[arg(long)]
        for_tests: bool,
        /// Also what reads text on the screen, in English and in these languages:
        /// `deu,fra`
        #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = language)]
        languages: Vec<Language>,
    },
    /// Say what the local desktop lacks, and how to mend it
    Doctor {
        /// Only what desktops of this profile need [default: every profile]
        #[arg(long, value_name = "WHICH", value_parser = profile())]
        profile: Option<Profile>,
    },
}

pub(super) fn run(command: &Command, environment: &Environment) -> Exit {
    match command {
        Command::Start(arguments) => start::run(arguments, environment),
        Command::Install {
            for_tests,
            languages,
        } => {
            let extras = Extras {
                text: *for_tests || !languages.is_empty(),
                languages,
                tests: *for_tests,
            };
            match install(environment, extras) {
                Ok(()) => Exit::Passed,
                Err(exit) => exit,
            }
        }
        Command::Doctor { profile } => {
            let every = || Profile::ALL.to_vec();
            let profiles = profile.map_or_else(every, |only| vec![only]);
            examine(&profiles, environment)
        }
    }
}

/// Installs what is missing, after showing it; costs nothing if all is there.
pub(super) fn install(environment: &Environment, extras: Extras<'_>) -> Result<(), Exit> {
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

fn examine(profiles: &[Profile], environment: &Environment) -> Exit {
    let options = local::options(environment, Size::new(1280, 800));
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("cannot start: {error}"));
            return Exit::Desktop;
        }
    };
    let checks = runtime.block_on(doctor::examine(&options, profiles));
    for check in &checks {
        let mark = if check.mend.is_none() { "ok " } else { "BAD" };
        tell(&format!("{mark} {}: {}", check.subject, check.finding));
        if let Some(mend) = &check.mend {
            tell(&format!("    mend: {mend}"));
        }
    }
    let bad = checks.iter().filter(|check| check.mend.is_some()).count();
    if bad == 0 {
        tell("the local desktop works on this machine");
        return Exit::Passed;
    }
    tell(&format!("{bad} of {} checks need a mend", checks.len()));
    Exit::Desktop
}

/// The hidden command that Deskhand starts for each local desktop.
pub(super) fn keep(folder: &Path, seen_at: Option<&Path>) -> Exit {
    match keeper::run(folder, seen_at) {
        Ok(()) => Exit::Passed,
        Err(error) => {
            complain(&format!("cannot keep the desktop's processes: {error}"));
            Exit::Desktop
        }
    }
}
