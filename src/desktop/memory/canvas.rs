//! A picture to draw on.

use crate::{
    geometry::{Rect, Size},
    vision::Frame,
};

/// Pixels to fill.
pub(super) struct Canvas {
    size: Size,
    pixels: Vec<u8>,
}

impl Canvas {
    pub(super) fn new(size: Size) -> Self {
        let pixels = vec![0; size.width as usize * size.height as usize * 3];
        Self { size, pixels }
    }

    /// Gives a rectangle, as far as it is inside, one colour.
    pub(super) fn fill(&mut self, rect: Rect, colour: [u8; 3]) {
        let Some(rect) = self.size.to_rect().intersection(rect) else {
            return;
        };
        let (left, width) = (rect.x.unsigned_abs() as usize, rect.width as usize);
        let stride = self.size.width as usize * 3;
        let rows = self.pixels.chunks_exact_mut(stride);
        for row in rows
            .skip(rect.y.unsigned_abs() as usize)
            .take(rect.height as usize)
        {
            for pixel in row[left * 3..(left + width) * 3].chunks_exact_mut(3) {
                pixel.copy_from_slice(&colour);
            }
        }
    }

    pub(super) fn into_frame(self) -> Frame {
        let black = |_| Frame::filled(self.size, [0; 3]);
        Frame::new(self.size, self.pixels).unwrap_or_else(black)
    }
}
