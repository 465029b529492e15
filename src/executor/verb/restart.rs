//! `restart`.

use crate::executor::{fault::Fault, stage::Stage};

/// Ends a process of the desktop and starts it again. Without an X server
/// nothing can be recorded, so a recording is saved first.
pub(super) async fn play(process: &str, stage: &mut Stage<'_>) -> Result<(), Fault> {
    if process == "xvfb" {
        stage.stop_recording().await?;
    }
    stage.desktop.restart_process(process).await?;
    Ok(())
}
