//! `drag`.

use tokio::time::Instant;

use crate::{
    event::StepId,
    executor::{fault::Fault, find, stage::Stage},
    input::{Button, Key},
    plan::Target,
};

/// Holds a button down from one target to another. Both are found before the
/// button goes down.
pub(super) async fn play(
    (from, to): (Option<&Target>, &Target),
    (button, held): (Button, &[Key]),
    now: (StepId, Instant),
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let from = match from {
        Some(target) => find::point(target, now, stage).await?,
        None => super::here(stage).await?,
    };
    let to = find::point(to, now, stage).await?;
    stage.desktop.drag(from, to, button, held).await?;
    Ok(())
}
