//! Lines cut out of the screen.

use std::collections::HashMap;

use super::{
    blob::Blob,
    lines::{Line, lines},
    scene::{Paint, Scene},
    strip::{Strip, StripPicture},
};
use crate::{
    geometry::Point,
    vision::frame::{CHANNELS, Frame},
};

/// The white around a line, in pixels of the screen.
const MARGIN: usize = 4;

/// What differs less from its ground cannot be read by anybody, of 255.
const LEAST_CONTRAST: u8 = 24;

/// Of the pixels of a line in relief, this share in percent stands out less than
/// what is drawn black: single pixels that stand out more are not a measure.
const BLACK: usize = 90;

/// What stands out by this part of that is white: grain, and what is left of a
/// pattern.
const WHITE: u32 = 8;

/// The lines of text on the even grounds of a frame, from top to bottom.
pub(super) fn on_grounds(frame: &Frame) -> Vec<Strip> {
    cut_out(&Scene::on_grounds(frame))
}

/// The lines of a scene, from top to bottom.
pub(super) fn cut_out(scene: &Scene) -> Vec<Strip> {
    let lines = lines(scene);
    let strips = lines.iter().filter_map(|line| {
        let (inks, contrast) = match scene.paint() {
            Paint::Colours(colours) => coloured(line, scene, colours)?,
            Paint::Relief(heights) => raised(line, scene, heights)?,
        };
        strip(line, inks, contrast)
    });
    strips.collect()
}

/// How much is drawn at each pixel of a line and the margin around it, 255 where
/// its colour is farthest from that of the ground.
fn coloured(line: &Line, scene: &Scene, colours: &[[u8; CHANNELS]]) -> Option<(Vec<u8>, u8)> {
    let ground = ground_of(&line.around, scene, colours)?;
    let (width, height) = size(line);
    let mut inks = vec![0_u8; width * height];
    let mut most = 0;
    for (x, y) in pixels(line, scene) {
        let ink = difference(colours[scene.at(x, y)?], ground);
        inks[place(line, x, y)] = ink;
        most = most.max(ink);
    }
    if most < LEAST_CONTRAST {
        return None;
    }
    for ink in &mut inks {
        let part = u32::from(*ink) * 255 / u32::from(most);
        *ink = u8::try_from(part).unwrap_or(u8::MAX);
    }
    Some((inks, most))
}

/// How much is drawn at each pixel of a line and the margin around it: how far it
/// stands out. The soft edges of letters are lower than letters are, and taken
/// from around them.
fn raised(line: &Line, scene: &Scene, heights: &[u8]) -> Option<(Vec<u8>, u8)> {
    let mut drawn: Vec<u8> = Vec::new();
    for (x, y) in pixels(line, scene) {
        drawn.push(heights[scene.at(x, y)?]);
    }
    drawn.sort_unstable();
    let contrast = *drawn.get(drawn.len() * BLACK / 100)?;
    let black = u32::from(contrast);
    let white = black / WHITE;
    let (width, height) = size(line);
    let mut inks = vec![0_u8; width * height];
    for (x, y) in pixels(line, scene) {
        for (x, y) in (y.saturating_sub(1)..=y + 1)
            .flat_map(|y| (x.saturating_sub(1)..=x + 1).map(move |x| (x, y)))
        {
            let Some(at) = scene.at(x, y) else { continue };
            let ink = u32::from(heights[at]).saturating_sub(white) * 255 / (black - white).max(1);
            inks[place(line, x, y)] = u8::try_from(ink).unwrap_or(u8::MAX);
        }
    }
    Some((inks, contrast))
}

/// The pixels of a line's blobs.
fn pixels(line: &Line, scene: &Scene) -> impl Iterator<Item = (usize, usize)> {
    line.blobs.iter().flat_map(|index| {
        let blob = scene.blobs[*index];
        let points = blob.points();
        points.filter(|(x, y)| scene.owner(*x, *y) == Some(*index))
    })
}

/// The width and the height of a line with the margin around it.
const fn size(line: &Line) -> (usize, usize) {
    (
        line.around.width() + 2 * MARGIN,
        line.around.height() + 2 * MARGIN,
    )
}

/// The index of a pixel of the screen in the picture of a line. It may lie one
/// pixel outside the line.
const fn place(line: &Line, x: usize, y: usize) -> usize {
    let (column, row) = (x + MARGIN - line.around.left, y + MARGIN - line.around.top);
    row * size(line).0 + column
}

fn strip(line: &Line, inks: Vec<u8>, contrast: u8) -> Option<Strip> {
    let corner = |start: usize| {
        i32::try_from(start)
            .ok()?
            .checked_sub(i32::try_from(MARGIN).ok()?)
    };
    Some(Strip {
        corner: Point::new(corner(line.around.left)?, corner(line.around.top)?),
        contrast,
        picture: StripPicture {
            width: size(line).0,
            pixels: inks.into_iter().map(|ink| u8::MAX - ink).collect(),
            sharp: false,
        },
    })
}

/// The colour that is seen most often on the grounds close around a box.
fn ground_of(around: &Blob, scene: &Scene, colours: &[[u8; CHANNELS]]) -> Option<[u8; CHANNELS]> {
    let mut counts: HashMap<[u8; CHANNELS], usize> = HashMap::new();
    for point in (1..=2).flat_map(|distance| scene.beside(around, distance)) {
        let (x, y) = (
            point.x.unsigned_abs() as usize,
            point.y.unsigned_abs() as usize,
        );
        if let (None, Some(at)) = (scene.owner(x, y), scene.at(x, y)) {
            *counts.entry(colours[at]).or_default() += 1;
        }
    }
    // Of two that are seen equally often, the same one each time.
    counts
        .into_iter()
        .max_by_key(|(colour, count)| (*count, *colour))
        .map(|(colour, _)| colour)
}

fn difference(one: [u8; CHANNELS], other: [u8; CHANNELS]) -> u8 {
    let pairs = one.into_iter().zip(other);
    pairs.fold(0, |most, (one, other)| most.max(one.abs_diff(other)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::{Rect, Size},
        vision::text::scene::tests::boxed,
    };

    #[test]
    fn a_line_is_black_on_white_with_a_margin_whatever_its_colours() {
        let dark = boxed(&[Rect::new(20, 20, 4, 10)]);
        let grey = |byte: &u8| if *byte == 0 { 180 } else { 220 };
        let faint = Frame::new(dark.size(), dark.bytes().iter().map(grey).collect()).unwrap();
        let turned = dark.bytes().iter().map(|byte| 255 - byte).collect();
        let light = Frame::new(dark.size(), turned).unwrap();
        let [strip] = &on_grounds(&dark)[..] else {
            panic!("one line");
        };
        assert_eq!(strip.corner, Point::new(16, 16));
        assert_eq!((strip.picture.width, strip.picture.height()), (12, 18));
        assert_eq!(strip.picture.inked(0, 12), Some(Rect::new(4, 4, 4, 10)));
        for other in [faint, light] {
            let [other] = &on_grounds(&other)[..] else {
                panic!("one line");
            };
            assert_eq!(
                (other.corner, &other.picture),
                (strip.corner, &strip.picture)
            );
        }
    }

    #[test]
    fn what_nobody_can_see_is_not_read() {
        let dark = boxed(&[Rect::new(20, 20, 4, 10)]);
        let faint = |byte: &u8| if *byte == 0 { 240 } else { 255 };
        let frame = Frame::new(dark.size(), dark.bytes().iter().map(faint).collect()).unwrap();
        assert_eq!(on_grounds(&frame), []);
    }

    #[test]
    fn a_picture_cut_closely_around_a_letter_has_it() {
        let frame = boxed(&[Rect::new(20, 20, 4, 10)]);
        let close = frame.crop(Rect::new(19, 19, 6, 12)).unwrap();
        let strips = on_grounds(&close);
        assert_eq!(strips.len(), 1);
        assert_eq!(strips[0].corner, Point::new(-3, -3));
    }

    #[test]
    fn empty_pictures_have_no_lines() {
        for size in [Size::new(0, 0), Size::new(0, 7), Size::new(300, 40)] {
            assert_eq!(on_grounds(&Frame::filled(size, [30; 3])), []);
        }
    }
}
