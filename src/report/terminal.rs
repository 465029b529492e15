//! The run as people see it while it goes on.
//!
//! On a terminal, the running step is on the last line and is replaced when it ends; anywhere else
//! only what has ended is written, so that a CI log reads like the terminal's.
//!
//! Where scenarios are played side by side, what is reported of each is one whole block,
//! written when it ends. Until then a terminal has a line for each below all blocks:
//! see [`Live`].

mod live;
mod page;
mod rows;

use std::{
    collections::{HashMap, HashSet},
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError, Weak},
    thread,
    time::Duration,
};

pub use self::rows::{Size, lines};
use self::{live::Live, page::Page};
use super::{Groups, RunLog, summary};
use crate::event::{Artifact, Event, EventKind, EventSink, ScenarioId, StepId};

/// How often the lines of running scenarios are redrawn.
const TICK: Duration = Duration::from_millis(250);

/// How to write to the terminal.
#[derive(Clone, Debug)]
pub struct Appearance {
    /// Whether to use colours.
    pub colour: bool,
    /// Whether the last line may be rewritten.
    pub live: bool,
    /// What is put before the path of an artifact: `artifacts/`.
    pub prefix: String,
}

/// Turns a file of a step into what shows it on the terminal, with a line end; into nothing, if it
/// cannot be shown.
pub type Show = Box<dyn Fn(&[Artifact]) -> Option<String> + Send>;

/// Writes events for people.
pub struct Terminal<W> {
    state: Arc<Mutex<State<W>>>,
}

struct State<W> {
    out: W,
    appearance: Appearance,
    show: Option<Show>,
    /// How the log is divided, where a CI system reads it.
    groups: Option<Groups>,
    /// The scenario whose group has begun and not ended.
    grouped: Option<ScenarioId>,
    log: RunLog,
    /// The blocks whose line was written, before those of their steps.
    opened: HashSet<(ScenarioId, StepId)>,
    /// The events of the scenarios that are being played, where several are.
    running: Option<HashMap<ScenarioId, Vec<Event>>>,
    /// Their lines, where there is a terminal for them.
    live: Option<Live>,
}

impl<W: Write + Send + 'static> Terminal<W> {
    /// Writes to `out`. A terminal that is gone is no reason to stop a run, so
    /// errors are not kept.
    pub fn new(out: W, appearance: Appearance) -> Self {
        Self {
            state: Arc::new(Mutex::new(State {
                out,
                appearance,
                show: None,
                groups: None,
                grouped: None,
                log: RunLog::default(),
                opened: HashSet::new(),
                running: None,
                live: None,
            })),
        }
    }

    /// Also shows the pictures of what differs, below the text about it.
    #[must_use]
    pub fn showing(self, show: Show) -> Self {
        self.change(|state| state.show = Some(show))
    }

    /// Divides what is written into groups, which a CI system folds, and tells it what
    /// went wrong.
    #[must_use]
    pub fn in_groups(self, groups: Groups) -> Self {
        self.change(|state| state.groups = Some(groups))
    }

    /// Draws a line for each scenario that is being played where several are, and one of
    /// progress. Whatever else is written to the same terminal must be written while
    /// `lines` is suspended.
    #[must_use]
    pub fn drawing(self, lines: indicatif::MultiProgress) -> Self {
        self.change(|state| state.live = Some(Live::new(lines)))
    }

    fn change(self, change: impl FnOnce(&mut State<W>)) -> Self {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        drop(state);
        self
    }

    /// Redraws the lines until the run ends, or the terminal is gone.
    fn tick(&self) {
        let state: Weak<Mutex<State<W>>> = Arc::downgrade(&self.state);
        thread::spawn(move || {
            loop {
                thread::sleep(TICK);
                let Some(state) = state.upgrade() else { return };
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                if state.log.took.is_some() {
                    return;
                }
                state.draw();
            }
        });
    }
}

impl<W: Write + Send + 'static> EventSink for Terminal<W> {
    fn emit(&self, event: &Event) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.log.apply(event);
        let starts = matches!(event.kind, EventKind::RunStarted { .. });
        if starts && state.log.jobs > 1 {
            state.running = Some(HashMap::new());
            if state.live.is_some() {
                self.tick();
            }
        }
        let _ = state.tell(event);
    }
}

impl<W: Write> State<W> {
    fn tell(&mut self, event: &Event) -> io::Result<()> {
        if self.running.is_some() {
            self.collect(event)?;
        } else {
            self.write_in_group(&event.kind)?;
        }
        if matches!(event.kind, EventKind::RunFinished { .. }) {
            let result = self.groups.as_ref().map_or("", Groups::result);
            self.out.write_all(result.as_bytes())?;
            let text = summary(&self.log, self.appearance.colour);
            self.out.write_all(text.as_bytes())?;
            self.out.flush()?;
        }
        Ok(())
    }

    /// Writes an event as it happens, in the group of its scenario.
    fn write_in_group(&mut self, kind: &EventKind) -> io::Result<()> {
        if let EventKind::ScenarioStarted {
            scenario,
            attempt: 1,
            ..
        } = kind
        {
            self.end_group()?;
            self.begin_group(*scenario)?;
        }
        self.page().write(kind)?;
        match kind {
            EventKind::ScenarioFinished { again: false, .. } | EventKind::RunFinished { .. } => {
                self.end_group()
            }
            _ => Ok(()),
        }
    }

    fn begin_group(&mut self, id: ScenarioId) -> io::Result<()> {
        let log = self.log.scenarios.iter().find(|log| log.id == id);
        if let (Some(groups), Some(log)) = (&self.groups, log) {
            self.out.write_all(groups.open(log, false).as_bytes())?;
            self.grouped = Some(id);
        }
        Ok(())
    }

    fn end_group(&mut self) -> io::Result<()> {
        let id = self.grouped.take();
        let log = self.log.scenarios.iter().find(|log| Some(log.id) == id);
        if let (Some(groups), Some(log)) = (&self.groups, log) {
            self.out.write_all(groups.close(log, false).as_bytes())?;
            self.out.flush()?;
        }
        Ok(())
    }

    fn page(&mut self) -> Page<'_> {
        Page {
            out: &mut self.out,
            appearance: &self.appearance,
            show: self.show.as_ref(),
            log: &self.log,
            opened: &mut self.opened,
        }
    }

    /// Keeps an event until its scenario ends, and then writes all of them.
    fn collect(&mut self, event: &Event) -> io::Result<()> {
        let running = self.running.get_or_insert_default();
        match &event.kind {
            EventKind::RunStarted { .. }
            | EventKind::RunsMerged { .. }
            | EventKind::ScenarioSkipped { .. } => {}
            EventKind::ScenarioFinished {
                scenario,
                again: false,
                ..
            } => {
                let mut events = running.remove(scenario).unwrap_or_default();
                events.push(event.clone());
                self.write_block(&events)?;
            }
            EventKind::ScenarioStarted { scenario, .. }
            | EventKind::DesktopStarted { scenario, .. }
            | EventKind::StepStarted { scenario, .. }
            | EventKind::StepFinished { scenario, .. }
            | EventKind::RecordingSaved { scenario, .. }
            | EventKind::ScenarioFinished { scenario, .. } => {
                running.entry(*scenario).or_default().push(event.clone());
            }
            EventKind::RunFinished { .. } => {
                let mut cut_off: Vec<_> = running.drain().collect();
                cut_off.sort_by_key(|(scenario, _)| *scenario);
                for (_, events) in cut_off {
                    self.write_block(&events)?;
                }
                if let Some(live) = &mut self.live {
                    live.end();
                }
                return Ok(());
            }
        }
        self.draw();
        Ok(())
    }

    /// Writes all events of a scenario.
    fn write_block(&mut self, events: &[Event]) -> io::Result<()> {
        let mut block = Vec::new();
        // What is not yet known at the time of an event must not be shown with it.
        let mut log = RunLog::default();
        let mut opened = HashSet::new();
        let appearance = Appearance {
            live: false,
            ..self.appearance.clone()
        };
        for event in events {
            log.apply(event);
            Page {
                out: &mut block,
                appearance: &appearance,
                show: self.show.as_ref(),
                log: &log,
                opened: &mut opened,
            }
            .write(&event.kind)?;
        }
        if let (Some(groups), Some(log)) = (&self.groups, log.scenarios.first()) {
            let (open, close) = (groups.open(log, true), groups.close(log, true));
            block = [open.as_bytes(), &block, close.as_bytes()].concat();
        }
        let out = &mut self.out;
        let mut write = || out.write_all(&block).and_then(|()| out.flush());
        match &self.live {
            Some(live) => live.above(write),
            None => write(),
        }
    }

    fn draw(&mut self) {
        if let Some(live) = &mut self.live {
            live.draw(&self.log);
        }
    }
}
