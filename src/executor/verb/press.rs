//! `press`.

use crate::{
    executor::{fault::Fault, focus::Until, stage::Stage},
    input::Key,
};

/// Presses one key `times` times.
pub(super) async fn play(
    key: &Key,
    times: u32,
    until: Until,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    for _ in 0..times {
        let mut pressing = until.pressing(stage);
        while !stage.desktop.press_key(key).await? {
            pressing.again().await?;
        }
    }
    Ok(())
}
