//! The commands of Azure's agent.

use super::{Annotation, Commands, Group};

pub(super) struct Azure;

impl Commands for Azure {
    /// Begins a folded part of the log. The title is text as it is.
    fn open(&self, group: &Group<'_>) -> String {
        if group.is_known_as_bad() {
            return String::new();
        }
        format!("##[group]{}\n", group.title)
    }

    fn close(&self, group: &Group<'_>) -> String {
        let close = if group.is_known_as_bad() {
            ""
        } else {
            "##[endgroup]\n"
        };
        close.to_owned()
    }

    /// The message has the title before it.
    fn annotation(&self, what: &Annotation) -> String {
        format!(
            "##vso[task.logissue type={};sourcepath={};linenumber={};columnnumber={};]{}\n",
            what.level.word(),
            escaped(&what.file),
            what.line,
            what.column,
            escaped(&format!("{}: {}", what.title, what.message))
        )
    }

    fn upload_summary(&self, path: &str) -> Option<String> {
        Some(format!("##vso[task.uploadsummary]{}\n", escaped(path)))
    }

    #[cfg(test)]
    fn obeys(&self, line: &str) -> bool {
        line.contains("##vso[") || line.contains("##[")
    }
}

/// The agent reads these five back, the percent sign last.
fn escaped(text: &str) -> String {
    text.replace('%', "%AZP25")
        .replace(';', "%3B")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace(']', "%5D")
}
