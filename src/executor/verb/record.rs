//! `record`.

use crate::{
    executor::{fault::Fault, stage::Stage},
    plan::Record,
};

/// Starts a recording, or stops the one that runs.
pub(super) async fn play(record: &Record, stage: &mut Stage<'_>) -> Result<(), Fault> {
    if stage.settings.dry {
        return Ok(());
    }
    match record {
        Record::Start { name } => stage.start_recording(name).await,
        Record::Stop => stage.stop_recording().await,
    }
}
