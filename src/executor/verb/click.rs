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

/// Clicks at one place, once or several times.
impl Play for Click {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let at = match &self.at {
            Some(target) => Some(find::point(target, Aim::Press, turn.now(), stage).await?),
            None => None,
        };
        let hand = &stage.hand;
        let clicks = hand
            .click(at, self.button, &self.modifiers, self.count)
            .await?;
        for clicked in clicks {
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
