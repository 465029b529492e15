//! The pointer that this program draws: an arrow, the same on every machine.

use super::{
    letters::room_for,
    shape::{Mask, Shape, short},
    sprite::Sprite,
};
use crate::{
    film::{Place, style::Colour},
    geometry::Point,
};

/// The corners of the arrow, clockwise from its tip, for a height of 1.
const CORNERS: [(f32, f32); 7] = [
    (0.0, 0.0),
    (0.625, 0.61),
    (0.355, 0.635),
    (0.505, 0.955),
    (0.375, 1.0),
    (0.232, 0.682),
    (0.0, 0.88),
];

/// The width of its light edge, as a part of its height.
const EDGE: f32 = 0.055;

const FILL: Colour = Colour::new(0x10, 0x11, 0x14);
const LIGHT: Colour = Colour::new(0xff, 0xff, 0xff);
const SHADE: Colour = Colour::new(0, 0, 0).with_alpha(0x70);

/// A sprite and the place of its corner.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::film) struct Placed {
    pub(in crate::film) sprite: Sprite,
    pub(in crate::film) corner: Point,
}

/// An arrow of a given height, whose tip may lie between the pixels of a film.
pub(in crate::film) fn arrow(tip: Place, height: f32, shadow: bool) -> Placed {
    let blur = room_for(height * 0.05).max(1);
    let edge = height * EDGE;
    // Room for the edge, and for the shadow with its three means.
    let margin = room_for(edge) + blur * 3 + 2;
    let (corner, shift) = apart(tip, margin);
    let width = room_for(height * 0.66) + margin * 2 + 1;
    let high = room_for(height * 1.08) + margin * 2 + 1;
    let on_sheet =
        |drop: f32| CORNERS.map(|(x, y)| (shift.0 + x * height, shift.1 + y * height + drop));
    let mut sprite = Sprite::new(width, high);
    if shadow {
        let shape = outlined(width, high, &on_sheet(height * 0.05), edge);
        sprite.ink(&shape.blurred(blur), SHADE);
    }
    let corners = on_sheet(0.0);
    sprite.ink(&outlined(width, high, &corners, edge), LIGHT);
    let mut fill = Shape::new(width, high);
    fill.polygon(&corners);
    sprite.ink(&fill.mask(), FILL);
    Placed { sprite, corner }
}

/// The whole pixel at which a sheet begins, and the place on it, if this many pixels are left free
/// before it.
pub(super) fn apart(place: Place, margin: usize) -> (Point, (f32, f32)) {
    let axis = |at: f64| {
        let floor = at.floor();
        (whole(floor), part(at - floor) + short(margin))
    };
    let ((x, left), (y, top)) = (axis(place.x), axis(place.y));
    let margin = i32::try_from(margin).unwrap_or(0);
    (Point::new(x - margin, y - margin), (left, top))
}

#[expect(clippy::cast_possible_truncation, reason = "places of a film fit")]
fn whole(at: f64) -> i32 {
    at as i32
}

#[expect(clippy::cast_possible_truncation, reason = "no pixel is cut so finely")]
pub(super) fn part(at: f64) -> f32 {
    at as f32
}

/// A polygon enlarged by a margin, with round corners.
fn outlined(width: usize, height: usize, corners: &[(f32, f32)], edge: f32) -> Mask {
    let mut shape = Shape::new(width, height);
    shape.polygon(corners);
    for (index, from) in corners.iter().enumerate() {
        let to = corners[(index + 1) % corners.len()];
        let (x, y) = (to.0 - from.0, to.1 - from.1);
        let long = (x * x + y * y).sqrt().max(f32::EPSILON);
        let (x, y) = (-y / long * edge, x / long * edge);
        shape.polygon(&[
            (from.0 - x, from.1 - y),
            (to.0 - x, to.1 - y),
            (to.0 + x, to.1 + y),
            (from.0 + x, from.1 + y),
        ]);
        shape.disc(from.0, from.1, edge);
    }
    shape.mask()
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    #[test]
    fn the_tip_is_where_it_points_wherever_between_pixels_that_is() {
        let blue = Rgb([0, 0, 200]);
        for tip in [(50.0, 50.0), (50.5, 50.25)] {
            let placed = arrow(Place { x: tip.0, y: tip.1 }, 30.0, false);
            let mut sheet = RgbImage::from_pixel(100, 100, blue);
            placed.sprite.over(&mut sheet, placed.corner, 255);
            assert_eq!(sheet.get_pixel(50, 46), &blue);
            assert_ne!(sheet.get_pixel(51, 52), &blue);
            // Inside it is dark.
            assert_eq!(sheet.get_pixel(54, 62).0, FILL.rgb);
        }
    }

    #[test]
    fn a_quarter_of_a_pixel_makes_a_difference() {
        let at = |x: f64| arrow(Place { x, y: 9.0 }, 30.0, true);
        assert_eq!(at(5.0).corner, at(5.25).corner);
        assert_ne!(at(5.0).sprite, at(5.25).sprite);
        assert_eq!(at(5.0).sprite, at(6.0).sprite);
    }
}
