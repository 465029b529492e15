//! One scenario, from its desktop's start to its end.

use std::{future::Future, pin::Pin, time::Duration};

use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::{
    Settings,
    artifacts::Artifacts,
    capture,
    fault::{Breakage, Fault, Scene},
    stage::Stage,
    verb, watch,
};
use crate::{
    desktop::{Desktop, Host, Session, Wanted, Whereabouts},
    event::{
        Artifact, ArtifactKind, Event, EventKind, EventSink, Excerpt, Outcome, Place, ScenarioId,
        StepId,
    },
    plan::{Plan, Step},
    scenario::Span,
};

/// How long a broken call may wait for word of a process that died: that word
/// is the better explanation.
const WORD_OF_DEATH: Duration = Duration::from_millis(600);

/// How long the last looks at a desktop may take, after a failure.
const LAST_LOOK: Duration = Duration::from_secs(5);

/// Says what was lost, if anything ever is.
type Watch<'w> = Pin<Box<dyn Future<Output = Breakage> + Send + 'w>>;

/// Plays one plan.
pub(super) struct Player<'a> {
    pub(super) plan: &'a Plan,
    pub(super) id: ScenarioId,
    pub(super) settings: &'a Settings,
    pub(super) folder: String,
    pub(super) sink: &'a dyn EventSink,
    pub(super) stop: &'a CancellationToken,
}

/// What is known while the parts of a scenario are played.
struct Progress<'w> {
    next: usize,
    worst: Outcome,
    /// `None` once the desktop is lost; nobody has to be told twice.
    watch: Option<Watch<'w>>,
}

impl Player<'_> {
    pub(super) async fn play(&self, host: &dyn Host) {
        let begun = Instant::now();
        self.emit(EventKind::ScenarioStarted {
            scenario: self.id,
            name: self.plan.name.clone(),
            place: self.place(self.plan.origin),
            tags: self.plan.tags.clone(),
            steps: self.plan.all_steps().count(),
        });
        let (outcome, artifacts) = self.play_on(host, begun).await;
        self.emit(EventKind::ScenarioFinished {
            scenario: self.id,
            outcome,
            took: begun.elapsed(),
            artifacts,
        });
    }

    async fn play_on(&self, host: &dyn Host, begun: Instant) -> (Outcome, Vec<Artifact>) {
        let wanted = Wanted::new(self.plan.size);
        let mut opening = host.open(&wanted);
        let opened = tokio::select! {
            opened = &mut opening => opened,
            () = self.stop.cancelled() => {
                // Half a desktop cannot be closed, so it is waited for.
                if let Ok(Ok(session)) = timeout(LAST_LOOK, opening).await {
                    session.close().await;
                }
                return (Outcome::Interrupted, Vec::new());
            }
        };
        let session = match opened {
            Ok(session) => session,
            Err(error) => {
                let trouble = Breakage::from(error).into_trouble("desktop");
                return (Outcome::Error(Box::new(trouble)), Vec::new());
            }
        };
        let played = self.play_parts(session.as_ref(), begun).await;
        session.close().await;
        played
    }

    async fn play_parts(&self, session: &dyn Session, begun: Instant) -> (Outcome, Vec<Artifact>) {
        let desktop = session.desktop();
        let mut stage = self.stage(desktop);
        if let Ok(info) = desktop.display_info().await {
            let Whereabouts { sandbox, viewer } = session.whereabouts();
            self.emit(EventKind::DesktopStarted {
                scenario: self.id,
                size: info.size().to_string(),
                display: info.display,
                sandbox,
                viewer,
                took: begun.elapsed(),
            });
        }
        let watch: Watch<'_> = Box::pin(watch::until_lost(desktop));
        let mut progress = Progress {
            next: 1,
            worst: Outcome::Passed,
            watch: Some(watch),
        };
        let never = CancellationToken::new();
        let setup = self
            .part(&self.plan.setup, &mut stage, &mut progress, self.stop)
            .await;
        if setup {
            self.part(&self.plan.steps, &mut stage, &mut progress, self.stop)
                .await;
        } else {
            self.skip(&self.plan.steps, &mut progress);
        }
        // The teardown is played after an interrupt too, so nothing stops it here.
        self.part(&self.plan.teardown, &mut stage, &mut progress, &never)
            .await;
        if let Err(fault) = stage.stop_recording().await {
            let trouble = match fault {
                Fault::Broken(breakage) => breakage,
                Fault::Failed(mismatch) => Breakage {
                    message: mismatch.message,
                    ..Breakage::default()
                },
            };
            let outcome = Outcome::Error(Box::new(trouble.into_trouble("record")));
            progress.worst = worse(progress.worst, outcome);
        }
        self.tell_recordings(&mut stage);
        let passed = progress.worst.is_passed();
        let logs = if passed {
            Vec::new()
        } else {
            logs(&stage).await
        };
        (progress.worst, logs)
    }

    fn stage<'s>(&'s self, desktop: &'s dyn Desktop) -> Stage<'s> {
        Stage {
            desktop,
            files: Artifacts::new(&self.settings.artifacts, &self.folder),
            baselines: &self.plan.baselines,
            update_baselines: self.settings.update_baselines,
            recording: None,
            saved: Vec::new(),
            artifacts: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Plays steps until one ends the part; false if one did.
    async fn part(
        &self,
        steps: &[Step],
        stage: &mut Stage<'_>,
        progress: &mut Progress<'_>,
        interrupt: &CancellationToken,
    ) -> bool {
        for (played, step) in steps.iter().enumerate() {
            if interrupt.is_cancelled() {
                progress.worst = worse(progress.worst.clone(), Outcome::Interrupted);
                self.skip(&steps[played..], progress);
                return false;
            }
            let (outcome, goes_on) = self.step(step, stage, progress, interrupt).await;
            let ends = !outcome.is_passed() && !goes_on;
            progress.worst = worse(progress.worst.clone(), outcome);
            if ends {
                self.skip(&steps[played + 1..], progress);
                return false;
            }
        }
        true
    }

    async fn step(
        &self,
        step: &Step,
        stage: &mut Stage<'_>,
        progress: &mut Progress<'_>,
        interrupt: &CancellationToken,
    ) -> (Outcome, bool) {
        let id = StepId(progress.next);
        let moment = stage.moment();
        self.start(step, id, moment.clone());
        progress.next += 1;
        let begun = Instant::now();
        let ended = tokio::select! {
            // A step that is done is done, whatever else happened meanwhile.
            biased;
            played = verb::play(step, id, stage) => Some(played),
            lost = word(&mut progress.watch) => Some(Err(Fault::Broken(lost))),
            () = interrupt.cancelled() => None,
        };
        let took = begun.elapsed();
        let scene = Scene {
            verb: step.action.verb(),
            place: self.place(step.origin),
            excerpt: self.excerpt(step.origin),
            moment: stage.moment().or(moment),
        };
        let (outcome, goes_on) = match ended {
            None => (Outcome::Interrupted, false),
            Some(Ok(())) => (Outcome::Passed, true),
            Some(Err(fault)) => {
                let fault = explain(fault, &mut progress.watch).await;
                let goes_on = fault.goes_on() || (step.soft && matches!(fault, Fault::Failed(_)));
                last_picture(stage, id).await;
                (fault.into_outcome(scene), goes_on)
            }
        };
        self.emit(EventKind::StepFinished {
            scenario: self.id,
            step: id,
            outcome: outcome.clone(),
            took,
            artifacts: std::mem::take(&mut stage.artifacts),
            notes: std::mem::take(&mut stage.notes),
        });
        self.tell_recordings(stage);
        (outcome, goes_on)
    }

    fn skip(&self, steps: &[Step], progress: &mut Progress<'_>) {
        for step in steps {
            let id = StepId(progress.next);
            progress.next += 1;
            self.start(step, id, None);
            self.emit(EventKind::StepFinished {
                scenario: self.id,
                step: id,
                outcome: Outcome::Skipped,
                took: Duration::ZERO,
                artifacts: Vec::new(),
                notes: Vec::new(),
            });
        }
    }

    fn start(&self, step: &Step, id: StepId, moment: Option<crate::event::Moment>) {
        self.emit(EventKind::StepStarted {
            scenario: self.id,
            step: id,
            verb: step.action.verb().to_owned(),
            title: step.title.clone(),
            place: self.place(step.origin),
            moment,
        });
    }

    fn tell_recordings(&self, stage: &mut Stage<'_>) {
        for saved in stage.saved.drain(..) {
            self.emit(EventKind::RecordingSaved {
                scenario: self.id,
                name: saved.name,
                artifact: saved.artifact,
                span: saved.span,
            });
        }
    }

    fn place(&self, span: Span) -> Place {
        let (line, column) = self.plan.source.position(span.start);
        Place {
            file: self.plan.file.clone(),
            line,
            column,
        }
    }

    fn excerpt(&self, span: Span) -> Excerpt {
        let lines = self.plan.source.excerpt_lines(span);
        Excerpt {
            first_line: lines.first_line,
            lines: lines.lines,
            line: lines.line,
            column: lines.column,
            length: lines.length,
        }
    }

    fn emit(&self, kind: EventKind) {
        self.sink.emit(&Event::now(kind));
    }
}

/// Waits for word of a lost process; for ever, if none is to be expected.
async fn word(watch: &mut Option<Watch<'_>>) -> Breakage {
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
async fn explain(fault: Fault, watch: &mut Option<Watch<'_>>) -> Fault {
    match fault {
        Fault::Broken(breakage) => match timeout(WORD_OF_DEATH, word(watch)).await {
            Ok(lost) => Fault::Broken(lost),
            Err(_) => Fault::Broken(breakage),
        },
        failed @ Fault::Failed(_) => failed,
    }
}

/// The worse of two outcomes; the first of two that are equally bad.
fn worse(first: Outcome, second: Outcome) -> Outcome {
    let badness = |outcome: &Outcome| match outcome {
        Outcome::Passed | Outcome::Skipped => 0,
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
async fn last_picture(stage: &mut Stage<'_>, step: StepId) {
    let looking = capture::take(stage.desktop, None);
    if let Ok(Ok(frame)) = timeout(LAST_LOOK, looking).await {
        let name = format!("step-{}.screen.png", step.0);
        // The step has a worse problem to tell than this.
        let _ = stage.keep(ArtifactKind::Screenshot, &name, &frame.encode_png());
    }
}

/// Keeps what the desktop's processes wrote, as far as it can be had.
async fn logs(stage: &Stage<'_>) -> Vec<Artifact> {
    let mut kept = Vec::new();
    let Ok(Ok(list)) = timeout(LAST_LOOK, stage.desktop.process_status()).await else {
        return kept;
    };
    for process in list.items {
        let (out, err) = (
            stage.desktop.process_logs(&process.name),
            stage.desktop.process_errors(&process.name),
        );
        let Ok((out, err)) = timeout(LAST_LOOK, async { (out.await, err.await) }).await else {
            continue;
        };
        let text = format!("{}{}", out.unwrap_or_default(), err.unwrap_or_default());
        let name = format!("{}.log", process.name);
        if !text.trim().is_empty()
            && let Ok(artifact) = stage.files.keep(ArtifactKind::Log, &name, text.as_bytes())
        {
            kept.push(artifact);
        }
    }
    if let Ok(Some(text)) = timeout(LAST_LOOK, verb::launch::log(stage.desktop)).await
        && let Ok(artifact) = stage
            .files
            .keep(ArtifactKind::Log, "launched.log", text.as_bytes())
    {
        kept.push(artifact);
    }
    kept
}
