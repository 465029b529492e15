//! `click`, `double-click`, `right-click`.

use tokio::time::Instant;

use crate::{
    desktop::wire::FocusAfter,
    event::StepId,
    executor::{fault::Fault, find, stage::Stage},
    input::{Button, Key},
    plan::Target,
};

/// Clicks `count` times at one place, as fast as the desktop takes it, so that
/// programs see a double click.
pub(super) async fn play(
    at: Option<&Target>,
    (button, count, held): (Button, u32, &[Key]),
    now: (StepId, Instant),
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let at = match at {
        Some(target) => Some(find::point(target, now, stage).await?),
        None => None,
    };
    for _ in 0..count {
        let clicked = stage.desktop.click(at, button, held).await?;
        if clicked.focus == Some(FocusAfter::Late) {
            let place = clicked.point();
            stage.notes.push(format!(
                "the window at {place} did not take the keyboard within 200 ms of the click"
            ));
        }
    }
    Ok(())
}
