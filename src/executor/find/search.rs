//! The search for a target in a look at the desktop.

use futures_util::future::BoxFuture;

use super::{
    Found, Known, Missing, Near, Search,
    glance::{Candidate, Glance, Seen, listed, point_of},
    moved,
    relation::Anchors,
};
use crate::{
    executor::{fault::Fault, stage::Stage},
    geometry::Rect,
    plan::{Look, Target, Within},
};

/// What a look brings, and where it looked.
pub(super) struct Looked {
    pub(super) seen: Seen,
    /// The part of the screen, if not all of it.
    pub(super) within: Option<Rect>,
    /// The window that this part belongs to.
    pub(super) inside: Option<Known>,
    /// What is to be said of where it was looked for.
    notes: Vec<String>,
}

impl Glance {
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
            let is_meant = target.nth.is_some() || !target.relations.sides.is_empty();
            let is_widget = target.look.is_widget();
            if is_widget && seen.found.len() > 1 && !is_meant && !self.existing {
                return Ok(Search::Missing(Missing {
                    area: within,
                    notes,
                    ..Missing::several(&seen.found)
                }));
            }
            let Some(chosen) = choose(&seen.found, target) else {
                notes.extend(seen.notes);
                return Ok(Search::Missing(Missing {
                    near: too_few(&seen.found, target.nth).unwrap_or(seen.near),
                    area: within,
                    read: seen.read,
                    outer: seen.outer,
                    why: seen.why,
                    astray: seen.astray,
                    unseen: seen.unseen,
                    unsure: seen.unsure,
                    notes,
                    ..Missing::default()
                }));
            };
            let is_window = target.look.is_window();
            if let Some(window) = &chosen.window
                && is_window
                && seen.found.len() > 1
                && !is_meant
            {
                let (many, title) = (seen.found.len(), &window.title);
                let at = chosen.rect.corner();
                notes.push(format!(
                    "`{target}` matches {many} windows; using `{title}` at {at}"
                ));
            }
            let rect = chosen.rect;
            let point = point_of(chosen, self.screen);
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
                Search::Missing(missing) => return Ok(Err(missing.of(within))),
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
        let anchors = match self.anchors(target, stage).await? {
            Ok(anchors) => anchors,
            Err(missing) => return Ok(Err(missing)),
        };
        let place = (area, outer.as_ref(), &anchors);
        let mut seen = self.candidates(target, place, stage).await?;
        let (inside, notes) = outer.map_or_else(Default::default, |found| {
            (found.window.clone(), found.notes)
        });
        if let Some(window) = &inside {
            self.keep_parts_of(window, target, &mut seen);
        }
        anchors.keep(&mut seen);
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
        (area, outer, anchors): (Rect, Option<&Found>, &Anchors<'_>),
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        match &target.look {
            Look::Position(spot) => {
                let point = spot.pixel_in(area.size());
                let corner = area.corner();
                let rect = Rect::new(corner.x + point.x, corner.y + point.y, 1, 1);
                Ok(Seen::found([Candidate::new(rect, 1.0)]))
            }
            Look::Image(look) => {
                let pictures = self.pictures(&look.pictures, look.threshold, area, stage);
                pictures.await
            }
            Look::Text(look) => self.text(&look.wording, area, stage).await,
            Look::Window(look) => self.windows_like(look, area, stage),
            Look::Widget(look) => self.widgets_like(look, (area, outer), stage).await,
            Look::Any(look) => self.any(&look.targets, (area, anchors), stage).await,
            Look::All(look) => self.all((target, &look.targets), area, stage).await,
        }
    }
}

/// The one that is meant: the `nth` in reading order, else the best; or the `nth` nearest
/// and else the nearest, for those are in that order.
pub(super) fn choose<'c>(found: &'c [Candidate], target: &Target) -> Option<&'c Candidate> {
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
