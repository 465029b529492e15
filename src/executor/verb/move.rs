//! `move`.

use super::{Play, Turn};
use crate::{
    executor::{
        fault::Fault,
        find::{self, Aim},
        stage::Stage,
    },
    plan::Move,
};

/// Moves the pointer to a target.
impl Play for Move {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let to = find::point(&self.to, Aim::Hover, turn.now(), stage).await?;
        stage.hand.move_pointer(to).await?;
        Ok(())
    }
}
