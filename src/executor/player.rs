//! What plays a plan, and what it asks on the way.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{
    Settings,
    fault::{Breakage, Fault},
    redactor::Redactor,
    stage::Stage,
    written::Written,
};
use crate::{
    desktop::Host,
    event::{
        ArtifactKind, Event, EventKind, EventSink, Excerpt, Outcome, ScenarioId, SourceLocation,
        StepId,
    },
    plan::{Entry, Origin, Plan},
    scenario::ExcerptLines,
};

/// How long a broken call may wait for word of a process that died: that word
/// is the better explanation.
const WORD_OF_DEATH: Duration = Duration::from_millis(600);

/// How long the last looks at a desktop may take, after a failure.
pub(super) const LAST_LOOK: Duration = Duration::from_secs(5);

/// Says what was lost, if anything ever is.
pub(super) type Watch<'w> = Pin<Box<dyn Future<Output = Breakage> + Send + 'w>>;

/// What all scenarios of a run share.
pub(super) struct Run {
    pub(super) host: Arc<dyn Host>,
    pub(super) settings: Settings,
    pub(super) mask: Redactor,
    pub(super) sink: Arc<dyn EventSink>,
    pub(super) stop: CancellationToken,
    /// The baselines that it wrote.
    pub(super) written: Written,
}

impl Run {
    pub(super) fn emit(&self, kind: EventKind) {
        self.sink.emit(&Event::now(kind));
    }
}

/// Plays one plan, once.
pub(super) struct Player<'a> {
    pub(super) run: &'a Run,
    pub(super) plan: &'a Plan,
    pub(super) id: ScenarioId,
    pub(super) folder: String,
}

/// Plays an entry of a suite until it passes, or may not be tried again.
pub(super) struct Attempts {
    pub(super) run: Arc<Run>,
    pub(super) entry: Entry,
    /// The folder of its artifacts.
    pub(super) folder: String,
}

impl Attempts {
    /// How the last attempt ended.
    pub(super) async fn play(self) -> Outcome {
        let plan = &*self.entry.plan;
        let retries = self.run.settings.retries.or(plan.retries).unwrap_or(0);
        let most = usize::try_from(retries).map_or(usize::MAX, |retries| retries.saturating_add(1));
        let mut number = 1;
        loop {
            let folder = if number == 1 {
                self.folder.clone()
            } else {
                format!("{}/attempt-{number}", self.folder)
            };
            let player = Player {
                run: &self.run,
                plan,
                id: ScenarioId(self.entry.number),
                folder,
            };
            let attempt = Attempt {
                number,
                name: &self.entry.name,
                expected: self.entry.expected,
                most,
            };
            match player.play(&attempt).await {
                Ended::Again => number += 1,
                Ended::With(outcome) => return outcome,
            }
        }
    }
}

/// One time that a scenario is played.
pub(super) struct Attempt<'e> {
    /// Which it is, from 1.
    pub(super) number: usize,
    /// The name of the scenario.
    pub(super) name: &'e str,
    /// How long it took in an earlier run, where that is known.
    pub(super) expected: Option<Duration>,
    /// How many there are at most.
    pub(super) most: usize,
}

/// What comes after an attempt.
pub(super) enum Ended {
    /// Another one.
    Again,
    /// None: the scenario ended like this.
    With(Outcome),
}

impl Player<'_> {
    pub(super) fn tell_recordings(&self, stage: &mut Stage<'_>) {
        for saved in stage.saved.drain(..) {
            self.emit(EventKind::RecordingSaved {
                scenario: self.id,
                name: saved.name,
                artifact: saved.artifact,
                film: saved.film,
                span: saved.span,
            });
        }
    }

    pub(super) fn emit(&self, kind: EventKind) {
        self.run.emit(kind);
    }
}

/// Where something is written, for people.
pub(super) fn place(origin: &Origin) -> SourceLocation {
    let (line, column) = origin.source.position(origin.span.start);
    SourceLocation {
        file: origin.source.name().to_owned(),
        line,
        column,
    }
}

/// The line that it begins in, drawn without the space around it.
pub(super) fn line(origin: &Origin) -> String {
    let ExcerptLines {
        first_line,
        mut lines,
        line,
        ..
    } = origin.source.excerpt_lines(origin.span);
    let line = lines.swap_remove(line - first_line);
    line.trim().to_owned()
}

/// The lines around it, drawn.
pub(super) fn excerpt(origin: &Origin) -> Excerpt {
    let lines = origin.source.excerpt_lines(origin.span);
    Excerpt {
        first_line: lines.first_line,
        lines: lines.lines,
        line: lines.line,
        column: lines.column,
        length: lines.length,
    }
}

/// Waits for word of a lost process; for ever, if none is to be expected.
pub(super) async fn word(watch: &mut Option<Watch<'_>>) -> Breakage {
    match watch {
        Some(waiting) => {
            let lost = waiting.await;
            *watch = None;
            lost
        }
        None => std::future::pending().await,
    }
}

/// A call that broke may have broken because a process died a moment ago.
pub(super) async fn explain(fault: Fault, watch: &mut Option<Watch<'_>>) -> Fault {
    match fault {
        Fault::Broken(breakage) => match timeout(WORD_OF_DEATH, word(watch)).await {
            Ok(lost) => Fault::Broken(lost),
            Err(_) => Fault::Broken(breakage),
        },
        failed @ Fault::Failed(_) => failed,
    }
}

/// The worse of two outcomes; the first of two that are equally bad.
pub(super) fn worse(first: Outcome, second: Outcome) -> Outcome {
    let badness = |outcome: &Outcome| match outcome {
        Outcome::Passed | Outcome::Flaky | Outcome::Noted(_) | Outcome::Skipped => 0,
        Outcome::Failed(_) => 1,
        Outcome::Error(_) => 2,
        Outcome::Interrupted => 3,
    };
    if badness(&second) > badness(&first) {
        second
    } else {
        first
    }
}

/// Keeps a picture of the whole screen, if there still is a screen.
pub(super) async fn last_picture(stage: &mut Stage<'_>, step: StepId) {
    let looking = stage.eyes.take(None);
    if let Ok(Ok(frame)) = timeout(LAST_LOOK, looking).await {
        let name = format!("step-{}.screen.png", step.0);
        // The step has a more serious problem to report than this.
        let _ = stage.keep(ArtifactKind::Screenshot, &name, &frame.encode_png());
    }
}
