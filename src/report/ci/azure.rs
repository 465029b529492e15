//! The commands of Azure's agent.

use super::Annotation;

/// What is wrong, at its line; the message has the title before it.
pub(super) fn annotation(what: &Annotation) -> String {
    format!(
        "##vso[task.logissue type={};sourcepath={};linenumber={};columnnumber={};]{}\n",
        what.level.word(),
        escaped(&what.file),
        what.line,
        what.column,
        escaped(&format!("{}: {}", what.title, what.message))
    )
}

/// Begins a folded part of the log. The title is text as it is.
pub(super) fn open(title: &str) -> String {
    format!("##[group]{title}\n")
}

/// Ends it.
pub(super) const CLOSE: &str = "##[endgroup]\n";

/// Shows a file of Markdown on the page of the run; the agent reads it by its absolute
/// path.
pub(super) fn upload_summary(path: &str) -> String {
    format!("##vso[task.uploadsummary]{}\n", escaped(path))
}

/// The agent reads these five back, the percent sign last.
fn escaped(text: &str) -> String {
    text.replace('%', "%AZP25")
        .replace(';', "%3B")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace(']', "%5D")
}
