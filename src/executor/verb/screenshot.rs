//! `screenshot`.

use super::{Play, Turn};
use crate::{
    event::ArtifactKind,
    executor::{fault::Fault, stage::Stage},
    plan::Screenshot,
};

/// Keeps a picture of the screen among the artifacts.
impl Play for Screenshot {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        if stage.settings.dry {
            return Ok(());
        }
        turn.limits(async {
            let frame = stage.eyes.take(self.region).await?;
            let name = format!("{}.png", self.name);
            stage.keep(ArtifactKind::Screenshot, &name, &frame.encode_png())
        })
        .await
    }
}
