//! Blocks: loops unrolled, used files put in their place.

use std::{path::PathBuf, sync::Arc};

use super::{Parsed, Resolver, missing_file};
use crate::{
    plan::{
        Action, Group, Step, Text,
        context::{beside, shown},
    },
    scenario::{
        self, Code, Problem, Role, Scenario, Source, Span, Spanned, nearest, these_of, ticked, verb,
    },
};

/// How deep files may use each other.
const DEEPEST: usize = 32;

/// The inputs of a used file; `None` if one has a problem.
pub(super) type Inputs = [(Spanned<String>, Option<Text>)];

impl Resolver<'_, '_> {
    /// Two lists of steps of which one is played.
    pub(in crate::plan) fn either(
        &mut self,
        one: &[scenario::Step],
        other: &[scenario::Step],
    ) -> (Vec<Step>, Vec<Step>) {
        let before = self.screen;
        let one = self.steps(one);
        let after = std::mem::replace(&mut self.screen, before);
        let other = self.steps(other);
        self.screen.either(after);
        (one, other)
    }

    /// The rounds of a loop, a group for each.
    pub(in crate::plan) fn rounds(&mut self, block: &verb::ForEach) -> Vec<Step> {
        let name = block.name.as_ref().map_or("item", |name| &name.value);
        if let Some(name) = &block.name {
            let file = self.file.scenario.source.name();
            self.desk.uses.looped(file, name);
        }
        let mut rounds = Vec::with_capacity(block.entries.len());
        for entry in &block.entries {
            let Some(text) = self.text(entry) else {
                self.incomplete = true;
                continue;
            };
            let title = format!("{name} = {text}");
            self.names.enter_loop(name, text);
            let steps = self.steps(&block.steps);
            self.names.leave_loop();
            rounds.push(self.group(entry.span, &title, steps));
            if self.is_full() || self.incomplete && self.count > super::MOST_STEPS {
                break;
            }
        }
        rounds
    }

    fn group(&self, span: Span, title: &str, steps: Vec<Step>) -> Step {
        let title = scenario::shown(title, 60);
        Step {
            origin: self.origin(span),
            verb: "group",
            title: title.clone(),
            timeout: super::standard::BLOCK_TIMEOUT,
            retry: crate::plan::Retry::default(),
            soft: false,
            optional: false,
            condition: None,
            expect_change: None,
            capture: None,
            hidden: false,
            caption: None,
            zoom: None,
            action: Action::Group(Box::new(Group { title, steps })),
        }
    }

    /// The steps of a used file.
    pub(in crate::plan) fn part(&mut self, block: &verb::Use) -> Option<Vec<Step>> {
        let inputs: Vec<(Spanned<String>, Option<Text>)> = block
            .inputs
            .iter()
            .map(|(name, text)| (name.clone(), self.text(text)))
            .collect();
        let file = self.known(&block.file)?;
        let path = beside(&self.folder, &file);
        let name = shown(&path);
        if self.using.contains(&name) || self.using.len() > DEEPEST {
            let problem = circular(&self.using, &name, block.file.span);
            self.add(problem);
            return None;
        }
        let part = self.read_part(path, block.file.span)?;
        self.check_inputs(&part, &inputs, block.file.span);
        let mut using = self.using.clone();
        using.push(name);
        let mut below = Resolver {
            screen: self.screen,
            using,
            count: self.count,
            ..Resolver::new(&mut *self.desk, &part, self.names.for_part())
        };
        below.in_settings(|below| {
            below.read_texts(None);
            below.read_names();
        });
        below.read_texts(Some(&inputs));
        below.defaults = self.defaults.clone();
        below.read_names();
        let steps = below.steps(&part.scenario.steps);
        let whole = !below.incomplete && !part.missing.steps;
        let (screen, count, names) = (below.screen, below.count, below.names);
        self.screen = screen;
        self.count = count;
        self.names.after_part(names);
        self.incomplete |= !whole;
        self.desk.met(&part);
        Some(steps)
    }

    fn read_part(&mut self, path: PathBuf, span: Span) -> Option<Arc<Parsed>> {
        if let Some(known) = self.desk.parts.get(&path) {
            return known.clone();
        }
        let bytes = match self.desk.context.files.read(&path, Source::MAX_BYTES + 1) {
            Ok(bytes) => bytes,
            Err(error) => {
                let problem = missing_file(span, &path, &error);
                self.add(match self.near_file(&path) {
                    Some(near) => problem.help(format!("did you mean {}?", ticked(&near))),
                    None => problem.help("write `- use: parts/close.yaml`"),
                });
                return None;
            }
        };
        let source = Arc::new(Source::new(shown(&path), &bytes));
        let reading = Scenario::read_leniently(&source, Role::Part);
        let part = self.desk.parsed(&source, reading);
        self.desk.parts.insert(path, part.clone());
        part
    }

    /// Compares the given inputs with those that the file has.
    fn check_inputs(&mut self, part: &Parsed, inputs: &Inputs, span: Span) {
        if part.missing.names {
            return;
        }
        let vars = &part.scenario.names.vars;
        let file = part.scenario.source.name();
        for (name, _) in inputs {
            if !vars.iter().any(|(known, _)| known.value == name.value) {
                let names = vars.iter().map(|(name, _)| name.value.as_str());
                self.add(strange_input(name, names.collect(), file));
            }
        }
        for (name, text) in vars {
            let given = inputs.iter().any(|(input, _)| input.value == name.value);
            if text.is_none() && !given {
                self.add(missing_input(&name.value, file, span));
            }
        }
    }
}

fn circular(using: &[String], name: &str, span: Span) -> Problem {
    let way: Vec<String> = using
        .iter()
        .map(String::as_str)
        .chain([name])
        .map(ticked)
        .collect();
    let message = format!("{} uses itself", ticked(name));
    Problem::new(Code::UseCycle, span, message)
        .label("this would never end")
        .help(format!("the cycle is {}", way.join(" → ")))
}

fn strange_input(name: &Spanned<String>, names: Vec<&str>, file: &str) -> Problem {
    let message = format!("{} has no input {}", ticked(file), ticked(&name.value));
    let problem = Problem::new(Code::UnknownInput, name.span, message);
    match nearest(&name.value, names.iter().copied()) {
        Some(near) => problem
            .label(format!("did you mean {}?", ticked(near)))
            .help(these_of("its", "input", names)),
        None if names.is_empty() => problem
            .label("it has no inputs")
            .help(format!("add it there: `vars: {{ {}: }}`", name.value)),
        None => problem
            .label("unknown input")
            .help(these_of("its", "input", names)),
    }
}

fn missing_input(name: &str, file: &str, span: Span) -> Problem {
    let message = format!("{} needs the input {}", ticked(file), ticked(name));
    Problem::new(Code::MissingInput, span, message)
        .label(format!("{} is missing", ticked(name)))
        .help(format!("write `with: {{ {name}: \"…\" }}` next to `use`"))
}
