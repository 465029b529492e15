//! The command line: one file for each command.
//!
//! Only this module reads the environment and the arguments, writes to the terminal, and decides on
//! the exit status.

mod accept;
mod addresses;
mod check;
mod choice;
mod ci;
mod completions;
mod ctl;
#[cfg(all(target_os = "linux", feature = "local-desktop"))]
mod desktop;
mod environment;
mod exit;
mod explain;
mod fmt;
mod host;
mod image;
mod init;
mod inline;
mod interrupt;
mod last_run;
mod list;
mod man;
mod plans;
mod project;
mod render;
mod report;
mod reports;
mod repository;
mod run;
mod run_folder;
mod runtime;
mod say;
mod scenarios;
mod schema;
mod show;
mod value;
mod verdicts;

use std::{process::ExitCode, time::SystemTime};

use clap::{Parser, Subcommand};

pub use self::ci::variables as ci_variables;
pub(crate) use self::exit::Exit;
use self::{
    environment::ProcessEnvironment,
    say::{complain, tell},
};

/// Plays YAML scenarios on a graphical Linux desktop.
#[derive(Debug, Parser)]
#[command(name = "deskhand", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a first scenario and the file for a CI system
    Init(init::Arguments),
    /// Play scenarios and write reports, pictures and videos
    Run(Box<run::Arguments>),
    /// List every problem in scenarios without playing them
    Check(check::Arguments),
    /// List what would be played
    List(list::Arguments),
    /// Print a scenario with every default and value filled in
    Explain(explain::Arguments),
    /// Rewrite scenarios and settings in the standard form
    Fmt(fmt::Arguments),
    /// Print the JSON Schema of scenarios, settings or reports, for editors and programs
    Schema(schema::Arguments),
    /// Print a completion script for a shell
    Completions(completions::Arguments),
    /// Print a manual page
    Man(man::Arguments),
    /// Make the pictures of a run the new baselines
    Accept(accept::Arguments),
    /// Write the reports of runs again, and merge several runs into one
    Report(report::Arguments),
    /// Make films of a run's recordings, without a desktop
    Render(render::Arguments),
    /// Show a run in a browser, and accept, reject or mask its pictures there
    Show(show::Arguments),
    /// Compare pictures, or find one in another, as scenarios do
    #[command(subcommand)]
    Image(image::Command),
    /// Call one method of the desktop API
    Ctl(ctl::Arguments),
    /// Start local desktops, install what they need, and check the machine
    #[cfg(all(target_os = "linux", feature = "local-desktop"))]
    #[command(subcommand)]
    Desktop(desktop::Command),
    /// Keep the processes of one local desktop; only Deskhand starts this
    #[cfg(all(target_os = "linux", feature = "local-desktop"))]
    #[command(hide = true)]
    Keeper {
        /// The desktop's folder, for the keeper; its guard reads it from stdin.
        folder: Option<std::path::PathBuf>,
        /// Where the session's folder is.
        place: Option<String>,
    },
}

/// Runs the program with its arguments and environment.
#[must_use]
pub fn main() -> ExitCode {
    addresses::use_few();
    let arguments = match parse() {
        Ok(arguments) => arguments,
        Err(exit) => return exit.into(),
    };
    let environment = match ProcessEnvironment::read() {
        Ok(environment) => environment,
        Err(error) => {
            complain(&format!("cannot determine the current folder: {error}"));
            return Exit::Desktop.into();
        }
    };
    if !environment::is_set(SystemTime::now()) {
        complain("the clock of this machine shows a time before 1970: set it and try again");
        return Exit::Desktop.into();
    }
    let exit = match arguments.command {
        Command::Init(arguments) => init::run(&arguments, &environment),
        Command::Run(arguments) => run::run(&arguments, &environment),
        Command::Check(arguments) => check::run(&arguments, &environment),
        Command::List(arguments) => list::run(&arguments, &environment),
        Command::Explain(arguments) => explain::run(&arguments, &environment),
        Command::Fmt(arguments) => fmt::run(&arguments, &environment),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
        Command::Accept(arguments) => accept::run(&arguments, &environment),
        Command::Report(arguments) => report::run(&arguments, &environment),
        Command::Render(arguments) => render::run(&arguments, &environment),
        Command::Show(arguments) => show::run(&arguments, &environment),
        Command::Image(command) => image::run(&command, &environment),
        Command::Ctl(arguments) => ctl::run(&arguments, &environment),
        #[cfg(all(target_os = "linux", feature = "local-desktop"))]
        Command::Desktop(command) => desktop::run(&command, &environment),
        #[cfg(all(target_os = "linux", feature = "local-desktop"))]
        Command::Keeper { folder, place } => desktop::keep(folder.as_deref(), place.as_deref()),
    };
    exit.into()
}

/// The arguments; or, after a wrong one has been explained or help has been
/// printed, the status to end with.
fn parse() -> Result<Arguments, Exit> {
    Arguments::try_parse().map_err(|answer| {
        let text = answer.render().ansi().to_string();
        if answer.exit_code() == 0 {
            return say::print_drawn(&text).err().unwrap_or(Exit::Passed);
        }
        say::show(text.trim_end());
        Exit::Usage
    })
}
