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
            stage.hand.before_keys().await;
            let mut pressing = turn.until().pressing(stage);
            while !stage.hand.hotkey(&self.chord).await? {
                pressing.again().await?;
            }
            stage.hand.after_keys().await;
            Ok(())
        })
        .await
    }
}
