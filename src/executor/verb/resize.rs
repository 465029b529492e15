//! `resize`.

use super::{Play, Turn};
use crate::{
    executor::{fault::Fault, stage::Stage},
    plan::Resize,
};

/// Gives the screen another size. The desktop ends a recording that runs, so
/// it is saved first.
impl Play for Resize {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        turn.limits(async {
            if stage.screen().await? != self.size {
                stage.stop_recording().await?;
            }
            stage.desktop.resize_screen(self.size).await?;
            Ok(())
        })
        .await
    }
}
