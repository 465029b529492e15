//! `restart`.

use super::{Play, Turn};
use crate::{
    executor::{fault::Fault, stage::Stage},
    plan::Restart,
};

/// Ends a process of the desktop and starts it again. Without an X server
/// nothing can be recorded, so a recording is saved first.
impl Play for Restart {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        turn.limits(async {
            if self.process == "xvfb" {
                stage.stop_recording().await?;
            }
            stage.desktop.restart_process(&self.process).await?;
            Ok(())
        })
        .await
    }
}
