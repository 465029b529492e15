//! `junit.xml`, as CI systems read it.
//!
//! A suite is a file, a case is a scenario. Everything that went wrong in a scenario
//! is a `failure` or an `error` of its own, in the order in which it happened. What
//! is where follows from what readers do:
//!
//! - Jenkins reads the first `error` of a case alone, or else the first `failure`, and
//!   other readers the last: these list all that went wrong.
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

mod xml;

use std::{collections::BTreeMap, time::Duration};

use self::xml::{Element, allowed};
use super::{
    RunLog, ScenarioLog, StepLog,
    story::{Story, in_order},
};
use crate::{
    event::{Artifact, Outcome, SourceLocation, StepId},
    plain::without_commands,
};

/// How many steps before its end a failure's body repeats.
const LAST_STEPS: usize = 5;

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
    let scenarios: Vec<&ScenarioLog> = log.scenarios.iter().collect();
    let mut root = Element::new("testsuites").with("name", &"deskhand");
    root = counted(root, &scenarios, dialect == Dialect::Common);
    if let Some(took) = log.took {
        root = root.with("time", &seconds(took));
    }
    let suites = writing.by_file();
    let suites = suites.iter().map(|(file, own)| writing.suite(file, own));
    root.holding(suites).document()
}

struct Writing<'w> {
    log: &'w RunLog,
    dialect: Dialect,
    paths: Paths<'w>,
}

impl<'w> Writing<'w> {
    /// The scenarios of each file, in the order of the files' first ones.
    fn by_file(&self) -> Vec<(String, Vec<&'w ScenarioLog>)> {
        let mut suites: Vec<(String, Vec<&ScenarioLog>)> = Vec::new();
        for scenario in &self.log.scenarios {
            let file = (self.paths.file)(&scenario.place.file);
            match suites.iter_mut().find(|(name, _)| *name == file) {
                Some((_, scenarios)) => scenarios.push(scenario),
                None => suites.push((file, vec![scenario])),
            }
        }
        suites
    }

    fn suite(&self, file: &str, scenarios: &[&ScenarioLog]) -> Element {
        let mut suite = counted(
            Element::new("testsuite").with("name", &file),
            scenarios,
            true,
        );
        let took = scenarios.iter().filter_map(|scenario| scenario.took).sum();
        suite = suite.with("time", &seconds(took));
        if let Some(first) = scenarios.first() {
            let time = first.started.format("%Y-%m-%dT%H:%M:%SZ");
            suite = suite.with("timestamp", &time);
        }
        suite = suite.with("hostname", &self.log.host);
        let mut names = BTreeMap::new();
        let cases = scenarios.iter().map(|scenario| {
            let seen: &mut usize = names.entry(scenario.name.as_str()).or_default();
            *seen += 1;
            // Importers take two cases of one name for one case.
            let name = match seen {
                1 => scenario.name.clone(),
                again => format!("{} ({again})", scenario.name),
            };
            self.case(scenario, (name, classname(file)))
        });
        suite.holding(cases)
    }

    fn case(&self, scenario: &ScenarioLog, (name, class): (String, String)) -> Element {
        let findings = self.findings(scenario);
        let mut case = Element::new("testcase")
            .with("name", &name)
            .with("classname", &class)
            .with("time", &seconds(scenario.took.unwrap_or_default()));
        if self.dialect == Dialect::Common {
            let place = findings.first().map(|finding| finding.place.clone());
            let place = place.unwrap_or_else(|| self.moved(&scenario.place));
            case = case.with("file", &place.file).with("line", &place.line);
            case = case.holding(properties(scenario));
        }
        let all = list(&findings);
        let elements = findings.iter().enumerate().map(|(number, finding)| {
            let mut earlier = findings[..number].iter();
            let is_first = !earlier.any(|other| other.is_failure == finding.is_failure);
            let is_last = number + 1 == findings.len();
            let all = if is_first || is_last { &*all } else { "" };
            finding.element(scenario, all)
        });
        case = case.holding(elements);
        if *scenario.outcome() == Outcome::Skipped {
            case = case.holding([Element::new("skipped")]);
        }
        let attachments = self.attachments(scenario);
        if attachments.is_empty() {
            return case;
        }
        case.holding([Element::new("system-out").saying(&attachments)])
    }

    /// Everything that went wrong, in the order in which it happened.
    fn findings(&self, scenario: &ScenarioLog) -> Vec<Finding> {
        let steps = scenario.faults().into_iter().filter_map(|(step, outcome)| {
            let story = Story::of(outcome)?;
            let place = self.moved(story.place.unwrap_or(&scenario.place));
            let told = story.place.map(|_| &place);
            let story = Story {
                place: told,
                ..story
            };
            Some(Finding {
                is_failure: matches!(outcome, Outcome::Failed(_)),
                message: without_commands(&allowed(&one_line(story.message))),
                kind: story.verb.to_owned(),
                story: story.to_string(),
                place: place.clone(),
                step: step.map(|step| step.id),
            })
        });
        let interrupted = (*scenario.outcome() == Outcome::Interrupted).then(|| {
            let place = self.moved(&scenario.place);
            Finding {
                is_failure: false,
                message: "the run was interrupted".to_owned(),
                kind: "interrupted".to_owned(),
                story: format!("at {place}\n"),
                place,
                step: None,
            }
        });
        steps.chain(interrupted).collect()
    }

    /// A place by the path that readers know.
    fn moved(&self, place: &SourceLocation) -> SourceLocation {
        SourceLocation {
            file: (self.paths.file)(&place.file),
            ..place.clone()
        }
    }

    fn attachments(&self, scenario: &ScenarioLog) -> String {
        let steps = scenario.steps.iter().flat_map(|step| &step.artifacts);
        let recordings = scenario.recordings.iter();
        let videos = recordings.map(|recording| &recording.artifact);
        let all = in_order(steps.chain(videos).chain(&scenario.artifacts));
        let line = |artifact: &&Artifact| {
            let path = (self.paths.attachment)(&artifact.path);
            format!("[[ATTACHMENT|{}]]\n", one_line(&path))
        };
        all.iter().map(line).collect()
    }
}

/// Something that went wrong in a scenario.
struct Finding {
    is_failure: bool,
    /// One line.
    message: String,
    /// The verb that found it, or `desktop`, or `interrupted`.
    kind: String,
    /// Everything but the message.
    story: String,
    place: SourceLocation,
    step: Option<StepId>,
}

impl Finding {
    fn element(&self, scenario: &ScenarioLog, all: &str) -> Element {
        let last = last_steps(&scenario.steps, self.step);
        let name = if self.is_failure { "failure" } else { "error" };
        let text = format!("{}\n{}{all}{last}", self.message, self.story);
        Element::new(name)
            .with("message", &self.message)
            .with("type", &self.kind)
            .saying(&without_commands(&allowed(&text)))
    }
}

/// Several findings in a line each, for readers that show only one of them.
fn list(findings: &[Finding]) -> String {
    if findings.len() < 2 {
        return String::new();
    }
    let heading = "everything that went wrong:\n".to_owned();
    (1..)
        .zip(findings)
        .fold(heading, |text, (number, finding)| {
            text + &format!("  {number}. {} (at {})\n", finding.message, finding.place)
        })
}

/// The last steps that had begun when a step ended, or the scenario.
fn last_steps(steps: &[StepLog], until: Option<StepId>) -> String {
    let is_begun = |step: &&StepLog| !matches!(step.outcome(), Outcome::Skipped);
    let is_before = |step: &&StepLog| until.is_none_or(|until| step.id <= until);
    let begun: Vec<&StepLog> = steps.iter().filter(is_begun).filter(is_before).collect();
    let last = &begun[begun.len().saturating_sub(LAST_STEPS)..];
    let heading = if last.is_empty() {
        ""
    } else {
        "the last steps:\n"
    };
    last.iter().fold(heading.to_owned(), |text, step| {
        let took = step.took.unwrap_or_default().as_secs_f64();
        let word = step.outcome().word();
        text + &format!("  {}. {} ({word}, {took:.2} s)\n", step.id.0, step.title)
    })
}

fn properties(scenario: &ScenarioLog) -> Option<Element> {
    let property = |name: &str, value: String| {
        let property = Element::new("property").with("name", &name);
        (!value.is_empty()).then(|| property.with("value", &value))
    };
    let step = |step: &StepLog| {
        let word = step.outcome().word();
        format!("{}. {} ({word})", step.id.0, one_line(&step.title))
    };
    let steps: Vec<String> = scenario.steps.iter().map(step).collect();
    let tags = property("tags", scenario.tags.join(", "));
    let steps = property("steps", steps.join("\n"));
    let all: Vec<Element> = tags.into_iter().chain(steps).collect();
    (!all.is_empty()).then(|| Element::new("properties").holding(all))
}

/// The counts of some scenarios, as attributes.
fn counted(element: Element, scenarios: &[&ScenarioLog], with_skipped: bool) -> Element {
    let count = |is: fn(&Outcome) -> bool| {
        let mut outcomes = scenarios.iter().map(|scenario| scenario.outcome());
        outcomes.by_ref().filter(|outcome| is(outcome)).count()
    };
    let failures = count(|outcome| matches!(outcome, Outcome::Failed(_)));
    let errors = count(|outcome| matches!(outcome, Outcome::Error(_) | Outcome::Interrupted));
    let element = element
        .with("tests", &scenarios.len())
        .with("failures", &failures)
        .with("errors", &errors);
    if with_skipped {
        element.with("skipped", &count(|outcome| *outcome == Outcome::Skipped))
    } else {
        element
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
