//! Targets that are described by their position relative to others.

use super::{
    Known, Missing, Search,
    glance::{Candidate, Glance, Seen, listed, middle},
};
use crate::{
    executor::{fault::Fault, stage::Stage},
    geometry::{Point, Rect},
    plan::{Side, Target},
};

/// The targets that another one is seen from, where they are now.
pub(super) struct Anchors<'t> {
    each: Vec<Anchor<'t>>,
    /// How far from each of them it may be, in pixels.
    distance: Option<u32>,
}

struct Anchor<'t> {
    side: Side,
    target: &'t Target,
    rect: Rect,
    /// The window that it is in, if that is known.
    window: Option<Known>,
}

impl Glance {
    /// Finds the targets that another one is relative to. If one of them is missing, so is that
    /// target.
    pub(super) async fn anchors<'t>(
        &self,
        target: &'t Target,
        stage: &mut Stage<'_>,
    ) -> Result<Result<Anchors<'t>, Missing>, Fault> {
        let mut each = Vec::new();
        for (side, other) in &target.relations.sides {
            match self.find(other, stage).await? {
                Search::Found(found) => each.push(Anchor {
                    side: *side,
                    target: other,
                    rect: found.rect,
                    window: found.window,
                }),
                Search::Missing(missing) => return Ok(Err(missing.of(other))),
            }
        }
        Ok(Ok(Anchors {
            each,
            distance: target.relations.distance,
        }))
    }
}

impl Anchors<'_> {
    /// Whether the target is not relative to any other one.
    pub(super) fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// Keeps what lies on the right sides, the nearest first, and what is in another window
    /// last; says so where nothing does.
    pub(super) fn keep(&self, seen: &mut Seen) {
        if self.is_empty() {
            return;
        }
        let away = |rect| self.away(rect);
        seen.missing
            .unseen
            .retain(|widget| widget.area.and_then(away).is_some());
        if seen.found.is_empty() {
            return;
        }
        let found = std::mem::take(&mut seen.found);
        let many = found.len();
        let mut kept: Vec<(Away, Candidate)> = found
            .iter()
            .filter_map(|candidate| Some((self.away(candidate.rect)?, candidate.clone())))
            .collect();
        kept.sort_by_key(|(away, candidate)| (self.is_elsewhere(candidate), *away));
        seen.found = kept.into_iter().map(|(_, candidate)| candidate).collect();
        if seen.found.is_empty() {
            seen.missing.near = listed(&found, |number| format!("number {number} of {many}"));
            seen.missing.astray = Some(self.words(many));
        }
    }

    /// Whether something is known to be in another window than what it is seen from: it only
    /// happens to lie next to it.
    fn is_elsewhere(&self, candidate: &Candidate) -> bool {
        let Some(window) = &candidate.window else {
            return false;
        };
        let mut windows = self.each.iter().filter_map(|anchor| anchor.window.as_ref());
        windows.any(|other| other.id != window.id)
    }

    /// How far away something is, if it lies as it has to.
    fn away(&self, rect: Rect) -> Option<Away> {
        let mut sum = Away {
            gaps: 0,
            aslant: 0,
            corner: (rect.y, rect.x),
        };
        for anchor in &self.each {
            let (gap, aslant) = anchor.away(rect)?;
            if self.distance.is_some_and(|most| gap > i64::from(most)) {
                return None;
            }
            sum.gaps += gap;
            sum.aslant += aslant;
        }
        Some(sum)
    }

    /// Why nothing that was found matches.
    fn words(&self, many: usize) -> String {
        let each = self.each.iter().map(|anchor| {
            let Anchor {
                side, target, rect, ..
            } = anchor;
            format!("{} `{target}` ({rect})", side.words())
        });
        let each: Vec<String> = each.collect();
        let far = self.distance;
        let far = far.map_or_else(String::new, |most| format!(" within {most} pixels"));
        let (matches, none) = match many {
            1 => ("1 match".to_owned(), "it is not"),
            _ => (format!("{many} matches"), "none of them is"),
        };
        format!("{matches}, but {none} {}{far}", each.join(" and "))
    }
}

/// How far away something is: by the gaps between it and what it is seen from, then by
/// how far its middle is out of line, then in reading order.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
struct Away {
    gaps: i64,
    aslant: i64,
    corner: (i32, i32),
}

impl Anchor<'_> {
    /// The gap to something, and how far that is out of line; `None` if it lies elsewhere.
    fn away(&self, rect: Rect) -> Option<(i64, i64)> {
        let (from, to) = (center(self.rect), center(rect));
        let beside = overlap((rect.y, rect.bottom()), (self.rect.y, self.rect.bottom()));
        let stacked = overlap((rect.x, rect.right()), (self.rect.x, self.rect.right()));
        let (left, top) = (i64::from(self.rect.x), i64::from(self.rect.y));
        let (x, y) = (i64::from(to.x), i64::from(to.y));
        let (lies, gap) = match self.side {
            Side::RightOf => (
                beside && x >= self.rect.right(),
                i64::from(rect.x) - self.rect.right(),
            ),
            Side::LeftOf => (beside && x < left, left - rect.right()),
            Side::Below => (
                stacked && y >= self.rect.bottom(),
                i64::from(rect.y) - self.rect.bottom(),
            ),
            Side::Above => (stacked && y < top, top - rect.bottom()),
        };
        let aslant = match self.side {
            Side::RightOf | Side::LeftOf => y - i64::from(from.y),
            Side::Below | Side::Above => x - i64::from(from.x),
        };
        lies.then_some((gap.max(0), aslant.abs()))
    }
}

fn overlap(one: (i32, i64), two: (i32, i64)) -> bool {
    i64::from(one.0) < two.1 && i64::from(two.0) < one.1
}

fn center(rect: Rect) -> Point {
    middle(rect, rect)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Look, Relations, Spot};

    fn away(side: Side, rect: Rect) -> Option<(i64, i64)> {
        let target = Target::new(
            Look::Position(Spot::At(Point::default())),
            (None, Relations::default()),
            None,
            Point::default(),
        );
        let anchor = Anchor {
            side,
            target: &target,
            rect: Rect::new(100, 100, 50, 20),
            window: None,
        };
        anchor.away(rect)
    }

    #[test]
    fn what_lies_on_a_side_has_its_middle_there_and_is_in_line() {
        let right = Rect::new(160, 95, 80, 30);
        assert_eq!(away(Side::RightOf, right), Some((10, 0)));
        assert_eq!(away(Side::LeftOf, right), None);
        assert_eq!(away(Side::Below, right), None, "it is not in line");
        let below = Rect::new(110, 130, 10, 10);
        assert_eq!(away(Side::Below, below), Some((10, 10)));
        assert_eq!(away(Side::Above, below), None);
        assert_eq!(away(Side::RightOf, below), None);
        let overlapping = Rect::new(140, 100, 40, 20);
        assert_eq!(
            away(Side::RightOf, overlapping),
            Some((0, 0)),
            "its middle is to the right"
        );
        assert_eq!(away(Side::LeftOf, Rect::new(0, 119, 90, 9)), Some((10, 13)));
        assert_eq!(away(Side::LeftOf, Rect::new(0, 120, 90, 9)), None);
    }

    #[test]
    fn what_is_in_the_same_window_is_meant_before_what_is_nearer_in_another() {
        let known = |id: &str| {
            Some(Known {
                id: id.to_owned(),
                title: String::new(),
            })
        };
        let target = Target::new(
            Look::Position(Spot::At(Point::default())),
            (None, Relations::default()),
            None,
            Point::default(),
        );
        let anchors = Anchors {
            each: vec![Anchor {
                side: Side::RightOf,
                target: &target,
                rect: Rect::new(100, 100, 50, 20),
                window: known("0x2"),
            }],
            distance: None,
        };
        let at = |x, id| Candidate {
            window: known(id),
            ..Candidate::new(Rect::new(x, 100, 40, 20), 1.0)
        };
        let mut seen = Seen::found([at(160, "0x1"), at(300, "0x2")]);
        anchors.keep(&mut seen);
        let kept: Vec<i32> = seen.found.iter().map(|found| found.rect.x).collect();
        assert_eq!(kept, [300, 160]);
    }
}
