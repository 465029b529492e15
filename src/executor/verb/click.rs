//! `click`, `double-click`, `right-click`.

use crate::{
    executor::{fault::Fault, stage::Stage},
    input::Button,
    plan::Spot,
};

/// Clicks `count` times at one place, as fast as the desktop takes it, so that
/// programs see a double click.
pub(super) async fn play(
    at: Option<Spot>,
    button: Button,
    count: u32,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let at = match at {
        Some(spot @ Spot::Share { .. }) => Some(spot.resolve(stage.screen().await?)),
        Some(Spot::At(point)) => Some(point),
        None => None,
    };
    for _ in 0..count {
        stage.desktop.click(at, button, &[]).await?;
    }
    Ok(())
}
