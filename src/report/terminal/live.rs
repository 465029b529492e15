//! The lines of what is being played, below everything that has been written.

use std::{collections::BTreeMap, io, time::Duration};

use chrono::{DateTime, Utc};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    event::ScenarioId,
    plain::plain,
    report::{RunLog, ScenarioLog, progress::so_far},
};

/// A line for each scenario that is being played, and one of progress below them.
pub(super) struct Live {
    lines: MultiProgress,
    scenarios: BTreeMap<ScenarioId, ProgressBar>,
    progress: Option<ProgressBar>,
}

/// How much of a scenario's name is shown, in characters.
const LONGEST_NAME: usize = 40;

/// A line that is cut where the terminal ends.
const TEMPLATE: &str = "  {wide_msg}";

impl Live {
    pub(super) fn new(lines: MultiProgress) -> Self {
        Self {
            lines,
            scenarios: BTreeMap::new(),
            progress: None,
        }
    }

    /// Writes above the lines.
    pub(super) fn above(&self, write: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        self.lines.suspend(write)
    }

    /// Draws the lines as the log is now.
    pub(super) fn draw(&mut self, log: &RunLog) {
        let now = Utc::now();
        let running = log.scenarios.iter().filter(|log| log.is_running());
        let texts: BTreeMap<ScenarioId, String> =
            running.map(|log| (log.id, doing(log, now))).collect();
        let lines = &self.lines;
        self.scenarios.retain(|id, line| {
            let is_running = texts.contains_key(id);
            if !is_running {
                lines.remove(line);
            }
            is_running
        });
        let progress = self
            .progress
            .get_or_insert_with(|| line(|line| lines.add(line)));
        say(progress, so_far(log, now));
        for (id, text) in texts {
            let bar = self
                .scenarios
                .entry(id)
                .or_insert_with(|| line(|line| lines.insert_before(progress, line)));
            say(bar, text);
        }
    }

    /// Removes the lines.
    pub(super) fn end(&mut self) {
        for (_, line) in std::mem::take(&mut self.scenarios) {
            self.lines.remove(&line);
        }
        if let Some(line) = self.progress.take() {
            self.lines.remove(&line);
        }
        let _ = self.lines.clear();
    }
}

/// A line that is put among the others by `add`.
fn line(add: impl FnOnce(ProgressBar) -> ProgressBar) -> ProgressBar {
    let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    let line = add(line);
    if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
        line.set_style(style);
    }
    line
}

/// Changes a line, which draws all of them, if there is something to change.
fn say(line: &ProgressBar, text: String) {
    if line.message() != text {
        line.set_message(text);
    }
}

/// What a scenario does now: its name, its step, and since when it is being played.
fn doing(log: &ScenarioLog, now: DateTime<Utc>) -> String {
    let step = log.steps.iter().rfind(|step| step.outcome.is_none());
    let step = match (step, &log.desktop) {
        (Some(step), _) => plain(&step.title),
        (None, Some(_)) if log.outcome.is_none() => "ending".to_owned(),
        (None, Some(_)) => "trying again".to_owned(),
        (None, None) => "starting the desktop".to_owned(),
    };
    let attempt = match log.attempt {
        0 | 1 => String::new(),
        attempt => format!(" (attempt {attempt})"),
    };
    let of = |expected: Duration| format!(" of {} s", expected.as_secs_f64().ceil());
    let expected = log.expected.map(of).unwrap_or_default();
    // A narrow terminal cuts the end off.
    let since = log.since(now).as_secs();
    let name = shortened(&plain(&log.name));
    let text = format!("{since:>2} s{expected}  {name}{attempt}  {step}");
    text.replace('\n', " ")
}

/// The beginning of a name that leaves room for what comes after it.
fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    let start: String = name.chars().take(LONGEST_NAME - 1).collect();
    start.trim_end().to_owned() + "…"
}
