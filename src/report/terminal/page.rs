//! What is written for each event.

use std::{
    collections::HashSet,
    io::{self, Write},
    time::Duration,
};

use owo_colors::Style;

use super::{Appearance, Show};
use crate::{
    event::{Artifact, EventKind, Outcome, ScenarioId, StepId},
    plain::plain,
    report::{
        RunLog, ScenarioLog, StepLog,
        story::{Story, in_order},
        style::{mark, seconds, styled},
    },
};

/// The column at which durations end.
const WIDTH: usize = 76;

/// Where events are written, and what is known when they are.
pub(super) struct Page<'p> {
    pub(super) out: &'p mut dyn Write,
    pub(super) appearance: &'p Appearance,
    pub(super) show: Option<&'p Show>,
    pub(super) log: &'p RunLog,
    /// The blocks whose line was written, before those of their steps.
    pub(super) opened: &'p mut HashSet<(ScenarioId, StepId)>,
}

impl Page<'_> {
    /// Writes an event, which the log has taken already.
    pub(super) fn write(&mut self, event: &EventKind) -> io::Result<()> {
        match event {
            EventKind::RunStarted { .. }
            | EventKind::RunsMerged { .. }
            | EventKind::ScenarioSkipped { .. }
            | EventKind::RecordingSaved { .. }
            | EventKind::RunFinished { .. } => {}
            EventKind::ScenarioStarted {
                attempt,
                attempts,
                name,
                place,
                ..
            } => {
                if *attempt > 1 {
                    self.opened.clear();
                    writeln!(self.out, "tries again{}", of_attempts(*attempt, *attempts))?;
                } else {
                    let name = self.styled(&plain(name), Style::new().bold());
                    writeln!(self.out, "{name}  {}:{}", plain(&place.file), place.line)?;
                }
                self.running("starting the desktop")?;
            }
            EventKind::DesktopStarted {
                display,
                size,
                sandbox,
                viewer,
                took,
                ..
            } => {
                let of = |id: &String| format!(" of sandbox {id}");
                let sandbox = sandbox.as_ref().map_or_else(String::new, of);
                let line = if display == "memory" {
                    format!("desktop {size} in memory (dry run)")
                } else {
                    format!("desktop {size} on display {display}{sandbox}")
                };
                let line = plain(&line);
                let mark = ('·', Style::new().dimmed());
                self.finished(mark, "", &line, &seconds(*took))?;
                if let Some(viewer) = viewer {
                    writeln!(self.out, "      watch it at {}", plain(viewer))?;
                }
            }
            EventKind::StepStarted {
                scenario,
                parent,
                title,
                ..
            } => {
                if let Some(block) = parent {
                    self.open(*scenario, *block)?;
                }
                self.running(&plain(title))?;
            }
            EventKind::StepFinished { scenario, step, .. } => {
                self.end_of_step(*scenario, *step)?;
            }
            EventKind::ScenarioFinished {
                scenario,
                outcome,
                again,
                took,
                ..
            } => {
                self.end_of_scenario(*scenario, outcome, *took)?;
                if !again {
                    writeln!(self.out)?;
                }
            }
        }
        self.out.flush()
    }

    /// The line of a block, once the first of its steps begins.
    fn open(&mut self, scenario: ScenarioId, block: StepId) -> io::Result<()> {
        let Some((title, indent)) = self.title(scenario, block) else {
            return Ok(());
        };
        if !self.opened.insert((scenario, block)) {
            return Ok(());
        }
        self.clear()?;
        let mark = self.styled("▸", Style::new().dimmed());
        writeln!(self.out, "  {indent}{mark} {title}")
    }

    /// The title of a step, and how far it is indented.
    fn title(&self, scenario: ScenarioId, step: StepId) -> Option<(String, String)> {
        let log = self.scenario(scenario)?;
        let step = log.steps.iter().find(|log| log.id == step)?;
        let indent = "  ".repeat(log.depth(step).min(10));
        Some((plain(&step.title), indent))
    }

    fn end_of_step(&mut self, scenario: ScenarioId, id: StepId) -> io::Result<()> {
        let Some((title, indent)) = self.title(scenario, id) else {
            return Ok(());
        };
        let Some(step) = self.step(scenario, id.0).cloned() else {
            return Ok(());
        };
        let log = self.scenario(scenario);
        let told = log.is_some_and(|log| log.is_told_inside(&step));
        let outcome = step.outcome();
        if !self.opened.contains(&(scenario, id)) {
            let time = match outcome {
                Outcome::Skipped => "skipped".to_owned(),
                _ => seconds(step.took.unwrap_or_default()),
            };
            let (mark, style) = mark(outcome);
            self.finished((mark, style), &indent, &title, &time)?;
        }
        for note in &step.notes {
            self.clear()?;
            writeln!(self.out, "      {indent}{}", plain(note))?;
        }
        if told {
            return Ok(());
        }
        self.story(scenario, Some(id.0), outcome)
    }

    fn scenario(&self, id: ScenarioId) -> Option<&ScenarioLog> {
        self.log.scenarios.iter().find(|scenario| scenario.id == id)
    }

    fn step(&self, scenario: ScenarioId, step: usize) -> Option<&StepLog> {
        self.scenario(scenario)?
            .steps
            .iter()
            .find(|log| log.id.0 == step)
    }

    /// The line of what is happening now, without a line end.
    fn running(&mut self, title: &str) -> io::Result<()> {
        if self.appearance.live {
            let line = self.styled(&format!("… {title}"), Style::new().dimmed());
            write!(self.out, "\r\x1b[2K  {line}")?;
        }
        Ok(())
    }

    fn finished(
        &mut self,
        (mark, style): (char, Style),
        indent: &str,
        title: &str,
        time: &str,
    ) -> io::Result<()> {
        self.clear()?;
        let used = 4 + indent.len() + title.chars().count() + time.chars().count();
        let blanks = " ".repeat(WIDTH.saturating_sub(used).max(1));
        let mark = self.styled(&mark.to_string(), style);
        let time = self.styled(time, Style::new().dimmed());
        writeln!(self.out, "  {indent}{mark} {title}{blanks}{time}")
    }

    fn clear(&mut self) -> io::Result<()> {
        if self.appearance.live {
            write!(self.out, "\r\x1b[2K")
        } else {
            Ok(())
        }
    }

    /// What went wrong, drawn below its step or its scenario.
    fn story(&mut self, id: ScenarioId, step: Option<usize>, outcome: &Outcome) -> io::Result<()> {
        let Some(story) = Story::of(outcome) else {
            return Ok(());
        };
        let (_, style) = mark(outcome);
        let word = self.styled(outcome.word(), style.bold());
        let message = self.styled(&plain(story.message), Style::new().bold());
        writeln!(self.out, "    {word}: {message}")?;
        for line in plain(&story.shortened()).lines() {
            let is_underline = line
                .trim_start()
                .strip_prefix("| ")
                .is_some_and(|rest| rest.trim().chars().all(|c| c == '^'));
            let line = if is_underline {
                self.styled(line, Style::new().red())
            } else {
                line.to_owned()
            };
            writeln!(self.out, "    {line}")?;
        }
        let artifacts = step.and_then(|step| Some(self.step(id, step)?.artifacts.clone()));
        let artifacts = artifacts.unwrap_or_default();
        self.paths(&artifacts)?;
        let shown = self.show.as_ref().and_then(|show| show(&artifacts));
        self.out.write_all(shown.unwrap_or_default().as_bytes())
    }

    fn paths(&mut self, artifacts: &[Artifact]) -> io::Result<()> {
        for (number, artifact) in in_order(artifacts.iter()).into_iter().enumerate() {
            let name = if number == 0 { "files:" } else { "" };
            writeln!(self.out, "    {name:<9} {}", self.path(artifact))?;
        }
        Ok(())
    }

    fn path(&self, artifact: &Artifact) -> String {
        plain(&format!("{}{}", self.appearance.prefix, artifact.path))
    }

    fn end_of_scenario(
        &mut self,
        id: ScenarioId,
        outcome: &Outcome,
        took: Duration,
    ) -> io::Result<()> {
        self.clear()?;
        // A scenario that is refused has the place of a step which nobody has played.
        let is_played = self.scenario(id).is_some_and(|log| !log.steps.is_empty());
        let tells_alone = |story: Story<'_>| story.place.is_none() || !is_played;
        let no_step_tells = Story::of(outcome).is_some_and(tells_alone);
        if no_step_tells {
            self.story(id, None, outcome)?;
        }
        let (mark, style) = mark(outcome);
        let word = self.styled(&format!("{mark} {}", outcome.word()), style);
        writeln!(self.out, "{word} in {}", seconds(took))?;
        let left = self.scenario(id).map(|scenario| {
            let videos = scenario
                .recordings
                .iter()
                .map(|recording| recording.artifact.clone());
            videos.chain(scenario.artifacts.clone()).collect::<Vec<_>>()
        });
        for artifact in in_order(left.unwrap_or_default().iter()) {
            writeln!(self.out, "  {}", self.path(artifact))?;
        }
        Ok(())
    }

    fn styled(&self, text: &str, style: Style) -> String {
        styled(text, style, self.appearance.colour)
    }
}

/// Which attempt of how many it is.
fn of_attempts(attempt: usize, attempts: usize) -> String {
    if attempts < attempt {
        format!(" (attempt {attempt})")
    } else {
        format!(" (attempt {attempt} of {attempts})")
    }
}
