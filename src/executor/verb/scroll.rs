//! `scroll`.

use tokio::time::Instant;

use crate::{
    event::StepId,
    executor::{fault::Fault, find, stage::Stage},
    input::Direction,
    plan::Target,
};

/// Turns the wheel, above a target if one is given.
pub(super) async fn play(
    at: Option<&Target>,
    (direction, amount): (Direction, u32),
    now: (StepId, Instant),
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    if let Some(target) = at {
        let at = find::point(target, now, stage).await?;
        stage.desktop.move_pointer(at).await?;
    }
    stage.desktop.scroll(direction, amount).await?;
    Ok(())
}
