//! Finds targets on the screen.

mod apart;
mod elsewhere;
mod everything;
mod glance;
mod miss;
mod picture;
mod reach;
pub(super) mod sight;
mod window;
mod wording;

use std::time::Duration;

use tokio::time::Instant;

pub use self::everything::{Sighting, Sightings, everything};
use self::glance::{Glance, Uses};
pub(super) use self::reach::point;
use super::{
    fault::{Fault, Mismatch},
    stage::Stage,
    view::{Drawings, FIRST_PAUSE, LONGEST_PAUSE, View},
};
use crate::{
    desktop::wire::{Layer, Stack},
    event::StepId,
    geometry::{Point, Rect},
    plan::{Look, Target},
    vision::Frame,
};

/// Something that was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// Where it is.
    pub(super) rect: Rect,
    /// Where to point: its middle, and the target's offset.
    pub(super) point: Point,
    /// The window that it is, or in which it was looked for.
    pub(super) window: Option<Known>,
    /// What else is to be said of it.
    pub(super) notes: Vec<String>,
}

/// A window that was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    /// X11's number of it.
    pub(super) id: String,
    pub(super) title: String,
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
    /// Why something that exists does not count.
    pub(super) why: Option<String>,
    /// What else is to be said of where it was looked for.
    pub(super) notes: Vec<String>,
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

/// Looks for a target once. For one that has to be gone it is enough that it
/// exists.
pub(super) async fn once(
    target: &Target,
    gone: bool,
    stage: &mut Stage<'_>,
) -> Result<Search, Fault> {
    let glance = Glance::take(Uses::of(target), stage).await?;
    glance.existing(gone).find(target, stage).await
}

/// Looks until a target is there, or gone, or until the time is over; answers
/// what was seen last.
pub(super) async fn until(
    target: &Target,
    gone: bool,
    deadline: Instant,
    stage: &mut Stage<'_>,
) -> Result<Search, Fault> {
    let mut lookout = Lookout::open(target, gone, stage).await?;
    lookout.until(target, deadline, stage).await
}

/// When to look for a target again, and what was seen last.
struct Lookout<'d> {
    source: Source<'d>,
    uses: Uses,
    gone: bool,
    last: Option<(Glance, Search)>,
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
    async fn open(target: &Target, gone: bool, stage: &Stage<'d>) -> Result<Self, Fault> {
        let uses = Uses::of(target);
        let source = if uses.picture {
            Source::View(stage.eyes.view(None).await?)
        } else {
            Source::Drawings(stage.eyes.drawings(None).await?)
        };
        Ok(Self {
            source,
            uses,
            gone,
            last: None,
            pause: uses.windows.then_some(FIRST_PAUSE),
        })
    }

    /// Looks until the target is there, or gone, or until the time is over.
    async fn until(
        &mut self,
        target: &Target,
        deadline: Instant,
        stage: &mut Stage<'_>,
    ) -> Result<Search, Fault> {
        loop {
            let over = Instant::now() >= deadline;
            let glance = self.glance(stage).await?;
            // The same picture is not searched twice.
            if self.last.as_ref().is_none_or(|(seen, _)| *seen != glance) {
                let search = glance.find(target, stage).await?;
                self.last = Some((glance, search));
                self.quicken();
            }
            if let Some((_, search)) = &self.last
                && (over || matches!(search, Search::Found(_)) != self.gone)
            {
                return Ok(search.clone());
            }
            self.next(deadline).await?;
        }
    }

    /// Looks a second time; answers whether the target is still at the same place.
    /// `stack` is what lay on the screen a moment ago.
    async fn still_finds(
        &mut self,
        found: &Found,
        target: &Target,
        stack: Option<&Stack>,
        stage: &mut Stage<'_>,
    ) -> Result<bool, Fault> {
        let same_picture = match &mut self.source {
            Source::View(view) => !view.again().await?,
            Source::Drawings(_) => true,
        };
        let seen = self.last.as_ref().map(|(glance, _)| glance);
        let same_windows = !self.uses.windows
            || seen
                .zip(stack)
                .is_some_and(|(seen, stack)| seen.lies_as(stack));
        if same_picture && same_windows {
            return Ok(true);
        }
        let glance = self.glance(stage).await?;
        let search = glance.find(target, stage).await?;
        let same = matches!(&search, Search::Found(now) if now.point == found.point);
        self.last = Some((glance, search));
        Ok(same)
    }

    async fn glance(&self, stage: &Stage<'_>) -> Result<Glance, Fault> {
        let glance = Glance::with(self.frame(), self.uses, stage.eyes).await?;
        Ok(glance.existing(self.gone))
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
    stage.notes.extend(missing.notes.clone());
    let message = match &missing.why {
        Some(why) => format!("`{target}` is not visible: {why}"),
        None => format!("`{target}` is not on the screen"),
    };
    Fault::Failed(Mismatch {
        message,
        expected: miss::wanted(target, &stage.known),
        seen: miss::seen(missing),
        help: miss::help(target).filter(|_| missing.why.is_none()),
        goes_on: false,
    })
}

/// A target that has to be gone and is there.
pub(super) fn present(target: &Target, found: &Found, stage: &Stage<'_>) -> Mismatch {
    let (message, seen) = match &found.window {
        Some(window) if matches!(target.look, Look::Window(_)) => (
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
        goes_on: false,
    }
}

/// A layer for people: the window `Note`, or a popup of it.
fn named(layer: &Layer, stack: &Stack) -> String {
    let owner = layer.owners.iter().find_map(|owner| stack.layer(owner));
    match (layer.title.as_str(), owner) {
        ("", Some(owner)) => format!("a popup of the window `{}`", owner.title),
        ("", None) => "a window without a title".to_owned(),
        (title, _) => format!("the window `{title}`"),
    }
}

/// A point and an offset, on the side of the screen that has coordinates.
fn moved(point: Point, offset: Point) -> Point {
    let add = |one: i32, two: i32| one.saturating_add(two).max(0);
    Point::new(add(point.x, offset.x), add(point.y, offset.y))
}
