//! The groups of Buildkite's job logs: one ends where the next begins. What is wrong stands
//! on a page of its own instead.

use super::{Commands, Group};

pub(super) struct Buildkite;

impl Commands for Buildkite {
    fn open(&self, group: &Group<'_>) -> String {
        // A group with dashes is folded.
        let sign = if group.is_known_as_bad() {
            "+++"
        } else {
            "---"
        };
        format!("{sign} {}\n", group.title)
    }

    /// Unfolds the group that this line is in, if it is a folded one that went wrong.
    fn close(&self, group: &Group<'_>) -> String {
        let is_folded = !group.is_known_as_bad();
        let unfold = if group.is_bad && is_folded {
            "^^^ +++\n"
        } else {
            ""
        };
        unfold.to_owned()
    }

    /// Begins the group of what comes after all others.
    fn result(&self) -> &'static str {
        "+++ Result\n"
    }

    #[cfg(test)]
    fn obeys(&self, line: &str) -> bool {
        // It looks at a line without its colours.
        let line = anstream::adapter::strip_str(line).to_string();
        let begins = |sign: &str| {
            let rest = line.strip_prefix(sign);
            rest.is_some_and(|rest| rest.starts_with(char::is_whitespace))
        };
        let unfolds = line.strip_prefix("^^^").map(str::trim) == Some("+++");
        unfolds || ["---", "+++", "~~~"].iter().any(|sign| begins(sign))
    }
}
