//! Text cursors: thin upright bars of one colour on an even ground.

use super::{
    ground::commonest,
    part::Part,
    scene::{Colour, Scene, View, apart, brightness, is_share, points},
};
use crate::{
    geometry::{Point, Rect},
    vision::cluster::Cluster,
};

/// This many in a hundred pixels around a bar are ground.
const GROUND: usize = 70;

/// This many in a hundred pixels right beside it are: letters may touch it, but are lower.
const BESIDE: usize = 40;

/// How far what is beside a bar may be from the ground, of 255: the edge of a field.
const NEARLY: u8 = 8;

const MOST_WIDTH: u32 = 3;
const HEIGHTS: std::ops::RangeInclusive<u32> = 8..=64;

/// A cursor is as easy to see as the text. Lines that separate are fainter.
const LEAST_CONTRAST: i32 = 96;

/// How far to each side the letters of its line are looked for, in pixels.
const NEAR: u32 = 40;

/// A cursor reaches below the line that the letters stand on, with at least this many rows.
const BELOW: u32 = 2;

/// If more of a hundred columns with ink have some as low as the end of the bar, the bar
/// is a letter that stands beside them.
const MOST_LOW: usize = 30;

/// Whether all of a part are cursors that came or went.
pub(super) fn is_caret(scene: &Scene<'_>, part: &Part) -> bool {
    let area = part.area.bounds;
    // A letter that it is drawn over may part it.
    if area.width <= MOST_WIDTH {
        return is_upright(area, part.area.pixels) && is_bar(scene, area);
    }
    let is_cursor = |one: &Cluster| is_upright(one.bounds, one.pixels) && is_bar(scene, one.bounds);
    !part.clusters.is_empty() && part.clusters.iter().all(is_cursor)
}

/// Whether this many pixels in a box are a thin bar.
fn is_upright(bar: Rect, pixels: u64) -> bool {
    bar.width <= MOST_WIDTH
        && HEIGHTS.contains(&bar.height)
        && bar.height >= bar.width * 6
        && pixels * 10 >= bar.size().area() * 8
}

fn is_bar(scene: &Scene<'_>, bar: Rect) -> bool {
    let of = |percent| {
        let of = move |view: View<'_>| commonest(points(bar).filter_map(|at| view.at(at)), percent);
        scene.views().map(of)
    };
    // A letter may stand where the bar is drawn over it.
    let ([Some(one), Some(other)], whole) = (of(GROUND), of(100)) else {
        return false;
    };
    if (brightness(one) - brightness(other)).abs() < LEAST_CONTRAST {
        return false;
    }
    // Which of the two is the ground is seen beside it.
    let beside = [
        Rect::new(bar.x - 1, bar.y, 1, bar.height),
        Rect::new(
            bar.x.saturating_add_unsigned(bar.width),
            bar.y,
            1,
            bar.height,
        ),
    ];
    let is_ground = |ground: Colour| {
        let colours = beside.into_iter().flat_map(points);
        let colours: Vec<Colour> = colours.filter_map(|at| scene.actual.at(at)).collect();
        let same = colours
            .iter()
            .filter(|colour| apart(**colour, ground) <= NEARLY);
        is_share(same.count(), colours.len(), BESIDE)
    };
    let ground = match ([one, other].map(is_ground), whole) {
        ([true, false], [_, Some(_)]) => one,
        ([false, true], [Some(_), _]) => other,
        _ => return false,
    };
    !stands_as_letter(&scene.actual, bar, ground)
}

/// Whether letters beside a bar stand on the same line as it.
fn stands_as_letter(view: &View<'_>, bar: Rect, ground: Colour) -> bool {
    let near = i32::try_from(NEAR).unwrap_or(0);
    let low = bar.height - BELOW;
    let ink = |x: i32, rows: std::ops::Range<u32>| {
        rows.into_iter().any(|row| {
            let at = view.at(Point::new(x, bar.y.saturating_add_unsigned(row)));
            at.is_some_and(|colour| apart(colour, ground) > 64)
        })
    };
    let right = bar.x.saturating_add_unsigned(bar.width);
    let columns = (bar.x - near..bar.x - 1).chain(right + 1..right + near);
    let inked: Vec<i32> = columns.filter(|x| ink(*x, 0..bar.height)).collect();
    let lowest = inked.iter().filter(|x| ink(**x, low..bar.height)).count();
    !inked.is_empty() && lowest * 100 > inked.len() * MOST_LOW
}
