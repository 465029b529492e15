//! What the README shows is what happens.

use std::{fs, path::Path};

use deskhand::{
    internal::scenario::VERBS,
    plan::{self, Context, Plan},
    scenario::{Source, render},
};

fn project(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// The text of the README's first block in `language` that contains `part`.
fn block(language: &str, part: &str) -> String {
    let readme = project("README.md");
    let fence = format!("```{language}\n");
    let mut blocks = readme.split(&fence).skip(1);
    let whole = blocks.find_map(|rest| {
        let (block, _) = rest.split_once("```")?;
        block.contains(part).then(|| block.to_owned())
    });
    whole.unwrap_or_else(|| panic!("no block in {language} with {part}"))
}

fn read(text: &str) -> Plan {
    let source = Source::new("scenarios/hello.yaml", text.as_bytes());
    let mut plans = plan::read([source], &Context::default())
        .unwrap_or_else(|problems| panic!("{problems:?}"))
        .plans;
    plans.remove(0)
}

#[test]
fn the_scenario_of_the_readme_is_the_one_that_is_played() {
    let (shown, played) = (
        read(&block("yaml", "version: 1")),
        read(&project("scenarios/hello.yaml")),
    );
    let meant = |plan: &Plan| -> Vec<_> {
        plan.steps
            .iter()
            .map(|step| (step.title.clone(), step.action.clone()))
            .collect()
    };
    assert_eq!(meant(&shown), meant(&played));
    assert_eq!((shown.name, shown.size), (played.name, played.size));
}

#[test]
fn the_problem_of_the_readme_is_drawn_like_that() {
    let text = project("scenarios/hello.yaml").replace("wait-ready", "wait-redy");
    let source = Source::new("scenarios/hello.yaml", text.as_bytes());
    let problems = plan::read([source], &Context::default()).unwrap_err();
    let drawn = render(&problems, 100, false);
    let shown = block("text", "wait-redy");
    assert!(drawn.contains(shown.trim()), "{drawn}");
}

#[test]
fn the_scenarios_show_every_verb() {
    let folders = ["scenarios", "scenarios/parts"];
    let files: [Vec<String>; 2] = folders.map(|folder| {
        let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let yaml = paths.filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
        yaml.map(|path| fs::read_to_string(path).unwrap()).collect()
    });
    let texts: Vec<String> = files.concat();
    let lines = || texts.iter().flat_map(|text| text.lines());
    let steps: Vec<&str> = lines()
        .filter_map(|line| line.trim_start().strip_prefix("- "))
        .collect();
    for verb in VERBS {
        let with_argument = format!("{}:", verb.name);
        let is_shown = |step: &&str| *step == verb.name || step.starts_with(&with_argument);
        assert!(steps.iter().any(is_shown), "`{}` is not shown", verb.name);
    }
}
