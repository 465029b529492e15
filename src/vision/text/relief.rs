//! What stands out of its surroundings, where those are no even ground: shaded
//! buttons, grain, stripes, pictures.
//!
//! Strokes are narrow. A brightness that is found only in places narrower than a
//! square of `SIDE` pixels stands out; this is what morphology calls a top-hat
//! (Meyer, 1979). Slopes, spots and pictures of any other kind take part in it
//! as little as they are wide.

use super::rules::without_rules;
use crate::vision::frame::{CHANNELS, Frame};

/// The side of that square is this twice and one, in pixels: more than the widest
/// stroke of letters up to some 40 pixels high.
const RADIUS: usize = 4;

/// What stands out less than this cannot be told from grain, of 255.
const LEAST: u8 = 32;

/// A part of a letter is at least half as high as what is highest this many pixels
/// around it. What is lower is its shadow, or the pattern that it lies on.
const AROUND: usize = 7;

/// How far each pixel stands out of what is around it.
pub(super) struct Relief {
    pub(super) width: usize,
    /// For each pixel, 0 to 255.
    pub(super) heights: Vec<u8>,
    /// Where nothing stands out.
    pub(super) is_low: Vec<bool>,
    /// Where a frame or a rule was, which is low now.
    pub(super) is_rule: Vec<bool>,
}

/// What is brighter than its surroundings, or darker.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Bright,
    Dark,
}

/// The brightness of a colour by Rec. 601, 0 to 255.
fn brightness([red, green, blue]: [u8; CHANNELS]) -> u8 {
    let sum = u32::from(red) * 77 + u32::from(green) * 150 + u32::from(blue) * 29;
    u8::try_from(sum >> 8).unwrap_or(u8::MAX)
}

/// What stands out of a frame to one side.
pub(super) fn relief(frame: &Frame, side: Side) -> Relief {
    let width = frame.size().width as usize;
    let (colours, _) = frame.bytes().as_chunks::<CHANNELS>();
    let bright = colours.iter().map(|colour| match side {
        Side::Bright => brightness(*colour),
        Side::Dark => u8::MAX - brightness(*colour),
    });
    let bright: Vec<u8> = bright.collect();
    let lowest = spread(&bright, width, RADIUS, u8::min);
    let ground = spread(&lowest, width, RADIUS, u8::max);
    let mut heights = bright;
    for (height, ground) in heights.iter_mut().zip(ground) {
        *height -= ground;
    }
    let mut is_low: Vec<bool> = heights.iter().map(|height| *height < LEAST).collect();
    let is_rule = without_rules(&mut is_low, width, |_, _| true);
    // Frames may stand out more than the text in them, or less.
    for (height, _) in heights.iter_mut().zip(&is_rule).filter(|(_, rule)| **rule) {
        *height = 0;
    }
    let highest = spread(&heights, width, AROUND, u8::max);
    for ((is_low, height), highest) in is_low.iter_mut().zip(&heights).zip(highest) {
        *is_low |= *height < highest / 2;
    }
    Relief {
        width,
        heights,
        is_low,
        is_rule,
    }
}

/// For each pixel the most (or least) of the square around it, which reaches
/// `radius` pixels to all sides. Beyond an edge the picture goes on as the edge
/// does.
fn spread(
    pixels: &[u8],
    width: usize,
    radius: usize,
    more: impl Fn(u8, u8) -> u8 + Copy,
) -> Vec<u8> {
    let (Some(first), true) = (pixels.first(), width > 0) else {
        return Vec::new();
    };
    let mut rows = Vec::with_capacity(pixels.len());
    let mut wide = vec![*first; width + radius * 2];
    for row in pixels.chunks_exact(width) {
        wide[..radius].fill(row[0]);
        wide[radius..radius + width].copy_from_slice(row);
        wide[radius + width..].fill(row[width - 1]);
        let start = rows.len();
        rows.extend_from_slice(&wide[..width]);
        let best = &mut rows[start..];
        for step in 1..=radius * 2 {
            take(best, &wide[step..step + width], more);
        }
    }
    let count = rows.len() / width;
    let row = |y: usize| &rows[y * width..][..width];
    let mut spread = Vec::with_capacity(rows.len());
    for y in 0..count {
        let (top, bottom) = (y.saturating_sub(radius), (y + radius).min(count - 1));
        let start = spread.len();
        spread.extend_from_slice(row(top));
        for near in top + 1..=bottom {
            take(&mut spread[start..], row(near), more);
        }
    }
    spread
}

/// Makes each pixel what is `more`: it, or the other one at its place.
fn take(best: &mut [u8], other: &[u8], more: impl Fn(u8, u8) -> u8) {
    for (best, other) in best.iter_mut().zip(other) {
        *best = more(*best, *other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::{Rect, Size},
        vision::text::{cut::cut_out, scene::Scene, strip::Strip},
    };

    /// A frame of 60 by 30 pixels with three strokes on what `ground` draws.
    fn strokes(ground: impl Fn(i32, i32) -> u8, ink: u8) -> Frame {
        let stroke = |x: i32, y: i32| [20, 25, 30].contains(&x) && (10..20).contains(&y);
        let points = (0..30).flat_map(|y| (0..60).map(move |x| (x, y)));
        let pixel = |(x, y)| [if stroke(x, y) { ink } else { ground(x, y) }; 3];
        Frame::new(Size::new(60, 30), points.flat_map(pixel).collect()).unwrap()
    }

    /// Where lines are that stand out, bright ones first.
    fn found(frame: &Frame) -> [Vec<Rect>; 2] {
        [Side::Bright, Side::Dark].map(|side| {
            let strips = cut_out(&Scene::in_relief(relief(frame, side)));
            strips.iter().map(Strip::inked).collect()
        })
    }

    fn grain(x: i32, y: i32) -> u8 {
        let noise = (x * 7919 + y * 104_729 + x * y * 31) % 17;
        u8::try_from(60 + noise).unwrap()
    }

    /// What is drawn at a place.
    type Ground = fn(i32, i32) -> u8;

    const SLOPE: Ground = |_, y| u8::try_from(30 + y * 6).unwrap();
    const STRIPES: Ground = |x, y| if (x + y) % 24 < 12 { 90 } else { 60 };

    const LINE: Rect = Rect::new(20, 10, 11, 10);

    #[test]
    fn letters_stand_out_of_slopes_grain_and_stripes() {
        for (name, ground) in [
            ("a slope", SLOPE),
            ("grain", grain as Ground),
            ("stripes", STRIPES),
        ] {
            let [bright, _] = found(&strokes(ground, 250));
            assert_eq!(bright, [LINE], "{name}");
            let turned = |x: i32, y: i32| 255 - ground(x, y);
            let [_, dark] = found(&strokes(turned, 5));
            assert_eq!(dark, [LINE], "{name}, dark");
        }
    }

    #[test]
    fn nothing_stands_out_of_a_slope_or_of_grain_alone() {
        let slope = |x: i32, y: i32| u8::try_from(x * 2 + y * 3).unwrap();
        for frame in [strokes(slope, 0), strokes(grain, 68)] {
            let blank = Frame::filled(frame.size(), [7; 3]);
            assert_eq!(found(&blank), [vec![], vec![]]);
        }
        let points = (0..30).flat_map(|y| (0..60).map(move |x| (x, y)));
        let pixels = points.flat_map(|(x, y)| [grain(x, y); 3]);
        let grains = Frame::new(Size::new(60, 30), pixels.collect()).unwrap();
        assert_eq!(found(&grains), [vec![], vec![]]);
    }

    #[test]
    fn the_shadow_of_letters_is_lower_than_they_are() {
        let shadow = |x: i32, y: i32| {
            let below = [21, 26, 31].contains(&x) && (11..21).contains(&y);
            if below { 40 } else { 110 }
        };
        let [bright, _] = found(&strokes(shadow, 255));
        assert_eq!(bright, [LINE]);
    }

    #[test]
    fn empty_pictures_have_no_relief() {
        for size in [Size::new(0, 0), Size::new(0, 5), Size::new(5, 0)] {
            assert_eq!(found(&Frame::filled(size, [9; 3])), [vec![], vec![]]);
        }
    }
}
