//! Names that nobody uses: mostly they were meant for something.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use super::{Desk, Parsed};
use crate::scenario::{Code, Matrix, Problem, Scope, Span, Spanned, ticked};

/// A name that a step gives, in its scope.
type Given = (Option<Scope>, Spanned<String>);

/// Which names were used, in which file.
#[derive(Default)]
pub(super) struct Uses {
    /// By file: the names of `${scope.name}`.
    texts: HashMap<String, HashSet<(Option<Scope>, String)>>,
    /// By file: the names of regions and targets.
    places: HashMap<String, HashSet<String>>,
    /// By file: names that steps give.
    given: HashMap<String, Vec<Given>>,
    /// Every name of `vars` of every file.
    vars: BTreeSet<String>,
}

impl Uses {
    pub(super) fn used(&mut self, file: &str, scope: Option<Scope>, name: &str) {
        let used = self.texts.entry(file.to_owned()).or_default();
        used.insert((scope, name.to_owned()));
    }

    pub(super) fn named(&mut self, file: &str, name: &str) {
        let used = self.places.entry(file.to_owned()).or_default();
        used.insert(name.to_owned());
    }

    pub(super) fn captured(&mut self, file: &str, name: &Spanned<String>) {
        self.give(file, (Some(Scope::Captured), name.clone()));
    }

    pub(super) fn looped(&mut self, file: &str, name: &Spanned<String>) {
        self.give(file, (None, name.clone()));
    }

    fn give(&mut self, file: &str, name: Given) {
        let given = self.given.entry(file.to_owned()).or_default();
        if !given.contains(&name) {
            given.push(name);
        }
    }

    pub(super) fn declared(&mut self, name: &str) {
        self.vars.insert(name.to_owned());
    }

    pub(super) fn was_declared(&self, name: &str) -> bool {
        self.vars.contains(name)
    }

    /// What steps captured may be used in another file of the same scenario.
    fn is_text_used(&self, file: &str, scope: Option<Scope>, name: &str) -> bool {
        let key = (scope, name.to_owned());
        if scope == Some(Scope::Captured) {
            return self.texts.values().any(|used| used.contains(&key));
        }
        self.texts.get(file).is_some_and(|used| used.contains(&key))
    }

    fn is_place_used(&self, file: &str, name: &str) -> bool {
        self.places
            .get(file)
            .is_some_and(|used| used.contains(name))
    }
}

/// Adds a warning for each name of a file that it does not use.
pub(super) fn tell(desk: &mut Desk<'_>, file: &Arc<Parsed>) {
    let source = &file.scenario.source;
    let names = &file.scenario.names;
    let uses = &desk.uses;
    let mut unused: Vec<(&str, &Spanned<String>)> = Vec::new();
    let text =
        |scope, name: &Spanned<String>| !uses.is_text_used(source.name(), scope, &name.value);
    let vars = names.vars.iter().map(|(name, _)| name);
    unused.extend(
        vars.filter(|n| text(Some(Scope::Vars), n))
            .map(|n| ("var", n)),
    );
    let secrets = names.secrets.iter();
    unused.extend(
        secrets
            .filter(|n| text(Some(Scope::Secrets), n))
            .map(|n| ("secret", n)),
    );
    let columns = columns(file.scenario.matrix.as_ref());
    let columns = columns.into_iter().filter(|n| text(Some(Scope::Matrix), n));
    unused.extend(columns.map(|n| ("matrix name", n)));
    let place = |name: &Spanned<String>| !uses.is_place_used(source.name(), &name.value);
    let regions = names.regions.iter().map(|(name, _)| name);
    unused.extend(regions.filter(|n| place(n)).map(|n| ("region", n)));
    let targets = names.targets.iter().map(|(name, _)| name);
    unused.extend(targets.filter(|n| place(n)).map(|n| ("target", n)));
    let mut problems: Vec<Problem> = unused
        .into_iter()
        .map(|(what, name)| unused_name(what, &name.value, name.span))
        .collect();
    let given = uses.given.get(source.name()).into_iter().flatten();
    for (scope, name) in given.filter(|(scope, name)| text(*scope, name)) {
        let what = match scope {
            None => "loop entry",
            Some(_) => "captured name",
        };
        problems.push(unused_name(what, &name.value, name.span));
    }
    for problem in problems {
        desk.ledger.add(source, problem);
    }
}

/// The names of a matrix, each where it is first written.
fn columns(matrix: Option<&Matrix>) -> Vec<&Spanned<String>> {
    match matrix {
        None => Vec::new(),
        Some(Matrix::Axes(axes)) => axes.iter().map(|(name, _)| name).collect(),
        Some(Matrix::Rows(rows)) => {
            let first = rows.first().map(|(_, row)| row.iter());
            first.into_iter().flatten().map(|(name, _)| name).collect()
        }
    }
}

fn unused_name(what: &str, name: &str, span: Span) -> Problem {
    let message = format!("the {what} {} is never used", ticked(name));
    let problem = Problem::new(Code::UnusedName, span, message).label("nothing uses it");
    match what {
        "region" => problem.help("use it in a `region`, `mask` or `in`, or remove it"),
        "target" => problem.help(format!("use it in a step: `- click: {name}`, or remove it")),
        "var" => problem.help(format!("use it as `${{vars.{name}}}`, or remove it")),
        "secret" => problem.help(format!("use it as `${{secrets.{name}}}`, or remove it")),
        "captured name" => problem.help(format!(
            "use it as `${{captured.{name}}}`, or remove `capture`"
        )),
        "loop entry" => problem.help(format!("use it as `${{{name}}}`, or remove `as`")),
        _ => problem.help(format!("use it as `${{matrix.{name}}}`, or remove it")),
    }
}
