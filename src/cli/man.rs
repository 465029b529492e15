//! `man`: the manual's pages of the command line, made from its help.

use std::{io, path::PathBuf};

use clap::CommandFactory as _;
use clap_mangen::Man;

use super::{Exit, complain, say};

/// Prints a page of the manual, for `man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
deskhand man | man -l -      shows the page of Deskhand
deskhand man run | man -l -  shows the page of `deskhand run`")]
pub(super) struct Arguments {
    /// The command to describe, such as `ctl click` [default: Deskhand itself]
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write the pages of all commands to this folder instead
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    all: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let mut command = super::Arguments::command().disable_help_subcommand(true);
    // Each command learns its full name, which its page is called by.
    command.build();
    if let Some(folder) = &arguments.all {
        return match clap_mangen::generate_to(command, folder) {
            Ok(()) => Exit::Passed,
            Err(error) => {
                complain(&format!("cannot write to {}: {error}", folder.display()));
                Exit::Report
            }
        };
    }
    let mut about = &command;
    for name in &arguments.command {
        let Some(inner) = about.find_subcommand(name) else {
            let whole = about.get_bin_name().unwrap_or_default();
            complain(&format!(
                "`{whole}` has no command `{name}`; `{whole} --help` lists them"
            ));
            return Exit::Usage;
        };
        about = inner;
    }
    match page(about) {
        Ok(page) => say::exactly(&page).err().unwrap_or(Exit::Passed),
        Err(error) => {
            complain(&format!("cannot create the page: {error}"));
            Exit::Report
        }
    }
}

/// The page of a command.
fn page(command: &clap::Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let source = concat!("deskhand ", env!("CARGO_PKG_VERSION"));
    Man::new(command.clone()).source(source).render(&mut page)?;
    Ok(page)
}
