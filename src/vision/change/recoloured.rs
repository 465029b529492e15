//! The same shapes in other colours.

use std::collections::HashMap;

use super::{
    ground::{commonest, flat, ground},
    part::Part,
    scene::{Colour, Scene, apart, brightness, equal, is_share, sampled},
};
use crate::geometry::{Point, Rect};

/// Pixels of one expected colour have one actual colour if they are no further from
/// their mean, of 255.
const SPREAD: u8 = 20;

/// So many of a hundred pixels have to fit: of all, and of those that are not ground.
const FITS: usize = 93;
const SHAPES: usize = 85;

/// At least so many of a hundred pixels differ in another theme, and so many edges of a
/// hundred remain; fewer edges prove nothing.
const MOST_DIFFERS: u64 = 60;
const SAME_EDGES: usize = 80;
const LEAST_EDGES: usize = 60;

/// What is an edge between two pixels, of 255.
const EDGE: i32 = 16;

/// Whether what differs in a part are the colours of the same shapes.
pub(super) fn is_recoloured(scene: &Scene<'_>, part: &Part) -> bool {
    let area = part.area.bounds;
    let flat = scene.views().map(|view| flat(&view, inner(area), 99));
    let [was_flat, is_flat] = flat.map(|colour| colour.is_some());
    if was_flat && is_flat {
        return of_even_area(scene, part);
    }
    if was_flat || is_flat {
        return false;
    }
    if same_edges(scene, part) {
        return true;
    }
    let pairs = pairs(scene, area);
    let [expected, actual] = [0, 1].map(|n: usize| commonest(pairs.iter().map(|pair| pair[n]), 0));
    let (Some(expected), Some(actual)) = (expected, actual) else {
        return false;
    };
    let swapped: Vec<[Colour; 2]> = pairs.iter().map(|[one, other]| [*other, *one]).collect();
    same_shapes(&pairs, [expected, actual])
        && fits(&pairs, expected)
        && fits(&swapped, actual)
        && explains(scene, part, &pairs)
}

/// Whether most of a part differs, and yet nearly all edges are where they were: a window
/// in another theme, in which one colour became several.
fn same_edges(scene: &Scene<'_>, part: &Part) -> bool {
    let area = part.area.bounds;
    if part.area.pixels * 100 < area.size().area() * MOST_DIFFERS {
        return false;
    }
    let (mut both, mut either) = (0, 0);
    for at in sampled(area) {
        for next in [Point::new(at.x + 1, at.y), Point::new(at.x, at.y + 1)] {
            let (Some(here), Some(there)) = (scene.at(at), scene.at(next)) else {
                continue;
            };
            let edges =
                [0, 1].map(|n: usize| (brightness(here[n]) - brightness(there[n])).abs() > EDGE);
            both += usize::from(edges == [true; 2]);
            either += usize::from(edges != [false; 2]);
        }
    }
    either >= LEAST_EDGES && is_share(both, either, SAME_EDGES)
}

/// Without the outermost pixels, which an edge may have softened.
fn inner(area: Rect) -> Rect {
    if area.width < 5 || area.height < 5 {
        return area;
    }
    Rect::new(area.x + 2, area.y + 2, area.width - 4, area.height - 4)
}

/// Whether an even area stands on a ground, and did before, but in another colour.
fn of_even_area(scene: &Scene<'_>, part: &Part) -> bool {
    let Some(ground) = ground(scene, part.area.bounds) else {
        return false;
    };
    let differ = |n: usize| {
        let colours = part.spots.iter().filter_map(|spot| scene.at(*spot));
        let others = colours.filter(|pair| !equal(pair[n], ground));
        is_share(others.count(), part.spots.len(), FITS)
    };
    differ(0) && differ(1)
}

/// The colours of a part in both frames.
fn pairs(scene: &Scene<'_>, area: Rect) -> Vec<[Colour; 2]> {
    sampled(area).filter_map(|at| scene.at(at)).collect()
}

/// Whether what is not of the commonest colour is nearly the same in both frames.
fn same_shapes(pairs: &[[Colour; 2]], grounds: [Colour; 2]) -> bool {
    let (mut all, mut one, mut other) = (0, 0, 0);
    for pair in pairs {
        let [before, after] = [0, 1].map(|n: usize| apart(pair[n], grounds[n]) > 40);
        all += usize::from(before && after);
        one += usize::from(before);
        other += usize::from(after);
    }
    // Faint strokes are on either side of what counts as ink.
    all > 0 && all * 100 >= one.min(other) * SHAPES && one.max(other) <= one.min(other) * 2
}

/// The mean other colour of each colour, of those that are nearly the same together.
struct Means(HashMap<Colour, ([u32; 3], u32)>);

impl Means {
    fn of(pairs: &[[Colour; 2]]) -> Self {
        let mut means: HashMap<Colour, ([u32; 3], u32)> = HashMap::new();
        for [one, other] in pairs {
            let (sums, count) = means.entry(one.map(|value| value >> 3)).or_default();
            for (sum, value) in sums.iter_mut().zip(other) {
                *sum += u32::from(*value);
            }
            *count += 1;
        }
        Self(means)
    }

    /// What a colour becomes; `None` where there are too few of it to tell.
    fn get(&self, colour: Colour) -> Option<Colour> {
        let (sums, count) = self.0.get(&colour.map(|value| value >> 3))?;
        (*count > 1).then(|| sums.map(|sum| u8::try_from(sum / count).unwrap_or(u8::MAX)))
    }
}

/// Whether each colour became one other, also without the commonest of them.
fn fits(pairs: &[[Colour; 2]], ground: Colour) -> bool {
    let means = Means::of(pairs);
    let (mut fits, mut known) = ([0, 0], [0, 0]);
    for [one, other] in pairs {
        let Some(mean) = means.get(*one) else {
            continue;
        };
        let fit = usize::from(apart(mean, *other) <= SPREAD);
        let is_ink = apart(*one, ground) > 40;
        for kind in 0..=usize::from(is_ink) {
            known[kind] += 1;
            fits[kind] += fit;
        }
    }
    is_share(known[0], pairs.len(), 70)
        && is_share(fits[0], known[0], FITS)
        && (known[1] == 0 || is_share(fits[1], known[1], SHAPES))
}

/// Whether the new colours explain what differs much better than the old ones do.
fn explains(scene: &Scene<'_>, part: &Part, pairs: &[[Colour; 2]]) -> bool {
    let means = Means::of(pairs);
    let (mut left, mut step) = (0_u64, 0_u64);
    for spot in &part.spots {
        let Some([expected, actual]) = scene.at(*spot) else {
            continue;
        };
        if let Some(mean) = means.get(expected) {
            left += u64::from(apart(mean, actual));
            step += u64::from(apart(expected, actual));
        }
    }
    step > 0 && left * 3 <= step
}
