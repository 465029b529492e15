//! One look at the desktop, and what may be found in it.

use super::{Known, Missing, Near};
use crate::{
    desktop::wire::{Stack, Widget, Window},
    executor::{fault::Fault, stage::Stage, view::Eyes},
    geometry::{Point, Rect},
    vision::Frame,
};

/// How many near misses are reported.
const NEAR: usize = 3;

/// The place in which a target is looked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Uses {
    pub(super) picture: bool,
    pub(super) windows: bool,
    /// The programs report what is there, not the screen.
    pub(super) widgets: bool,
}

impl Uses {
    /// The one and the other.
    pub(super) const fn or(self, other: Self) -> Self {
        Self {
            picture: self.picture || other.picture,
            windows: self.windows || other.windows,
            widgets: self.widgets || other.widgets,
        }
    }
}

/// One look at the desktop.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Glance {
    pub(super) screen: Rect,
    pub(super) frame: Option<Frame>,
    pub(super) windows: Vec<Window>,
    /// The stacking order, if windows matter and the desktop reports it.
    pub(super) stack: Option<Stack>,
    /// Whether it counts that something exists, even if it cannot be seen: it has to be gone.
    pub(super) existing: bool,
    /// Whether near misses matter, which not every program reports as quickly as matches.
    pub(super) near: bool,
}

impl Glance {
    /// One look now.
    pub(super) async fn take(uses: Uses, stage: &Stage<'_>) -> Result<Self, Fault> {
        let frame = if uses.picture {
            Some(stage.eyes.take(None).await?)
        } else {
            None
        };
        Self::with(frame, uses, stage.eyes).await
    }

    /// A look at a picture, and at the windows if they matter.
    pub(super) async fn with(
        frame: Option<Frame>,
        uses: Uses,
        eyes: Eyes<'_>,
    ) -> Result<Self, Fault> {
        let (windows, stack) = if uses.windows {
            let windows = eyes.windows().await?;
            (windows, eyes.stack(None).await?.map(without_time))
        } else {
            (Vec::new(), None)
        };
        let screen = match &frame {
            Some(frame) => frame.size(),
            None => eyes.screen().await?,
        };
        Ok(Self {
            screen: screen.to_rect(),
            frame,
            windows,
            stack,
            existing: false,
            near: true,
        })
    }

    /// The same look, for which it is enough that something exists.
    pub(super) fn existing(self, existing: bool) -> Self {
        Self { existing, ..self }
    }

    /// All of the screen.
    pub(super) const fn screen(&self) -> Rect {
        self.screen
    }

    /// Whether the windows still lie as they did.
    pub(super) fn lies_as(&self, stack: &Stack) -> bool {
        self.stack
            .as_ref()
            .is_none_or(|seen| *seen == without_time(stack.clone()))
    }
}

/// Lets time pass while everything stays as it is.
fn without_time(stack: Stack) -> Stack {
    Stack { still: 0, ..stack }
}

/// A place where a target may be.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) rect: Rect,
    /// More is better.
    pub(super) score: f32,
    /// The window that it has to be a part of, if that is known.
    pub(super) window: Option<Known>,
    /// The widget that it is, if it is one.
    pub(super) widget: Option<Box<Widget>>,
    /// Where to point, if that is not its middle.
    pub(super) point: Option<Point>,
}

impl Candidate {
    pub(super) const fn new(rect: Rect, score: f32) -> Self {
        Self {
            rect,
            score,
            window: None,
            widget: None,
            point: None,
        }
    }
}

/// What a look finds in an area.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) found: Vec<Candidate>,
    /// What is to be told where nothing of that is meant. What comes near and the notes
    /// matter always.
    pub(super) missing: Missing,
}

impl Seen {
    pub(super) fn found(found: impl IntoIterator<Item = Candidate>) -> Self {
        Self {
            found: found.into_iter().collect(),
            missing: Missing::default(),
        }
    }

    pub(super) const fn missing(missing: Missing) -> Self {
        Self {
            found: Vec::new(),
            missing,
        }
    }
}

/// The few that come nearest, the best first.
pub(super) fn nearest(mut near: Vec<Near>) -> Vec<Near> {
    near.sort_by(|one, two| two.score.total_cmp(&one.score));
    near.truncate(NEAR);
    near
}

/// The first few of what was found, each by its number.
pub(super) fn listed(found: &[Candidate], what: impl Fn(usize) -> String) -> Vec<Near> {
    let near = (1..).zip(found).map(|(number, candidate)| Near {
        what: what(number),
        rect: Some(candidate.rect),
        score: 0.0,
    });
    near.take(NEAR).collect()
}

/// Where to point at a candidate.
pub(super) fn point_of(candidate: &Candidate, screen: Rect) -> Point {
    candidate
        .point
        .unwrap_or_else(|| middle(candidate.rect, screen))
}

/// The middle of what can be seen of a place.
pub(super) fn middle(rect: Rect, screen: Rect) -> Point {
    rect.intersection(screen).unwrap_or(rect).middle()
}
