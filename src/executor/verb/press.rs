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
            stage.hand.before_keys().await;
            for time in 0..self.times {
                if time > 0 && self.pause.is_zero() {
                    stage.hand.between_keys().await;
                } else if time > 0 {
                    sleep(self.pause).await;
                }
                let mut pressing = turn.until().pressing(stage);
                while !stage.hand.press_key(&self.key).await? {
                    pressing.again().await?;
                }
            }
            stage.hand.after_keys().await;
            Ok(())
        })
        .await
    }
}
