//! One case: a scenario that was played, or left out.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{
    Dialect, Writing,
    finding::{Finding, list},
    one_line, seconds,
    xml::Element,
};
use crate::{
    event::{Artifact, Outcome, ScenarioId, SourceLocation},
    plain::without_commands,
    report::{ScenarioLog, SkippedLog, StepLog, story::in_order},
};

/// What a case is called and counts as.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Passed,
    Failure,
    Error,
    Skipped,
}

pub(super) struct Case<'c> {
    pub(super) id: ScenarioId,
    pub(super) name: &'c str,
    pub(super) place: &'c SourceLocation,
    /// The path of its file, as readers know it.
    pub(super) file: String,
    /// When its first attempt began.
    pub(super) started: Option<DateTime<Utc>>,
    /// How long the attempt took that is reported as the case's own.
    pub(super) took: Duration,
    /// Why it was left out, if it was.
    reason: Option<&'c str>,
    tags: &'c [String],
    /// Each attempt with all that went wrong in it, in the order in which it happened.
    attempts: Vec<(&'c ScenarioLog, Vec<Finding>)>,
    /// Which of them is reported as the case's own: the first that went wrong if the last did, or
    /// else the last.
    told: usize,
}

impl<'c> Case<'c> {
    /// The case of a scenario with its attempts, the first one first, and with what
    /// went wrong in each.
    pub(super) fn played(attempts: Vec<&'c ScenarioLog>, findings: Vec<Vec<Finding>>) -> Self {
        let last = attempts.len() - 1;
        let passed = findings[last].is_empty();
        let first_wrong = findings.iter().position(|findings| !findings.is_empty());
        let told = first_wrong.filter(|_| !passed).unwrap_or(last);
        let log = attempts[last];
        let is_played = log.attempt > 0;
        Self {
            id: log.id,
            name: &log.name,
            place: &log.place,
            file: String::new(),
            started: is_played.then_some(attempts[0].started),
            took: attempts[told].took.unwrap_or_default(),
            reason: None,
            tags: &log.tags,
            attempts: attempts.into_iter().zip(findings).collect(),
            told,
        }
    }

    pub(super) fn left_out(log: &'c SkippedLog) -> Self {
        Self {
            id: log.id,
            name: &log.name,
            place: &log.place,
            file: String::new(),
            started: None,
            took: Duration::ZERO,
            reason: Some(&log.reason),
            tags: &log.tags,
            attempts: Vec::new(),
            told: 0,
        }
    }

    pub(super) fn kind(&self) -> Kind {
        let Some((log, findings)) = self.attempts.get(self.told) else {
            return Kind::Skipped;
        };
        match findings.iter().map(|finding| finding.is_failure).min() {
            _ if *log.outcome() == Outcome::Skipped => Kind::Skipped,
            None => Kind::Passed,
            // A case with both is an error, as it is for Surefire.
            Some(false) => Kind::Error,
            Some(true) => Kind::Failure,
        }
    }

    /// An element for everything that went wrong, in whichever attempt.
    fn elements(&self) -> Vec<Element> {
        let passed = matches!(self.kind(), Kind::Passed | Kind::Skipped);
        let mut elements = Vec::new();
        for (number, (log, findings)) in self.attempts.iter().enumerate() {
            let all = list(findings);
            for (at, finding) in findings.iter().enumerate() {
                let mut earlier = findings[..at].iter();
                let is_first = !earlier.any(|other| other.is_failure == finding.is_failure);
                let is_last = at + 1 == findings.len();
                let all = if is_first || is_last { &*all } else { "" };
                elements.push(if number == self.told && !passed {
                    finding.element(log, all)
                } else {
                    finding.of_attempt(passed, log, all)
                });
            }
        }
        elements
    }

    /// The files of all attempts, those that explain first.
    fn files(&self) -> Vec<&'c Artifact> {
        let logs = self.attempts.iter().map(|(log, _)| *log);
        in_order(logs.flat_map(ScenarioLog::files))
    }

    fn properties(&self) -> Option<Element> {
        let property = |name: &str, value: String| {
            let property = Element::new("property").with("name", &name);
            (!value.is_empty()).then(|| property.with("value", &value))
        };
        let step = |step: &StepLog| {
            let outcome = step.outcome();
            let how = match outcome {
                Outcome::Noted(failure) => format!("noted: {}", one_line(&failure.message)),
                _ => outcome.word().to_owned(),
            };
            format!("{}. {} ({how})", step.id.0, one_line(&step.title))
        };
        let told = self.attempts.get(self.told);
        let steps = told
            .into_iter()
            .flat_map(|(log, _)| log.steps.iter().map(step));
        let steps: Vec<String> = steps.collect();
        let attempts = match self.attempts.len() {
            0 | 1 => String::new(),
            attempts => attempts.to_string(),
        };
        let all = [
            property("tags", self.tags.join(", ")),
            property("attempts", attempts),
            property("steps", steps.join("\n")),
        ];
        let all: Vec<Element> = all.into_iter().flatten().collect();
        (!all.is_empty()).then(|| Element::new("properties").holding(all))
    }
}

impl Writing<'_> {
    pub(super) fn case(&self, case: &Case<'_>, (name, class): (String, String)) -> Element {
        let mut element = Element::new("testcase")
            .with("name", &name)
            .with("classname", &class)
            .with("time", &seconds(case.took));
        if self.dialect == Dialect::Common {
            let told = case.attempts.get(case.told);
            let first = told.and_then(|(_, findings)| findings.first());
            let place = first.map(|finding| finding.place.clone());
            let place = place.unwrap_or_else(|| self.moved(case.place));
            element = element.with("file", &place.file).with("line", &place.line);
            element = element.holding(case.properties());
        }
        element = element.holding(case.elements());
        if case.kind() == Kind::Skipped {
            let skipped = Element::new("skipped");
            element = element.holding([match case.reason {
                Some(reason) => skipped.with("message", &one_line(reason)),
                None => skipped,
            }]);
        }
        let line = |artifact: &&Artifact| {
            let path = (self.paths.attachment)(&artifact.path);
            format!("[[ATTACHMENT|{}]]\n", one_line(&path))
        };
        let attachments: String = case.files().iter().map(line).collect();
        let told = format!("{attachments}{}", self.noted(case));
        if told.is_empty() {
            return element;
        }
        element.holding([Element::new("system-out").saying(&told)])
    }

    /// Optional checks that did not hold, each on its own line.
    fn noted(&self, case: &Case<'_>) -> String {
        let told = case.attempts.get(case.told).into_iter();
        let steps = told.flat_map(|(log, _)| &log.steps);
        let line = |step: &StepLog| match step.outcome() {
            Outcome::Noted(failure) => {
                let message = without_commands(&one_line(&failure.message));
                let place = self.moved(&failure.place);
                Some(format!("noted: {message} (at {place})\n"))
            }
            _ => None,
        };
        steps.filter_map(line).collect()
    }
}
