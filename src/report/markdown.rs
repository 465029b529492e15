//! The report as Markdown, for a comment on a pull request and the summary of a job.
//!
//! First how many scenarios ended in which way, then a row for each that did not just
//! pass, then what went wrong in each, folded. The whole is never longer than its reader
//! accepts: what does not fit is left out as a whole and counted.

mod escape;
mod fault;

use std::fmt::Write as _;

use self::{
    escape::{attribute, code, link},
    fault::{details, row},
};
use super::{
    RunLog, ScenarioLog,
    style::seconds,
    verdict::{Verdict, sentence, warnings},
};
use crate::event::{ArtifactKind, Outcome};

/// How many bytes a comment on GitHub can have: it counts 65,536 characters.
pub(crate) const COMMENT: usize = 65_536;

/// How many characters of a name or a message are shown.
const LONGEST: usize = 400;

/// The space that is reserved to say what was left out, in bytes.
const NOTE: usize = 300;

/// How a reader finds the files that the report names.
#[derive(Clone, Copy)]
pub struct Ways<'w> {
    /// The path of a scenario's file from the root of the repository.
    pub file: &'w dyn Fn(&str) -> String,
    /// Where such a file can be read: what comes before its path in an address.
    pub source: Option<&'w str>,
    /// The folder of the artifacts, as a reader knows it: `artifacts`.
    pub artifacts: &'w str,
    /// The address of the CI system's page of the run.
    pub run: Option<&'w str>,
    /// Whether pictures are shown by `artifact://` and their path, as Buildkite does.
    pub shows_artifacts: bool,
}

impl Ways<'_> {
    /// A line of a file, as a link if there is somewhere to go.
    fn line(&self, file: &str, line: usize) -> String {
        let file = (self.file)(file);
        let address = self.source.map(|source| {
            let path = escape::path(&file);
            format!("{source}{path}#L{line}")
        });
        link(&format!("{file}:{line}"), address.as_deref())
    }
}

/// The report in at most `most` bytes, if there is room for its head.
#[must_use]
pub fn markdown(log: &RunLog, ways: Ways<'_>, most: usize) -> String {
    let (head, foot) = (head(log), foot(log, ways));
    let mut told: Vec<&ScenarioLog> = log.scenarios.iter().collect();
    told.retain(|log| rank(log.outcome()).is_some());
    told.sort_by_key(|log| rank(log.outcome()));
    if told.is_empty() {
        return head + &foot;
    }
    let room = most.saturating_sub(head.len() + foot.len() + NOTE);
    let rows = fitting(told.iter().map(|log| row(log, ways)), room / 2);
    let table = format!(
        "| | scenario | where | what |\n| --- | --- | --- | --- |\n{}\n",
        rows.text
    );
    let room = room.saturating_sub(table.len());
    let explained = fitting(told.iter().map(|log| details(log, ways)), room);
    let mut page = head + &table + &explained.text;
    page += &left_out(&rows, &explained);
    page + &foot
}

/// As many texts as there is room for, and how many do not fit.
struct Fitting {
    text: String,
    left: usize,
}

/// Joins texts as long as they fit. One that does not is left out, and others after it
/// may still fit.
fn fitting(texts: impl Iterator<Item = String>, most: usize) -> Fitting {
    let mut all = Fitting {
        text: String::new(),
        left: 0,
    };
    for text in texts {
        if all.text.len() + text.len() <= most {
            all.text += &text;
        } else {
            all.left += 1;
        }
    }
    all
}

/// What is missing for lack of room.
fn left_out(rows: &Fitting, explained: &Fitting) -> String {
    let of = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    let parts = [of(rows.left, "row"), of(explained.left, "explanation")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return String::new();
    }
    let verb = if rows.left + explained.left == 1 {
        "does"
    } else {
        "do"
    };
    format!(
        "**{} {verb} not fit here and {} left out; the report has everything.**\n\n",
        parts.join(" and "),
        if verb == "does" { "is" } else { "are" }
    )
}

/// The order of the rows: what needs somebody's eyes comes first. `None` for what is not
/// told.
const fn rank(outcome: &Outcome) -> Option<u8> {
    match outcome {
        Outcome::Failed(_) => Some(0),
        Outcome::Error(_) => Some(1),
        Outcome::Interrupted => Some(2),
        Outcome::Flaky => Some(3),
        Outcome::Skipped | Outcome::Passed | Outcome::Noted(_) => None,
    }
}

/// A sign for an outcome, by its word.
fn sign(word: &str) -> &'static str {
    match word {
        "passed" => "✅",
        "failed" => "❌",
        "error" => "❗",
        "flaky" => "⚠️",
        "interrupted" => "⏹️",
        _ => "➖",
    }
}

/// How the run ended, and how many scenarios ended in which way.
fn head(log: &RunLog) -> String {
    let counts = log.counts();
    let columns = [
        ("failed", counts.failed),
        ("error", counts.error),
        ("interrupted", counts.interrupted),
        ("flaky", counts.flaky),
        ("passed", counts.passed),
        ("skipped", counts.skipped),
        ("not started", log.not_begun()),
    ];
    let columns: Vec<_> = columns
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .collect();
    let mut page = format!(
        "### {} {}\n\n",
        sign(Verdict::of(log).word()),
        sentence(log)
    );
    if let Some(shard) = log.shard {
        let _ = write!(page, "Shard {shard}.\n\n");
    }
    let took = seconds(log.lasted());
    let names = columns
        .iter()
        .map(|(name, _)| format!("{} {name}", sign(name)));
    let numbers = columns.iter().map(|(_, count)| count.to_string());
    page += &cells(names.chain(["time".to_owned()]));
    page += &cells(vec!["---:".to_owned(); columns.len() + 1].into_iter());
    page += &cells(numbers.chain([took]));
    page.push('\n');
    let warnings = warnings(log);
    for warning in warnings.iter().take(MOST_WARNINGS) {
        let _ = writeln!(page, "> {warning}");
    }
    if warnings.len() > MOST_WARNINGS {
        let _ = writeln!(page, "> And {} more.", warnings.len() - MOST_WARNINGS);
    }
    if !warnings.is_empty() {
        page.push('\n');
    }
    page
}

/// A row of a table.
fn cells(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("| {} |\n", cells.join(" | "))
}

/// How many sentences say what is missing.
const MOST_WARNINGS: usize = 20;

/// Where to see more, and what to do with it.
fn foot(log: &RunLog, ways: Ways<'_>) -> String {
    let page = code(&format!(
        "{}/report.html",
        ways.artifacts.trim_end_matches('/')
    ));
    let run = ways
        .run
        .map(|run| format!(" of <a href=\"{}\">this run</a>", attribute(run)));
    let mut foot = format!(
        "All pictures, videos and logs are in the artifacts{}: open {page}.\n",
        run.unwrap_or_default()
    );
    let is_candidate = |log: &ScenarioLog| {
        let mut files = log.files();
        files.any(|file| file.candidate.is_some() && file.kind == ArtifactKind::Actual)
    };
    let mut bad = log
        .scenarios
        .iter()
        .filter(|log| !log.outcome().is_passed());
    if bad.any(is_candidate) {
        foot += "If a picture is right as it is now, `deskhand accept FOLDER` makes it the \
                 baseline; `FOLDER` is where the artifacts are, or their zip file.\n";
    }
    foot
}

#[cfg(test)]
mod tests;
