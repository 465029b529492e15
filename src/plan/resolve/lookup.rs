//! What `${…}` refers to.

use std::collections::{BTreeMap, BTreeSet};

use super::{Resolver, block::Inputs, rows::Row};
use crate::{
    pattern::{self, Pattern},
    plan::{Part, Text, Wording},
    scenario::{
        Code, Notation, Piece, Problem, Reference, Scope, Span, Template, Txt, Val, Value, nearest,
        these, ticked,
    },
};

/// The names of a file and what they stand for.
#[derive(Clone, Default)]
pub(super) struct Names {
    /// `None` where the text is a problem, or not known because nobody has
    /// given it yet.
    vars: BTreeMap<String, Option<Text>>,
    secrets: BTreeSet<String>,
    used_secrets: BTreeSet<String>,
    row: Row,
    /// Names of loops, the innermost last.
    loops: Vec<(String, Text)>,
    /// What steps so far have captured.
    pub(super) captured: BTreeSet<String>,
    /// Whether inputs may be missing: the file is looked at on its own.
    alone: bool,
}

impl Names {
    pub(super) fn new(row: Row, alone: bool) -> Self {
        Self {
            row,
            alone,
            ..Self::default()
        }
    }

    /// The names that a used file begins with: none of the vars and loops, but everything that was
    /// captured so far.
    pub(super) fn for_part(&self) -> Self {
        Self {
            captured: self.captured.clone(),
            used_secrets: self.used_secrets.clone(),
            ..Self::default()
        }
    }

    /// Takes over what a used file has done.
    pub(super) fn after_part(&mut self, part: Self) {
        self.captured = part.captured;
        self.used_secrets = part.used_secrets;
    }

    pub(super) fn used_secrets(&self) -> Vec<String> {
        self.used_secrets.iter().cloned().collect()
    }

    pub(super) fn enter_loop(&mut self, name: &str, entry: Text) {
        self.loops.push((name.to_owned(), entry));
    }

    pub(super) fn leave_loop(&mut self) {
        self.loops.pop();
    }

    fn set(&mut self, name: &str, text: Option<Text>) {
        self.vars.insert(name.to_owned(), text);
    }
}

/// The result of looking up a name.
enum Found {
    Text(Text),
    /// There is such a name, but its text is not known, which is reported elsewhere.
    Unknown,
    Nothing,
}

impl Resolver<'_, '_> {
    /// Reads `vars` and `secrets` of the file; `inputs` are what a used file is
    /// given. Only the others see what was given for this run.
    pub(in crate::plan) fn read_texts(&mut self, inputs: Option<&Inputs>) {
        let file = std::sync::Arc::clone(&self.file);
        let written = &file.scenario.names;
        for secret in &written.secrets {
            self.names.secrets.insert(secret.value.clone());
            if (self.desk.context.environment)(&secret.value).is_none() {
                let problem = unset_secret(&secret.value, secret.span);
                self.add(if self.desk.context.secrets_required {
                    Problem {
                        code: Code::UnknownName,
                        ..problem
                    }
                } else {
                    problem
                });
            }
        }
        for (name, text) in &written.vars {
            self.desk.uses.declared(&name.value);
            let given = match inputs {
                Some(inputs) => inputs
                    .iter()
                    .find(|(key, _)| key.value == name.value)
                    .map(|(_, text)| text.clone()),
                None => (self.desk.context.vars.iter().rev())
                    .find(|(key, _)| *key == name.value)
                    .map(|(_, text)| Some(Text::from(text.as_str()))),
            };
            let value = match (given, text) {
                (Some(given), _) => given,
                (None, Some(text)) => self.text(text),
                (None, None) => {
                    // What it lacks is reported where the file is used.
                    if inputs.is_none() && !self.names.alone {
                        self.add(no_text(&name.value, name.span));
                    }
                    None
                }
            };
            self.names.set(&name.value, value);
        }
    }

    /// A text with everything in place that can be known; `None` where a name
    /// in it is a problem.
    pub(in crate::plan) fn text(&mut self, text: &Txt) -> Option<Text> {
        self.template(&text.value)
    }

    fn template(&mut self, template: &Template) -> Option<Text> {
        // Nearly every text is one piece without a name.
        if let Some(known) = template.known() {
            return Some(Text::from(known));
        }
        let mut parts = Vec::new();
        let mut whole = true;
        for piece in &template.pieces {
            match piece {
                Piece::Plain(text) => parts.push(Part::Plain(text.clone())),
                Piece::Reference(reference) => match self.reference(reference) {
                    Some(text) => parts.extend(text.parts().iter().cloned()),
                    None => whole = false,
                },
            }
        }
        whole.then(|| Text::new(parts))
    }

    /// A text that has to be known now.
    pub(in crate::plan) fn known(&mut self, text: &Txt) -> Option<String> {
        let resolved = self.text(text)?;
        self.as_known(&resolved, text.span)
    }

    pub(in crate::plan) fn known_text(&mut self, text: Option<&Txt>) -> Option<String> {
        text.and_then(|text| self.known(text))
    }

    fn as_known(&mut self, text: &Text, span: Span) -> Option<String> {
        if let Some(known) = text.known() {
            return Some(known.to_owned());
        }
        self.add(not_known_yet(text, span));
        None
    }

    /// A value; `None` where it, or a name in it, is a problem.
    pub(in crate::plan) fn value<T: Notation + Clone>(&mut self, value: &Val<T>) -> Option<T> {
        let open = match &value.value {
            Value::Known(known) => return Some(known.clone()),
            Value::Open(open) => open,
        };
        let text = self.template(&open.template)?;
        let known = self.as_known(&text, value.span)?;
        match open.read(&known, value.span) {
            Ok(read) => Some(read),
            Err(problem) => {
                let written = self.source().slice(value.span);
                let written = written.trim_matches(['"', '\'']);
                let here = format!("{} is {} here", ticked(written), ticked(&known));
                self.add(problem.label(here));
                None
            }
        }
    }

    /// The same for a value that may be left out: `Some(None)` if it is.
    pub(in crate::plan) fn optional<T: Notation + Clone>(
        &mut self,
        value: Option<&Val<T>>,
    ) -> Option<Option<T>> {
        match value {
            Some(value) => self.value(value).map(Some),
            None => Some(None),
        }
    }

    /// A text that is looked for, or a regular expression.
    pub(in crate::plan) fn wording(&mut self, written: &Txt) -> Option<Wording> {
        let text = self.text(written)?;
        let first = text.parts().first();
        let begins = matches!(first, Some(Part::Plain(plain)) if plain.starts_with('/'));
        match text.known() {
            Some(known) if pattern::expression(known).is_some() => {
                self.regex(known, written.span).map(Wording::Regex)
            }
            None if begins && ends_with_slash(&text) => {
                self.add(not_known_yet(&text, written.span));
                None
            }
            _ => Some(Wording::Text(text)),
        }
    }

    /// A regular expression between slashes, or without them.
    pub(in crate::plan) fn regex(&mut self, written: &str, span: Span) -> Option<Pattern> {
        let expression = pattern::expression(written).unwrap_or(written);
        // The same window is looked for in many steps.
        let known = self.desk.regexes.get(expression).cloned();
        let read = known.unwrap_or_else(|| {
            let read = Pattern::regex(expression).map(Pattern::Regex);
            let regexes = &mut self.desk.regexes;
            regexes.insert(expression.to_owned(), read.clone());
            read
        });
        match read {
            Ok(pattern) => Some(pattern),
            Err(reason) => {
                self.add(bad_regex(written, &reason, span));
                None
            }
        }
    }

    fn reference(&mut self, reference: &Reference) -> Option<Text> {
        let name = reference.name.as_str();
        self.desk
            .uses
            .used(self.file.scenario.source.name(), reference.scope, name);
        let found = match reference.scope {
            None => self.in_loops(name),
            Some(Scope::Vars) => match self.names.vars.get(name) {
                Some(Some(text)) => Found::Text(text.clone()),
                Some(None) => Found::Unknown,
                None => Found::Nothing,
            },
            Some(Scope::Env) => match (self.desk.context.environment)(name) {
                Some(value) => Found::Text(Text::from(value.as_str())),
                None => Found::Nothing,
            },
            Some(Scope::Matrix) => match self.names.row.get(name) {
                Some(text) => Found::Text(text.clone()),
                None => Found::Nothing,
            },
            Some(Scope::Secrets) => self.secret(name),
            Some(Scope::Captured) => self.captured(reference),
        };
        let default = reference.default.as_deref();
        match (found, default) {
            (Found::Text(text), Some(default)) if text.known() == Some("") => {
                Some(Text::from(default))
            }
            (Found::Text(text), _) => Some(text),
            (Found::Unknown, _) => None,
            (Found::Nothing, Some(default)) => Some(Text::from(default)),
            (Found::Nothing, None) => {
                if !self.file.missing.names && !self.is_full() {
                    let problem = self.unknown_name(reference);
                    self.add(problem);
                }
                None
            }
        }
    }

    fn in_loops(&self, name: &str) -> Found {
        let mut loops = self.names.loops.iter().rev();
        match loops.find(|(known, _)| known == name) {
            Some((_, text)) => Found::Text(text.clone()),
            None => Found::Nothing,
        }
    }

    fn secret(&mut self, name: &str) -> Found {
        if !self.names.secrets.contains(name) {
            return Found::Nothing;
        }
        self.names.used_secrets.insert(name.to_owned());
        Found::Text(Text::new([Part::Secret(name.to_owned())]))
    }

    fn captured(&self, reference: &Reference) -> Found {
        // With a default it may also be captured later, by a step of the same loop.
        if reference.default.is_none() && !self.names.captured.contains(&reference.name) {
            return Found::Nothing;
        }
        Found::Text(Text::new([Part::Captured {
            name: reference.name.clone(),
            default: reference.default.clone(),
        }]))
    }

    fn unknown_name(&self, reference: &Reference) -> Problem {
        let name = reference.name.as_str();
        let names = &self.names;
        let known: Vec<&str> = match reference.scope {
            None => names.loops.iter().map(|(name, _)| name.as_str()).collect(),
            Some(Scope::Vars) => names.vars.keys().map(String::as_str).collect(),
            Some(Scope::Secrets) => names.secrets.iter().map(String::as_str).collect(),
            Some(Scope::Matrix) => names.row.names().collect(),
            Some(Scope::Captured) => names.captured.iter().map(String::as_str).collect(),
            Some(Scope::Env) => Vec::new(),
        };
        let message = match reference.scope {
            None => format!(
                "no `for-each` around this step has an entry named {}",
                ticked(name)
            ),
            Some(Scope::Env) => format!("the environment has no variable {}", ticked(name)),
            Some(Scope::Captured) => {
                format!("no step before this one captures {}", ticked(name))
            }
            Some(scope) => format!("`{}` has no {}", scope.name(), ticked(name)),
        };
        let problem = Problem::new(Code::UnknownName, reference.span, message);
        let prefix = reference.scope.map(|scope| format!("{}.", scope.name()));
        let prefix = prefix.unwrap_or_default();
        if let Some(near) = nearest(name, known.iter().copied()) {
            return problem
                .label(format!("did you mean {}?", ticked(near)))
                .help(format!("write `${{{prefix}{near}}}`"));
        }
        let elsewhere = self.scope_of(name);
        if let Some(scope) = elsewhere.filter(|scope| Some(*scope) != reference.scope) {
            let scope = scope.name();
            return problem
                .label(format!("did you mean `{scope}.{name}`?"))
                .help(format!("write `${{{scope}.{name}}}`"));
        }
        let problem = problem.label("unknown name");
        match reference.scope {
            Some(Scope::Env) => problem.help(format!(
                "set it, or add a default: `${{env.{name}:-default}}`"
            )),
            Some(Scope::Captured) => problem.help(format!(
                "capture it in an earlier step:\n- run: date\n  capture: {name}"
            )),
            Some(Scope::Secrets) => {
                problem.help(format!("add it at the top level: `secrets: [{name}]`"))
            }
            _ if !known.is_empty() => problem.help(these("name", known)),
            Some(Scope::Matrix) => problem.help(format!(
                "add it to the rows of `matrix`: `matrix: [{{ {name}: text }}]`"
            )),
            None => problem.help(format!(
                "for a name from `vars`, write `${{vars.{name}}}`; for the characters \
                 themselves, write `$${{{name}}}`"
            )),
            Some(Scope::Vars) => problem.help(format!(
                "add it at the top level: `vars: {{ {name}: text }}`"
            )),
        }
    }

    /// The scope that has a name, where another one was asked.
    fn scope_of(&self, name: &str) -> Option<Scope> {
        let names = &self.names;
        if names.vars.contains_key(name) {
            Some(Scope::Vars)
        } else if names.secrets.contains(name) {
            Some(Scope::Secrets)
        } else if names.row.get(name).is_some() {
            Some(Scope::Matrix)
        } else if names.captured.contains(name) {
            Some(Scope::Captured)
        } else {
            None
        }
    }
}

fn ends_with_slash(text: &Text) -> bool {
    let last = text.parts().last();
    matches!(last, Some(Part::Plain(plain)) if plain.ends_with('/'))
}

/// The problem of a secret, or of something captured, where it cannot stand.
fn not_known_yet(text: &Text, span: Span) -> Problem {
    let what = if text.is_secret() {
        "a secret is not allowed here, because reports or files would show it"
    } else {
        "a captured text is known only while the scenario is played"
    };
    Problem::new(Code::NotKnownYet, span, what)
        .label(if text.is_secret() {
            "this value would appear in reports or file names"
        } else {
            "this has to be known before the scenario is played"
        })
        .help("use a name of `vars`, `env` or `matrix` here")
}

fn bad_regex(written: &str, reason: &str, span: Span) -> Problem {
    let message = format!(
        "{} is not a valid regular expression: {reason}",
        ticked(written)
    );
    Problem::new(Code::BadRegex, span, message)
        .label("in this regular expression")
        .help(if reason == pattern::NOTHING_TO_REPEAT {
            "to match such a character itself, put a backslash before it: `/\\*/`"
        } else {
            "to match a bracket or a dot itself, put a backslash before it: `/\\(1\\)/`"
        })
}

fn unset_secret(name: &str, span: Span) -> Problem {
    let message = format!("the secret {} is not set in the environment", ticked(name));
    Problem::new(Code::UnsetVariable, span, message)
        .label("it is needed before anything is played")
        .help(format!("set the variable: `export {name}=…`"))
}

fn no_text(name: &str, span: Span) -> Problem {
    Problem::new(
        Code::MissingInput,
        span,
        format!("{} has no text", ticked(name)),
    )
    .label("there is nothing after it")
    .help(format!(
        "write one here, or set it for this run: `--var {name}=text`"
    ))
}
