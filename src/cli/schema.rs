//! `schema`: prints the JSON Schema of the files that people write.

use std::io::{self, Write};

use super::{Exit, complain};
use crate::scenario::{part_schema, project_schema, scenario_schema};

/// Prints a JSON Schema, for editors.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An editor with yaml-language-server reads it where a scenario begins with\n\
    # yaml-language-server: $schema=scenario.schema.json"
)]
pub(super) struct Arguments {
    /// Which file it is for
    #[arg(value_enum, default_value_t = File::Scenario)]
    file: File,
}

/// The files that have a schema.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum File {
    /// A scenario
    Scenario,
    /// A file that scenarios `use`, in a folder `parts`
    Part,
    /// The settings of a project, `deskhand.yaml`
    Project,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let schema = match arguments.file {
        File::Scenario => scenario_schema(),
        File::Part => part_schema(),
        File::Project => project_schema(),
    };
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{schema:#}").and_then(|()| stdout.flush()) {
        Ok(()) => Exit::Passed,
        // A reader that has seen enough, as `head`, is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Passed,
        Err(error) => {
            complain(&format!("cannot write the schema to stdout: {error}"));
            Exit::Report
        }
    }
}
