//! `press`.

use super::{Play, Turn};
use crate::{
    executor::{fault::Fault, stage::Stage},
    plan::Press,
};

/// Presses one key, once or several times.
impl Play for Press {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        turn.limits(async {
            for _ in 0..self.times {
                let mut pressing = turn.until().pressing(stage);
                while !stage.desktop.press_key(&self.key).await? {
                    pressing.again().await?;
                }
            }
            Ok(())
        })
        .await
    }
}
