//! What each verb does, one file for each.

mod assert;
mod click;
mod drag;
mod hotkey;
pub(super) mod launch;
mod r#move;
mod press;
mod record;
mod resize;
mod restart;
mod run;
mod screenshot;
mod screenshot_assert;
mod scroll;
mod transfer;
mod type_text;
mod wait;
mod wait_ready;

use std::{future::Future, time::Duration};

use tokio::time::{Instant, timeout, timeout_at};

use super::{
    fault::{Breakage, Fault, Mismatch},
    find::{self, Search},
    focus,
    stage::Stage,
};
use crate::{
    desktop::Desktop,
    event::StepId,
    plan::{Action, Condition, Step},
};

/// How long a desktop may take to say that it is there.
const HEALTHY: Duration = Duration::from_secs(5);

/// Plays one step that is no block. Verbs that wait keep their own time,
/// because only they can say what they saw last; the others are cut off at
/// theirs.
pub(super) async fn play(step: &Step, id: StepId, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let limit = step.timeout;
    let deadline = Instant::now() + limit;
    let now = (id, deadline);
    let time = Time::of(step, deadline, stage);
    match &step.action {
        Action::WaitReady => wait_ready::play(limit, stage).await,
        Action::Wait(wait) => wait::play(wait, (id, limit), stage).await,
        Action::Assert(assert) => assert::play(assert, step, id, stage).await,
        Action::ScreenshotAssert(assert) => screenshot_assert::play(assert, id, limit, stage).await,
        Action::Click { .. }
        | Action::Move { .. }
        | Action::Drag { .. }
        | Action::Scroll { .. } => pointing(&step.action, now, stage).await,
        Action::Run(run) => run::play(run, step, stage).await,
        Action::Launch(command) => time.limits(launch::play(command, stage)).await,
        Action::Type { .. } | Action::Press { .. } | Action::Hotkey { .. } => {
            keys(&step.action, time, stage).await
        }
        Action::Screenshot { name, region } => {
            time.limits(screenshot::play(name, *region, stage)).await
        }
        Action::Record(record) => time.limits(record::play(record, stage)).await,
        Action::Resize { size } => time.limits(resize::play(*size, stage)).await,
        Action::Restart { process } => time.limits(restart::play(process, stage)).await,
        Action::Upload { from, to } => time.limits(transfer::upload(from, to, stage)).await,
        Action::Download { from, to } => time.limits(transfer::download(from, to, stage)).await,
        // Blocks are played by whoever plays lists of steps.
        Action::If { .. } | Action::RepeatUntil { .. } | Action::Group { .. } => Ok(()),
    }
}

/// The verbs of the keyboard wait until somebody has it.
async fn keys(action: &Action, time: Time<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let until = focus::Until {
        limit: time.limit,
        deadline: time.deadline,
    };
    match action {
        Action::Type {
            text,
            speed,
            verify,
        } => {
            let focus = focus::awaited(until, stage).await?;
            time.limits(type_text::play(text, (*speed, *verify), stage))
                .await?;
            focus::compare(focus, stage).await
        }
        Action::Press { key, times } => time.limits(press::play(key, *times, until, stage)).await,
        Action::Hotkey { chord } => time.limits(hotkey::play(chord, until, stage)).await,
        _ => Ok(()),
    }
}

/// The verbs of a pointer wait for their targets by themselves.
async fn pointing(
    action: &Action,
    now: (StepId, Instant),
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    match action {
        Action::Click {
            at,
            button,
            count,
            modifiers,
        } => click::play(at.as_ref(), (*button, *count, modifiers), now, stage).await,
        Action::Move { to } => r#move::play(to, now, stage).await,
        Action::Drag {
            from,
            to,
            button,
            modifiers,
        } => drag::play((from.as_deref(), to), (*button, modifiers), now, stage).await,
        Action::Scroll {
            at,
            direction,
            amount,
        } => scroll::play(at.as_ref(), (*direction, *amount), now, stage).await,
        _ => Ok(()),
    }
}

/// Whether a condition holds now.
pub(super) async fn holds(condition: &Condition, stage: &mut Stage<'_>) -> Result<bool, Fault> {
    match condition {
        Condition::Known(truth) => Ok(*truth),
        // What is not looked at is taken to hold.
        _ if stage.settings.dry => Ok(true),
        Condition::Sight(sight) => {
            let search = find::once(&sight.target, sight.gone, stage).await?;
            Ok(matches!(search, Search::Found(_)) != sight.gone)
        }
        Condition::Text { value, checks } => {
            let value = stage.known.text(value)?;
            for check in checks {
                let wanted = stage.known.pattern(&check.wanted)?;
                if !check.how.holds(&value, &wanted) {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    }
}

/// A condition for people.
pub(super) fn describe(condition: &Condition) -> String {
    match condition {
        Condition::Known(truth) => format!("`{truth}`"),
        Condition::Sight(sight) if sight.gone => format!("`{}` gone", sight.target),
        Condition::Sight(sight) => format!("`{}`", sight.target),
        Condition::Text { value, checks } => {
            let checks = checks
                .iter()
                .map(|check| format!("{} `{}`", check.how.name(), check.wanted));
            let checks: Vec<String> = checks.collect();
            format!("`{value}` {}", checks.join(", "))
        }
    }
}

/// The time of a step that does not keep it by itself.
#[derive(Clone, Copy)]
struct Time<'d> {
    verb: &'static str,
    limit: Duration,
    deadline: Instant,
    desktop: &'d dyn Desktop,
}

impl<'d> Time<'d> {
    fn of(step: &Step, deadline: Instant, stage: &Stage<'d>) -> Self {
        Self {
            verb: step.verb,
            limit: step.timeout,
            deadline,
            desktop: stage.desktop,
        }
    }

    /// Cuts the step off when its time is over, which is a failure, unless the
    /// desktop does not answer at all.
    async fn limits(&self, acting: impl Future<Output = Result<(), Fault>>) -> Result<(), Fault> {
        match timeout_at(self.deadline, acting).await {
            Ok(ended) => ended,
            Err(_) => Err(self.over().await),
        }
    }

    async fn over(&self) -> Fault {
        let Self { verb, limit, .. } = self;
        let limit = seconds(*limit);
        let healthy = timeout(HEALTHY, self.desktop.health()).await;
        if !matches!(healthy, Ok(Ok(true))) {
            return Fault::Broken(Breakage {
                message: "the desktop does not answer any more".to_owned(),
                detail: Some(format!("`{verb}` had not ended after {limit}")),
                help: None,
            });
        }
        Fault::Failed(Mismatch {
            message: format!("`{verb}` was cut off after {limit}"),
            expected: format!("an end within {limit}"),
            seen: format!("`{verb}` was still going on"),
            help: Some("give it more `timeout`".to_owned()),
            goes_on: false,
        })
    }
}

/// A duration for people: `10 s`, `0.5 s`.
pub(super) fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

/// Where the pointer is.
async fn here(stage: &Stage<'_>) -> Result<crate::geometry::Point, Fault> {
    Ok(stage.desktop.pointer_position().await?)
}
