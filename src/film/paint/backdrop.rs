//! What is around the screen: a ground with a gradient, a window frame, a soft shadow, and
//! round corners.

use image::{Rgb, RgbImage};

use super::{
    letters::Letters,
    shape::{Mask, Plane, Shape, short},
    sprite::Sprite,
};
use crate::{
    film::style::{Colour, Ground, Layout, Style},
    geometry::{Point, Rect, Size},
};

/// What is around the screen, drawn once for the whole film.
#[derive(Clone, Debug)]
pub(in crate::film) struct Backdrop {
    picture: RgbImage,
    /// The pixels of the screen's corners, through which the ground is visible.
    corners: Vec<Corner>,
}

#[derive(Clone, Copy, Debug)]
struct Corner {
    x: u32,
    y: u32,
    /// How much of the ground is visible, of 255.
    ground: u8,
}

const BAR: Colour = Colour::new(0xe9, 0xea, 0xee);
const BAR_EDGE: Colour = Colour::new(0xc6, 0xc8, 0xcf);
const BAR_INK: Colour = Colour::new(0x3b, 0x3f, 0x4a);
const LIGHTS: [Colour; 3] = [
    Colour::new(0xf2, 0x63, 0x5a),
    Colour::new(0xf3, 0xb9, 0x3e),
    Colour::new(0x51, 0xbf, 0x5b),
];

impl Backdrop {
    /// Draws it.
    pub(in crate::film) fn new(style: &Style, layout: &Layout) -> Self {
        let Some(ground) = style.background.colour else {
            return Self::plain(style, layout);
        };
        let mut picture = gradient(layout.film, ground);
        let whole = with_bar(layout);
        let radius = short(style.background.corners as usize);
        if style.background.shadow {
            let (size, alpha) = (layout.film, 0x78);
            let drop = (short(style.background.padding as usize) * 0.22).min(28.0);
            let blur = (style.background.padding as usize / 7).clamp(2, 26);
            let shape = shape_of(
                size,
                Plane {
                    y: whole.y + drop,
                    ..whole
                },
                radius,
            );
            let soft = shape.blurred(blur);
            lay(&mut picture, &soft, Colour::new(0, 0, 0).with_alpha(alpha));
        }
        let cut = shape_of(layout.film, whole, radius);
        let corners = corners(&cut, layout.stage, style.background.corners);
        if layout.bar > 0 {
            bar(&mut picture, style, layout, &cut);
        }
        Self { picture, corners }
    }

    fn plain(style: &Style, layout: &Layout) -> Self {
        let mut picture = RgbImage::new(layout.film.width, layout.film.height);
        if layout.bar > 0 {
            let cut = shape_of(layout.film, with_bar(layout), 0.0);
            bar(&mut picture, style, layout, &cut);
        }
        Self {
            picture,
            corners: Vec::new(),
        }
    }

    /// Whether none of it is visible around the screen.
    pub(in crate::film) fn is_covered_by(&self, stage: Rect) -> bool {
        let size = Size::new(self.picture.width(), self.picture.height());
        self.corners.is_empty() && stage == size.to_rect()
    }

    /// The film's picture around a screen that is as large as the stage.
    pub(in crate::film) fn around(&self, screen: &RgbImage, stage: Rect) -> RgbImage {
        let mut film = self.picture.clone();
        let index = |n: i32| usize::try_from(n).unwrap_or(0);
        let (stride, length) = (film.width() as usize * 3, screen.width() as usize * 3);
        let left = index(stage.x) * 3;
        let lines = film.chunks_exact_mut(stride).skip(index(stage.y));
        for (line, row) in lines.zip(screen.chunks_exact(length.max(1))) {
            if let Some(place) = line.get_mut(left..left + length) {
                place.copy_from_slice(row);
            }
        }
        for corner in &self.corners {
            let Rgb(ground) = *self.picture.get_pixel(corner.x, corner.y);
            let Rgb(seen) = film.get_pixel_mut(corner.x, corner.y);
            for (channel, ground) in seen.iter_mut().zip(ground) {
                let mixed = u32::from(*channel) * u32::from(255 - corner.ground)
                    + u32::from(ground) * u32::from(corner.ground)
                    + 127;
                *channel = u8::try_from(mixed / 255).unwrap_or(u8::MAX);
            }
        }
        film
    }
}

/// The screen and the bar above it.
fn with_bar(layout: &Layout) -> Plane {
    let Rect {
        x,
        y,
        width,
        height,
    } = layout.stage;
    let start = |n: i32| short(usize::try_from(n).unwrap_or(0));
    let bar = short(layout.bar as usize);
    Plane {
        x: start(x),
        y: start(y) - bar,
        width: short(width as usize),
        height: short(height as usize) + bar,
    }
}

fn shape_of(size: Size, plane: Plane, radius: f32) -> Mask {
    let mut shape = Shape::new(size.width as usize, size.height as usize);
    shape.rounded(plane, radius);
    shape.mask()
}

/// Those pixels of the screen's corners that are not wholly covered by its shape.
fn corners(cut: &Mask, stage: Rect, radius: u32) -> Vec<Corner> {
    let [left, top] = [stage.x, stage.y].map(|n| u32::try_from(n).unwrap_or(0));
    let radius = radius.min(stage.width / 2).min(stage.height / 2);
    let near = |start: u32, length: u32| {
        let end = start + length;
        (start..start + radius).chain(end - radius..end)
    };
    let mut corners = Vec::new();
    for y in near(top, stage.height) {
        for x in near(left, stage.width) {
            let cover = cut.cover.get(y as usize * cut.width + x as usize).copied();
            let ground = u8::MAX - cover.unwrap_or(u8::MAX);
            if ground > 0 {
                corners.push(Corner { x, y, ground });
            }
        }
    }
    corners
}

fn lay(picture: &mut RgbImage, mask: &Mask, colour: Colour) {
    let mut sprite = Sprite::new(mask.width, mask.height);
    sprite.ink(mask, colour);
    sprite.over(picture, Point::new(0, 0), u8::MAX);
}

/// Draws the title bar of a window.
fn bar(picture: &mut RgbImage, style: &Style, layout: &Layout, cut: &Mask) {
    let (width, high) = (cut.width, short(layout.bar as usize));
    let whole = with_bar(layout);
    let mut sprite = Sprite::new(width, cut.height);
    let mut face = cut.clone();
    let first = usize::try_from(layout.stage.y).unwrap_or(0) * width;
    face.cover[first..].fill(0);
    sprite.ink(&face, BAR);
    let mut edge = face;
    edge.cover[..first.saturating_sub(width)].fill(0);
    sprite.ink(&edge, BAR_EDGE);
    let middle = whole.y + high / 2.0;
    for (index, light) in LIGHTS.iter().enumerate() {
        let mut shape = Shape::new(width, cut.height);
        shape.disc(
            whole.x + high * (0.55 + 0.55 * short(index)),
            middle,
            high * 0.155,
        );
        sprite.ink(&shape.mask(), *light);
    }
    let title = style.background.window_title.as_deref().unwrap_or_default();
    let letters = Letters {
        size: high * 0.46,
        bold: false,
    };
    let title = letters.ending(title, whole.width - high * 6.0);
    let (above, capitals) = letters.capitals();
    let x = whole.x + (whole.width - letters.width(&title)) / 2.0;
    letters.write(
        &mut sprite,
        &title,
        (x, middle - capitals / 2.0 - above),
        BAR_INK,
    );
    sprite.over(picture, Point::new(0, 0), u8::MAX);
}

/// A picture whose colours go from the upper left to the lower right corner. Neighbours
/// are mixed in a fixed pattern, so that no bands are seen.
pub(super) fn gradient(size: Size, ground: Ground) -> RgbImage {
    /// An ordered pattern of four by four (Bayer, 1973).
    const PATTERN: [[u32; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
    /// How many steps there are between two adjacent colours.
    const FINE: u32 = 16;

    let Size { width, height } = size;
    let whole = u64::from(width + height).saturating_sub(2).max(1);
    let (from, to) = (ground.from.rgb, ground.to.rgb);
    RgbImage::from_fn(width, height, |x, y| {
        let way = u64::from(x + y);
        let bias = PATTERN[y as usize % 4][x as usize % 4];
        Rgb(std::array::from_fn(|channel| {
            let (from, to) = (u64::from(from[channel]), u64::from(to[channel]));
            let fine = u64::from(FINE);
            let mixed = (from * (whole - way) + to * way) * fine / whole + u64::from(bias);
            u8::try_from((mixed / fine).min(255)).unwrap_or(u8::MAX)
        }))
    })
}
