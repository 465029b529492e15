//! One scenario, from its desktop's start to its end.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::{
    artifacts::Artifacts,
    fault::{Breakage, Fault},
    needs,
    player::{LAST_LOOK, Player, Watch, place, worse},
    stage::Stage,
    steps::{Course, Progress},
    verb,
    view::Eyes,
    watch,
};
use crate::{
    desktop::{Desktop, Host, Session, Wanted, Whereabouts},
    event::{Artifact, ArtifactKind, EventKind, Failure, Outcome, Trouble},
    plan::{Origin, Plan},
};

impl Player<'_> {
    pub(super) async fn play(&self, host: &dyn Host) {
        let begun = Instant::now();
        self.emit(EventKind::ScenarioStarted {
            scenario: self.id,
            attempt: 1,
            name: self.plan.name.clone(),
            place: place(&self.origin()),
            tags: self.plan.tags.clone(),
            steps: self.plan.all_steps().count(),
            expected: None,
        });
        let (outcome, artifacts) = self.play_on(host, begun).await;
        self.emit(EventKind::ScenarioFinished {
            scenario: self.id,
            outcome,
            again: false,
            took: begun.elapsed(),
            artifacts,
        });
    }

    fn origin(&self) -> Origin {
        Origin {
            source: Arc::clone(&self.plan.source),
            span: self.plan.origin,
        }
    }

    async fn play_on(&self, host: &dyn Host, begun: Instant) -> (Outcome, Vec<Artifact>) {
        if let Some(trouble) = needs::missing(self.plan, self.settings, host).await {
            return (Outcome::Error(Box::new(trouble)), Vec::new());
        }
        let wanted = wanted(self.plan);
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
        let screen = Mutex::default();
        let mut stage = self.stage(desktop, Eyes::of(desktop, &screen).await);
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
            watch: Some(watch),
        };
        let mut worst = self.parts(&mut stage, &mut progress).await;
        if let Err(fault) = stage.stop_recording().await {
            stage.lost.push(match fault {
                Fault::Broken(breakage) => breakage,
                Fault::Failed(mismatch) => Breakage {
                    message: mismatch.message,
                    ..Breakage::default()
                },
            });
        }
        stage.cut_recordings().await;
        self.tell_recordings(&mut stage);
        for breakage in stage.lost.drain(..) {
            let outcome = Outcome::Error(Box::new(breakage.into_trouble("record")));
            let outcome = as_error(outcome, &worst);
            worst = worse(worst, outcome);
        }
        let passed = worst.is_passed() || self.settings.dry;
        let logs = if passed {
            Vec::new()
        } else {
            logs(&stage).await
        };
        stage.launched.remove(desktop).await;
        (worst, logs)
    }

    /// Plays setup, steps and teardown by their rules; answers the worst of
    /// them.
    async fn parts(&self, stage: &mut Stage<'_>, progress: &mut Progress<'_>) -> Outcome {
        let mut course = Course {
            stage,
            progress,
            interrupt: self.stop,
        };
        let setup = self.list(&self.plan.setup, &mut course, None).await;
        let mut worst = setup.worst;
        if setup.early {
            self.skip(&self.plan.steps, course.progress, None);
        } else {
            let steps = self.list(&self.plan.steps, &mut course, None).await;
            worst = worse(worst, steps.worst);
        }
        // The teardown is played after an interrupt too, so nothing stops it here.
        let never = CancellationToken::new();
        let mut course = Course {
            interrupt: &never,
            ..course
        };
        let teardown = self.list(&self.plan.teardown, &mut course, None).await;
        let teardown = as_error(teardown.worst, &worst);
        worse(worst, teardown)
    }

    fn stage<'s>(&'s self, desktop: &'s dyn Desktop, eyes: Eyes<'s>) -> Stage<'s> {
        let settings = self.settings;
        let files = Artifacts::new(&settings.artifacts, &self.folder, self.mask.clone());
        Stage {
            languages: &self.plan.languages,
            ..Stage::new(desktop, eyes, settings, files, &self.plan.baselines)
        }
    }
}

/// What the desktop of a plan has to be like.
fn wanted(plan: &Plan) -> Wanted {
    Wanted {
        asks_for_size: plan.asks_for_size,
        largest: plan.largest,
        profile: plan.profile,
        environment: plan.environment.clone(),
        packages: plan.packages.clone(),
        ..Wanted::new(plan.size)
    }
}

/// What is left undone by a teardown says nothing of what the scenario is
/// about, so its failure is an error of the scenario. That the scenario had
/// failed `before` is told with it.
fn as_error(outcome: Outcome, before: &Outcome) -> Outcome {
    let outcome = match outcome {
        Outcome::Failed(failure) => {
            let Failure {
                verb,
                message,
                expected,
                seen,
                circumstances,
                help,
                place,
                excerpt,
                moment,
            } = *failure;
            let mut detail = format!("expected: {expected}\nseen: {seen}");
            for circumstance in circumstances {
                let _ = write!(detail, "\nalso: {circumstance}");
            }
            Outcome::Error(Box::new(Trouble {
                verb,
                message: format!("the teardown failed: {message}"),
                detail: Some(detail),
                help,
                place: Some(place),
                excerpt: Some(excerpt),
                moment,
            }))
        }
        other => other,
    };
    match (outcome, before) {
        (Outcome::Error(mut trouble), Outcome::Failed(failure)) => {
            let Failure { message, place, .. } = &**failure;
            let detail = trouble.detail.get_or_insert_default();
            let line_end = if detail.is_empty() { "" } else { "\n" };
            let _ = write!(
                detail,
                "{line_end}before it, the scenario failed: {message} (at {place})"
            );
            Outcome::Error(trouble)
        }
        (outcome, _) => outcome,
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
