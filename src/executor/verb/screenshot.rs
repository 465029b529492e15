//! `screenshot`.

use crate::{
    event::ArtifactKind,
    executor::{fault::Fault, stage::Stage},
    geometry::Rect,
};

/// Keeps a picture of the screen among the artifacts.
pub(super) async fn play(
    name: &str,
    region: Option<Rect>,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    if stage.settings.dry {
        return Ok(());
    }
    let frame = stage.eyes.take(region).await?;
    let name = format!("{name}.png");
    stage.keep(ArtifactKind::Screenshot, &name, &frame.encode_png())
}
