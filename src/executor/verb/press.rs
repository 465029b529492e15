//! `press`.

use tokio::time::sleep;

use super::{Play, Turn};
use crate::{
    executor::{fault::Fault, stage::Stage},
    plan::Press,
};

/// Presses one key, once or several times.
impl Play for Press {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        turn.limits(async {
            for time in 0..self.times {
                if time > 0 && !self.pause.is_zero() {
                    sleep(self.pause).await;
                }
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
