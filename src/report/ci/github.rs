//! The commands of GitHub's runner.

use super::Annotation;
use crate::plain::without_commands;

/// Data and properties are escaped differently.
pub(super) fn annotation(what: &Annotation) -> String {
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

/// Begins a folded part of the log.
pub(super) fn open(title: &str) -> String {
    format!("::group::{}\n", data(title))
}

/// Ends it.
pub(super) const CLOSE: &str = "::endgroup::\n";

/// From here on, no line is a command but the one that resumes.
pub(super) fn stop_commands(token: &str) -> String {
    format!("::stop-commands::{token}\n")
}

/// Lines can be commands again.
pub(super) fn resume_commands(token: &str) -> String {
    format!("::{token}::\n")
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
