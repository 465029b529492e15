//! What is known only while a scenario is played: secrets, and what its steps
//! have captured.

use std::collections::BTreeMap;

use super::fault::{Breakage, Fault};
use crate::{
    desktop::wire::ExecuteRequest,
    pattern::Pattern,
    plan::{Command, NotCaptured, Text, Values, Wording},
};

/// The values of one scenario.
pub(super) struct Known<'a> {
    secrets: &'a BTreeMap<String, String>,
    captured: BTreeMap<String, String>,
}

impl<'a> Known<'a> {
    pub(super) fn new(secrets: &'a BTreeMap<String, String>) -> Self {
        Self {
            secrets,
            captured: BTreeMap::new(),
        }
    }

    /// Remembers what a step has captured.
    pub(super) fn capture(&mut self, name: &str, value: String) {
        self.captured.insert(name.to_owned(), value);
    }

    /// A text with every value in place.
    pub(super) fn text(&self, text: &Text) -> Result<String, Fault> {
        Ok(text.fill(self)?)
    }

    /// A command with every value in place.
    pub(super) fn request(&self, command: &Command) -> Result<ExecuteRequest, Fault> {
        let mut variables = BTreeMap::new();
        for (name, text) in &command.environment {
            variables.insert(name.clone(), self.text(text)?);
        }
        let folder = command.folder.as_ref();
        Ok(ExecuteRequest {
            command: self.text(&command.line)?,
            cwd: folder.map(|folder| self.text(folder)).transpose()?,
            envs: Some(variables).filter(|variables| !variables.is_empty()),
            timeout: None,
        })
    }

    /// A pattern with every value in place.
    pub(super) fn pattern(&self, wording: &Wording) -> Result<Pattern, Fault> {
        Ok(wording.fill(self)?)
    }
}

impl Values for Known<'_> {
    fn secret(&self, name: &str) -> &str {
        self.secrets.get(name).map_or("", String::as_str)
    }

    fn captured(&self, name: &str) -> Option<&str> {
        self.captured.get(name).map(String::as_str)
    }
}

impl From<NotCaptured> for Fault {
    fn from(error: NotCaptured) -> Self {
        let help = format!(
            "the step that captures it was not played; add a default: `${{captured.{}:-default}}`",
            error.name
        );
        Self::Broken(Breakage {
            message: error.to_string(),
            detail: None,
            help: Some(help),
        })
    }
}
