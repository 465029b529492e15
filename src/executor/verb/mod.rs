//! What each verb does, one file for each.

mod click;
mod hotkey;
pub(super) mod launch;
mod press;
mod record;
mod screenshot_assert;
mod type_text;
mod wait_ready;

use std::time::Duration;

use tokio::time::timeout;

use super::{fault::Fault, stage::Stage};
use crate::{
    event::StepId,
    plan::{Action, Step},
};

/// Plays one step. Verbs that wait keep their own time, because only they can
/// say what they saw last; the others are cut off at theirs.
pub(super) async fn play(step: &Step, id: StepId, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let limit = step.timeout;
    match &step.action {
        Action::WaitReady => wait_ready::play(limit, stage).await,
        Action::ScreenshotAssert(assert) => screenshot_assert::play(assert, id, limit, stage).await,
        Action::Launch { command } => within(limit, launch::play(command, stage)).await,
        Action::Click { at, button, count } => {
            within(limit, click::play(*at, *button, *count, stage)).await
        }
        Action::Type { text } => within(limit, type_text::play(text, stage)).await,
        Action::Press { key, times } => within(limit, press::play(key, *times, stage)).await,
        Action::Hotkey { chord } => within(limit, hotkey::play(chord, stage)).await,
        Action::Record(record) => within(limit, record::play(record, stage)).await,
    }
}

async fn within(
    limit: Duration,
    acting: impl Future<Output = Result<(), Fault>>,
) -> Result<(), Fault> {
    let late = || {
        Fault::broken(format!(
            "the desktop did not do it within {}",
            seconds(limit)
        ))
    };
    timeout(limit, acting).await.unwrap_or_else(|_| Err(late()))
}

/// A duration for people: `10 s`, `0.5 s`.
fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}
