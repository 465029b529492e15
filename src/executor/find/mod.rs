//! Finds targets on the screen.

mod glance;
mod miss;
mod picture;
mod sight;
mod window;
mod wording;

use std::time::Duration;

use tokio::time::Instant;

use self::glance::{Glance, Uses};
pub(super) use self::sight::Sight;
use super::{
    fault::{Fault, Mismatch},
    stage::Stage,
    view::{Drawings, FIRST_PAUSE, LONGEST_PAUSE, View},
};
use crate::{
    event::StepId,
    geometry::{Point, Rect},
    plan::{Look, Spot, Target},
    vision::Frame,
};

/// Something that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    /// Where it is.
    pub(super) rect: Rect,
    /// Where to point: its middle, and the target's offset.
    pub(super) point: Point,
}

/// What came of looking for a target.
#[derive(Clone, Debug)]
pub(super) enum Search {
    Found(Found),
    Missing(Missing),
}

/// What there was instead of a target.
#[derive(Clone, Debug, Default)]
pub(super) struct Missing {
    /// What came nearest, the best first.
    pub(super) near: Vec<Near>,
    /// Where it was looked for, if not on the whole screen.
    pub(super) area: Option<Rect>,
    /// What is written there, if text was looked for and nothing came near.
    pub(super) read: String,
    /// The target in which it was looked for, if that is what is not there.
    pub(super) outer: Option<String>,
}

/// Something that is nearly what is looked for.
#[derive(Clone, Debug)]
pub(super) struct Near {
    /// What it is, for people.
    pub(super) what: String,
    /// Where it is, if it can be shown.
    pub(super) rect: Option<Rect>,
    /// How near it comes, 0 to 1.
    pub(super) score: f32,
}

/// Looks for a target once.
pub(super) async fn once(target: &Target, stage: &mut Stage<'_>) -> Result<Search, Fault> {
    let glance = Glance::take(Uses::of(target), stage).await?;
    glance.find(target, stage).await
}

/// Where to point at a target: waits until it is there.
pub(super) async fn point(
    target: &Target,
    (id, deadline): (StepId, Instant),
    stage: &mut Stage<'_>,
) -> Result<Point, Fault> {
    if let (Look::Spot(spot), None) = (&target.look, &target.within) {
        let at = match spot {
            Spot::At(point) => *point,
            share @ Spot::Share { .. } => share.resolve(stage.screen().await?),
        };
        return Ok(moved(at, target.offset));
    }
    if stage.settings.dry {
        return Ok(Spot::Share { x: 0.5, y: 0.5 }.resolve(stage.screen().await?));
    }
    match until(target, false, deadline, stage).await? {
        Search::Found(found) => Ok(found.point),
        Search::Missing(missing) => Err(absent(target, &missing, id, stage).await),
    }
}

/// Looks until a target is there, or gone, or until the time is over; answers
/// what was seen last.
pub(super) async fn until(
    target: &Target,
    gone: bool,
    deadline: Instant,
    stage: &mut Stage<'_>,
) -> Result<Search, Fault> {
    let uses = Uses::of(target);
    let mut lookout = Lookout::open(uses, stage).await?;
    let mut last: Option<(Glance, Search)> = None;
    loop {
        let over = Instant::now() >= deadline;
        let glance = Glance::with(lookout.frame(), uses, stage.desktop).await?;
        // The same picture is not searched twice.
        if last.as_ref().is_none_or(|(seen, _)| *seen != glance) {
            let search = glance.find(target, stage).await?;
            if over || matches!(search, Search::Found(_)) != gone {
                return Ok(search);
            }
            last = Some((glance, search));
            lookout.quicken();
        }
        if let Some((_, search)) = last.take_if(|_| over) {
            return Ok(search);
        }
        lookout.next(deadline).await?;
    }
}

/// When to look for a target again.
struct Lookout<'d> {
    source: Source<'d>,
    /// Until the windows are looked at again, if they matter. What is drawn says
    /// when they may be others, but not all that makes a window is drawn.
    pause: Option<Duration>,
}

/// What tells of the picture, or at least of drawings.
enum Source<'d> {
    View(View<'d>),
    Drawings(Drawings<'d>),
}

impl<'d> Lookout<'d> {
    async fn open(uses: Uses, stage: &Stage<'d>) -> Result<Self, Fault> {
        let source = if uses.picture {
            Source::View(stage.eyes.view(None).await?)
        } else {
            Source::Drawings(stage.eyes.drawings(None).await?)
        };
        Ok(Self {
            source,
            pause: uses.windows.then_some(FIRST_PAUSE),
        })
    }

    fn frame(&self) -> Option<Frame> {
        match &self.source {
            Source::View(view) => Some(view.frame().clone()),
            Source::Drawings(_) => None,
        }
    }

    /// Waits until it is time to look again, at most until `until`.
    async fn next(&mut self, mut until: Instant) -> Result<(), Fault> {
        if let Some(pause) = &mut self.pause {
            until = until.min(Instant::now() + *pause);
            *pause = (*pause * 3 / 2).min(LONGEST_PAUSE);
        }
        match &mut self.source {
            Source::View(view) => view.next(until).await.map(drop),
            Source::Drawings(drawings) => drawings.next(until).await.map(drop),
        }
    }

    /// Something is different, so more will be.
    fn quicken(&mut self) {
        self.pause = self.pause.map(|_| FIRST_PAUSE);
    }
}

/// Keeps a picture of what came nearest, and says so.
pub(super) async fn absent(
    target: &Target,
    missing: &Missing,
    id: StepId,
    stage: &mut Stage<'_>,
) -> Fault {
    miss::keep_picture(target, missing, id, stage).await;
    Fault::Failed(Mismatch {
        message: format!("`{target}` is not on the screen"),
        expected: miss::wanted(target, &stage.known),
        seen: miss::seen(missing),
        help: miss::help(target),
        goes_on: false,
    })
}

/// A target that has to be gone and is there.
pub(super) fn present(target: &Target, found: Found, stage: &Stage<'_>) -> Mismatch {
    Mismatch {
        message: format!("`{target}` is still on the screen"),
        expected: format!("{}, gone", miss::wanted(target, &stage.known)),
        seen: format!("it is at {}", found.rect),
        help: None,
        goes_on: false,
    }
}

/// A point and an offset, on the side of the screen that has coordinates.
fn moved(point: Point, offset: Point) -> Point {
    let add = |one: i32, two: i32| one.saturating_add(two).max(0);
    Point::new(add(point.x, offset.x), add(point.y, offset.y))
}
