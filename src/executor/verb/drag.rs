//! `drag`.

use super::{Play, Turn};
use crate::{
    executor::{fault::Fault, find, stage::Stage},
    plan::Drag,
};

/// Holds a button down from one target to another. Both are found before the
/// button goes down.
impl Play for Drag {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let from = match &self.from {
            Some(target) => find::point(target, turn.now(), stage).await?,
            None => stage.desktop.pointer_position().await?,
        };
        let to = find::point(&self.to, turn.now(), stage).await?;
        let (desktop, held) = (stage.desktop, &self.modifiers);
        desktop.drag(from, to, self.button, held).await?;
        Ok(())
    }
}
