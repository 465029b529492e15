//! The commands of GitHub's runner.

use super::{Annotation, Commands, Group};
use crate::plain::without_commands;

pub(super) struct Github;

impl Commands for Github {
    fn open(&self, group: &Group<'_>) -> String {
        let open = if group.is_known_as_bad() {
            String::new()
        } else {
            format!("::group::{}\n", data(group.title))
        };
        // From here on, no line is a command but the one that resumes.
        format!("{open}::stop-commands::{}\n", group.token)
    }

    fn close(&self, group: &Group<'_>) -> String {
        let close = if group.is_known_as_bad() {
            ""
        } else {
            "::endgroup::\n"
        };
        format!("::{}::\n{close}", group.token)
    }

    /// Data and properties are escaped differently.
    fn annotation(&self, what: &Annotation) -> String {
        let start = what.column;
        let columns = match what.end {
            Some((line, end)) => format!("endLine={line},col={start},endColumn={end}"),
            None => format!("col={start}"),
        };
        format!(
            "::{} file={},line={},{columns},title={}::{}\n",
            what.level.word(),
            property(&what.file),
            what.line,
            property(&what.title),
            data(&without_commands(&what.message))
        )
    }

    #[cfg(test)]
    fn obeys(&self, line: &str) -> bool {
        let start = line.trim_start();
        let is_command = start.strip_prefix("::").is_some_and(|it| it.contains("::"));
        is_command || line.contains("##[")
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
