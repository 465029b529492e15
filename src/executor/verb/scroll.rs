//! `scroll`.

use super::{Play, Turn};
use crate::{
    executor::{
        fault::Fault,
        find::{self, Aim},
        stage::Stage,
    },
    plan::Scroll,
};

/// Turns the wheel, above a target if one is given.
impl Play for Scroll {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        if let Some(target) = &self.at {
            let at = find::point(target, Aim::Hover, turn.now(), stage).await?;
            stage.hand.move_pointer(at).await?;
        }
        stage.hand.scroll(self.direction, self.amount).await?;
        Ok(())
    }
}
