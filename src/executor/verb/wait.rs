//! `wait`.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{
    event::StepId,
    executor::{
        capture::{self, Pace},
        fault::{Fault, Mismatch},
        find::{self, Search},
        stage::Stage,
    },
    geometry::Rect,
    plan::{Sight, Wait, Watched},
    vision::Frame,
};

/// Waits for all that is asked for: that a target is there or gone, then that
/// the picture has changed, then that it is still.
pub(super) async fn play(
    wait: &Wait,
    (id, limit): (StepId, Duration),
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    if stage.settings.dry {
        return Ok(());
    }
    let deadline = Instant::now() + limit;
    let before = if wait.changed {
        Some(capture::watched(stage.desktop, &wait.watched).await?)
    } else {
        None
    };
    if let Some(pause) = wait.pause {
        sleep(pause).await;
    }
    if let Some(sight) = &wait.sight {
        self::sight(sight, (id, deadline), stage).await?;
    }
    if let Some(before) = before {
        changed(&wait.watched, &before, (deadline, limit), stage).await?;
    }
    if let Some(still) = wait.stable {
        stable(&wait.watched, still, (deadline, limit), stage).await?;
    }
    Ok(())
}

async fn sight(
    sight: &Sight,
    (id, deadline): (StepId, Instant),
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let Sight { target, gone } = sight;
    match (find::until(target, *gone, deadline, stage).await?, gone) {
        (Search::Found(_), false) | (Search::Missing(_), true) => Ok(()),
        (Search::Found(found), true) => Err(Fault::Failed(find::present(target, found, stage))),
        (Search::Missing(missing), false) => Err(find::absent(target, &missing, id, stage).await),
    }
}

async fn changed(
    watched: &Watched,
    before: &Frame,
    (deadline, limit): (Instant, Duration),
    stage: &Stage<'_>,
) -> Result<(), Fault> {
    let mut pace = Pace::until(deadline);
    loop {
        let now = capture::watched(stage.desktop, watched).await?;
        if capture::change(watched, before, &now).is_some() {
            return Ok(());
        }
        if !pace.next().await {
            return Err(Fault::Failed(Mismatch {
                message: format!("nothing changed within {}", super::seconds(limit)),
                expected: "another picture than when the step began".to_owned(),
                seen: "the same picture".to_owned(),
                help: Some(
                    "a change that comes before the step begins is missed: put `expect-change` \
                     beside the step that brings it"
                        .to_owned(),
                ),
                goes_on: false,
            }));
        }
    }
}

async fn stable(
    watched: &Watched,
    still: Duration,
    (deadline, limit): (Instant, Duration),
    stage: &Stage<'_>,
) -> Result<(), Fault> {
    let mut pace = Pace::until(deadline);
    let mut last = capture::watched(stage.desktop, watched).await?;
    let mut since = Instant::now();
    let mut moved: Option<Rect> = None;
    while since.elapsed() < still {
        if !pace.next().await {
            return Err(Fault::Failed(never_still(still, limit, moved)));
        }
        let now = capture::watched(stage.desktop, watched).await?;
        if let Some(place) = capture::change(watched, &last, &now) {
            moved = Some(place);
            since = Instant::now();
            pace.quicken();
            // A caret that comes and goes is measured from where it began.
            last = now;
        }
    }
    Ok(())
}

fn never_still(still: Duration, limit: Duration, moved: Option<Rect>) -> Mismatch {
    let place = moved.map_or_else(String::new, |place| format!(", the last in {place}"));
    Mismatch {
        message: format!("the picture was never still for {}", super::seconds(still)),
        expected: format!("the same picture for {}", super::seconds(still)),
        seen: format!(
            "changes until the timeout of {}{place}",
            super::seconds(limit)
        ),
        help: Some(
            "mask what moves (`mask: [region]`), or let small changes count for nothing \
             (`max-cluster: 50`)"
                .to_owned(),
        ),
        goes_on: false,
    }
}
