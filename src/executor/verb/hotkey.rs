//! `hotkey`.

use crate::{
    executor::{fault::Fault, focus::Until, stage::Stage},
    input::Chord,
};

/// Presses the keys of a chord together.
pub(super) async fn play(chord: &Chord, until: Until, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let mut pressing = until.pressing(stage);
    while !stage.desktop.hotkey(chord).await? {
        pressing.again().await?;
    }
    Ok(())
}
