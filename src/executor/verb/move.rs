//! `move`.

use tokio::time::Instant;

use crate::{
    event::StepId,
    executor::{fault::Fault, find, stage::Stage},
    plan::Target,
};

/// Moves the pointer to a target.
pub(super) async fn play(
    to: &Target,
    now: (StepId, Instant),
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let to = find::point(to, now, stage).await?;
    stage.desktop.move_pointer(to).await?;
    Ok(())
}
