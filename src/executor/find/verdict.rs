//! What a look means for a target that has to be there, or gone.

use super::{Found, Missing, Search, miss, once, seek};
use crate::{
    event::StepId,
    executor::{
        fault::{Fault, Mismatch},
        stage::Stage,
    },
    plan::{Sight, Target},
};

/// Keeps a picture of what came nearest, and says so.
pub(in crate::executor) async fn absent(
    target: &Target,
    missing: &Missing,
    id: StepId,
    stage: &mut Stage<'_>,
) -> Fault {
    let mut missing = missing.clone();
    let is_explained = missing.why.is_some()
        || missing.astray.is_some()
        || missing.unsure.is_some()
        || missing.several > 0;
    if !is_explained {
        // The step has a more serious problem to report than this.
        missing.why = seek::hidden(&target.look, stage).await.unwrap_or_default();
    }
    let missing = &missing;
    miss::keep_picture(target, missing, id, stage).await;
    stage.notes.extend(missing.notes.clone());
    let message = match (&missing.why, missing.several) {
        (_, 1..) => miss::several(target, missing),
        (Some(why), _) => format!("`{target}` is not visible: {why}"),
        (None, _) if missing.unsure.is_some() => {
            format!("it cannot be determined whether `{target}` is on the screen")
        }
        (None, _) => format!("`{target}` is not on the screen"),
    };
    Fault::Failed(Mismatch {
        message,
        expected: miss::wanted(target, &stage.known),
        seen: miss::seen(target, missing),
        help: miss::help(target, missing).filter(|_| missing.why.is_none()),
        ..Mismatch::default()
    })
}

/// Compares what was seen last with a target that has to be there, or gone; returns what is there.
pub(in crate::executor) async fn held(
    sight: &Sight,
    search: Search,
    id: StepId,
    stage: &mut Stage<'_>,
) -> Result<Option<Found>, Fault> {
    let Sight { target, gone } = sight;
    match (search, *gone) {
        (Search::Found(found), false) => {
            stage.target = Some(found.rect);
            stage.notes.extend(found.notes.clone());
            Ok(Some(found))
        }
        (Search::Missing(missing), true) => match missing.unsure {
            Some(why) => Err(Fault::Failed(unsure(target, why, stage))),
            None => Ok(None),
        },
        (Search::Found(found), true) => Err(Fault::Failed(present(target, &found, stage))),
        (Search::Missing(missing), false) => Err(absent(target, &missing, id, stage).await),
    }
}

/// Whether a target is there, or gone, for a condition: several matches are as good as one.
pub(in crate::executor) async fn holds(
    sight: &Sight,
    stage: &mut Stage<'_>,
) -> Result<bool, Fault> {
    let Sight { target, gone } = sight;
    let missing = match once(target, *gone, stage).await? {
        Search::Found(_) => return Ok(!gone),
        Search::Missing(missing) => missing,
    };
    match missing.unsure {
        Some(why) if *gone => Err(Fault::Failed(unsure(target, why, stage))),
        _ => Ok((missing.several > 0) != *gone),
    }
}

/// A target that has to be gone, if it cannot be determined whether it is.
fn unsure(target: &Target, why: String, stage: &Stage<'_>) -> Mismatch {
    Mismatch {
        message: format!("it cannot be determined whether `{target}` is gone"),
        expected: format!("{}, gone", miss::wanted(target, &stage.known)),
        seen: why,
        help: Some("look for it in a window that can be read: `in: { window: … }`".to_owned()),
        ..Mismatch::default()
    }
}

/// A target that has to be gone but is there.
fn present(target: &Target, found: &Found, stage: &Stage<'_>) -> Mismatch {
    let (message, seen) = match &found.window {
        Some(window) if target.look.is_window() => (
            format!("`{target}` still exists"),
            format!("the window `{}`, {}", window.title, found.rect),
        ),
        _ => (
            format!("`{target}` is still on the screen"),
            format!("it is there, {}", found.rect),
        ),
    };
    Mismatch {
        message,
        expected: format!("{}, gone", miss::wanted(target, &stage.known)),
        seen,
        help: None,
        ..Mismatch::default()
    }
}
