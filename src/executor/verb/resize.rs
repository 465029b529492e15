//! `resize`.

use crate::{
    executor::{fault::Fault, stage::Stage},
    geometry::Size,
};

/// Gives the screen another size. The desktop ends a recording that runs, so
/// it is saved first.
pub(super) async fn play(size: Size, stage: &mut Stage<'_>) -> Result<(), Fault> {
    if stage.screen().await? != size {
        stage.stop_recording().await?;
    }
    stage.desktop.resize_screen(size).await?;
    Ok(())
}
