//! `wait`.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Play, Turn, capture, fact};
use crate::{
    event::StepId,
    executor::{
        change::{until_changed, until_still},
        fault::{Fault, Mismatch, seconds},
        find::{self, Found},
        stage::Stage,
        view::View,
    },
    plan::{Sight, Wait, Watched},
    vision::Frame,
};

/// Waits for everything that is asked for: that a target is there or gone, or that a fact apart
/// from the screen is true, then that the picture has changed, then that it is still.
impl Play for Wait {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        if stage.settings.dry {
            return Ok(());
        }
        wait(self, turn, stage).await
    }
}

async fn wait(wait: &Wait, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let (id, deadline, limit) = (turn.id, turn.deadline, turn.limit());
    let watched = &wait.watched;
    let mut view = None;
    if wait.changed {
        view = Some(stage.eyes.view(watched.region).await?);
    }
    let before = view.as_ref().map(|view| view.frame().clone());
    if let Some(pause) = wait.pause {
        sleep(pause).await;
    }
    if let Some(sight) = &wait.sight {
        let found = self::sight(sight, (id, deadline), stage).await?;
        capture::keep(found, turn.step, stage).await?;
    }
    if let Some(fact) = &wait.fact {
        fact::until(fact, turn, stage).await?;
    }
    if wait.stable.is_some() && view.is_none() {
        view = Some(stage.eyes.view(watched.region).await?);
    }
    let Some(mut view) = view else {
        return Ok(());
    };
    if let Some(before) = before {
        changed((watched, &mut view, &before), (deadline, limit)).await?;
    }
    if let Some(still) = wait.stable {
        stable((watched, &mut view), still, (id, deadline, limit), stage).await?;
    }
    Ok(())
}

async fn sight(
    sight: &Sight,
    (id, deadline): (StepId, Instant),
    stage: &mut Stage<'_>,
) -> Result<Option<Found>, Fault> {
    let search = find::until(&sight.target, sight.gone, deadline, stage).await?;
    find::held(sight, search, id, stage).await
}

async fn changed(
    (watched, view, before): (&Watched, &mut View<'_>, &Frame),
    (deadline, limit): (Instant, Duration),
) -> Result<(), Fault> {
    if until_changed(view, watched, before, deadline).await? {
        return Ok(());
    }
    Err(Fault::Failed(Mismatch {
        message: format!("nothing changed within {}", seconds(limit)),
        expected: "a picture other than at the start of the step".to_owned(),
        seen: "the same picture".to_owned(),
        help: Some(
            "a change before the step begins is missed: put `expect-change` next to the step \
             that causes it"
                .to_owned(),
        ),
        ..Mismatch::default()
    }))
}

async fn stable(
    (watched, view): (&Watched, &mut View<'_>),
    still: Duration,
    (id, deadline, limit): (StepId, Instant, Duration),
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let Some(motion) = until_still(view, watched, (still, deadline)).await? else {
        return Ok(());
    };
    motion.keep_picture(id, stage).await;
    Err(Fault::Failed(Mismatch {
        message: format!("the picture was never stable for {}", seconds(still)),
        expected: format!("the same picture for {}", seconds(still)),
        seen: motion.seen(limit),
        help: Some(
            "mask what moves (`mask: [region]`), or ignore small changes (`max-cluster: 50`)"
                .to_owned(),
        ),
        ..Mismatch::default()
    }))
}
