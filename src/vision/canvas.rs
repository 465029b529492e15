//! Pixels that pictures for people are drawn on.

use super::{
    font,
    frame::{CHANNELS, Frame},
};
use crate::geometry::{Point, Rect, Size};

pub(super) type Colour = [u8; CHANNELS];

pub(super) const WHITE: Colour = [255; 3];

/// Pixels to draw on; what lies outside is left out.
pub(super) struct Canvas<C = Colour> {
    pub(super) size: Size,
    pixels: Vec<C>,
}

impl<C: Copy> Canvas<C> {
    pub(super) fn new(size: Size, colour: C) -> Self {
        Self {
            size,
            pixels: vec![colour; size.width as usize * size.height as usize],
        }
    }

    /// All pixels, row by row.
    pub(super) fn all_mut(&mut self) -> &mut [C] {
        &mut self.pixels
    }

    pub(super) fn into_pixels(self) -> Vec<C> {
        self.pixels
    }

    /// The pixels of `rect` that are inside, row by row.
    pub(super) fn rows(&mut self, rect: Rect) -> impl Iterator<Item = (i32, &mut [C])> {
        let inside = self.size.to_rect().intersection(rect).unwrap_or_default();
        let (left, width) = (inside.x.unsigned_abs() as usize, inside.width as usize);
        let rows = self
            .pixels
            .chunks_exact_mut(self.size.width.max(1) as usize);
        let rows = rows
            .skip(inside.y.unsigned_abs() as usize)
            .take(inside.height as usize);
        (inside.y..).zip(rows.map(move |row| &mut row[left..left + width]))
    }

    pub(super) fn fill(&mut self, rect: Rect, colour: C) {
        for (_, row) in self.rows(rect) {
            row.fill(colour);
        }
    }

    pub(super) fn outline(&mut self, rect: Rect, colour: C) {
        let Rect {
            x,
            y,
            width,
            height,
        } = rect;
        for inset in 0..2 {
            let (right, bottom) = (
                x + signed(width) - 1 - inset,
                y + signed(height) - 1 - inset,
            );
            self.fill(Rect::new(x, y + inset, width, 1), colour);
            self.fill(Rect::new(x, bottom, width, 1), colour);
            self.fill(Rect::new(x + inset, y, 1, height), colour);
            self.fill(Rect::new(right, y, 1, height), colour);
        }
    }

    /// Stripes from the lower left to the upper right.
    pub(super) fn hatch(&mut self, rect: Rect, colour: C) {
        for (y, row) in self.rows(rect) {
            for (x, pixel) in (0..).zip(row) {
                if (x + y).rem_euclid(6) < 2 {
                    *pixel = colour;
                }
            }
        }
    }

    pub(super) fn text(&mut self, text: &str, corner: Point, scale: u32, colour: C) {
        let dot = signed(scale);
        let mut x = corner.x;
        for letter in text.chars() {
            for (row, dots) in (0..).zip(font::rows(letter)) {
                for column in (0..signed(font::WIDTH)).filter(|c| dots >> (4 - c) & 1 == 1) {
                    let at = Rect::new(x + column * dot, corner.y + row * dot, scale, scale);
                    self.fill(at, colour);
                }
            }
            x += signed(font::WIDTH + font::GAP) * dot;
        }
    }
}

impl Canvas {
    pub(super) fn into_frame(self) -> Frame {
        let bytes = self.pixels.into_flattened();
        Frame::new(self.size, bytes).unwrap_or_else(|_| Frame::filled(self.size, WHITE))
    }

    /// A little darker, so that what is drawn again as it was stands out.
    pub(super) fn dim(&mut self) {
        for channel in self.pixels.as_flattened_mut() {
            *channel -= channel.div_ceil(4);
        }
    }

    /// A frame, every pixel of it `scale` pixels wide and high.
    pub(super) fn enlarged(frame: &Frame, scale: u32) -> Self {
        let Size { width, height } = frame.size();
        let mut canvas = Self::new(Size::new(width * scale, height * scale), WHITE);
        canvas.draw(frame, Point::default(), scale);
        canvas
    }

    /// A frame whose corner is at `corner`, which must not be left of the canvas.
    pub(super) fn draw(&mut self, frame: &Frame, corner: Point, scale: u32) {
        let (pixels, _) = frame.bytes().as_chunks::<CHANNELS>();
        let width = frame.size().width.max(1) as usize;
        let area = Rect::new(
            corner.x,
            corner.y,
            frame.size().width * scale,
            frame.size().height * scale,
        );
        for (y, row) in self.rows(area) {
            let source = (y - corner.y).unsigned_abs() / scale;
            let line = &pixels[source as usize * width..][..width];
            for (pixels, pixel) in row.chunks_mut(scale as usize).zip(line) {
                pixels.fill(*pixel);
            }
        }
    }
}

/// The width of a text of small letters, in pixels, with the gap after it.
pub(super) fn text_width(text: &str) -> u32 {
    let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    letters.saturating_mul(font::WIDTH + font::GAP)
}

/// Coordinates of frames fit: a frame has at most 64 Mpixel.
pub(super) fn signed(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
