//! `junit.xml`, as CI systems read it.
//!
//! A suite is a file, a case is a scenario. Everything that went wrong in a scenario
//! is a `failure` or an `error` of its own, in the order in which it happened. The places of
//! everything follow from what readers do:
//!
//! - Jenkins reads only the first `error` of a case, or else the first `failure`, and other readers
//!   the last: these list everything that went wrong.
//! - GitLab shows the text of an element and not its `message`: so the text begins
//!   with the message. Tools that print the text in a log must not make a CI runner
//!   obey it.
//! - Annotators take the `file` and `line` of the case: they are those of the first
//!   thing that went wrong, also if that is in a file that the scenario uses. The
//!   scenario's own file is in `classname`, and is the name of the suite.
//! - Jenkins keeps one property of each name: all steps are one, and all tags.
//! - Attachments stand alone on their lines as `[[ATTACHMENT|path]]` in the only
//!   `system-out` of a case, because GitLab, Jenkins and Azure look there, and GitLab
//!   shows only the first.
//! - Strict importers refuse timestamps with fractions of seconds.
//!
//! Attempts are written as Maven's Surefire writes reruns, which Jenkins and others read. If
//! the last one passed, the case has no `failure`, and what went wrong before is a
//! `flakyFailure` or `flakyError` each. If it did not, the first attempt that went wrong
//! is reported as if it were the only one, and what the others met is a `rerunFailure` or
//! `rerunError` each. A case counts as what its elements say.

mod case;
mod finding;
mod xml;

use std::{collections::BTreeMap, time::Duration};

use self::{
    case::{Case, Kind},
    xml::Element,
};
use super::{RunLog, ScenarioLog};

/// Which elements and attributes readers of the report know.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Dialect {
    /// What most CI systems and annotators agree on.
    #[default]
    Common,
    /// Only what the schema `junit-10.xsd` of Jenkins' xUnit plugin allows: no `file`,
    /// `line` and properties of a case, and no count of all that were skipped.
    Xunit,
}

/// How readers of the report find files.
#[derive(Clone, Copy)]
pub struct Paths<'p> {
    /// The path to write for a file that an event names.
    pub file: &'p dyn Fn(&str) -> String,
    /// The path to write for an artifact, which an event names from the folder of the
    /// artifacts.
    pub attachment: &'p dyn Fn(&str) -> String,
}

/// The report as XML.
#[must_use]
pub fn junit(log: &RunLog, dialect: Dialect, paths: Paths<'_>) -> String {
    let writing = Writing {
        log,
        dialect,
        paths,
    };
    let cases = writing.cases();
    let mut root = Element::new("testsuites").with("name", &"deskhand");
    let not_begun = writing.not_begun();
    let mut counts = Counts::of(&cases);
    counts.tests += usize::from(not_begun.is_some());
    counts.errors += usize::from(not_begun.is_some());
    root = counts.on(root, dialect == Dialect::Common);
    if let Some(took) = log.took {
        root = root.with("time", &seconds(took));
    }
    let suites = by_file(cases);
    let suites = suites.iter().map(|(file, own)| writing.suite(file, own));
    root.holding(suites).holding(not_begun).document()
}

struct Writing<'w> {
    log: &'w RunLog,
    dialect: Dialect,
    paths: Paths<'w>,
}

impl<'w> Writing<'w> {
    /// Every scenario, played or left out, in the order of their numbers.
    fn cases(&self) -> Vec<Case<'w>> {
        let played = self.log.scenarios.iter().map(|log| {
            let attempts = log.all_attempts().collect::<Vec<&ScenarioLog>>();
            let findings = attempts.iter().map(|log| self.findings(log)).collect();
            Case::played(attempts, findings)
        });
        let left_out = self.log.left_out().map(Case::left_out);
        let mut cases: Vec<Case<'_>> = played.chain(left_out).collect();
        cases.sort_by_key(|case| case.id);
        for case in &mut cases {
            case.file = (self.paths.file)(&case.place.file);
        }
        cases
    }

    fn suite(&self, file: &str, cases: &[Case<'_>]) -> Element {
        let suite = Element::new("testsuite").with("name", &file);
        let mut suite = Counts::of(cases).on(suite, true);
        let took = cases.iter().map(|case| case.took).sum();
        suite = suite.with("time", &seconds(took));
        if let Some(first) = cases.iter().filter_map(|case| case.started).min() {
            let time = first.format("%Y-%m-%dT%H:%M:%SZ");
            suite = suite.with("timestamp", &time);
        }
        suite = suite.with("hostname", &self.log.host);
        let mut names = BTreeMap::new();
        let cases = cases.iter().map(|case| {
            let seen: &mut usize = names.entry(case.name).or_default();
            *seen += 1;
            // Importers take two cases of one name for one case.
            let name = match seen {
                1 => case.name.to_owned(),
                again => format!("{} ({again})", case.name),
            };
            self.case(case, (name, classname(file)))
        });
        suite.holding(cases)
    }
}

impl Writing<'_> {
    /// The suite of those that a run had not begun when it was cut off. Nobody knows their
    /// names, so they are one case, which is an error: without it, a run that was killed
    /// would look like one that was shorter.
    fn not_begun(&self) -> Option<Element> {
        let count = self.log.not_begun();
        if self.log.took.is_some() || count == 0 {
            return None;
        }
        let plural = if count == 1 { "" } else { "s" };
        let words = format!("{count} scenario{plural} did not begin: the run was cut off");
        let error = Element::new("error")
            .with("message", &words)
            .with("type", &"interrupted")
            .saying(&words);
        let case = Element::new("testcase")
            .with("name", &"scenarios that did not begin")
            .with("classname", &"deskhand")
            .with("time", &seconds(Duration::ZERO))
            .holding([error]);
        let suite = Element::new("testsuite").with("name", &"deskhand");
        let counts = Counts {
            tests: 1,
            errors: 1,
            ..Counts::default()
        };
        let suite = counts.on(suite, true);
        let suite = suite.with("time", &seconds(Duration::ZERO));
        Some(suite.with("hostname", &self.log.host).holding([case]))
    }
}

/// The cases of each file, in the order of the files' first ones.
fn by_file(cases: Vec<Case<'_>>) -> Vec<(String, Vec<Case<'_>>)> {
    let mut suites: Vec<(String, Vec<Case<'_>>)> = Vec::new();
    for case in cases {
        match suites.iter_mut().find(|(name, _)| *name == case.file) {
            Some((_, cases)) => cases.push(case),
            None => suites.push((case.file.clone(), vec![case])),
        }
    }
    suites
}

/// How many cases count as what.
#[derive(Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of(cases: &[Case<'_>]) -> Self {
        let count = |kind: Kind| cases.iter().filter(|case| case.kind() == kind).count();
        Self {
            tests: cases.len(),
            failures: count(Kind::Failure),
            errors: count(Kind::Error),
            skipped: count(Kind::Skipped),
        }
    }

    /// The element with them as its attributes.
    fn on(self, element: Element, with_skipped: bool) -> Element {
        let element = element
            .with("tests", &self.tests)
            .with("failures", &self.failures)
            .with("errors", &self.errors);
        if with_skipped {
            element.with("skipped", &self.skipped)
        } else {
            element
        }
    }
}

fn one_line(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join(" ")
}

/// `scenarios/editor/save.yaml` is `scenarios.editor.save`.
fn classname(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    stem.trim_matches(['/', '.']).replace('/', ".")
}

/// Seconds with three decimals, rounded down.
fn seconds(duration: Duration) -> String {
    format!("{}.{:03}", duration.as_secs(), duration.subsec_millis())
}

#[cfg(test)]
mod tests;
