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
                if stage.recording.is_some() {
                    let note =
                        "the recording ended, because the screen has a different size from here on";
                    stage.notes.push(note.to_owned());
                }
                stage.stop_recording().await?;
            }
            stage.desktop.resize_screen(self.size).await?;
            Ok(())
        })
        .await
    }
}
