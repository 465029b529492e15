//! The trace of a scenario: what the screen showed before and after each step.
//!
//! ```text
//! step ──▶ Trace ──▶ eyes                 what was drawn, windows, pointer
//!            └─────▶ Writer ──▶ patches   packed beside the play, one line each
//! ```
//!
//! Looking costs one call if nothing was drawn. A failed look ends the trace and nothing else: the
//! step that meets the same problem has better words for it.

mod patches;
mod writer;

use std::{collections::HashMap, path::PathBuf, time::Duration};

use tokio::time::{Instant, timeout};

use self::writer::{Moment, Writer};
use super::{
    fault::Fault,
    logs::{self, Log},
    redactor::Redactor,
    view::{Eyes, View},
};
use crate::{
    desktop::{Desktop, wire::Window},
    event::{Looks, Snapshot, StepId, When, WindowLine},
    geometry::{Point, Rect},
    vision::Frame,
};

/// When a trace is kept.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum KeepTrace {
    /// Always, even if it takes a picture of the whole screen after each step because the desktop
    /// does not report what was drawn.
    On,
    /// If the scenario does not pass, and if the desktop reports what was drawn.
    #[default]
    OnFailure,
    /// Never.
    Off,
}

/// The file of a trace, in the folder of its scenario.
pub(super) const FILE: &str = "trace.jsonl";

/// How long a look may take: a desktop that needs longer hangs.
pub(super) const LOOK: Duration = Duration::from_millis(900);

/// How long a look stays valid: a call takes longer than most programs need to draw.
const FRESH: Duration = Duration::from_millis(10);

/// How many characters of what programs wrote are kept for each step.
const MOST_WRITTEN: usize = 4_000;

/// How often to look what programs wrote: that takes a command on the desktop's
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
    /// When it looked at the screen last.
    looked: Option<Instant>,
    /// The last value that was written.
    known: Known,
    /// What is noted once because the trace ended before its scenario.
    broken: Option<String>,
}

/// Nothing can be seen any more: the desktop is gone, or hangs.
struct Blind;

/// What is only written if it changed.
struct Known {
    pointer: Option<Point>,
    windows: Option<Vec<WindowLine>>,
    read: Option<String>,
    /// How much of what each program wrote has been told, in bytes, and when it was looked.
    written: HashMap<(String, Stream), usize>,
    looked: Instant,
}

/// What a step did, for its line.
#[derive(Default)]
pub(super) struct Did {
    /// What it pointed at, or found.
    pub(super) target: Option<Rect>,
    /// What was read on the screen last.
    pub(super) read: Option<String>,
    /// How often it looked at the screen.
    pub(super) looks: Option<Looks>,
}

/// All that programs have written so far.
#[derive(Default)]
pub(super) struct Output {
    /// Launched programs.
    pub(super) launched: Option<String>,
    /// The desktop's own processes.
    pub(super) processes: Vec<Log>,
}

/// Where a program writes.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
enum Stream {
    Out,
    Err,
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
            looked: None,
            known: Known {
                pointer: None,
                windows: None,
                read: None,
                written: HashMap::new(),
                looked: Instant::now(),
            },
            broken: None,
        }
    }

    /// Looks before a step: the screen may have changed since the step before.
    pub(super) async fn before(&mut self, step: StepId) {
        if self.known.written.is_empty() && self.writer.is_some() {
            // No step caused what processes wrote while they started.
            let logs = timeout(LOOK, logs::of_processes(self.desktop, LOOK)).await;
            self.skip(&logs.unwrap_or_default());
        }
        // The look after the step before has just said it.
        let is_fresh = |looked: Instant| looked.elapsed() < FRESH;
        if self.looked.is_some_and(is_fresh) {
            return;
        }
        if let Ok(Some(seen)) = self.look().await {
            let snapshot = self.snapshot(step, When::Before);
            self.write(snapshot, Some(seen)).await;
        }
    }

    /// Looks after a step, and at what programs wrote meanwhile.
    pub(super) async fn after(
        &mut self,
        step: StepId,
        did: Did,
        output: impl Future<Output = Output>,
    ) {
        let (desktop, eyes) = (self.desktop, self.eyes);
        let pointer = timeout(LOOK, desktop.pointer_position());
        let windows = timeout(LOOK, eyes.windows());
        let output = timeout(LOOK, output);
        let (seen, pointer, windows, output) = tokio::join!(self.look(), pointer, windows, output);
        let Ok(seen) = seen else {
            return;
        };
        let mut snapshot = self.snapshot(step, When::After);
        snapshot.target = did.target;
        if let Ok(Ok(pointer)) = pointer
            && self.known.pointer.replace(pointer) != Some(pointer)
        {
            snapshot.pointer = Some(pointer);
        }
        if let Ok(Ok(windows)) = windows {
            let lines = windows.iter().map(|window| line(window, &self.mask));
            let lines = Some(lines.collect());
            if lines != self.known.windows {
                self.known.windows.clone_from(&lines);
                snapshot.windows = lines;
            }
        }
        let read = did.read.map(|read| self.mask.reading(&read));
        if read.is_some() && read != self.known.read {
            self.known.read.clone_from(&read);
            snapshot.read = read;
        }
        snapshot.looks = did.looks;
        self.tell(output.unwrap_or_default(), &mut snapshot);
        self.write(snapshot, seen).await;
    }

    /// Adds what programs have written since they were looked at last.
    fn tell(&mut self, output: Output, snapshot: &mut Snapshot) {
        snapshot.written = output
            .launched
            .and_then(|all| self.new_part("", Stream::Out, &all));
        for Log { process, out, err } in output.processes {
            let parts = [(Stream::Out, out), (Stream::Err, err)]
                .map(|(stream, all)| self.new_part(&process, stream, &all));
            let new: Vec<String> = parts.into_iter().flatten().collect();
            if !new.is_empty() {
                snapshot.logs.insert(process, new.join("\n"));
            }
        }
    }

    /// Whether it is time to look what programs wrote.
    pub(super) fn wants_written(&mut self, passed: bool) -> bool {
        let now = Instant::now();
        let wants = !passed || now.duration_since(self.known.looked) >= WRITTEN_EVERY;
        if wants {
            self.known.looked = now;
        }
        wants && self.writer.is_some()
    }

    /// Why it ended before its scenario, once.
    pub(super) fn broken(&mut self) -> Option<String> {
        self.broken.take()
    }

    /// Ends it; returns whether there is a file that is to be kept.
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

    /// Removes it: if the disk is full, the reports need the space more.
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

    /// Takes what processes have written so far as told. Nothing was launched yet.
    fn skip(&mut self, logs: &[Log]) {
        self.known.written.insert((String::new(), Stream::Out), 0);
        for Log { process, out, err } in logs {
            for (stream, all) in [(Stream::Out, out), (Stream::Err, err)] {
                let program = (process.clone(), stream);
                self.known.written.insert(program, all.len());
            }
        }
    }

    /// The end of what a program wrote that has not been told yet.
    fn new_part(&mut self, program: &str, stream: Stream, all: &str) -> Option<String> {
        let told = self.known.written.entry((program.to_owned(), stream));
        let told = told.or_default();
        // A long log is cut at its beginning, and then all of it counts as new.
        let new = all.get(*told..).unwrap_or(all);
        *told = all.len();
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
        self.looked = Some(Instant::now());
        if seen.is_err() {
            // The next look starts from scratch.
            (self.view, self.looked) = (None, None);
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
}

fn line(window: &Window, mask: &Redactor) -> WindowLine {
    WindowLine {
        title: mask.text(&window.title),
        area: window.rect(),
        focused: window.focused,
    }
}
