//! `deskhand explain`: one scenario with everything in its place.
//!
//! What it prints is itself a scenario, in long forms, with every default
//! written out, every name replaced by what it stands for, and every loop and
//! used file unrolled. Only secrets and what steps capture keep their names.

mod step;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::ser::Error as _;

use super::{Exit, ProcessEnvironment, complain, plans::Selection, say};
use crate::{
    plain::plain,
    plan::{
        Plan,
        notation::{Value, list, literal, map, shown},
    },
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A scenario
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The row of its matrix, from 1
    #[arg(long, value_name = "N", default_value_t = 1)]
    row: usize,
    /// Set one of the scenario's `vars`; can be repeated
    #[arg(long = "var", value_name = "NAME=TEXT", value_parser = super::plans::var)]
    vars: Vec<(String, String)>,
}

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    let selection = Selection::of(vec![arguments.file.clone()], arguments.vars.clone());
    let read = selection.read(environment, false);
    let plans = match read.and_then(|read| read.playable(environment)) {
        Ok(read) => read.plans,
        Err(exit) => return exit,
    };
    let row = arguments.row.checked_sub(1);
    let Some(plan) = row.and_then(|row| plans.get(row)) else {
        complain(&match plans.len() {
            0 => "this file is a part, for `use`, and is not played on its own".to_owned(),
            1 => "this scenario has one row".to_owned(),
            many => format!("this scenario has rows 1 to {many}"),
        });
        return Exit::Usage;
    };
    match explained(plan) {
        Ok(text) => say::print_document(&text).err().unwrap_or(Exit::Passed),
        Err(error) => {
            complain(&format!("this scenario cannot be printed: {error}"));
            Exit::Report
        }
    }
}

/// The plan as a scenario that could stand in place of its file.
fn explained(plan: &Plan) -> Result<String, serde_yaml::Error> {
    let folder = Path::new(&plan.file).parent().unwrap_or(Path::new(""));
    let mut fields = vec![("version", 1.into()), ("name", literal(&plan.name))];
    let texts = [("description", &plan.description), ("owner", &plan.owner)];
    fields.extend(
        texts
            .into_iter()
            .filter_map(|(key, text)| Some((key, literal(text.as_ref()?)))),
    );
    fields.extend(texts_of("tags", &plan.tags));
    fields.extend(plan.retries.map(|retries| ("retries", retries.into())));
    fields.extend(texts_of("exclusive", &plan.exclusive));
    fields.push(("pace", plan.pace.to_string().as_str().into()));
    fields.push(("desktop", desktop(plan)));
    fields.extend(texts_of("secrets", &plan.secrets));
    let lists = [
        ("setup", &plan.setup),
        ("steps", &plan.steps),
        ("teardown", &plan.teardown),
    ];
    let lists = lists.into_iter().filter(|(_, steps)| !steps.is_empty());
    fields.extend(lists.map(|(key, steps)| (key, step::steps(steps, folder))));
    let scenario = map(fields);
    let text = serde_yaml::to_string(&scenario)?;
    if plain(&text) == text {
        return Ok(text);
    }
    // A terminal or a CI runner would obey something here. JSON is YAML too, and in
    // its quotes every character can be written as a number.
    let json = serde_json::to_string_pretty(&scenario);
    json.map(|json| json + "\n")
        .map_err(serde_yaml::Error::custom)
}

fn texts_of(key: &'static str, texts: &[String]) -> Option<(&'static str, Value)> {
    let items = texts.iter().map(|text| literal(text));
    (!texts.is_empty()).then(|| (key, list(items)))
}

fn desktop(plan: &Plan) -> Value {
    let profile = plan.profile.name().into();
    let mut fields = vec![("size", shown(&plan.size)), ("profile", profile)];
    if !plan.environment.is_empty() {
        let variables = plan.environment.iter();
        let variables = variables.map(|(name, text)| (name.as_str(), literal(text)));
        fields.push(("environment", map(variables)));
    }
    if !plan.languages.is_empty() {
        let codes = plan.languages.iter().map(|language| language.code().into());
        fields.push(("languages", list(codes)));
    }
    fields.extend(texts_of("packages", &plan.packages));
    if !plan.accessibility {
        fields.push(("accessibility", false.into()));
    }
    if plan.reuse {
        fields.push(("reuse", true.into()));
    }
    if let Some(memory) = plan.memory {
        fields.push(("memory", shown(&format!("{memory}MiB"))));
    }
    if let Some(processes) = plan.processes {
        fields.push(("processes", processes.into()));
    }
    map(fields)
}
