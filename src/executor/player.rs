//! Who plays a plan, and what is asked all along its way.

use std::{future::Future, pin::Pin, time::Duration};

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{
    Settings,
    fault::{Breakage, Fault},
    redactor::Redactor,
    stage::Stage,
};
use crate::{
    event::{
        ArtifactKind, Event, EventKind, EventSink, Excerpt, Outcome, ScenarioId, SourceLocation,
        StepId,
    },
    plan::{Origin, Plan},
};

/// How long a broken call may wait for word of a process that died: that word
/// is the better explanation.
const WORD_OF_DEATH: Duration = Duration::from_millis(600);

/// How long the last looks at a desktop may take, after a failure.
pub(super) const LAST_LOOK: Duration = Duration::from_secs(5);

/// Says what was lost, if anything ever is.
pub(super) type Watch<'w> = Pin<Box<dyn Future<Output = Breakage> + Send + 'w>>;

/// Plays one plan.
pub(super) struct Player<'a> {
    pub(super) plan: &'a Plan,
    pub(super) id: ScenarioId,
    pub(super) settings: &'a Settings,
    pub(super) folder: String,
    pub(super) mask: Redactor,
    pub(super) sink: &'a dyn EventSink,
    pub(super) stop: &'a CancellationToken,
}

impl Player<'_> {
    pub(super) fn tell_recordings(&self, stage: &mut Stage<'_>) {
        for saved in stage.saved.drain(..) {
            self.emit(EventKind::RecordingSaved {
                scenario: self.id,
                name: saved.name,
                artifact: saved.artifact,
                span: saved.span,
            });
        }
    }

    pub(super) fn emit(&self, kind: EventKind) {
        self.sink.emit(&Event::now(kind));
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
        Outcome::Passed | Outcome::Flaky | Outcome::Skipped => 0,
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
        // The step has a worse problem to tell than this.
        let _ = stage.keep(ArtifactKind::Screenshot, &name, &frame.encode_png());
    }
}
