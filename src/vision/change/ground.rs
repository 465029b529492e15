//! What a part lies on.

use std::collections::HashMap;

use super::scene::{Colour, Scene, View, equal, is_share, points, sampled, widened};
use crate::geometry::{Point, Rect};

/// How wide the ring around a part is of which its ground is taken, in pixels.
const RING: u32 = 3;

/// A ring has a ground if this many in a hundred of its pixels have one colour.
const MOST: usize = 50;

/// The colour that surrounds an area in both frames; `None` where there is no such one.
pub(super) fn ground(scene: &Scene<'_>, area: Rect) -> Option<Colour> {
    let [expected, actual] = scene.views().map(|view| around(&view, area));
    let (expected, actual) = (expected?, actual?);
    equal(expected, actual).then_some(expected)
}

/// The same, or else the even colour that one of the frames alone has in an area: that of
/// a small field, of which too little surrounds what stands in it. Or else what is beyond
/// a shadow.
pub(super) fn bed(scene: &Scene<'_>, area: Rect) -> Option<Colour> {
    let even = || match scene.views().map(|view| flat(&view, area, 90)) {
        [Some(ground), None] | [None, Some(ground)] => Some(ground),
        _ => None,
    };
    ground(scene, area)
        .or_else(even)
        .or_else(|| ground(scene, widened(area, RING)))
}

fn around(view: &View<'_>, area: Rect) -> Option<Colour> {
    commonest(ring(area).filter_map(|at| view.at(at)), MOST)
}

/// The points around an area.
fn ring(area: Rect) -> impl Iterator<Item = Point> {
    let whole = widened(area, RING);
    let end = |end: i64| i32::try_from(end).unwrap_or(i32::MAX);
    let (right, bottom) = (end(area.right()), end(area.bottom()));
    let sides = [
        Rect::new(whole.x, whole.y, whole.width, RING),
        Rect::new(whole.x, bottom, whole.width, RING),
        Rect::new(whole.x, area.y, RING, area.height),
        Rect::new(right, area.y, RING, area.height),
    ];
    sides.into_iter().flat_map(points)
}

/// The colour of at least this many in a hundred.
pub(super) fn commonest(colours: impl Iterator<Item = Colour>, percent: usize) -> Option<Colour> {
    let mut counts: HashMap<Colour, usize> = HashMap::new();
    for colour in colours {
        *counts.entry(colour).or_default() += 1;
    }
    let all = counts.values().sum();
    // Of equally common ones always the same is taken.
    let (colour, count) = counts
        .into_iter()
        .max_by_key(|(colour, count)| (*count, *colour))?;
    is_share(count, all, percent).then_some(colour)
}

/// The colour that this many in a hundred pixels of an area of a frame have, with a small
/// margin.
pub(super) fn flat(view: &View<'_>, area: Rect, percent: usize) -> Option<Colour> {
    let colours = || sampled(widened(area, 1)).filter_map(|at| view.at(at));
    let colour = commonest(colours(), MOST)?;
    let others = colours().filter(|other| !equal(*other, colour)).count();
    is_share(colours().count() - others, colours().count(), percent).then_some(colour)
}
