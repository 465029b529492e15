//! The run as people see it while it goes on.
//!
//! On a terminal the running step stands on the last line and is replaced when
//! it ends; anywhere else only what has ended is written, so that a CI log
//! reads like the terminal's.

use std::{
    collections::HashSet,
    io::{self, Write},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use owo_colors::{OwoColorize, Style};

use super::{
    RunLog, ScenarioLog, StepLog,
    story::{Story, in_order},
};
use crate::{
    event::{Artifact, Event, EventKind, EventSink, Outcome, ScenarioId, StepId},
    plain::plain,
};

/// The column at which durations end.
const WIDTH: usize = 76;

/// How the terminal is to be written.
#[derive(Clone, Debug)]
pub struct Appearance {
    /// Whether to use colours.
    pub colour: bool,
    /// Whether the last line may be written anew.
    pub live: bool,
    /// What is put before the path of an artifact: `artifacts/`.
    pub prefix: String,
}

/// Makes of what a step left what shows it on the terminal, with its line's end;
/// of what cannot be shown, nothing.
pub type Show = Box<dyn Fn(&[Artifact]) -> Option<String> + Send>;

/// Writes events for people.
pub struct Terminal<W> {
    state: Mutex<State<W>>,
}

struct State<W> {
    out: W,
    appearance: Appearance,
    show: Option<Show>,
    log: RunLog,
    /// The blocks whose line was written, before those of their steps.
    opened: HashSet<(ScenarioId, StepId)>,
}

impl<W: Write + Send> Terminal<W> {
    /// Writes to `out`. A terminal that is gone is no reason to stop a run, so
    /// errors are not kept.
    pub fn new(out: W, appearance: Appearance) -> Self {
        Self {
            state: Mutex::new(State {
                out,
                appearance,
                show: None,
                log: RunLog::default(),
                opened: HashSet::new(),
            }),
        }
    }

    /// Shows also the pictures of what differs, below what is said of it.
    #[must_use]
    pub fn showing(self, show: Show) -> Self {
        let state = self.state.into_inner();
        let state = state.unwrap_or_else(PoisonError::into_inner);
        Self {
            state: Mutex::new(State {
                show: Some(show),
                ..state
            }),
        }
    }
}

impl<W: Write + Send> EventSink for Terminal<W> {
    fn emit(&self, event: &Event) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.log.apply(event);
        let _ = state.write(&event.kind);
    }
}

impl<W: Write> State<W> {
    fn write(&mut self, event: &EventKind) -> io::Result<()> {
        match event {
            EventKind::RunStarted { .. }
            | EventKind::ScenarioSkipped { .. }
            | EventKind::RecordingSaved { .. } => {}
            EventKind::ScenarioStarted { name, place, .. } => {
                let name = self.styled(&plain(name), Style::new().bold());
                writeln!(self.out, "{name}  {}:{}", plain(&place.file), place.line)?;
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
                took,
                ..
            } => {
                self.end_of_scenario(*scenario, outcome, *took)?;
            }
            EventKind::RunFinished { took, .. } => self.summary(*took)?,
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

    /// The line of what goes on now, without an end.
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
        let word = self.styled(outcome.word(), Style::new().red().bold());
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
        let no_step_tells = Story::of(outcome).is_some_and(|story| story.place.is_none());
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
        writeln!(self.out)
    }

    fn summary(&mut self, took: Duration) -> io::Result<()> {
        let counts = self.log.counts();
        let not_begun = self.log.planned.saturating_sub(self.log.scenarios.len());
        let said: Vec<String> = [
            (counts.passed, "passed"),
            (counts.failed, "failed"),
            (counts.error, "error"),
            (counts.interrupted, "interrupted"),
            (not_begun, "not started"),
        ]
        .into_iter()
        .filter(|(count, word)| *count > 0 || *word == "passed")
        .map(|(count, word)| match (count, word) {
            (2.., "error") => format!("{count} errors"),
            _ => format!("{count} {word}"),
        })
        .collect();
        let all_passed = counts.passed == self.log.planned;
        let style = if all_passed {
            Style::new().green().bold()
        } else {
            Style::new().red().bold()
        };
        let said = self.styled(&said.join(", "), style);
        writeln!(self.out, "{said} in {}", seconds(took))
    }

    fn styled(&self, text: &str, style: Style) -> String {
        if self.appearance.colour {
            text.style(style).to_string()
        } else {
            text.to_owned()
        }
    }
}

fn mark(outcome: &Outcome) -> (char, Style) {
    match outcome {
        Outcome::Passed => ('✓', Style::new().green()),
        Outcome::Flaky => ('~', Style::new().yellow()),
        Outcome::Skipped => ('-', Style::new().dimmed()),
        Outcome::Failed(_) => ('✗', Style::new().red()),
        Outcome::Error(_) => ('!', Style::new().red()),
        Outcome::Interrupted => ('■', Style::new().yellow()),
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}
