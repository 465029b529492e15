//! The search for a target in a look at the desktop.

use futures_util::future::BoxFuture;

use super::{
    Found, Known, Missing, Near, Search,
    glance::{Candidate, Glance, Seen, listed, point_of},
    moved,
    seek::{Place, candidates},
};
use crate::{
    executor::{fault::Fault, stage::Stage},
    geometry::{Point, Rect},
    plan::{Target, Within},
};

/// What a look brings.
pub(super) struct Looked {
    pub(super) seen: Seen,
    /// The window that the part of the screen that was looked at belongs to.
    inside: Option<Known>,
}

impl Looked {
    fn missing(missing: Missing) -> Self {
        Self {
            seen: Seen::missing(missing),
            inside: None,
        }
    }
}

impl Glance {
    /// Looks for a target.
    pub(super) fn find<'f>(
        &'f self,
        target: &'f Target,
        stage: &'f mut Stage<'_>,
    ) -> BoxFuture<'f, Result<Search, Fault>> {
        // Targets are nested.
        Box::pin(async move {
            let Looked { seen, inside } = self.look(target, stage).await?;
            let chosen = match meant(&seen, target, self.existing) {
                Ok(chosen) => chosen,
                Err(missing) => return Ok(Search::Missing(*missing)),
            };
            let is_window = target.look.is_window();
            let mut notes = seen.missing.notes.clone();
            if let Some(window) = &chosen.window
                && is_window
                && seen.found.len() > 1
                && !says_which(target)
            {
                let (many, title) = (seen.found.len(), &window.title);
                let at = chosen.rect.corner();
                notes.push(format!(
                    "`{target}` matches {many} windows; using `{title}` at {at}"
                ));
            }
            let rect = chosen.rect;
            let point = point_of(chosen, self.screen);
            let point = moved(point, target.offset);
            if !self.screen.contains(point) {
                return Ok(Search::Missing(self.outside(point)));
            }
            let (window, widget) = (chosen.window.clone(), chosen.widget.clone());
            Ok(Search::Found(Found {
                rect,
                point,
                window: window.or(inside),
                widget,
                is_window,
                notes,
            }))
        })
    }

    /// What is missing if a target's point is not on the screen: the pointer cannot go there,
    /// and would stop at the edge, on something else.
    fn outside(&self, point: Point) -> Missing {
        let Rect { width, height, .. } = self.screen;
        Missing {
            why: Some(format!(
                "its point {point} is outside the screen, which is {width}x{height}"
            )),
            ..Missing::default()
        }
    }

    /// Everything that a look finds, whichever of it matches; or why nothing was looked at.
    pub(super) async fn look(
        &self,
        target: &Target,
        stage: &mut Stage<'_>,
    ) -> Result<Looked, Fault> {
        let mut outer = None;
        let area = match &target.within {
            None => None,
            Some(Within::Area(area)) => Some(*area),
            Some(Within::Target(within)) => match self.find(within, stage).await? {
                Search::Found(found) => Some(outer.insert(found).rect),
                Search::Missing(missing) => return Ok(Looked::missing(missing.of(within))),
            },
        };
        let area = match area {
            None => self.screen,
            Some(area) => match area.intersection(self.screen) {
                Some(area) => area,
                None => return Ok(Looked::missing(Missing::default())),
            },
        };
        let anchors = match self.anchors(target, stage).await? {
            Ok(anchors) => anchors,
            Err(missing) => return Ok(Looked::missing(missing)),
        };
        let place = Place {
            target,
            area,
            outer: outer.as_ref(),
            anchors: &anchors,
        };
        let mut seen = candidates(self, &place, stage).await?;
        seen.missing.area = target.within.is_some().then_some(area);
        let (inside, notes) = outer.map_or_else(Default::default, |found| {
            (found.window.clone(), found.notes)
        });
        seen.missing.note_first(notes);
        if let Some(window) = &inside {
            self.keep_parts_of(window, target, &mut seen);
        }
        anchors.keep(&mut seen);
        Ok(Looked { seen, inside })
    }

    /// All that may be meant by one of several targets, each with its own point.
    pub(super) fn each_of<'f>(
        &'f self,
        target: &'f Target,
        area: Rect,
        stage: &'f mut Stage<'_>,
    ) -> BoxFuture<'f, Result<Seen, Fault>> {
        // Targets are nested.
        Box::pin(async move {
            let clipped = self.clipped(area);
            let Looked { mut seen, inside } = clipped.look(target, stage).await?;
            if target.nth.is_some() {
                let chosen = choose(&seen.found, target).cloned();
                seen.found = chosen.into_iter().collect();
            }
            for candidate in &mut seen.found {
                candidate.point = Some(moved(point_of(candidate, area), target.offset));
                candidate.window = candidate.window.take().or_else(|| inside.clone());
            }
            Ok(seen)
        })
    }

    /// The same look, at a part of the screen.
    pub(super) fn clipped(&self, area: Rect) -> Self {
        Self {
            screen: area,
            ..self.clone()
        }
    }
}

/// Which one of what was found a step takes, or what it says instead. Where it is enough
/// that something is `existing`, one of several is as good as another.
pub(super) fn meant<'s>(
    seen: &'s Seen,
    target: &Target,
    existing: bool,
) -> Result<&'s Candidate, Box<Missing>> {
    let Seen { found, missing } = seen;
    if target.look.is_widget() && found.len() > 1 && !says_which(target) && !existing {
        return Err(Box::new(Missing {
            area: missing.area,
            notes: missing.notes.clone(),
            ..Missing::several(found)
        }));
    }
    choose(found, target).ok_or_else(|| {
        let mut missing = Box::new(missing.clone());
        if let Some(near) = too_few(found, target.nth) {
            missing.near = near;
        }
        missing
    })
}

/// Whether a target says which one of several is meant.
fn says_which(target: &Target) -> bool {
    target.nth.is_some() || !target.relations.sides.is_empty()
}

/// The match that counts: the `nth` in reading order, or else the best; or the `nth` nearest, or
/// else the nearest, if they are in that order.
fn choose<'c>(found: &'c [Candidate], target: &Target) -> Option<&'c Candidate> {
    let mut ordered: Vec<&Candidate> = found.iter().collect();
    let by_nearness = !target.relations.sides.is_empty();
    if !by_nearness {
        ordered.sort_by_key(|candidate| (candidate.rect.y, candidate.rect.x));
    }
    if let Some(nth) = target.nth.or(by_nearness.then_some(1)) {
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
    let what = |number| format!("number {number} of {many}, but not {nth}");
    let mut near = listed(found, what);
    for (near, candidate) in near.iter_mut().zip(found) {
        near.score = candidate.score.min(1.0);
    }
    Some(near)
}
