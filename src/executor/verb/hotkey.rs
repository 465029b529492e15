//! `hotkey`.

use super::{Play, Turn};
use crate::{
    executor::{fault::Fault, stage::Stage},
    plan::Hotkey,
};

/// Presses the keys of a chord together.
impl Play for Hotkey {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        turn.limits(async {
            let mut pressing = turn.until().pressing(stage);
            while !stage.desktop.hotkey(&self.chord).await? {
                pressing.again().await?;
            }
            Ok(())
        })
        .await
    }
}
