//! What is held down: it is released whatever happens.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::{
    fault::Fault,
    find::{self, Aim},
    stage::Stage,
};
use crate::{
    desktop::wire::Holding,
    event::StepId,
    plan::{Hold, Target},
};

/// How long the desktop may take to let go.
const LET_GO: Duration = Duration::from_secs(5);

impl Stage<'_> {
    /// Presses keys and a button, which stay down until [`Stage::let_go`]. They are
    /// remembered before: a step that is cut off meanwhile cannot say whether they are down.
    pub(super) async fn press_down(&mut self, holding: Holding) -> Result<(), Fault> {
        self.held.push(Holding {
            down: false,
            at: None,
            ..holding.clone()
        });
        self.hand.hold(&holding).await?;
        Ok(())
    }

    /// Releases what was pressed last, except the first `stay` of it.
    pub(super) async fn let_go(&mut self, stay: usize) -> Result<(), Fault> {
        let mut done = Ok(());
        while self.held.len() > stay {
            let Some(holding) = self.held.pop() else {
                break;
            };
            let let_go = match timeout(LET_GO, self.hand.hold(&holding)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(error.into()),
                Err(_) => Err(Fault::broken(
                    "the desktop did not release what was held down",
                )),
            };
            done = done.and(let_go);
        }
        done
    }
}

/// Presses what a block holds down, where it says.
pub(super) async fn press(hold: &Hold, id: StepId, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let at = match &hold.target {
        Some(target) => Some(place(target, hold.patience, id, stage).await?),
        None => None,
    };
    let holding = Holding {
        keys: hold.keys.clone(),
        button: hold.button,
        at,
        down: true,
    };
    stage.press_down(holding).await
}

async fn place(
    target: &Target,
    patience: Duration,
    id: StepId,
    stage: &mut Stage<'_>,
) -> Result<crate::geometry::Point, Fault> {
    let deadline = Instant::now() + patience;
    find::point(target, Aim::Press, (id, deadline), stage).await
}
