//! Looking for several targets that are there together.

use super::{
    Missing, Near,
    glance::{Candidate, Glance, Seen, Uses, nearest},
    miss,
    seek::{Place, Seek},
};
use crate::{
    executor::{fault::Fault, stage::Stage, values::Known},
    geometry::{Point, Rect},
    plan::{AllLook, Target},
};

/// By how many pixels in each direction something may be off its given place: text is not read with
/// the same edges everywhere.
const SLACK: u32 = 4;

impl Seek for AllLook {
    fn uses(&self) -> Uses {
        Uses::default()
    }

    /// The places where several targets are at once: for each place of the first, the
    /// nearest of each other that is not farther away than it may be.
    async fn candidates(
        &self,
        glance: &Glance,
        place: &Place<'_>,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        let mut each = Vec::new();
        let mut unsure = None;
        for entry in &self.targets {
            let seen = glance.each_of(entry, place.area, stage).await?;
            if !seen.found.is_empty() {
                each.push((entry, seen.found));
                continue;
            }
            let missing = seen.missing.of(entry);
            // What is certainly missing says more than what cannot be looked at.
            if missing.unsure.is_none() {
                return Ok(Seen::missing(missing));
            }
            unsure = unsure.or(Some(missing));
        }
        Ok(match unsure {
            Some(unsure) => Seen::missing(unsure),
            None => together(&each, place.target.relations.distance),
        })
    }

    fn wanted(&self, known: &Known<'_>) -> String {
        let each = self.targets.iter();
        let each: Vec<String> = each.map(|target| miss::wanted(target, known)).collect();
        each.join("\nwith ")
    }

    fn help(&self, _missing: &Missing) -> Option<&'static str> {
        None
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
                seen.missing
                    .astray
                    .get_or_insert_with(|| format!("`{target}` is not where it has to be"));
                seen.missing.near.push(Near {
                    what: "the first of them, without it".to_owned(),
                    rect: Some(rect),
                    score: 0.0,
                });
            }
        }
    }
    if !seen.found.is_empty() {
        seen.missing.astray = None;
        seen.missing.near.clear();
    }
    seen.missing.near = nearest(seen.missing.near);
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
