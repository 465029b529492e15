//! `deskhand list`: what would be played.

use std::path::PathBuf;

use serde::Serialize;

use super::{Exit, ProcessEnvironment, choice::Choosing, complain, plans::Selection, project, say};
use crate::plan::{Need, Plan, Suite};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// Print a JSON array
    #[arg(long)]
    json: bool,
    /// The folder of the last run, for `--last-failed` [default: artifacts]
    #[arg(long, value_name = "DIR")]
    artifacts: Option<PathBuf>,
    #[command(flatten)]
    choosing: Choosing,
}

/// One test case.
#[derive(Debug, Serialize)]
struct Entry {
    file: String,
    line: usize,
    name: String,
    row: Option<String>,
    description: Option<String>,
    owner: Option<String>,
    tags: Vec<String>,
    steps: usize,
    needs: Vec<&'static str>,
}

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    let entries = match suite(arguments, environment) {
        Ok(suite) => entries(&suite),
        Err(exit) => return exit,
    };
    let printed = if arguments.json {
        match serde_json::to_string_pretty(&entries) {
            Ok(json) => say::print_document(&format!("{json}\n")),
            Err(error) => {
                complain(&error.to_string());
                Err(Exit::Report)
            }
        }
    } else {
        say::print(&table(&entries))
    };
    printed.err().unwrap_or(Exit::Passed)
}

/// What a run with the same options would play.
fn suite(arguments: &Arguments, environment: &ProcessEnvironment) -> Result<Suite, Exit> {
    let read = arguments.selection.read(environment, false)?;
    let mut read = read.playable(environment)?;
    let artifacts = project::artifacts(arguments.artifacts.as_deref(), read.project.as_ref());
    arguments.choosing.suite(&mut read, &artifacts, environment)
}

/// Prints what a run would play.
pub(super) fn print_suite(suite: &Suite) -> Exit {
    let entries = entries(suite);
    say::print(&table(&entries)).err().unwrap_or(Exit::Passed)
}

fn entries(suite: &Suite) -> Vec<Entry> {
    let played = suite.played();
    played
        .map(|entry| Entry::new(&entry.plan, &entry.name))
        .collect()
}

impl Entry {
    fn new(plan: &Plan, name: &str) -> Self {
        let mut steps = 0;
        plan.each_step(&mut |step| {
            let is_block = step
                .action
                .verb()
                .blocks()
                .into_iter()
                .any(|(_, block)| !block.is_empty());
            steps += usize::from(!is_block);
        });
        Self {
            file: plan.file.clone(),
            line: plan.source.position(plan.origin.start).0,
            name: name.to_owned(),
            row: plan.row.clone(),
            description: plan.description.clone(),
            owner: plan.owner.clone(),
            tags: plan.tags.clone(),
            steps,
            needs: plan.needs().into_iter().map(Need::name).collect(),
        }
    }
}

/// Aligned columns: where, what, how many steps, tags.
fn table(entries: &[Entry]) -> String {
    let place = |entry: &Entry| format!("{}:{}", entry.file, entry.line);
    let width = |text: &dyn Fn(&Entry) -> String| {
        let widths = entries.iter().map(|entry| text(entry).chars().count());
        widths.max().unwrap_or(0)
    };
    let places = width(&place);
    let names = width(&|entry| entry.name.clone());
    let line = |entry: &Entry| {
        let steps = match entry.steps {
            1 => "1 step".to_owned(),
            many => format!("{many} steps"),
        };
        let line = format!(
            "{:places$}  {:names$}  {steps:>9}  {}",
            place(entry),
            entry.name,
            entry.tags.join(", ")
        );
        format!("{}\n", line.trim_end())
    };
    entries.iter().map(line).collect()
}
