//! `launch`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{self, Fields, Value, map},
    written,
};
use crate::{
    plan::{Need, Text},
    scenario::{Code, Problem, Span, shown},
};

/// Starts a program in the desktop's session and goes on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Launch {
    /// With what it is started.
    pub command: Command,
}

/// A command line with what it is run with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Command {
    /// The command line for the shell; never with a secret in it, for it stands
    /// in the list of processes.
    pub line: Text,
    /// Variables in addition to those of the session.
    pub environment: Vec<(String, Text)>,
    /// The folder to run it in; the one that the desktop was started in otherwise.
    pub folder: Option<Text>,
}

impl Command {
    /// As the language writes it.
    pub(super) fn notation(&self) -> Fields {
        let mut fields = vec![("command", notation::text(&self.line))];
        if !self.environment.is_empty() {
            let variables = self.environment.iter();
            let variables = variables.map(|(name, text)| (name.as_str(), notation::text(text)));
            fields.push(("environment", map(variables)));
        }
        let folder = self.folder.as_ref();
        fields.extend(folder.map(|folder| ("folder", notation::text(folder))));
        fields
    }
}

impl Verb for Launch {
    fn title(&self) -> String {
        self.command.line.to_string()
    }

    fn argument(&self, _: &Path) -> Value {
        map(self.command.notation())
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Execute]
    }
}

impl Resolve for written::Launch {
    type Meant = Launch;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Launch> {
        let command = self.command.resolve(resolver)?;
        Some(Launch { command })
    }
}

impl Resolve for written::Command {
    type Meant = Command;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Command> {
        let line = resolver.text(&self.line);
        if let Some(line) = &line
            && line.is_secret()
        {
            resolver.add(exposed(&line.to_string(), self.line.span));
        }
        let mut environment = Some(Vec::new());
        for (name, text) in &self.environment {
            let text = resolver.text(text);
            match (&mut environment, text) {
                (Some(variables), Some(text)) => variables.push((name.value.clone(), text)),
                _ => environment = None,
            }
        }
        let folder = match &self.folder {
            Some(folder) => resolver.text(folder).map(Some),
            None => Some(None),
        };
        Some(Command {
            line: line?,
            environment: environment?,
            folder: folder?,
        })
    }
}

fn exposed(line: &str, span: Span) -> Problem {
    let line = shown(line, 40);
    Problem::new(
        Code::ExposedSecret,
        span,
        format!("the secret in `{line}` would be visible in the list of processes"),
    )
    .label("every user of the machine can read command lines")
    .help(
        "put it into a variable that a program reads by itself: `{ command: \"printenv PASSWORD | \
         login --password-stdin\", environment: { PASSWORD: \"${secrets.…}\" } }`",
    )
}
