//! One look at the desktop, and the search for a target in it.

use futures_util::future::BoxFuture;

use super::{Found, Known, Missing, Near, Search, moved};
use crate::{
    desktop::wire::{Stack, Widget, Window},
    executor::{fault::Fault, stage::Stage, view::Eyes},
    geometry::{Point, Rect},
    plan::{Look, Target, Within},
    vision::Frame,
};

/// How many near misses are told of.
const NEAR: usize = 3;

/// What a target is looked for in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Uses {
    pub(super) picture: bool,
    pub(super) windows: bool,
    /// What is there is told by the programs, not by the screen.
    pub(super) widgets: bool,
}

impl Uses {
    pub(super) fn of(target: &Target) -> Self {
        let mut uses = match &target.look {
            Look::Spot(_) => Self::default(),
            Look::Pictures { .. } | Look::Text(_) => Self {
                picture: true,
                ..Self::default()
            },
            Look::Window(_) => Self {
                windows: true,
                ..Self::default()
            },
            Look::Widget(_) => Self {
                windows: true,
                widgets: true,
                ..Self::default()
            },
            Look::Any(targets) => targets.iter().map(Self::of).fold(Self::default(), Self::or),
        };
        if let Some(Within::Target(target)) = &target.within {
            uses = uses.or(Self::of(target));
        }
        uses
    }

    const fn or(self, other: Self) -> Self {
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
    screen: Rect,
    pub(super) frame: Option<Frame>,
    pub(super) windows: Vec<Window>,
    /// What lies on what, where windows matter and the desktop tells.
    pub(super) stack: Option<Stack>,
    /// Whether what exists counts, also where it cannot be seen: it has to be gone.
    pub(super) existing: bool,
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

    /// The look at a picture, and at the windows if they matter.
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

    /// Looks for a target.
    pub(super) fn find<'f>(
        &'f self,
        target: &'f Target,
        stage: &'f mut Stage<'_>,
    ) -> BoxFuture<'f, Result<Search, Fault>> {
        // Targets stand in each other.
        Box::pin(async move {
            let Looked {
                seen,
                within,
                inside,
                mut notes,
            } = match self.look(target, stage).await? {
                Ok(looked) => looked,
                Err(missing) => return Ok(Search::Missing(missing)),
            };
            let is_widget = matches!(target.look, Look::Widget(_));
            if is_widget && seen.found.len() > 1 && target.nth.is_none() && !self.existing {
                return Ok(Search::Missing(Missing {
                    area: within,
                    notes,
                    ..Missing::several(&seen.found)
                }));
            }
            let Some(chosen) = choose(&seen.found, target.nth) else {
                notes.extend(seen.notes);
                return Ok(Search::Missing(Missing {
                    near: too_few(&seen.found, target.nth).unwrap_or(seen.near),
                    area: within,
                    read: seen.read,
                    why: seen.why,
                    unseen: seen.unseen,
                    unsure: seen.unsure,
                    notes,
                    ..Missing::default()
                }));
            };
            let is_window = matches!(target.look, Look::Window(_));
            if let Some(window) = &chosen.window
                && is_window
                && seen.found.len() > 1
                && target.nth.is_none()
            {
                let (many, title) = (seen.found.len(), &window.title);
                let at = chosen.rect.corner();
                notes.push(format!(
                    "`{target}` matches {many} windows; using `{title}` at {at}"
                ));
            }
            let rect = chosen.rect;
            let point = seen.point.or(chosen.point);
            let point = point.unwrap_or_else(|| middle(rect, self.screen));
            let (window, widget) = (chosen.window.clone(), chosen.widget.clone());
            notes.extend(seen.notes);
            Ok(Search::Found(Found {
                rect,
                point: moved(point, target.offset),
                window: window.or(inside),
                widget,
                is_window,
                notes,
            }))
        })
    }

    /// Everything that a look brings, whichever of it is meant; or why nothing was
    /// looked at.
    pub(super) async fn look(
        &self,
        target: &Target,
        stage: &mut Stage<'_>,
    ) -> Result<Result<Looked, Missing>, Fault> {
        let mut outer = None;
        let area = match &target.within {
            None => None,
            Some(Within::Area(area)) => Some(*area),
            Some(Within::Target(within)) => match self.find(within, stage).await? {
                Search::Found(found) => Some(outer.insert(found).rect),
                Search::Missing(missing) => {
                    let outer = missing.outer.or_else(|| Some(within.to_string()));
                    return Ok(Err(Missing { outer, ..missing }));
                }
            },
        };
        let area = match area {
            None => self.screen,
            Some(area) => match area.intersection(self.screen) {
                Some(area) => area,
                None => return Ok(Err(Missing::default())),
            },
        };
        let within = target.within.is_some().then_some(area);
        let place = (area, outer.as_ref());
        let mut seen = self.candidates(target, place, stage).await?;
        let (inside, notes) = outer.map_or_else(Default::default, |found| {
            (found.window.clone(), found.notes)
        });
        if let Some(window) = &inside {
            self.keep_parts_of(window, target, &mut seen);
        }
        Ok(Ok(Looked {
            seen,
            within,
            inside,
            notes,
        }))
    }

    /// The places of a target in an area, and what comes near.
    async fn candidates(
        &self,
        target: &Target,
        (area, outer): (Rect, Option<&Found>),
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        match &target.look {
            Look::Spot(spot) => {
                let point = spot.resolve(area.size());
                let corner = area.corner();
                let rect = Rect::new(corner.x + point.x, corner.y + point.y, 1, 1);
                Ok(Seen::found([Candidate::new(rect, 1.0)]))
            }
            Look::Pictures {
                pictures,
                threshold,
                ..
            } => self.pictures(pictures, *threshold, area, stage).await,
            Look::Text(wording) => self.text(wording, area, stage).await,
            Look::Window(look) => self.windows_like(look, area, stage),
            Look::Widget(look) => self.widgets_like(look, (area, outer), stage).await,
            Look::Any(targets) => {
                let mut seen = Seen::default();
                for target in targets {
                    match self.find_in(target, area, stage).await? {
                        Search::Found(found) => {
                            let candidate = Candidate {
                                window: found.window,
                                widget: found.widget,
                                ..Candidate::new(found.rect, 1.0)
                            };
                            return Ok(Seen {
                                point: Some(found.point),
                                notes: found.notes,
                                ..Seen::found([candidate])
                            });
                        }
                        Search::Missing(missing) => {
                            seen.near.extend(missing.near);
                            seen.read = missing.read;
                            seen.why = seen.why.or(missing.why);
                            seen.unseen.extend(missing.unseen);
                            seen.unsure = seen.unsure.or(missing.unsure);
                        }
                    }
                }
                seen.near = nearest(seen.near);
                Ok(seen)
            }
        }
    }

    /// One of several targets, in the area of all of them.
    async fn find_in(
        &self,
        target: &Target,
        area: Rect,
        stage: &mut Stage<'_>,
    ) -> Result<Search, Fault> {
        if area == self.screen {
            return self.find(target, stage).await;
        }
        let clipped = Self {
            screen: area,
            ..self.clone()
        };
        clipped.find(target, stage).await
    }
}

/// Time goes on while everything stays as it is.
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

/// What a look brings, and where it looked.
pub(super) struct Looked {
    pub(super) seen: Seen,
    /// The part of the screen, if not all of it.
    pub(super) within: Option<Rect>,
    /// The window that this part belongs to.
    inside: Option<Known>,
    /// What is to be said of where it was looked for.
    notes: Vec<String>,
}

/// What a look finds in an area.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) found: Vec<Candidate>,
    /// What comes near, the best first.
    pub(super) near: Vec<Near>,
    /// What is written there, if it was read.
    pub(super) read: String,
    /// Where to point, if that is not the middle.
    pub(super) point: Option<Point>,
    /// Why what exists does not count.
    pub(super) why: Option<String>,
    /// The widgets that exist and cannot be seen.
    pub(super) unseen: Vec<Widget>,
    /// Why nobody can tell whether it is there, where that is so.
    pub(super) unsure: Option<String>,
    /// What else is to be said of what was found.
    pub(super) notes: Vec<String>,
}

impl Seen {
    pub(super) fn found(found: impl IntoIterator<Item = Candidate>) -> Self {
        Self {
            found: found.into_iter().collect(),
            ..Self::default()
        }
    }
}

/// The few that come nearest, the best first.
pub(super) fn nearest(mut near: Vec<Near>) -> Vec<Near> {
    near.sort_by(|one, two| two.score.total_cmp(&one.score));
    near.truncate(NEAR);
    near
}

/// The one that is meant: the `nth` in reading order, else the best.
pub(super) fn choose(found: &[Candidate], nth: Option<u32>) -> Option<&Candidate> {
    let mut ordered: Vec<&Candidate> = found.iter().collect();
    ordered.sort_by_key(|candidate| (candidate.rect.y, candidate.rect.x));
    if let Some(nth) = nth {
        let index = usize::try_from(nth).ok()?.checked_sub(1)?;
        return ordered.get(index).copied();
    }
    let mut best: Option<&Candidate> = None;
    for candidate in ordered {
        if best.is_none_or(|best| candidate.score > best.score) {
            best = Some(candidate);
        }
    }
    best
}

/// Where there are some, and not as many as were asked for, those are what was
/// seen.
fn too_few(found: &[Candidate], nth: Option<u32>) -> Option<Vec<Near>> {
    let nth = nth.filter(|_| !found.is_empty())?;
    let many = found.len();
    let near = found.iter().enumerate().map(|(index, candidate)| Near {
        what: format!("number {} of {many}, but not {nth}", index + 1),
        rect: Some(candidate.rect),
        score: candidate.score.min(1.0),
    });
    Some(near.take(NEAR).collect())
}

/// The middle of what can be seen of a place.
pub(super) fn middle(rect: Rect, screen: Rect) -> Point {
    let seen = rect.intersection(screen).unwrap_or(rect);
    let half = |length: u32| i32::try_from(length / 2).unwrap_or(i32::MAX);
    Point::new(seen.x + half(seen.width), seen.y + half(seen.height))
}
