//! A picture of few colours: one byte for each pixel, a third of what a frame
//! takes to draw, to pack and to keep.

use super::{
    both,
    canvas::{Canvas, Colour, WHITE},
    frame::{CHANNELS, Frame},
    png::encode_palette,
};
use crate::geometry::{Point, Size};

/// The greys that a pale picture has; the inks follow them.
const GREYS: u8 = 86;

/// The colours beside the greys, in the order of the palette.
const INKS: [(Ink, Colour); 5] = [
    (Ink::DIFFERS, [226, 32, 44]),
    (Ink::FORGIVEN, [240, 190, 40]),
    (Ink::MASKED, [96, 140, 210]),
    (Ink::BOX, [214, 0, 110]),
    (Ink::PAPER, WHITE),
];

/// A colour of the palette, by its number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Ink(u8);

impl Ink {
    pub(super) const DIFFERS: Self = Self(GREYS);
    pub(super) const FORGIVEN: Self = Self(GREYS + 1);
    pub(super) const MASKED: Self = Self(GREYS + 2);
    pub(super) const BOX: Self = Self(GREYS + 3);
    pub(super) const PAPER: Self = Self(GREYS + 4);

    pub(super) fn colour(self) -> Colour {
        let ink = INKS.iter().find(|(ink, _)| *ink == self);
        ink.map_or([170 + self.0.min(GREYS - 1); CHANNELS], |(_, colour)| {
            *colour
        })
    }
}

/// A picture of few colours.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagram {
    size: Size,
    /// The number of each pixel's colour in the palette.
    pixels: Vec<u8>,
}

impl Diagram {
    /// Its size in pixels.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The colour at `point`; `None` outside.
    #[must_use]
    pub fn pixel(&self, point: Point) -> Option<Colour> {
        if !self.size.contains(point) {
            return None;
        }
        let [x, y] = [point.x, point.y].map(|n| n.unsigned_abs() as usize);
        let number = self.pixels.get(y * self.size.width as usize + x)?;
        Some(Ink(*number).colour())
    }

    /// The same as a frame.
    #[must_use]
    pub fn to_frame(&self) -> Frame {
        let palette: Vec<Colour> = (0..=u8::MAX).map(|number| Ink(number).colour()).collect();
        let pixels = self
            .pixels
            .iter()
            .map(|number| palette[usize::from(*number)]);
        let bytes = pixels.collect::<Vec<Colour>>().into_flattened();
        Frame::new(self.size, bytes).unwrap_or_else(|_| Frame::filled(self.size, WHITE))
    }

    /// Writes a PNG with a palette, fast rather than small.
    #[must_use]
    pub fn encode_png(&self) -> Vec<u8> {
        let inks = GREYS + u8::try_from(INKS.len()).unwrap_or(0);
        let palette: Vec<Colour> = (0..inks).map(|number| Ink(number).colour()).collect();
        encode_palette(self.size, &palette, &self.pixels)
    }
}

impl Canvas<Ink> {
    /// A canvas of `size`, at least that of `frame`, with the frame on it in
    /// greys so light that marks stand out.
    pub(super) fn pale(frame: &Frame, size: Size) -> Self {
        let mut canvas = Self::new(size, Ink::PAPER);
        let stride = size.width.max(1) as usize;
        let rows = canvas.all_mut();
        let half = frame.size().height / 2;
        let (upper, lower) = rows.split_at_mut((half as usize * stride).min(rows.len()));
        both(
            || pale_rows(frame, half..frame.size().height, (lower, stride)),
            || pale_rows(frame, 0..half, (upper, stride)),
        );
        canvas
    }

    pub(super) fn into_diagram(self) -> Diagram {
        Diagram {
            size: self.size,
            // Done in place: both have one byte for each pixel.
            pixels: self.into_pixels().into_iter().map(|ink| ink.0).collect(),
        }
    }
}

fn pale_rows(frame: &Frame, rows: std::ops::Range<u32>, (to, stride): (&mut [Ink], usize)) {
    for (y, to) in rows.zip(to.chunks_exact_mut(stride)) {
        let (row, _) = frame.row(y).as_chunks::<CHANNELS>();
        for (to, [red, green, blue]) in to.iter_mut().zip(row) {
            let [r, g, b] = [*red, *green, *blue].map(u16::from);
            // The brightness by BT.601, then a third of it: 0 to 85.
            let grey = (r * 77 + g * 150 + b * 29) >> 8;
            *to = Ink(u8::try_from((grey * 171) >> 9).unwrap_or(GREYS - 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;

    #[test]
    fn a_diagram_survives_its_file() {
        let frame = Frame::filled(Size::new(9, 5), [200, 100, 0]);
        let mut canvas = Canvas::pale(&frame, Size::new(10, 7));
        canvas.fill(Rect::new(2, 2, 3, 1), Ink::DIFFERS);
        let diagram = canvas.into_diagram();
        let read = Frame::decode_png(&diagram.encode_png()).unwrap();
        assert_eq!(read, diagram.to_frame());
        assert_eq!(read.pixel(Point::new(2, 2)), Some([226, 32, 44]));
        assert_eq!(read.pixel(Point::new(9, 0)), Some(WHITE));
        assert_eq!(diagram.pixel(Point::new(10, 0)), None);
    }

    #[test]
    fn pale_greys_go_from_light_to_white() {
        for (level, grey) in [(0, 170), (128, 212), (255, 255)] {
            let frame = Frame::filled(Size::new(1, 2), [level; 3]);
            let diagram = Canvas::pale(&frame, frame.size()).into_diagram();
            assert_eq!(diagram.pixel(Point::new(0, 1)), Some([grey; 3]));
        }
    }
}
