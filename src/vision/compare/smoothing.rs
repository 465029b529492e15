//! Pixels that only the smoothing of an edge made different.
//!
//! The method to detect such a pixel is that of Vyšniauskas, "Anti-aliased pixel and intensity
//! slope detector" (2009). pixelmatch uses the same, but forgives a pixel that lies on a smoothed
//! edge in either frame. Here it must lie on one in both: the edge is there, and only its smoothing
//! differs. Otherwise most of a changed letter would be forgiven, because a letter is little else
//! than smoothed edges.

use super::{Pixel, at};
use crate::{geometry::Size, vision::frame::Frame};

/// Whether the pixel lies on a smoothed edge in both frames, of which the part
/// of `size` is compared.
pub(super) fn only_smooths(frames: [&Frame; 2], place: (u32, u32), size: Size) -> bool {
    let [expected, actual] = frames;
    smooths(expected, actual, place, size) && smooths(actual, expected, place, size)
}

/// The luma of Rec. 601.
fn brightness([red, green, blue]: Pixel) -> f32 {
    let [r, g, b] = [red, green, blue].map(f32::from);
    r * 0.298_895 + g * 0.586_622 + b * 0.114_482
}

/// Whether the pixel of `frame` lies on a smoothed edge: it has a darker and a
/// brighter neighbour, few that equal it, and its darkest or its brightest one
/// belongs to an even area in both frames.
fn smooths(frame: &Frame, other: &Frame, place: (u32, u32), size: Size) -> bool {
    let centre = brightness(at(frame, place));
    let mut equal = u32::from(on_border(place, size));
    let (mut darkest, mut brightest) = ((0.0, place), (0.0, place));
    for neighbour in around(place, size) {
        let step = brightness(at(frame, neighbour)) - centre;
        if step == 0.0 {
            equal += 1;
            if equal > 2 {
                return false;
            }
        } else if step < darkest.0 {
            darkest = (step, neighbour);
        } else if step > brightest.0 {
            brightest = (step, neighbour);
        }
    }
    let even = |place| is_even(frame, place, size) && is_even(other, place, size);
    darkest.0 < 0.0 && brightest.0 > 0.0 && (even(darkest.1) || even(brightest.1))
}

/// Whether at least three neighbours have the very colour of a pixel.
fn is_even(frame: &Frame, place: (u32, u32), size: Size) -> bool {
    let colour = at(frame, place);
    let same = around(place, size)
        .filter(|neighbour| at(frame, *neighbour) == colour)
        .count();
    same + usize::from(on_border(place, size)) > 2
}

fn on_border((x, y): (u32, u32), size: Size) -> bool {
    x == 0 || y == 0 || x + 1 == size.width || y + 1 == size.height
}

fn around((x, y): (u32, u32), size: Size) -> impl Iterator<Item = (u32, u32)> {
    let rows = y.saturating_sub(1)..=(y + 1).min(size.height - 1);
    let columns = x.saturating_sub(1)..=(x + 1).min(size.width - 1);
    rows.flat_map(move |row| columns.clone().map(move |column| (column, row)))
        .filter(move |neighbour| *neighbour != (x, y))
}
