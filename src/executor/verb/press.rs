//! `press`.

use crate::{
    executor::{fault::Fault, stage::Stage},
    input::Key,
};

/// Presses one key `times` times.
pub(super) async fn play(key: &Key, times: u32, stage: &mut Stage<'_>) -> Result<(), Fault> {
    for _ in 0..times {
        stage.desktop.press_key(key).await?;
    }
    Ok(())
}
