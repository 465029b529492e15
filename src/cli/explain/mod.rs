//! `deskhand explain`: one scenario with everything in its place.
//!
//! What it prints is itself a scenario, in long forms, with every default
//! written out, every name replaced by what it stands for, and every loop and
//! used file unrolled. Only secrets and what steps capture keep their names.

mod step;
#[cfg(test)]
mod tests;
mod value;

use std::path::{Path, PathBuf};

use self::value::{Value, quoted};
use super::{Environment, Exit, complain, plans::Selection, say};
use crate::plan::{Plan, Step};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A scenario
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Which row of its matrix, from 1
    #[arg(long, value_name = "N", default_value_t = 1)]
    row: usize,
    /// Give one of the scenario's `vars` another text
    #[arg(long = "var", value_name = "NAME=TEXT", value_parser = super::plans::var)]
    vars: Vec<(String, String)>,
}

pub(super) fn run(arguments: &Arguments, environment: &Environment) -> Exit {
    let selection = Selection::of(arguments.file.clone(), arguments.vars.clone());
    let read = selection.read(environment, false);
    let plans = match read.and_then(|read| read.playable(environment)) {
        Ok(read) => read.plans,
        Err(exit) => return exit,
    };
    let row = arguments.row.checked_sub(1);
    let Some(plan) = row.and_then(|row| plans.get(row)) else {
        complain(&match plans.len() {
            0 => "this file is for `use` and is not played by itself".to_owned(),
            1 => "this scenario has one row".to_owned(),
            many => format!("this scenario has the rows 1 to {many}"),
        });
        return Exit::Usage;
    };
    let printed = say::print_document(&explained(plan));
    printed.err().unwrap_or(Exit::Passed)
}

/// The plan as a scenario that could stand in the place of its file.
fn explained(plan: &Plan) -> String {
    let mut lines = vec![
        "version: 1".to_owned(),
        format!("name: {}", quoted(&plan.name)),
    ];
    let mut key = |name: &str, value: Option<Value>| {
        lines.extend(value.map(|value| format!("{name}: {value}")));
    };
    key("description", plan.description.as_deref().map(Value::text));
    key("owner", plan.owner.as_deref().map(Value::text));
    let texts = |texts: &[String]| {
        let items = texts.iter().map(|text| Value::text(text)).collect();
        (!texts.is_empty()).then_some(Value::List(items))
    };
    key("tags", texts(&plan.tags));
    key("desktop", Some(desktop(plan)));
    key("secrets", texts(&plan.secrets));
    for (name, steps) in [
        ("setup", &plan.setup),
        ("steps", &plan.steps),
        ("teardown", &plan.teardown),
    ] {
        if !steps.is_empty() {
            lines.push(format!("{name}:"));
            list(steps, (1, plan), &mut lines);
        }
    }
    lines.join("\n") + "\n"
}

fn desktop(plan: &Plan) -> Value {
    let mut fields = vec![
        ("size", Value::Word(plan.size.to_string())),
        ("profile", Value::Word(plan.profile.name().to_owned())),
    ];
    let variables = plan.environment.iter();
    let variables: Vec<_> = variables
        .map(|(name, text)| (name.clone(), Value::text(text)))
        .collect();
    if !variables.is_empty() {
        fields.push(("environment", Value::Map(variables)));
    }
    if !plan.languages.is_empty() {
        let codes = plan.languages.iter();
        let codes = codes.map(|language| Value::Word(language.code().to_owned()));
        fields.push(("languages", Value::List(codes.collect())));
    }
    Value::fields(fields)
}

/// Writes steps, each with its modifiers below its verb.
fn list(steps: &[Step], (depth, plan): (usize, &Plan), lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    for step in steps {
        let folder = Path::new(&plan.file).parent().unwrap_or(Path::new(""));
        let (verb, argument) = step::verb(step, folder);
        lines.push(match argument {
            Some(argument) => format!("{indent}- {verb}: {argument}"),
            None => format!("{indent}- {verb}:"),
        });
        for (name, value) in step::beside(step, folder) {
            lines.push(format!("{indent}  {name}: {value}"));
        }
        for (name, block) in step::blocks(step) {
            if block.is_empty() {
                lines.push(format!("{indent}  {name}: []"));
                continue;
            }
            lines.push(format!("{indent}  {name}:"));
            list(block, (depth + 2, plan), lines);
        }
    }
}
