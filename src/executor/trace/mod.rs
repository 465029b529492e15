//! The trace of a scenario: what the screen showed before and after each step.
//!
//! ```text
//! step ──▶ Trace ──▶ eyes                 what was drawn, windows, pointer
//!            └─────▶ Writer ──▶ patches   packed beside the play, one line each
//! ```
//!
//! Looking costs a call where nothing was drawn. A look that fails ends the trace and
//! nothing else: the step that meets the same problem has the better words for it.

mod patches;
mod writer;

use std::{path::PathBuf, time::Duration};

use tokio::time::{Instant, timeout};

use self::writer::{Moment, Writer};
use super::{
    fault::Fault,
    redactor::Redactor,
    view::{Eyes, View},
};
use crate::{
    desktop::{Desktop, wire::Window},
    event::{Snapshot, StepId, When, WindowLine},
    geometry::{Point, Rect},
    vision::Frame,
};

/// When a trace is kept.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum KeepTrace {
    /// Always, also where it takes a picture of the whole screen after each step because
    /// the desktop does not tell what was drawn.
    On,
    /// If the scenario does not pass, and where the desktop tells what was drawn.
    #[default]
    OnFailure,
    /// Never.
    Off,
}

/// The file of a trace, in the folder of its scenario.
pub(super) const FILE: &str = "trace.jsonl";

/// How long a look may take: a desktop that needs longer hangs.
const LOOK: Duration = Duration::from_millis(900);

/// How many characters of what programs wrote are kept for each step.
const MOST_WRITTEN: usize = 4_000;

/// How often it is looked what programs wrote: that takes a command on the desktop's
/// machine.
const WRITTEN_EVERY: Duration = Duration::from_secs(1);

/// Sees what happens on a desktop while its scenario is played.
pub(super) struct Trace<'d> {
    desktop: &'d dyn Desktop,
    eyes: Eyes<'d>,
    mask: Redactor,
    begun: Instant,
    writer: Option<Writer>,
    view: Option<View<'d>>,
    /// What the last line that told it said.
    known: Known,
    /// What is noted once because the trace ended before its scenario.
    broken: Option<String>,
}

/// Nothing can be seen any more: the desktop is gone, or hangs.
struct Blind;

/// What is only told where it changed.
#[derive(Default)]
struct Known {
    pointer: Option<Point>,
    windows: Option<Vec<WindowLine>>,
    read: Option<String>,
    /// How much of what programs wrote has been told, in bytes, and when it was looked.
    written: usize,
    looked: Option<Instant>,
}

/// What a step did, for its line.
#[derive(Default)]
pub(super) struct Did {
    /// What it pointed at, or found.
    pub(super) target: Option<Rect>,
    /// What was read on the screen last.
    pub(super) read: Option<String>,
    /// All that launched programs have written so far.
    pub(super) written: Option<String>,
}

impl<'d> Trace<'d> {
    /// One that is written to a file from now on.
    pub(super) fn new(
        desktop: &'d dyn Desktop,
        eyes: Eyes<'d>,
        mask: Redactor,
        path: PathBuf,
    ) -> Self {
        Self {
            desktop,
            eyes,
            mask,
            begun: Instant::now(),
            writer: Some(Writer::new(path)),
            view: None,
            known: Known::default(),
            broken: None,
        }
    }

    /// Looks before a step: the screen may have changed since the step before.
    pub(super) async fn before(&mut self, step: StepId) {
        if let Ok(Some(seen)) = self.look().await {
            let snapshot = self.snapshot(step, When::Before);
            self.write(snapshot, Some(seen)).await;
        }
    }

    /// Looks after a step.
    pub(super) async fn after(&mut self, step: StepId, did: Did) {
        let desktop = self.desktop;
        let pointer = timeout(LOOK, desktop.pointer_position());
        let (seen, pointer) = tokio::join!(self.look(), pointer);
        let Ok(seen) = seen else {
            return;
        };
        let mut snapshot = self.snapshot(step, When::After);
        snapshot.target = did.target;
        // A window that comes, goes or gets the keyboard is drawn.
        let windows = if seen.is_some() || self.known.windows.is_none() {
            self.windows().await
        } else {
            None
        };
        if let Ok(Ok(pointer)) = pointer
            && self.known.pointer.replace(pointer) != Some(pointer)
        {
            snapshot.pointer = Some(pointer);
        }
        if windows.is_some() && windows != self.known.windows {
            self.known.windows.clone_from(&windows);
            snapshot.windows = windows;
        }
        let read = did.read.map(|read| self.mask.text(&read));
        if read.is_some() && read != self.known.read {
            self.known.read.clone_from(&read);
            snapshot.read = read;
        }
        snapshot.written = did.written.and_then(|all| self.new_part(&all));
        self.write(snapshot, seen).await;
    }

    /// Whether it is time to look what programs wrote.
    pub(super) fn wants_written(&mut self, passed: bool) -> bool {
        let now = Instant::now();
        let is_due = |last: Instant| now.duration_since(last) >= WRITTEN_EVERY;
        let wants = !passed || self.known.looked.is_none_or(is_due);
        if wants {
            self.known.looked = Some(now);
        }
        wants && self.writer.is_some()
    }

    /// Why it ended before its scenario, once.
    pub(super) fn broken(&mut self) -> Option<String> {
        self.broken.take()
    }

    /// Ends it; answers whether there is a file that is to be kept.
    pub(super) async fn finish(mut self, keep: bool) -> bool {
        let kept = match &mut self.writer {
            Some(writer) if keep => writer.finish().await.is_ok(),
            _ => false,
        };
        if !kept {
            self.give_up().await;
        }
        kept
    }

    /// Removes it: where the disk is full, the reports need the room more.
    async fn give_up(&mut self) {
        if let Some(writer) = self.writer.take() {
            writer.discard().await;
        }
    }

    fn snapshot(&self, step: StepId, when: When) -> Snapshot {
        Snapshot {
            at: self.begun.elapsed().as_secs_f64(),
            ..Snapshot::of(step, when)
        }
    }

    /// The end of what programs wrote that has not been told yet.
    fn new_part(&mut self, all: &str) -> Option<String> {
        // A long log is cut at its beginning, and then all of it counts as new.
        let new = all.get(self.known.written..).unwrap_or(all);
        self.known.written = all.len();
        let new = self.mask.text(new.trim_end());
        let cut = new.char_indices().rev().nth(MOST_WRITTEN - 1);
        let end = cut.map_or(&*new, |(at, _)| &new[at..]);
        (!end.is_empty()).then(|| end.to_owned())
    }

    async fn write(&mut self, snapshot: Snapshot, seen: Option<(Frame, Rect)>) {
        let Some(writer) = &mut self.writer else {
            return;
        };
        if let Err(why) = writer.take(Moment { snapshot, seen }).await {
            self.broken = Some(format!(
                "there is no trace, because it cannot be written: {why}"
            ));
            self.give_up().await;
        }
    }

    /// What is different on the screen since the last look, and where.
    async fn look(&mut self) -> Result<Option<(Frame, Rect)>, Blind> {
        if self.writer.is_none() {
            return Err(Blind);
        }
        let seen = match timeout(LOOK, self.difference()).await {
            Ok(Ok(seen)) => Ok(seen),
            Ok(Err(_)) | Err(_) => Err(Blind),
        };
        if seen.is_err() {
            // The next look begins anew.
            self.view = None;
        }
        seen
    }

    async fn difference(&mut self) -> Result<Option<(Frame, Rect)>, Fault> {
        if let Some(view) = &mut self.view {
            let changed = view.difference().await?;
            return Ok(changed.map(|part| (view.frame().clone(), part)));
        }
        let view = self.view.insert(self.eyes.view(None).await?);
        let whole = view.frame().size().to_rect();
        Ok(Some((view.frame().clone(), whole)))
    }

    async fn windows(&self) -> Option<Vec<WindowLine>> {
        let windows = timeout(LOOK, self.eyes.windows()).await.ok()?.ok()?;
        let line = |window: Window| WindowLine {
            title: self.mask.text(&window.title),
            area: window.rect(),
            focused: window.focused,
        };
        Some(windows.into_iter().map(line).collect())
    }
}
