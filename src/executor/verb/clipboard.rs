//! `clipboard`.

use super::{Play, Turn};
use crate::{
    executor::{fault::Fault, stage::Stage},
    plan::SetClipboard,
};

/// Puts a text on a clipboard, from which every program can paste it once the step
/// has passed.
impl Play for SetClipboard {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let text = stage.known.text(&self.text)?;
        turn.limits(async {
            stage.desktop.write_clipboard(self.clipboard, &text).await?;
            Ok(())
        })
        .await
    }
}
