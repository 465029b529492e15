//! The same shapes in other colours.

use std::collections::HashMap;

use super::{
    ground::{commonest, flat, ground},
    part::Part,
    scene::{Colour, Scene, apart, equal, is_share, points, sampled},
};
use crate::geometry::Rect;

/// Pixels of one expected colour have one actual colour if they are no further from
/// their mean, of 255.
const SPREAD: u8 = 20;

/// This many in a hundred pixels have to fit: of all, and of those that are not ground.
const FITS: usize = 93;
const SHAPES: usize = 85;

/// A colour became one other if no two of its pixels are further apart, of 255: about
/// what the tolerance of the comparison lets pass.
const ONE: u8 = 24;

/// Whether what differs in a part are the colours of the same shapes.
///
/// In the end every pixel has to agree, those of soft edges too: a digit that became
/// another one is a small part of a window in another theme.
pub(super) fn is_recoloured(scene: &Scene<'_>, part: &Part) -> bool {
    let area = part.area.bounds;
    let flat = scene.views().map(|view| flat(&view, inner(area), 99));
    let has_other_colours = match flat.map(|colour| colour.is_some()) {
        [true, true] => of_even_area(scene, part),
        [false, false] => of_shapes(scene, part),
        _ => false,
    };
    has_other_colours && is_one_to_one(scene, area)
}

/// Whether each colour in an area became one other, and each came from one.
fn is_one_to_one(scene: &Scene<'_>, area: Rect) -> bool {
    let mut ranges: [HashMap<Colour, [Colour; 2]>; 2] = [HashMap::new(), HashMap::new()];
    let mut previous = None;
    for pair in points(area).filter_map(|at| scene.at(at)) {
        // Pixels side by side are mostly the same.
        if previous.replace(pair) == Some(pair) {
            continue;
        }
        let [expected, actual] = pair;
        for (ranges, (one, other)) in ranges
            .iter_mut()
            .zip([(expected, actual), (actual, expected)])
        {
            let [least, most] = ranges.entry(one).or_insert([other; 2]);
            for ((least, most), value) in least.iter_mut().zip(most.iter_mut()).zip(other) {
                *least = value.min(*least);
                *most = value.max(*most);
            }
            if apart(*least, *most) > ONE {
                return false;
            }
        }
    }
    true
}

/// Whether strokes in a part have the same shapes in other colours.
fn of_shapes(scene: &Scene<'_>, part: &Part) -> bool {
    let pairs = pairs(scene, part.area.bounds);
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
