//! `drag`.

use super::{Play, Turn};
use crate::{
    executor::{
        fault::Fault,
        find::{self, Aim},
        stage::Stage,
    },
    plan::Drag,
};

/// Holds a button down from one target to another. Both are found before the
/// button goes down.
impl Play for Drag {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let from = match &self.from {
            Some(target) => find::point(target, Aim::Press, turn.now(), stage).await?,
            None => stage.desktop.pointer_position().await?,
        };
        let to = find::point(&self.to, Aim::Hover, turn.now(), stage).await?;
        let (desktop, held) = (stage.desktop, &self.modifiers);
        desktop.drag(from, to, self.button, held).await?;
        Ok(())
    }
}
