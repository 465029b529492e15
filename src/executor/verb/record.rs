//! `record`.

use super::{Play, Turn};
use crate::{
    executor::{fault::Fault, stage::Stage},
    plan::Record,
};

/// Starts a recording, or stops the one that runs.
impl Play for Record {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        if stage.settings.dry {
            return Ok(());
        }
        turn.limits(async {
            match self {
                Self::Start { name, frame_rate } => stage.start_recording(name, *frame_rate).await,
                Self::Stop => stage.stop_recording().await,
            }
        })
        .await
    }
}
