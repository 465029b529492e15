//! `schema`: prints the JSON Schema of the files that people write, of a report and of a timeline.

use super::{Exit, say};
use crate::{
    report::json_schema,
    scenario::{part_schema, project_schema, scenario_schema},
    timeline,
};

/// Prints a JSON Schema, for editors.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An editor with yaml-language-server uses the schema if a scenario begins \
                  with\n# yaml-language-server: $schema=scenario.schema.json"
)]
pub(super) struct Arguments {
    /// Which kind of file to describe
    #[arg(value_enum, default_value_t = File::Scenario)]
    file: File,
}

/// The files that have a schema.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum File {
    /// A scenario
    Scenario,
    /// A part: a file that scenarios `use`, in a folder `parts`
    Part,
    /// The settings of a project, `deskhand.yaml`
    Project,
    /// What `deskhand report --format json` prints
    Report,
    /// The timeline of a recording, from which films are made
    Timeline,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let schema = match arguments.file {
        File::Scenario => scenario_schema(),
        File::Part => part_schema(),
        File::Project => project_schema(),
        File::Report => json_schema(),
        File::Timeline => timeline::json_schema(),
    };
    let printed = say::exactly(format!("{schema:#}\n").as_bytes());
    printed.err().unwrap_or(Exit::Passed)
}
