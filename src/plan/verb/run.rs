//! `run`.

use std::path::Path;

use super::{
    Command, Resolve, Resolver, Verb,
    notation::{Fields, Value, map},
    written,
};
use crate::{
    plan::{Check, Need, Output},
    scenario::ExitCode,
};

/// Runs a command on the desktop's machine and waits for its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The command.
    pub command: Command,
    /// The status it has to end with; `None` is any.
    pub exit_code: Option<i32>,
    /// What it has to write to stdout.
    pub stdout: Vec<Check>,
    /// What it has to write to stderr.
    pub stderr: Vec<Check>,
}

impl Run {
    /// As the language writes it.
    pub(super) fn notation(&self) -> Fields {
        let mut fields = self.command.notation();
        let code = self.exit_code.map_or("any".into(), Value::from);
        fields.push(("exit-code", code));
        for (name, checks) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !checks.is_empty() {
                fields.push((name, map(checks.iter().map(Check::notation))));
            }
        }
        fields
    }
}

impl Verb for Run {
    fn title(&self) -> String {
        self.command.line.to_string()
    }

    fn argument(&self, _: &Path) -> Value {
        map(self.notation())
    }

    fn outputs(&self) -> &'static [Output] {
        &[Output::Stdout, Output::Stderr, Output::ExitCode]
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Execute]
    }
}

impl Resolve for written::Run {
    type Meant = Run;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Run> {
        let command = self.command.resolve(resolver);
        let exit_code = resolver.optional(self.exit_code.as_ref());
        let stdout = resolver.checks(&self.stdout);
        let stderr = resolver.checks(&self.stderr);
        Some(Run {
            command: command?,
            exit_code: exit_code?.map_or(Some(0), |ExitCode(code)| code),
            stdout: stdout?,
            stderr: stderr?,
        })
    }
}
