//! `caption`.

use std::time::Duration;

use super::{Play, Turn};
use crate::{
    executor::{fault::Fault, stage::Stage},
    plan::Caption,
};

/// How long a person waits after new words, so that they are noticed before anything
/// moves.
const NOTICED: Duration = Duration::from_millis(700);

/// Shows words in the film of the running recording.
impl Play for Caption {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        stage.caption(turn.id, self).await?;
        stage.hand.rest(NOTICED).await;
        Ok(())
    }
}
