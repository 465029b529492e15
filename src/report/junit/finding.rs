//! Something that went wrong in an attempt at a scenario.

use super::{
    Writing, one_line,
    xml::{Element, allowed},
};
use crate::{
    event::{Outcome, SourceLocation, StepId},
    plain::without_commands,
    report::{ScenarioLog, StepLog, story::Story},
};

/// How many steps before its end a failure's body repeats.
const LAST_STEPS: usize = 5;

/// Something that went wrong in an attempt.
pub(super) struct Finding {
    pub(super) is_failure: bool,
    /// One line.
    message: String,
    /// The verb that found it, or `desktop`, `shard` or `interrupted`.
    kind: String,
    /// Everything but the message.
    story: String,
    pub(super) place: SourceLocation,
    step: Option<StepId>,
}

impl Writing<'_> {
    /// Everything that went wrong in an attempt, in the order in which it happened.
    pub(super) fn findings(&self, scenario: &ScenarioLog) -> Vec<Finding> {
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
    pub(super) fn moved(&self, place: &SourceLocation) -> SourceLocation {
        SourceLocation {
            file: (self.paths.file)(&place.file),
            ..place.clone()
        }
    }
}

impl Finding {
    /// What it is if its attempt is reported as the case's own.
    pub(super) fn element(&self, scenario: &ScenarioLog, all: &str) -> Element {
        let name = if self.is_failure { "failure" } else { "error" };
        self.named(name).saying(&self.text(scenario, all))
    }

    /// What it is if another attempt is reported as the case's own, which `passed` or did not.
    pub(super) fn of_attempt(&self, passed: bool, scenario: &ScenarioLog, all: &str) -> Element {
        let name = match (passed, self.is_failure) {
            (true, true) => "flakyFailure",
            (true, false) => "flakyError",
            (false, true) => "rerunFailure",
            (false, false) => "rerunError",
        };
        let trace = Element::new("stackTrace").saying(&self.text(scenario, all));
        self.named(name).holding([trace])
    }

    fn named(&self, name: &'static str) -> Element {
        Element::new(name)
            .with("message", &self.message)
            .with("type", &self.kind)
    }

    fn text(&self, scenario: &ScenarioLog, all: &str) -> String {
        let last = last_steps(&scenario.steps, self.step);
        let text = format!("{}\n{}{all}{last}", self.message, self.story);
        without_commands(&allowed(&text))
    }
}

/// Several findings, one line each, for readers that show only one of them.
pub(super) fn list(findings: &[Finding]) -> String {
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
