//! The log of a run in groups: one for each scenario, and what went wrong in it after it.

use std::{
    collections::hash_map::RandomState,
    fmt::Write as _,
    hash::{BuildHasher, Hasher},
};

use super::{Annotation, CiSystem, Commands, Group, Level};
use crate::{
    event::Outcome,
    plain::plain,
    report::{ScenarioLog, story::Story},
};

/// How the log of a run is divided for a CI system.
pub struct Groups {
    system: CiSystem,
    /// The path of a scenario's file from the root of the repository.
    file: Box<dyn Fn(&str) -> String + Send>,
    /// A token that no tested program can guess.
    token: String,
}

impl Groups {
    /// For a system. `file` is the path of a scenario's file from the root of the
    /// repository.
    #[must_use]
    pub fn new(system: CiSystem, file: Box<dyn Fn(&str) -> String + Send>) -> Self {
        // The keys of each are drawn at random by the standard library.
        let random = || RandomState::new().build_hasher().finish();
        let token = format!("{:016x}{:016x}", random(), random());
        Self {
            system,
            file,
            token,
        }
    }

    /// What comes before the output of a scenario. If it `is_over`, what did not pass is not
    /// folded; otherwise its outcome is not known yet.
    pub(in crate::report) fn open(&self, log: &ScenarioLog, is_over: bool) -> String {
        self.around(log, is_over, |commands, group| commands.open(group))
    }

    /// What comes after it: the end of the group, and what went wrong.
    pub(in crate::report) fn close(&self, log: &ScenarioLog, is_over: bool) -> String {
        let end = self.around(log, is_over, |commands, group| commands.close(group));
        let annotation = self.annotation(log);
        let command = annotation.map(|annotation| annotation.command(self.system));
        end + &command.unwrap_or_default()
    }

    fn around(
        &self,
        log: &ScenarioLog,
        is_over: bool,
        command: fn(&dyn Commands, &Group<'_>) -> String,
    ) -> String {
        let group = Group {
            title: &title(log),
            name: &name(log),
            token: &self.token,
            began: first(log).started,
            ended: log.started + log.took.unwrap_or_default(),
            is_over,
            is_bad: is_bad(log.outcome()),
        };
        command(self.system.commands(), &group)
    }

    /// What comes before the end of the run.
    pub(in crate::report) fn result(&self) -> &'static str {
        self.system.commands().result()
    }

    /// What went wrong in a scenario, whatever and however often: systems show few
    /// annotations, and the first says where to look.
    fn annotation(&self, log: &ScenarioLog) -> Option<Annotation> {
        let level = match log.outcome() {
            Outcome::Failed(_) | Outcome::Error(_) => Level::Error,
            Outcome::Flaky => Level::Warning,
            _ => return None,
        };
        let faults = log.explaining().faults();
        let stories: Vec<_> = faults
            .iter()
            .filter_map(|(_, outcome)| Story::of(outcome))
            .collect();
        let first = stories.first()?;
        let place = first.place.unwrap_or(&log.place);
        let rest = Story {
            place: None,
            excerpt: None,
            ..first.clone()
        };
        let mut message = format!("{}\n{}", first.message, rest.shortened());
        for other in &stories[1..] {
            let _ = writeln!(message, "and: {}", other.message);
        }
        if *log.outcome() == Outcome::Flaky {
            let _ = writeln!(message, "it passed on attempt {}", log.attempt);
        }
        Some(Annotation {
            level,
            file: (self.file)(&place.file),
            line: place.line,
            column: place.column,
            end: None,
            title: title(log),
            message: plain(message.trim_end()),
        })
    }
}

fn is_bad(outcome: &Outcome) -> bool {
    !matches!(
        outcome,
        Outcome::Passed | Outcome::Flaky | Outcome::Noted(_) | Outcome::Skipped
    )
}

fn first(log: &ScenarioLog) -> &ScenarioLog {
    log.earlier.first().unwrap_or(log)
}

/// The name of a scenario on one line.
fn title(log: &ScenarioLog) -> String {
    plain(&log.name).replace(['\n', '\t'], " ")
}

/// A name for its section that is unique in the job, even across runs.
fn name(log: &ScenarioLog) -> String {
    format!(
        "deskhand-{}-{}",
        first(log).started.timestamp_millis(),
        log.id.0
    )
}
