//! The ring around a click: it grows and fades.

use super::{
    arrow::{Placed, apart, part},
    letters::room_for,
    shape::{Shape, byte},
    sprite::Sprite,
};
use crate::film::{Place, motion::ease::between, style::Colour};

/// How long a ring is visible, in seconds.
pub(in crate::film) const SECONDS: f64 = 0.55;

/// A ring around a place, at a share (0 to 1) of its time; `scale` is 1 for a screen that is shown
/// in its own size.
pub(in crate::film) fn ring(middle: Place, phase: f64, scale: f64, colour: Colour) -> Placed {
    let left = 1.0 - phase;
    // Fast at first, then slower and slower.
    let way = 1.0 - left * left * left;
    let radius = part(between(7.0, 30.0, way) * scale);
    let line = part(between(4.5, 1.2, way) * scale);
    let margin = room_for(radius + line) + 2;
    let (corner, (x, y)) = apart(middle, margin);
    let side = margin * 2 + 1;
    let mut sprite = Sprite::new(side, side);
    let seen = |strength: f64| {
        let alpha = f64::from(colour.alpha) / 255.0 * strength;
        colour.with_alpha(byte(part(alpha)))
    };
    let mut disc = Shape::new(side, side);
    disc.disc(x, y, radius - line / 2.0);
    sprite.ink(&disc.mask(), seen(0.28 * left * left));
    let mut ring = Shape::new(side, side);
    ring.disc(x, y, radius + line / 2.0);
    ring.disc_hole(x, y, radius - line / 2.0);
    sprite.ink(&ring.mask(), seen((left * 1.4).min(1.0)));
    Placed { sprite, corner }
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    #[test]
    fn a_ring_grows_and_fades() {
        let drawn = |phase| {
            let mut sheet = RgbImage::from_pixel(120, 120, Rgb([255; 3]));
            let ring = ring(
                Place { x: 60.0, y: 60.0 },
                phase,
                1.0,
                Colour::new(0, 0, 255),
            );
            ring.sprite.over(&mut sheet, ring.corner, 255);
            sheet
        };
        let reach = |sheet: &RgbImage| {
            let row = (60..120).filter(|x| sheet.get_pixel(*x, 60).0 != [255; 3]);
            row.max().unwrap_or(60)
        };
        let strongest = |sheet: &RgbImage| sheet.pixels().map(|pixel| pixel.0[0]).min();
        let (early, late, last) = (drawn(0.1), drawn(0.8), drawn(1.0));
        assert!(
            reach(&early) < reach(&late),
            "{} {}",
            reach(&early),
            reach(&late)
        );
        assert!(strongest(&early) < strongest(&late));
        assert_eq!(reach(&last), 60);
    }
}
