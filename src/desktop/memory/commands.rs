//! What commands do on the machine of a desktop in memory.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt::Write as _,
    time::Duration,
};

use super::{MemoryDesktop, Refused, Result};
use crate::desktop::wire::{ExecuteRequest, ExecuteResult};

/// What a shell says about a program that does not exist.
const NOT_FOUND: i32 = 127;

/// What commands answer, by their lines: each in turn, and the last for ever.
pub(super) type Answers = BTreeMap<String, VecDeque<Answer>>;

/// How a command ends, or with which words the desktop refuses it.
pub(super) type Answer = std::result::Result<ExecuteResult, String>;

impl MemoryDesktop {
    /// The same, on which the command `line` ends with this status and this on
    /// its stdout. Told several times, it answers each in turn, and then the
    /// last for ever; a command for which nothing was given succeeds and is silent.
    #[must_use]
    pub fn answering(self, line: &str, exit_code: i32, stdout: &str) -> Self {
        self.ending(line, exit_code, (stdout, ""))
    }

    /// A file that exists.
    #[must_use]
    pub fn with_file(self, path: &str, bytes: &[u8]) -> Self {
        self.lock().files.insert(path.to_owned(), bytes.to_vec());
        self
    }

    /// The same, for a command that writes to its stdout and to its stderr.
    #[must_use]
    pub fn ending(self, line: &str, exit_code: i32, (stdout, stderr): (&str, &str)) -> Self {
        let answer = ExecuteResult {
            exit_code,
            stdout: stdout.to_owned(),
            stderr: stderr.to_owned(),
        };
        self.told(line, Ok(answer))
    }

    /// The same, which refuses to run the command `line`, in these words.
    #[must_use]
    pub fn refusing(self, line: &str, words: &str) -> Self {
        self.told(line, Err(words.to_owned()))
    }

    /// The same, on whose machine every command takes this long.
    #[must_use]
    pub fn taking(mut self, each: Duration) -> Self {
        self.slow = each;
        self
    }

    fn told(self, line: &str, answer: Answer) -> Self {
        let mut state = self.lock();
        let turns = state.answers.entry(line.to_owned()).or_default();
        turns.push_back(answer);
        drop(state);
        self
    }

    /// How a command ends this time.
    pub(super) fn answer(&self, line: &str) -> Result<ExecuteResult> {
        if let Some(turns) = self.lock().answers.get_mut(line) {
            let next = if turns.len() > 1 {
                turns.pop_front()
            } else {
                turns.front().cloned()
            };
            return next
                .unwrap_or_else(|| Ok(ExecuteResult::default()))
                .map_err(refused);
        }
        let is_missing = |name: &String| line.contains(&format!("command -v '{name}'"));
        let missing = self.missing.iter().any(is_missing);
        Ok(ExecuteResult {
            exit_code: if missing { NOT_FOUND } else { 0 },
            ..ExecuteResult::default()
        })
    }
}

fn refused(words: String) -> super::DesktopError {
    let refused = Refused {
        status: 500,
        call: "POST /api/execute".to_owned(),
        message: words,
        ..Refused::default()
    };
    Box::new(refused).into()
}

/// A command with its folder and its variables, for the list of actions.
pub(super) fn described(request: &ExecuteRequest) -> String {
    let mut words = format!("execute {}", request.command);
    if let Some(folder) = &request.cwd {
        let _ = write!(words, " in {folder}");
    }
    for (name, value) in request.envs.iter().flatten() {
        let _ = write!(words, " with {name}={value}");
    }
    words
}
