//! `completions`: scripts with which a shell completes the command line.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::{Exit, say};

/// Prints a script that completes the command line in a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
bash:  deskhand completions bash > ~/.local/share/bash-completion/completions/deskhand
zsh:   deskhand completions zsh > DIRECTORY/_deskhand, in a directory of $fpath
fish:  deskhand completions fish > ~/.config/fish/completions/deskhand.fish")]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let whole = super::Arguments::command();
    // The scripts would offer what only Deskhand itself starts.
    let offered = whole.get_subcommands().filter(|inner| !inner.is_hide_set());
    let mut command = clap::Command::new("deskhand")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommands(offered.cloned());
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "deskhand", &mut script);
    say::exactly(&script).err().unwrap_or(Exit::Passed)
}
