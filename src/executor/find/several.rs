//! One of several targets, or all of them at once.

use futures_util::future::BoxFuture;

use super::{
    Missing, Near,
    glance::{Candidate, Glance, Seen, nearest, point_of},
    moved,
    relation::Anchors,
    search::{Looked, choose},
};
use crate::{
    executor::{fault::Fault, stage::Stage},
    geometry::{Point, Rect},
    plan::Target,
};

/// By how many pixels in each direction something may be elsewhere than it is said to be:
/// text is not read with the same edges everywhere.
const SLACK: u32 = 4;

impl Glance {
    /// The first of several targets that is there, and lies where it has to.
    pub(super) async fn any(
        &self,
        targets: &[Target],
        (area, anchors): (Rect, &Anchors<'_>),
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        let mut all = Seen::default();
        for target in targets {
            let mut seen = if anchors.is_empty() {
                self.one_of(target, area, stage).await?
            } else {
                self.each_of(target, area, stage).await?
            };
            anchors.keep(&mut seen);
            if !seen.found.is_empty() {
                return Ok(seen);
            }
            all.near.extend(seen.near);
            all.read = seen.read;
            all.why = all.why.or(seen.why);
            all.astray = all.astray.or(seen.astray);
            all.unseen.extend(seen.unseen);
            all.unsure = all.unsure.or(seen.unsure);
        }
        all.near = nearest(all.near);
        Ok(all)
    }

    /// The places where several targets are at once: for each place of the first, the
    /// nearest of each other that is not farther away than it may be.
    pub(super) async fn all(
        &self,
        (target, targets): (&Target, &[Target]),
        area: Rect,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        let mut each = Vec::new();
        let mut unsure = None;
        for entry in targets {
            let seen = self.each_of(entry, area, stage).await?;
            if !seen.found.is_empty() {
                each.push((entry, seen.found));
                continue;
            }
            let missing = Seen {
                outer: seen.outer.or_else(|| Some(entry.to_string())),
                ..seen
            };
            // What is surely not there says more than what cannot be looked at.
            if missing.unsure.is_none() {
                return Ok(missing);
            }
            unsure = unsure.or(Some(missing));
        }
        if let Some(unsure) = unsure {
            return Ok(unsure);
        }
        Ok(together(&each, target.relations.distance))
    }

    /// What is meant by one of several targets, in the area of all of them.
    async fn one_of(
        &self,
        target: &Target,
        area: Rect,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        Ok(match self.clipped(area).find(target, stage).await? {
            super::Search::Found(found) => Seen {
                notes: found.notes,
                ..Seen::found([Candidate {
                    point: Some(found.point),
                    window: found.window,
                    widget: found.widget,
                    ..Candidate::new(found.rect, 1.0)
                }])
            },
            super::Search::Missing(missing) => Seen::missing(missing),
        })
    }

    /// All that may be meant by one of several targets, each with its own point.
    fn each_of<'f>(
        &'f self,
        target: &'f Target,
        area: Rect,
        stage: &'f mut Stage<'_>,
    ) -> BoxFuture<'f, Result<Seen, Fault>> {
        // Targets stand in each other.
        Box::pin(async move {
            let clipped = self.clipped(area);
            let Looked {
                mut seen, inside, ..
            } = match clipped.look(target, stage).await? {
                Ok(looked) => looked,
                Err(missing) => return Ok(Seen::missing(missing)),
            };
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
    fn clipped(&self, area: Rect) -> Self {
        Self {
            screen: area,
            ..self.clone()
        }
    }
}

impl Seen {
    fn missing(missing: Missing) -> Self {
        Self {
            near: missing.near,
            read: missing.read,
            outer: missing.outer,
            why: missing.why,
            astray: missing.astray,
            unseen: missing.unseen,
            unsure: missing.unsure,
            notes: missing.notes,
            ..Self::default()
        }
    }
}

/// The rectangles around what is there together.
fn together(each: &[(&Target, Vec<Candidate>)], distance: Option<u32>) -> Seen {
    let Some(((_, firsts), others)) = each.split_first() else {
        return Seen::default();
    };
    let mut seen = Seen::default();
    for first in firsts {
        let mut group = vec![first];
        let mut lacks = None;
        for (target, candidates) in others {
            match mate(first, (target, candidates), distance, &group) {
                Some(mate) => group.push(mate),
                None => lacks = lacks.or(Some(*target)),
            }
        }
        match lacks {
            None => seen.found.push(around(&group)),
            Some(target) => {
                let rect = first.rect;
                seen.astray
                    .get_or_insert_with(|| format!("`{target}` is not where it has to be"));
                seen.near.push(Near {
                    what: "the first of them, without it".to_owned(),
                    rect: Some(rect),
                    score: 0.0,
                });
            }
        }
    }
    if !seen.found.is_empty() {
        seen.astray = None;
        seen.near.clear();
    }
    seen.near = nearest(seen.near);
    seen
}

/// What of another target belongs to a place of the first: the nearest, as far as it is
/// where it has to be.
fn mate<'c>(
    first: &Candidate,
    (target, candidates): (&Target, &'c [Candidate]),
    distance: Option<u32>,
    taken: &[&Candidate],
) -> Option<&'c Candidate> {
    let free = candidates
        .iter()
        .filter(|candidate| !taken.iter().any(|other| other.rect == candidate.rect));
    let placed = free.filter_map(|candidate| {
        let away = match target.relations.at {
            Some(at) => off(first.rect.corner(), at, candidate.rect.corner())?,
            None => apart(first.rect, candidate.rect),
        };
        let most = distance.filter(|_| target.relations.at.is_none());
        let near = most.is_none_or(|most| away <= i64::from(most) * i64::from(most));
        near.then_some((away, candidate))
    });
    placed
        .min_by_key(|(away, candidate)| (*away, candidate.rect.y, candidate.rect.x))
        .map(|(_, candidate)| candidate)
}

/// How far a corner is from where it has to be, squared; `None` if that is too far.
fn off(first: Point, at: Point, corner: Point) -> Option<i64> {
    let x = i64::from(corner.x) - i64::from(first.x) - i64::from(at.x);
    let y = i64::from(corner.y) - i64::from(first.y) - i64::from(at.y);
    let slack = i64::from(SLACK);
    (x.abs() <= slack && y.abs() <= slack).then_some(x * x + y * y)
}

/// The distance between two rectangles, from edge to edge, squared.
fn apart(one: Rect, two: Rect) -> i64 {
    let gap = |from: (i32, i64), to: (i32, i64)| {
        let before = i64::from(to.0) - from.1;
        let after = i64::from(from.0) - to.1;
        before.max(after).max(0)
    };
    let x = gap((one.x, one.right()), (two.x, two.right()));
    let y = gap((one.y, one.bottom()), (two.y, two.bottom()));
    x * x + y * y
}

/// All of a group as one thing. It belongs to a window if all of it does.
fn around(group: &[&Candidate]) -> Candidate {
    let rects = group.iter().map(|one| one.rect);
    let rect = rects.reduce(Rect::union).unwrap_or_default();
    let scores = group.iter().map(|one| one.score.min(1.0));
    let window = group.first().and_then(|first| first.window.clone());
    let same = |one: &Candidate| one.window == window;
    Candidate {
        window: window.clone().filter(|_| group.iter().copied().all(same)),
        ..Candidate::new(rect, scores.fold(1.0, f32::min))
    }
}
