//! Lists of steps: played one after another, tried again, skipped, and nested.

use std::{future::Future, pin::pin, time::Duration};

use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{
    change::until_changed,
    circumstances,
    fault::{Fault, Mismatch, Scene, seconds},
    held,
    player::{Player, Watch, excerpt, explain, last_picture, line, place, word, worse},
    stage::Stage,
    verb,
    view::View,
};
use crate::{
    event::{EventKind, Moment, Outcome, StepId},
    plan::{Action, Condition, ExpectChange, Hold, RepeatUntil, Step},
};

/// What is known while the steps of a scenario are played.
pub(super) struct Progress<'w> {
    pub(super) next: usize,
    /// `None` once the desktop is lost, so that this is reported only once.
    pub(super) watch: Option<Watch<'w>>,
}

/// What steps are played with.
pub(super) struct Course<'c, 's, 'w> {
    pub(super) stage: &'c mut Stage<'s>,
    pub(super) progress: &'c mut Progress<'w>,
    /// Ends the steps early.
    pub(super) interrupt: &'c CancellationToken,
}

/// How a list of steps ended.
pub(super) struct Ended {
    /// The worst outcome of its steps.
    pub(super) worst: Outcome,
    /// Whether one of them kept the others from being played.
    pub(super) early: bool,
}

/// How one attempt at a step ended.
enum Attempt {
    Passed,
    Fault(Fault),
    /// A step inside it did not pass, which was told there.
    Inside(Ended),
    Interrupted,
}

impl Player<'_> {
    /// Plays steps until one ends the list.
    pub(super) fn list<'f>(
        &'f self,
        steps: &'f [Step],
        course: &'f mut Course<'_, '_, '_>,
        parent: Option<StepId>,
    ) -> BoxFuture<'f, Ended> {
        // Blocks hold lists, so a list's future would hold itself.
        Box::pin(async move {
            let mut worst = Outcome::Passed;
            for (played, step) in steps.iter().enumerate() {
                if course.interrupt.is_cancelled() {
                    self.skip(&steps[played..], course.progress, parent);
                    let worst = worse(worst, Outcome::Interrupted);
                    return Ended { worst, early: true };
                }
                let (outcome, goes_on) = self.step(step, course, parent).await;
                worst = worse(worst, outcome);
                if !goes_on {
                    self.skip(&steps[played + 1..], course.progress, parent);
                    return Ended { worst, early: true };
                }
            }
            let early = false;
            Ended { worst, early }
        })
    }

    /// Plays one step; returns how it ended, and whether those after it are
    /// played.
    async fn step(
        &self,
        step: &Step,
        course: &mut Course<'_, '_, '_>,
        parent: Option<StepId>,
    ) -> (Outcome, bool) {
        let id = StepId(course.progress.next);
        course.progress.next += 1;
        let moment = course.stage.moment();
        self.start(step, (id, parent), moment.clone());
        let begun = Instant::now();
        if step.hidden {
            course.stage.hide();
        }
        course.stage.film_start(id, parent, step);
        // What a block shows is what its steps show.
        let is_seen = !verb::is_block(&step.action);
        if is_seen {
            course.stage.trace_before(id).await;
        }
        let attempt = match self.applies(step, course).await {
            Ok(true) => self.captioned(step, id, course).await,
            Ok(false) => {
                course.stage.film_end(id, &Outcome::Skipped, None).await;
                self.finish(course.stage, id, (Outcome::Skipped, begun.elapsed()))
                    .await;
                return (Outcome::Skipped, true);
            }
            Err(attempt) => attempt,
        };
        let target = course.stage.target;
        // Before anything else looks at what did not pass. Where the desktop is lost, there
        // is nothing to be seen.
        if is_seen && course.progress.watch.is_some() {
            let passed = matches!(attempt, Attempt::Passed);
            course.stage.trace_after(id, passed).await;
        }
        let (outcome, goes_on) = self.outcome(step, id, (attempt, moment), course).await;
        course.stage.film_end(id, &outcome, target).await;
        if step.hidden {
            course.stage.show();
        }
        self.finish(course.stage, id, (outcome.clone(), begun.elapsed()))
            .await;
        match outcome {
            Outcome::Noted(_) => (Outcome::Passed, true),
            outcome => (outcome, goes_on),
        }
    }

    /// Whether the step's own condition holds.
    async fn applies(&self, step: &Step, course: &mut Course<'_, '_, '_>) -> Result<bool, Attempt> {
        let Some(condition) = &step.condition else {
            return Ok(true);
        };
        let holds = self.holds(condition, course).await?;
        if !holds {
            let note = "its `if` is false".to_owned();
            course.stage.notes.push(note);
        }
        Ok(holds)
    }

    async fn holds(
        &self,
        condition: &Condition,
        course: &mut Course<'_, '_, '_>,
    ) -> Result<bool, Attempt> {
        let looking = verb::holds(condition, course.stage);
        match guarded(looking, &mut course.progress.watch, course.interrupt).await {
            Guarded::Done(Ok(holds)) => Ok(holds),
            Guarded::Done(Err(fault)) => Err(Attempt::Fault(fault)),
            Guarded::Interrupted => Err(Attempt::Interrupted),
        }
    }

    /// Plays a step while the caption next to its verb is shown.
    async fn captioned(&self, step: &Step, id: StepId, course: &mut Course<'_, '_, '_>) -> Attempt {
        let Some(caption) = step
            .caption
            .as_deref()
            .filter(|_| !course.stage.settings.dry)
        else {
            return self.attempts(step, id, course).await;
        };
        let beginning = course.stage.caption(id, caption);
        match guarded(beginning, &mut course.progress.watch, course.interrupt).await {
            Guarded::Done(Ok(())) => {}
            Guarded::Done(Err(fault)) => return Attempt::Fault(fault),
            Guarded::Interrupted => return Attempt::Interrupted,
        }
        let attempt = self.attempts(step, id, course).await;
        course.stage.end_caption();
        attempt
    }

    /// Plays a step as often as it may be tried.
    async fn attempts(&self, step: &Step, id: StepId, course: &mut Course<'_, '_, '_>) -> Attempt {
        let mut again = 0;
        loop {
            let attempt = self.attempt(step, id, course).await;
            let failed = match &attempt {
                Attempt::Fault(Fault::Failed(mismatch)) => !mismatch.goes_on,
                Attempt::Inside(ended) => matches!(ended.worst, Outcome::Failed(_)),
                _ => false,
            };
            if failed && again < step.retry.times && !course.interrupt.is_cancelled() {
                again += 1;
                course.stage.artifacts.clear();
                course.stage.notes.clear();
                let pause = sleep(step.retry.pause);
                guarded(pause, &mut None, course.interrupt).await;
                continue;
            }
            if again > 0 && matches!(attempt, Attempt::Passed) {
                let (attempt, all) = (again + 1, step.retry.times + 1);
                let note = format!("passed on attempt {attempt} of {all}");
                course.stage.notes.push(note);
            }
            return attempt;
        }
    }

    async fn attempt(&self, step: &Step, id: StepId, course: &mut Course<'_, '_, '_>) -> Attempt {
        if verb::is_block(&step.action) {
            return self.block_in_time(step, id, course).await;
        }
        let stage = &mut *course.stage;
        let stay = stage.held.len();
        let playing = async {
            let before = match &step.expect_change {
                Some(change) if !stage.settings.dry => {
                    Some(stage.eyes.view(change.watched.region).await?)
                }
                _ => None,
            };
            verb::play(step, id, stage).await?;
            if step.action.verb().is_worth_a_look() {
                stage.hand.take_in().await;
            }
            match (&step.expect_change, before) {
                (Some(change), Some(before)) => changed(change, before).await,
                _ => Ok(()),
            }
        };
        let played = guarded(playing, &mut course.progress.watch, course.interrupt).await;
        // A step that is cut off may leave something down.
        let let_go = course.stage.let_go(stay).await;
        match played {
            Guarded::Done(Ok(())) => let_go.map_or_else(Attempt::Fault, |()| Attempt::Passed),
            Guarded::Done(Err(fault)) => Attempt::Fault(fault),
            Guarded::Interrupted => Attempt::Interrupted,
        }
    }

    /// Plays the steps inside a step. When its time is over, the one that is
    /// played ends as by an interrupt, so that its end is told too.
    async fn block_in_time(
        &self,
        step: &Step,
        id: StepId,
        course: &mut Course<'_, '_, '_>,
    ) -> Attempt {
        let late = course.interrupt.child_token();
        let mut inner = Course {
            stage: &mut *course.stage,
            progress: &mut *course.progress,
            interrupt: &late,
        };
        let limit = inner.stage.hand.stretched(step.timeout);
        let mut playing = pin!(self.block(step, id, &mut inner));
        if let Ok(attempt) = timeout(limit, &mut playing).await {
            return attempt;
        }
        late.cancel();
        playing.await;
        Attempt::Fault(took_too_long(step.timeout))
    }

    /// Plays the steps inside a step.
    async fn block(&self, step: &Step, id: StepId, course: &mut Course<'_, '_, '_>) -> Attempt {
        let before = match &step.expect_change {
            Some(change) if !course.stage.settings.dry => {
                match course.stage.eyes.view(change.watched.region).await {
                    Ok(view) => Some(view),
                    Err(fault) => return Attempt::Fault(fault),
                }
            }
            _ => None,
        };
        let ended = match &step.action {
            Action::If(block) => {
                let steps = match self.holds(&block.condition, course).await {
                    Ok(true) => &block.then,
                    Ok(false) => &block.otherwise,
                    Err(attempt) => return attempt,
                };
                self.list(steps, course, Some(id)).await
            }
            Action::RepeatUntil(block) => match self.rounds(block, (id, course)).await {
                Ok(ended) => ended,
                Err(attempt) => return attempt,
            },
            Action::Group(block) => self.list(&block.steps, course, Some(id)).await,
            Action::Hold(block) => match self.hold(block, (id, course)).await {
                Ok(ended) => ended,
                Err(attempt) => return attempt,
            },
            _ => return Attempt::Passed,
        };
        if ended.early || !matches!(ended.worst, Outcome::Passed | Outcome::Skipped) {
            return Attempt::Inside(ended);
        }
        match (&step.expect_change, before) {
            (Some(change), Some(before)) => match changed(change, before).await {
                Ok(()) => Attempt::Passed,
                Err(fault) => Attempt::Fault(fault),
            },
            _ => Attempt::Passed,
        }
    }

    /// Plays steps while something is held down, and releases it whatever happens.
    async fn hold(
        &self,
        block: &Hold,
        (id, course): (StepId, &mut Course<'_, '_, '_>),
    ) -> Result<Ended, Attempt> {
        let stage = &mut *course.stage;
        let stay = stage.held.len();
        let pressing = held::press(block, id, stage);
        let pressed = guarded(pressing, &mut course.progress.watch, course.interrupt).await;
        let ended = match pressed {
            Guarded::Done(Ok(())) => Ok(self.list(&block.steps, course, Some(id)).await),
            Guarded::Done(Err(fault)) => Err(Attempt::Fault(fault)),
            Guarded::Interrupted => Err(Attempt::Interrupted),
        };
        match (course.stage.let_go(stay).await, ended) {
            (Err(fault), Ok(ended)) if !ended.early => Err(Attempt::Fault(fault)),
            (_, ended) => ended,
        }
    }

    /// Plays steps until a condition holds, at most this often.
    async fn rounds(
        &self,
        block: &RepeatUntil,
        (id, course): (StepId, &mut Course<'_, '_, '_>),
    ) -> Result<Ended, Attempt> {
        let RepeatUntil {
            condition,
            most,
            steps,
        } = block;
        let mut worst = Outcome::Passed;
        // Nothing holds on its own where nothing is looked at.
        let most = if course.stage.settings.dry { 1 } else { *most };
        for _ in 0..most {
            if !course.stage.settings.dry && self.holds(condition, course).await? {
                let early = false;
                return Ok(Ended { worst, early });
            }
            let ended = self.list(steps, course, Some(id)).await;
            worst = worse(worst, ended.worst);
            if ended.early {
                return Ok(Ended { worst, early: true });
            }
        }
        if self.holds(condition, course).await? {
            let early = false;
            return Ok(Ended { worst, early });
        }
        Err(Attempt::Fault(never_held(condition, most)))
    }

    /// How the step ended, and whether those after it are played.
    async fn outcome(
        &self,
        step: &Step,
        id: StepId,
        (attempt, moment): (Attempt, Option<Moment>),
        course: &mut Course<'_, '_, '_>,
    ) -> (Outcome, bool) {
        match attempt {
            Attempt::Passed => (Outcome::Passed, true),
            Attempt::Interrupted => (Outcome::Interrupted, false),
            Attempt::Inside(ended) => {
                let failed = matches!(ended.worst, Outcome::Failed(_));
                (ended.worst, !ended.early || step.soft && failed)
            }
            Attempt::Fault(fault) => {
                let fault = explain(fault, &mut course.progress.watch).await;
                let soft = step.soft && matches!(fault, Fault::Failed(_));
                let goes_on = fault.goes_on() || soft;
                if !course.stage.settings.dry {
                    last_picture(course.stage, id).await;
                }
                let (mut also, mut widgets) = Default::default();
                if matches!(fault, Fault::Failed(_)) && !course.stage.settings.dry {
                    also = circumstances::of(&step.action, course.stage).await;
                    widgets = circumstances::widgets(course.stage).await;
                }
                let scene = Scene {
                    verb: step.verb,
                    place: place(&step.origin),
                    excerpt: excerpt(&step.origin),
                    circumstances: also,
                    widgets,
                    moment: course.stage.moment().or(moment),
                };
                match fault.into_outcome(scene) {
                    Outcome::Failed(failure) if step.optional => (Outcome::Noted(failure), true),
                    outcome => (outcome, goes_on),
                }
            }
        }
    }

    /// Reports steps that are not played; a block counts as one.
    pub(super) fn skip(&self, steps: &[Step], progress: &mut Progress<'_>, parent: Option<StepId>) {
        for step in steps {
            let id = StepId(progress.next);
            progress.next += 1;
            self.start(step, (id, parent), None);
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

    fn start(&self, step: &Step, (id, parent): (StepId, Option<StepId>), moment: Option<Moment>) {
        self.emit(EventKind::StepStarted {
            scenario: self.id,
            step: id,
            parent,
            verb: step.verb.to_owned(),
            title: step.title.clone(),
            place: place(&step.origin),
            yaml: Some(line(&step.origin)),
            moment,
        });
    }

    async fn finish(
        &self,
        stage: &mut Stage<'_>,
        id: StepId,
        (outcome, took): (Outcome, Duration),
    ) {
        stage.cut_recordings().await;
        self.emit(EventKind::StepFinished {
            scenario: self.id,
            step: id,
            outcome,
            took,
            artifacts: std::mem::take(&mut stage.artifacts),
            notes: std::mem::take(&mut stage.notes),
        });
        self.tell_recordings(stage);
    }
}

/// The result of something that may be ended early.
enum Guarded<T> {
    Done(T),
    Interrupted,
}

/// What a guarded future gives when the desktop is lost meanwhile.
trait Lost {
    fn lost(fault: Fault) -> Self;
}

impl<T> Lost for Result<T, Fault> {
    fn lost(fault: Fault) -> Self {
        Err(fault)
    }
}

impl Lost for () {
    fn lost(_: Fault) -> Self {}
}

/// Waits for a future until the desktop is lost or somebody interrupts.
async fn guarded<T: Lost>(
    future: impl Future<Output = T>,
    watch: &mut Option<Watch<'_>>,
    interrupt: &CancellationToken,
) -> Guarded<T> {
    tokio::select! {
        // What is done is done, whatever else happened meanwhile.
        biased;
        done = future => Guarded::Done(done),
        lost = word(watch) => Guarded::Done(T::lost(Fault::Broken(lost))),
        () = interrupt.cancelled() => Guarded::Interrupted,
    }
}

/// Waits for the change that a step has to bring, seen from before its action.
async fn changed(change: &ExpectChange, mut view: View<'_>) -> Result<(), Fault> {
    let before = view.frame().clone();
    let deadline = Instant::now() + change.within;
    if until_changed(&mut view, &change.watched, &before, deadline).await? {
        return Ok(());
    }
    Err(Fault::Failed(nothing_changed(change)))
}

fn nothing_changed(change: &ExpectChange) -> Mismatch {
    let within = seconds(change.within);
    let least = match change.watched.max_cluster {
        0 => "a change of the screen".to_owned(),
        most => format!("a change of more than {most} connected pixels"),
    };
    let place = change
        .watched
        .region
        .map_or_else(String::new, |region| format!(" in {region}"));
    Mismatch {
        message: format!("nothing changed within {within}"),
        expected: format!("{least}{place}, compared with the screen before the step"),
        seen: "the same picture as before".to_owned(),
        help: Some(
            "perhaps the action went to another window; otherwise give `expect-change` a \
             longer time, another `region` or a smaller `mask`"
                .to_owned(),
        ),
        ..Mismatch::default()
    }
}

fn took_too_long(limit: Duration) -> Fault {
    Fault::Failed(Mismatch {
        message: format!("the block took longer than {}", seconds(limit)),
        expected: format!("the block to end within {}", seconds(limit)),
        seen: "steps that were still running".to_owned(),
        help: Some("increase `timeout`".to_owned()),
        ..Mismatch::default()
    })
}

fn never_held(condition: &Condition, most: u32) -> Fault {
    let wanted = verb::describe(condition);
    let plural = if most == 1 { "" } else { "s" };
    Fault::Failed(Mismatch {
        message: format!("{wanted} was still false after {most} round{plural}"),
        expected: format!("{wanted} within {most} round{plural}"),
        seen: format!("still false after round {most}"),
        help: Some("increase `max`".to_owned()),
        ..Mismatch::default()
    })
}
