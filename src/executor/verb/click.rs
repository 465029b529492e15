//! `click`, `double-click`, `right-click`.

use super::{Play, Turn};
use crate::{
    desktop::wire::FocusAfter,
    executor::{
        fault::Fault,
        find::{self, Aim},
        stage::Stage,
    },
    plan::Click,
};

/// Clicks `count` times at one place, as fast as the desktop takes it, so that
/// programs see a double click.
impl Play for Click {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let at = match &self.at {
            Some(target) => Some(find::point(target, Aim::Press, turn.now(), stage).await?),
            None => None,
        };
        for _ in 0..self.count {
            let (desktop, held) = (stage.desktop, &self.modifiers);
            let clicked = desktop.click(at, self.button, held).await?;
            if clicked.focus == Some(FocusAfter::Late) {
                let place = clicked.point();
                stage.notes.push(format!(
                    "the window at {place} was not focused within 200 ms of the click"
                ));
            }
        }
        Ok(())
    }
}
