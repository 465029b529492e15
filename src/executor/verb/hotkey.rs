//! `hotkey`.

use crate::{
    executor::{fault::Fault, stage::Stage},
    input::Chord,
};

/// Presses the keys of a chord together.
pub(super) async fn play(chord: &Chord, stage: &mut Stage<'_>) -> Result<(), Fault> {
    Ok(stage.desktop.hotkey(chord).await?)
}
