//! Things that are elsewhere.
//!
//! Which vectors come into question is found by what is distinctive: small squares with
//! a corner in them, which both frames have at different places. A vector is told only
//! if it explains each pixel that differs, in what was covered and in what was uncovered:
//! somebody who reads "moved" looks for nothing else, so a single digit that became
//! another one inside a window that moved must not be hidden by that word.

use std::collections::HashMap;

use super::{
    ground::bed,
    part::Part,
    scene::{Colour, Scene, View, apart, brightness, equal, is_share, points, widened},
};
use crate::geometry::{Point, Rect};

/// Things that moved further than this, in pixels, count as different things.
const FARTHEST: i32 = 600;

/// All vectors up to this are tried, in pixels: a line has no corners.
const SMALL: i32 = 3;

/// How many more vectors are tried: those with the most votes.
const MOST_TRIED: usize = 12;

/// This many things can have moved, each by a vector of its own.
const MOST_MOVES: usize = 4;

/// This many different squares are kept of a frame.
const MOST_SQUARES: usize = 20_000;

/// A square that is at more places than this is not distinctive.
const MOST_PLACES: usize = 6;

/// What is on the other side of a corner differs by more than this, of 255.
const CORNER: u8 = 24;

/// Fewer pixels prove nothing: a letter or two are often a part of others.
const LEAST: usize = 96;

/// Where something moved, some pixels became brighter and some darker: of each at least
/// this many in a hundred of the others. What only grew does not.
const BOTH_WAYS: usize = 20;

/// What moved: which of the parts, and by what vector.
pub(super) fn moves(scene: &Scene<'_>, parts: &[Part], open: &[usize]) -> Vec<(Vec<usize>, Point)> {
    let candidates = candidates(scene, parts, open);
    let grounds: Vec<Option<Colour>> = parts
        .iter()
        .map(|part| bed(scene, part.area.bounds))
        .collect();
    let shift = |by: Point| Shift { scene, by };
    let mut groups: Vec<(Vec<usize>, Point)> = candidates
        .into_iter()
        .map(|by| {
            let members = open.iter().copied();
            let explained = members.filter(|at| shift(by).explains(&parts[*at], grounds[*at]));
            (together(explained.collect(), parts, by), by)
        })
        .filter(|(members, _): &(Vec<usize>, Point)| !members.is_empty())
        .collect();
    let mut found: Vec<(Vec<usize>, Point)> = Vec::new();
    while found.len() < MOST_MOVES {
        let pixels =
            |members: &[usize]| -> u64 { members.iter().map(|at| parts[*at].area.pixels).sum() };
        groups.retain(|(members, by)| {
            is_move(scene, parts, members) && !is_swap(&shift(*by), parts, members, &grounds)
        });
        let far = |by: Point| i64::from(by.x).pow(2) + i64::from(by.y).pow(2);
        let best = groups
            .iter()
            .max_by_key(|(members, by)| (pixels(members), std::cmp::Reverse(far(*by))));
        let Some(best) = best.cloned() else {
            break;
        };
        for (members, _) in &mut groups {
            members.retain(|member| !best.0.contains(member));
        }
        found.push(best);
    }
    found
}

/// A vector to be tried.
struct Shift<'s> {
    scene: &'s Scene<'s>,
    by: Point,
}

impl Shift<'_> {
    /// Whether all that differs in a part came from where the vector says, or went there.
    /// A few pixels rule out most vectors, before all of them are looked at.
    fn explains(&self, part: &Part, ground: Option<Colour>) -> bool {
        let explains = |spot| self.explains_spot(spot, ground);
        part.spots.iter().copied().all(explains) && part.every_spot().all(explains)
    }

    /// Ground is the same everywhere, so it proves nothing, and may be covered or
    /// uncovered. All else has to be where it went to, and to come from somewhere.
    fn explains_spot(&self, spot: Point, ground: Option<Colour>) -> bool {
        let Some([expected, actual]) = self.scene.at(spot) else {
            return false;
        };
        match [expected, actual].map(|colour| is_ground(colour, ground)) {
            [true, true] => false,
            [true, false] => self.came(spot, ground),
            [false, true] => self.went(spot, ground),
            [false, false] => self.came(spot, ground) && self.went(spot, ground),
        }
    }

    /// Whether what is at a place was where the vector says, and is no longer there: what
    /// is at both is a copy.
    fn came(&self, to: Point, ground: Option<Colour>) -> bool {
        let (from, before) = (self.back(to), self.back(self.back(to)));
        let Some(left) = self.scene.actual.at(from) else {
            return false;
        };
        self.is_same(from, to) && (is_ground(left, ground) || self.is_same(before, from))
    }

    /// Whether what was at a place is where the vector says, and was not yet there.
    fn went(&self, from: Point, ground: Option<Colour>) -> bool {
        let Point { x, y } = self.by;
        let on = |at: Point| Point::new(at.x + x, at.y + y);
        let (to, after) = (on(from), on(on(from)));
        let Some(covered) = self.scene.expected.at(to) else {
            return false;
        };
        self.is_same(from, to) && (is_ground(covered, ground) || self.is_same(to, after))
    }

    const fn back(&self, at: Point) -> Point {
        Point::new(at.x - self.by.x, at.y - self.by.y)
    }

    /// Whether one place in the expected frame has the colour of another in the actual one.
    fn is_same(&self, from: Point, to: Point) -> bool {
        let colours = (self.scene.expected.at(from), self.scene.actual.at(to));
        matches!(colours, (Some(from), Some(to)) if equal(from, to))
    }
}

fn is_ground(colour: Colour, ground: Option<Colour>) -> bool {
    ground.is_some_and(|ground| equal(ground, colour))
}

/// Those of the members that neither came from another part nor went to one: where that
/// is not explained, it hides what else became of them.
fn together(mut members: Vec<usize>, parts: &[Part], by: Point) -> Vec<usize> {
    let back = Point::new(-by.x, -by.y);
    loop {
        let meets_other = |member: &usize| {
            let bounds = parts[*member].area.bounds;
            let places = [by, back].map(|by| bounds.shifted(by));
            parts.iter().enumerate().any(|(at, other)| {
                let meets = |place: &Rect| place.intersection(other.area.bounds).is_some();
                !members.contains(&at) && places.iter().any(meets)
            })
        };
        let kept: Vec<usize> = members
            .iter()
            .copied()
            .filter(|member| !meets_other(member))
            .collect();
        if kept.len() == members.len() {
            return kept;
        }
        members = kept;
    }
}

/// Whether something came and something went where a group differs.
fn is_move(scene: &Scene<'_>, parts: &[Part], members: &[usize]) -> bool {
    let (mut brighter, mut darker) = (0, 0);
    let spots = members.iter().flat_map(|at| &parts[*at].spots);
    for [expected, actual] in spots.filter_map(|spot| scene.at(*spot)) {
        let step = brightness(actual) - brightness(expected);
        brighter += usize::from(step > 0);
        darker += usize::from(step < 0);
    }
    let (less, more) = (brighter.min(darker), brighter.max(darker));
    less + more >= LEAST && is_share(less, more, BOTH_WAYS)
}

/// Whether the opposite vector explains a group as well: then two things changed places,
/// as the dot of a radio button does.
fn is_swap(
    shift: &Shift<'_>,
    parts: &[Part],
    members: &[usize],
    grounds: &[Option<Colour>],
) -> bool {
    let back = Shift {
        scene: shift.scene,
        by: Point::new(-shift.by.x, -shift.by.y),
    };
    members
        .iter()
        .all(|at| back.explains(&parts[*at], grounds[*at]))
}

/// The vectors that come into question: the small ones, and those between squares that
/// both frames have.
fn candidates(scene: &Scene<'_>, parts: &[Part], open: &[usize]) -> Vec<Point> {
    let areas: Vec<Rect> = open
        .iter()
        .map(|at| widened(parts[*at].area.bounds, 4))
        .collect();
    let [before, after] = scene.views().map(|view| squares(&view, &areas));
    let mut votes: HashMap<Point, usize> = HashMap::new();
    for (square, from) in before.iter().filter(|(_, from)| from.len() <= MOST_PLACES) {
        let Some(to) = after.get(square).filter(|to| to.len() <= MOST_PLACES) else {
            continue;
        };
        for (from, to) in from
            .iter()
            .flat_map(|from| to.iter().map(move |to| (from, to)))
        {
            let by = Point::new(to.x - from.x, to.y - from.y);
            if by != Point::default() && by.x.abs() <= FARTHEST && by.y.abs() <= FARTHEST {
                *votes.entry(by).or_default() += 1;
            }
        }
    }
    let mut chosen: Vec<(Point, usize)> =
        votes.into_iter().filter(|(_, votes)| *votes > 1).collect();
    chosen.sort_by_key(|(by, votes)| {
        (
            std::cmp::Reverse(*votes),
            by.x.abs() + by.y.abs(),
            by.x,
            by.y,
        )
    });
    let chosen = chosen.into_iter().take(MOST_TRIED).map(|(by, _)| by);
    let edge = u32::try_from(2 * SMALL + 1).unwrap_or(0);
    let small = points(Rect::new(-SMALL, -SMALL, edge, edge));
    let mut tried: Vec<Point> = small.filter(|by| *by != Point::default()).collect();
    for by in chosen {
        if !tried.contains(&by) {
            tried.push(by);
        }
    }
    tried
}

/// The places of each distinctive square of four pixels in some areas, by a digest of
/// its colours.
fn squares(view: &View<'_>, areas: &[Rect]) -> HashMap<u64, Vec<Point>> {
    let mut found: HashMap<u64, Vec<Point>> = HashMap::new();
    for at in areas.iter().copied().flat_map(points) {
        if let Some(digest) = digest(view, at) {
            let places = found.entry(digest).or_default();
            if places.len() <= MOST_PLACES {
                places.push(at);
            }
            // What has more is noise, or a photograph.
            if found.len() >= MOST_SQUARES {
                break;
            }
        }
    }
    found
}

/// A digest of the square around a point at which there is a corner.
fn digest(view: &View<'_>, at: Point) -> Option<u64> {
    let colour = |x: i32, y: i32| view.at(Point::new(at.x + x, at.y + y));
    let here = colour(0, 0)?;
    if apart(here, colour(1, 0)?) <= CORNER || apart(here, colour(0, 1)?) <= CORNER {
        return None;
    }
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    for (x, y) in (-1..3).flat_map(|y| (-1..3).map(move |x| (x, y))) {
        for byte in colour(x, y)? {
            digest = (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Some(digest)
}
