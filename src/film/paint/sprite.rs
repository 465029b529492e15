//! Transparent pictures, and how they are laid over others.

use image::RgbImage;

use super::shape::Mask;
use crate::{film::style::Colour, geometry::Point};

/// A picture whose pixels have four bytes: red, green and blue, multiplied by the opacity, and the
/// opacity.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::film) struct Sprite {
    pub(in crate::film) width: usize,
    pub(in crate::film) height: usize,
    pixels: Vec<[u8; 4]>,
}

/// `a * b` where both are parts of 255, rounded.
pub(super) fn part(a: u8, b: u8) -> u8 {
    let product = u32::from(a) * u32::from(b) + 128;
    ((product + (product >> 8)) >> 8).to_le_bytes()[0]
}

fn over(above: [u8; 4], below: [u8; 4]) -> [u8; 4] {
    let left = u8::MAX - above[3];
    std::array::from_fn(|index| above[index].saturating_add(part(below[index], left)))
}

impl Sprite {
    /// A completely transparent one.
    pub(in crate::film) fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            pixels: vec![[0; 4]; width * height],
        }
    }

    /// One of pixels whose colours are already multiplied by their opacity.
    pub(super) fn of(width: usize, height: usize, pixels: Vec<[u8; 4]>) -> Self {
        Self {
            width,
            height,
            pixels,
        }
    }

    /// Lays a colour over it wherever a mask of the same size covers it.
    pub(in crate::film) fn ink(&mut self, mask: &Mask, colour: Colour) {
        for (pixel, cover) in self.pixels.iter_mut().zip(&mask.cover) {
            if *cover > 0 {
                *pixel = over(inked(colour, *cover), *pixel);
            }
        }
    }

    /// Lays a colour over it wherever a mask at `corner` covers it.
    pub(super) fn ink_at(&mut self, mask: &Mask, corner: Point, colour: Colour) {
        for (y, row) in mask.cover.chunks_exact(mask.width.max(1)).enumerate() {
            for (x, cover) in row.iter().enumerate().filter(|(_, cover)| **cover > 0) {
                if let Some(pixel) = self.pixel_mut(corner, x, y) {
                    *pixel = over(inked(colour, *cover), *pixel);
                }
            }
        }
    }

    fn pixel_mut(&mut self, corner: Point, x: usize, y: usize) -> Option<&mut [u8; 4]> {
        let inside =
            |start: i32, n: usize| usize::try_from(i64::from(start) + i64::try_from(n).ok()?).ok();
        let (x, y) = (inside(corner.x, x)?, inside(corner.y, y)?);
        if x >= self.width {
            return None;
        }
        self.pixels.get_mut(y * self.width + x)
    }

    /// Lays it over a picture, its corner at `corner`, as far as it is inside, with an opacity of
    /// `alpha` of 255.
    pub(in crate::film) fn over(&self, sheet: &mut RgbImage, corner: Point, alpha: u8) {
        let (wide, high) = (i64::from(sheet.width()), i64::from(sheet.height()));
        let shown = |start: i32, length: usize, end: i64| {
            let first = (-i64::from(start)).max(0);
            let last = (end - i64::from(start)).min(i64::try_from(length).unwrap_or(i64::MAX));
            let index = |n: i64| usize::try_from(n.max(0)).unwrap_or(0);
            index(first)..index(last.max(first))
        };
        let columns = shown(corner.x, self.width, wide);
        let rows = shown(corner.y, self.height, high);
        if columns.is_empty() || rows.is_empty() || alpha == 0 {
            return;
        }
        let left = usize::try_from(corner.x.max(0)).unwrap_or(0);
        let top = usize::try_from(corner.y.max(0)).unwrap_or(0);
        let stride = usize::try_from(wide).unwrap_or(0) * 3;
        let lines = sheet.chunks_exact_mut(stride).skip(top);
        for (line, y) in lines.zip(rows) {
            let (pixels, _) = line[left * 3..].as_chunks_mut::<3>();
            let own = &self.pixels[y * self.width..][columns.clone()];
            for (pixel, above) in pixels.iter_mut().zip(own) {
                blend(pixel, *above, alpha);
            }
        }
    }
}

fn blend(pixel: &mut [u8; 3], above: [u8; 4], alpha: u8) {
    let above = if alpha == u8::MAX {
        above
    } else {
        above.map(|channel| part(channel, alpha))
    };
    match above[3] {
        0 => {}
        u8::MAX => pixel.copy_from_slice(&above[..3]),
        seen => {
            for (channel, above) in pixel.iter_mut().zip(above) {
                *channel = above.saturating_add(part(*channel, u8::MAX - seen));
            }
        }
    }
}

fn inked(colour: Colour, cover: u8) -> [u8; 4] {
    let seen = part(colour.alpha, cover);
    let [red, green, blue] = colour.rgb.map(|channel| part(channel, seen));
    [red, green, blue, seen]
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn full(width: usize, height: usize) -> Mask {
        Mask {
            width,
            height,
            cover: vec![255; width * height],
        }
    }

    #[test]
    fn half_of_white_over_black_is_gray_and_all_of_it_white() {
        let mut sprite = Sprite::new(1, 1);
        sprite.ink(&full(1, 1), Colour::new(255, 255, 255));
        for (alpha, seen) in [(0, 0), (128, 128), (255, 255)] {
            let mut sheet = RgbImage::new(1, 1);
            sprite.over(&mut sheet, Point::new(0, 0), alpha);
            assert_eq!(sheet.get_pixel(0, 0), &Rgb([seen; 3]));
        }
    }

    #[test]
    fn only_what_is_inside_is_drawn() {
        let mut sprite = Sprite::new(3, 3);
        sprite.ink(&full(3, 3), Colour::new(9, 9, 9));
        for corner in [(-2, -2), (3, 3), (-9, 0), (0, 9), (2, -1)] {
            let mut sheet = RgbImage::new(4, 4);
            let corner = Point::new(corner.0, corner.1);
            sprite.over(&mut sheet, corner, 255);
            for (x, y, pixel) in sheet.enumerate_pixels() {
                let [x, y] = [x, y].map(|n| i32::try_from(n).unwrap());
                let covered =
                    (corner.x..corner.x + 3).contains(&x) && (corner.y..corner.y + 3).contains(&y);
                assert_eq!(pixel.0[0] == 9, covered, "{corner} {x},{y}");
            }
        }
    }

    #[test]
    fn products_of_parts_are_rounded() {
        assert!((0..=255).all(|n| part(n, 255) == n && part(n, 0) == 0));
        assert_eq!((part(128, 128), part(1, 127), part(1, 128)), (64, 0, 1));
    }
}
