//! Finds targets on the screen.

mod all;
mod any;
pub(super) mod apart;
mod elsewhere;
mod everything;
mod glance;
mod image;
mod miss;
mod position;
mod reach;
mod relation;
mod scroll;
mod search;
mod seek;
pub(super) mod sight;
mod text;
mod verdict;
mod widget;
mod window;

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

pub use self::everything::{Sighting, Sightings, everything};
use self::glance::{Glance, Uses};
pub(super) use self::{
    reach::{Aim, point, reach, reach_widget},
    text::written_in,
    verdict::{absent, held, holds},
    widget::{described, find_in, now},
};
use super::{
    fault::{Fault, seconds},
    stage::Stage,
    view::{Drawings, FIRST_PAUSE, LONGEST_PAUSE, View},
};
use crate::{
    desktop::wire::{Layer, Stack, Widget},
    geometry::{Point, Rect},
    plan::Target,
    vision::Frame,
};

/// How long a look for widgets may go on after the end of the time of its step.
const LONGEST_LOOK: Duration = Duration::from_secs(10);

/// How long a program may take to scroll before it is asked again.
const REVEAL_AGAIN: Duration = Duration::from_millis(500);

/// Something that was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Found {
    /// Where it is.
    pub(super) rect: Rect,
    /// Where to point: its middle, and the target's offset.
    pub(super) point: Point,
    /// The window that it is, or in which it was looked for.
    pub(super) window: Option<Known>,
    /// The widget that it is, if it is one.
    pub(super) widget: Option<Box<Widget>>,
    /// Whether it is a window itself.
    pub(super) is_window: bool,
    /// A note on it.
    pub(super) notes: Vec<String>,
}

/// A window that was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    /// X11's number of it.
    pub(super) id: String,
    pub(super) title: String,
}

/// The result of looking for a target.
#[derive(Clone, Debug)]
pub(super) enum Search {
    Found(Found),
    Missing(Missing),
}

impl Search {
    /// Whether it says that a target is there, or gone.
    const fn is_settled(&self, gone: bool) -> bool {
        match self {
            Self::Found(_) => !gone,
            Self::Missing(missing) => gone && missing.unsure.is_none(),
        }
    }
}

/// What there was instead of a target.
#[derive(Clone, Debug, Default)]
pub(super) struct Missing {
    /// The nearest candidates, the best first.
    pub(super) near: Vec<Near>,
    /// Where it was looked for, if not on the whole screen.
    pub(super) area: Option<Rect>,
    /// The text there, if text was looked for and nothing was similar.
    pub(super) read: String,
    /// The target in which it was looked for, if that is what is missing.
    pub(super) outer: Option<String>,
    /// Why something that exists does not count.
    pub(super) why: Option<String>,
    /// Why what is there lies where it should not.
    pub(super) astray: Option<String>,
    /// How many things match, if that is too many.
    pub(super) several: usize,
    /// The widgets that exist and cannot be seen.
    unseen: Vec<Widget>,
    /// Why it cannot be determined whether it is there, if so.
    pub(super) unsure: Option<String>,
    /// A note on where it was looked for.
    pub(super) notes: Vec<String>,
}

impl Missing {
    /// The same if a target is missing on which another one depends.
    fn of(self, target: &Target) -> Self {
        let outer = self.outer.or_else(|| Some(target.to_string()));
        Self { outer, ..self }
    }

    /// Says something else, each thing once.
    fn note(&mut self, notes: Vec<String>) {
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    /// The same, before what is said already.
    fn note_first(&mut self, notes: Vec<String>) {
        let later = std::mem::replace(&mut self.notes, notes);
        self.note(later);
    }
}

/// Something that is nearly what was looked for.
#[derive(Clone, Debug)]
pub(super) struct Near {
    /// What it is, for people.
    pub(super) what: String,
    /// Where it is, if it can be shown.
    pub(super) rect: Option<Rect>,
    /// How similar it is, 0 to 1.
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
    /// When a widget that is out of view may be scrolled to again; `None` if it never
    /// is.
    reveal: Option<Instant>,
    last: Option<(Glance, Search)>,
    /// Until the windows are looked at again, if they matter. What is drawn says
    /// when they may be others, but not all that makes a window is drawn.
    pause: Option<Duration>,
}

/// What reports the picture, or at least drawings.
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
            reveal: None,
            last: None,
            pause: uses.windows.then_some(FIRST_PAUSE),
        })
    }

    /// The same, which scrolls to a widget that is out of view.
    fn revealing(self) -> Self {
        Self {
            reveal: Some(Instant::now()),
            ..self
        }
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
            let mut glance = self.glance(stage).await?;
            // The nearest candidates are reported once the time is over; until then, the search
            // goes on.
            glance.near |= over;
            let known = self.last.as_ref().map(|(seen, _)| seen);
            // The same picture is not searched twice; widgets change without one.
            if self.uses.widgets || known != Some(&glance) {
                let search = self.look(&glance, target, deadline, stage).await?;
                if known != Some(&glance) {
                    self.pause = self.pause.map(|_| FIRST_PAUSE);
                }
                self.last = Some((glance, search));
            }
            if let Some((_, search)) = &self.last
                && (over || search.is_settled(self.gone))
            {
                return Ok(search.clone());
            }
            self.reveal(deadline, stage).await?;
            self.next(deadline).await?;
        }
    }

    /// Looks for the target; not for ever, even if a program has very many widgets.
    async fn look(
        &self,
        glance: &Glance,
        target: &Target,
        deadline: Instant,
        stage: &mut Stage<'_>,
    ) -> Result<Search, Fault> {
        let looking = glance.find(target, stage);
        if !self.uses.widgets {
            return looking.await;
        }
        let late = deadline.max(Instant::now()) + LONGEST_LOOK;
        timeout_at(late, looking).await.unwrap_or_else(|_| {
            Ok(Search::Missing(Missing {
                unsure: Some(format!(
                    "the widgets were not all read {} after the end of the step's time",
                    seconds(LONGEST_LOOK)
                )),
                ..Missing::default()
            }))
        })
    }

    /// Scrolls to what was found out of view, now and then.
    async fn reveal(&mut self, deadline: Instant, stage: &Stage<'_>) -> Result<(), Fault> {
        let now = Instant::now();
        if self.reveal.is_none_or(|next| now < next) {
            return Ok(());
        }
        if let Some((_, Search::Missing(missing))) = &self.last
            && scroll::reveal(&missing.unseen, deadline, stage).await?
        {
            self.reveal = Some(Instant::now() + REVEAL_AGAIN);
        }
        Ok(())
    }

    /// Looks a second time; returns whether the target is still at the same place.
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
        if same_picture && same_windows && !self.uses.widgets {
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
        Ok(Glance {
            near: !self.uses.widgets,
            ..glance.existing(self.gone)
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
    Point::new(
        point.x.saturating_add(offset.x),
        point.y.saturating_add(offset.y),
    )
}
