//! One scenario, from its desktop's start to its end.

use std::{convert::Infallible, fmt::Write as _, future::pending};

use tokio::{
    sync,
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    artifacts::Artifacts,
    fault::{Breakage, Fault},
    hand::Hand,
    human::{self, Human},
    launched,
    logs::{self, Log},
    needs,
    player::{Attempt, Ended, LAST_LOOK, Player, Watch, place, worse},
    stage::Stage,
    steps::{Course, Progress},
    timeline::Scene,
    trace::{self, KeepTrace, Trace},
    view::{Eyes, Seen},
    watch,
};
use crate::{
    desktop::{Allowance, Desktop, Host, Session, Wanted, Whereabouts},
    event::{Artifact, ArtifactKind, EventKind, Failure, Outcome, Trouble},
    geometry::Rect,
    plan::{Action, Origin, Plan},
    timeline::Pace,
};

impl Player<'_> {
    pub(super) async fn play(&self, attempt: &Attempt<'_>) -> Ended {
        let begun = Instant::now();
        self.emit(EventKind::ScenarioStarted {
            scenario: self.id,
            attempt: attempt.number,
            attempts: attempt.most,
            name: attempt.name.to_owned(),
            place: place(&Origin::of(self.plan)),
            tags: self.plan.tags.clone(),
            steps: self.plan.all_steps().count(),
            expected: attempt.expected,
        });
        let (outcome, artifacts) = self.play_on(self.run.host.as_ref(), begun).await;
        let outcome = match outcome {
            Outcome::Passed if attempt.number > 1 => Outcome::Flaky,
            outcome => outcome,
        };
        let can_pass = matches!(outcome, Outcome::Failed(_) | Outcome::Error(_))
            && !self.run.written.in_folder(&self.plan.baselines);
        let again = can_pass && attempt.number < attempt.most && !self.run.stop.is_cancelled();
        self.emit(EventKind::ScenarioFinished {
            scenario: self.id,
            outcome: outcome.clone(),
            again,
            took: begun.elapsed(),
            artifacts,
        });
        if again {
            Ended::Again
        } else {
            Ended::With(outcome)
        }
    }

    async fn play_on(&self, host: &dyn Host, begun: Instant) -> (Outcome, Vec<Artifact>) {
        let missing = tokio::select! {
            missing = needs::missing(self.plan, &self.run.settings, host) => missing,
            () = self.run.stop.cancelled() => return (Outcome::Interrupted, Vec::new()),
        };
        if let Some(trouble) = missing {
            return (Outcome::Error(Box::new(trouble)), Vec::new());
        }
        let wanted = self.plan.wanted();
        let opened = tokio::select! {
            opened = host.open(&wanted) => opened,
            () = self.run.stop.cancelled() => return (Outcome::Interrupted, Vec::new()),
        };
        let session = match opened {
            Ok(session) => session,
            Err(error) => {
                let trouble = Breakage::from(error).into_trouble("desktop");
                return (Outcome::Error(Box::new(trouble)), Vec::new());
            }
        };
        let there = (session.desktop(), host.kind());
        let lacking = tokio::select! {
            lacking = needs::lacking(self.plan, &self.run.settings, there) => lacking,
            // The teardown is played all the same.
            () = self.run.stop.cancelled() => None,
        };
        if let Some(trouble) = lacking {
            session.close().await;
            return (Outcome::Error(Box::new(trouble)), Vec::new());
        }
        let played = self.play_parts(session.as_ref(), begun).await;
        if played.0.is_passed() {
            session.give_back().await;
        } else {
            session.close().await;
        }
        played
    }

    /// Plays all parts while somebody watches the desktop from the first call to the last:
    /// none of them waits for one that is lost.
    async fn play_parts(&self, session: &dyn Session, begun: Instant) -> (Outcome, Vec<Artifact>) {
        let desktop = session.desktop();
        let (tell, mut told) = sync::watch::channel(None);
        let watching = async {
            tell.send_replace(Some(watch::until_lost(desktop).await));
            pending::<Infallible>().await
        };
        let hurrying = async {
            watch::hurry(desktop, &self.run.stop).await;
            pending::<Infallible>().await
        };
        let word: Watch<'_> = Box::pin(async move {
            let lost = told.wait_for(Option::is_some).await.ok();
            lost.and_then(|lost| lost.clone()).unwrap_or_default()
        });
        tokio::select! {
            biased;
            played = self.play_watched(session, begun, word) => played,
            never = watching => match never {},
            never = hurrying => match never {},
        }
    }

    async fn play_watched(
        &self,
        session: &dyn Session,
        begun: Instant,
        watch: Watch<'_>,
    ) -> (Outcome, Vec<Artifact>) {
        let desktop = session.desktop();
        let seen = Seen::default();
        let mut stage = self.stage(desktop, Eyes::of(desktop, &seen).await);
        stage.trace = self.trace(&stage);
        // Its display may hang already.
        let info = tokio::select! {
            info = desktop.display_info() => info.ok(),
            () = self.run.stop.cancelled() => None,
        };
        if let Some(info) = info {
            let Whereabouts { sandbox, viewer } = session.whereabouts();
            let trace = stage.trace.as_ref().map(|_| trace_of(&stage));
            self.emit(EventKind::DesktopStarted {
                scenario: self.id,
                size: info.size().to_string(),
                display: info.display,
                sandbox,
                viewer,
                trace,
                took: begun.elapsed(),
            });
        }
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
        for breakage in stage.lost_recordings() {
            let outcome = Outcome::Error(Box::new(breakage.into_trouble("record")));
            let outcome = as_error(outcome, &worst);
            worst = worse(worst, outcome);
        }
        let passed = worst.is_passed() || self.run.settings.dry;
        let mut logs = if passed {
            Vec::new()
        } else {
            keep_logs(&stage).await
        };
        if let Some(trace) = stage.trace.take() {
            let keep = !passed || self.run.settings.trace == KeepTrace::On;
            if trace.finish(keep).await {
                logs.push(trace_of(&stage));
            }
        }
        stage.launched.remove(desktop).await;
        (worst, logs)
    }

    /// Plays setup, steps and teardown by their rules; returns the worst of
    /// them.
    async fn parts(&self, stage: &mut Stage<'_>, progress: &mut Progress<'_>) -> Outcome {
        let mut course = Course {
            stage,
            progress,
            interrupt: &self.run.stop,
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

    /// The trace that records what happens, if it is wanted.
    fn trace<'s>(&self, stage: &Stage<'s>) -> Option<Trace<'s>> {
        let wanted = match self.run.settings.trace {
            KeepTrace::On => true,
            // A desktop that does not tell what was drawn would have to be looked at all
            // over after every step.
            KeepTrace::OnFailure => stage.eyes.tells_damage(),
            KeepTrace::Off => false,
        };
        if !wanted || self.run.settings.dry {
            return None;
        }
        let path = stage.files.path(&trace_of(stage));
        let mask = self.run.mask.clone();
        Some(Trace::new(stage.desktop, stage.eyes, mask, path))
    }

    fn stage<'s>(&'s self, desktop: &'s dyn Desktop, eyes: Eyes<'s>) -> Stage<'s> {
        let settings = &self.run.settings;
        let files = Artifacts::new(&settings.artifacts, &self.folder, self.run.mask.clone());
        let pace = settings.pace.unwrap_or(self.plan.pace);
        let seed = human::seed(&self.plan.name);
        // Nobody sees what is played dry.
        let human = (pace == Pace::Demo && !settings.dry).then(|| Human::new(seed));
        Stage {
            hand: Hand::new(desktop, human, self.run.mask.clone()),
            scene: Scene {
                scenario: self.plan.name.clone(),
                file: self.plan.file.clone(),
                pace,
                seed,
                masks: masks(self.plan),
            },
            languages: &self.plan.languages,
            written: self.run.written.clone(),
            ..Stage::new(desktop, eyes, settings, files, &self.plan.baselines)
        }
    }
}

impl Plan {
    /// The desktop that it wants.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted {
            asks_for_size: self.asks_for_size,
            largest: self.largest,
            profile: self.profile,
            environment: self.environment.clone(),
            packages: self.packages.clone(),
            longest: Some(self.longest()),
            reuse: self.reuse,
            accessibility: self.accessibility,
            allowance: Allowance {
                memory: self.memory,
                processes: self.processes.unwrap_or(Allowance::PROCESSES),
            },
            ..Wanted::new(self.size)
        }
    }
}

/// What the comparisons of a plan mask, each place once.
fn masks(plan: &Plan) -> Vec<Rect> {
    let mut masks = Vec::new();
    for step in plan.all_steps() {
        if let Action::ScreenshotAssert(compared) = &step.action {
            for mask in &compared.mask {
                if !masks.contains(mask) {
                    masks.push(*mask);
                }
            }
        }
    }
    masks
}

/// The file of the trace, whether it exists or not.
fn trace_of(stage: &Stage<'_>) -> Artifact {
    stage.files.artifact(ArtifactKind::Trace, trace::FILE)
}

/// What is left undone by a teardown says nothing about what the scenario is
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
                widgets: _,
                changes,
                place,
                excerpt,
                moment,
            } = *failure;
            let mut detail = format!("expected: {expected}\nseen: {seen}");
            for circumstance in circumstances {
                let _ = write!(detail, "\nalso: {circumstance}");
            }
            if !changes.is_empty() {
                let _ = write!(detail, "\nchanges:\n{changes}");
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

/// Keeps what the desktop's processes and launched programs wrote, as far as it can be had.
async fn keep_logs(stage: &Stage<'_>) -> Vec<Artifact> {
    let mut kept = Vec::new();
    let mut keep = |name: &str, text: &str| {
        if !text.trim().is_empty()
            && let Ok(artifact) = stage.files.keep(ArtifactKind::Log, name, text.as_bytes())
        {
            kept.push(artifact);
        }
    };
    for Log { process, out, err } in logs::of_processes(stage.desktop, LAST_LOOK).await {
        keep(&format!("{process}.log"), &format!("{out}{err}"));
    }
    if let Ok(Some(text)) = timeout(LAST_LOOK, launched::log(stage.desktop)).await {
        keep("launched.log", &text);
    }
    kept
}
