//! The pointers of installed cursor themes.

use std::fs;

use xcursor::{
    CursorTheme,
    parser::{Image, parse_xcursor},
};

use super::{
    arrow::{Placed, apart, part},
    letters::room_for,
    shape::short,
    sprite::Sprite,
};
use crate::film::{Place, number};

/// The picture of a theme's pointer.
#[derive(Clone, Debug)]
pub(in crate::film) struct Theme {
    width: usize,
    height: usize,
    /// The pixel that points.
    tip: (f32, f32),
    /// Its nominal height.
    nominal: f32,
    /// Its pixels, as in a [`Sprite`].
    pixels: Vec<[u8; 4]>,
}

/// The longest side of a picture of a pointer, in pixels.
const LARGEST: u32 = 1024;

impl Theme {
    /// The usual pointer of a theme, in the size that is nearest to the wanted one; `None` if
    /// no such theme is installed, or it has none that can be read.
    pub(in crate::film) fn load(name: &str, size: u32) -> Option<Self> {
        let theme = CursorTheme::load(name);
        let names = ["left_ptr", "default", "arrow"];
        let file = names.iter().find_map(|name| theme.load_icon(name))?;
        let images = parse_xcursor(&fs::read(file).ok()?)?;
        let whole = |image: &&Image| {
            image.width.max(image.height) <= LARGEST
                && image.pixels_rgba.len() == image.width as usize * image.height as usize * 4
                && image.width > 0
        };
        let images = images.iter().filter(whole);
        let image = images.min_by_key(|image| (image.size < size, image.size.abs_diff(size)))?;
        let (pixels, _) = image.pixels_rgba.as_chunks::<4>();
        let whole = |n: u32| short(n as usize);
        Some(Self {
            width: image.width as usize,
            height: image.height as usize,
            tip: (whole(image.xhot), whole(image.yhot)),
            nominal: whole(image.size.max(1)),
            // In files, blue comes first, whatever the crate calls it.
            pixels: pixels
                .iter()
                .map(|[blue, green, red, seen]| [*red, *green, *blue, *seen])
                .collect(),
        })
    }

    /// The pointer at a given height; its tip may lie between pixels.
    pub(in crate::film) fn pointer(&self, tip: Place, height: f32) -> Placed {
        let scale = height / self.nominal;
        let tip = Place {
            x: tip.x - f64::from(self.tip.0 * scale),
            y: tip.y - f64::from(self.tip.1 * scale),
        };
        let (corner, (left, top)) = apart(tip, 1);
        let width = room_for(short(self.width) * scale) + 3;
        let high = room_for(short(self.height) * scale) + 3;
        let mut pixels = Vec::with_capacity(width * high);
        for y in 0..high {
            for x in 0..width {
                let from = |at: usize, start: f32| (short(at) + 0.5 - start) / scale - 0.5;
                pixels.push(self.between(from(x, left), from(y, top)));
            }
        }
        Placed {
            sprite: Sprite::of(width, high, pixels),
            corner,
        }
    }

    /// The colour at a place between pixels; transparent outside.
    fn between(&self, x: f32, y: f32) -> [u8; 4] {
        let (left, top) = (x.floor(), y.floor());
        let (right, below) = (x - left, y - top);
        let at = |x: f32, y: f32| -> [u8; 4] {
            if x < 0.0 || y < 0.0 || x >= short(self.width) || y >= short(self.height) {
                return [0; 4];
            }
            let index = |n: f32| usize::try_from(number::rounded(f64::from(n))).unwrap_or(0);
            let pixel = self.pixels.get(index(y) * self.width + index(x));
            pixel.copied().unwrap_or_default()
        };
        let corners = [
            (at(left, top), (1.0 - right) * (1.0 - below)),
            (at(left + 1.0, top), right * (1.0 - below)),
            (at(left, top + 1.0), (1.0 - right) * below),
            (at(left + 1.0, top + 1.0), right * below),
        ];
        std::array::from_fn(|channel| {
            let sum: f32 = corners
                .iter()
                .map(|(pixel, part)| f32::from(pixel[channel]) * part)
                .sum();
            u8::try_from(number::rounded(f64::from(sum))).unwrap_or(u8::MAX)
        })
    }
}

/// The pointer's height as a floating-point number.
pub(in crate::film) fn height(pixels: f64) -> f32 {
    part(pixels)
}
