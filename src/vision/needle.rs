//! A small picture that is looked for on the screen.

use std::{fmt, sync::Arc};

use png::ColorType;

use super::{
    frame::{CHANNELS, Frame, FrameError},
    png::decoded,
};
use crate::geometry::{Rect, Size};

/// Pixels that are less opaque than this do not count.
const OPAQUE: u8 = 128;

/// A small picture that is looked for on the screen. Its transparent pixels,
/// those with an alpha below 128, do not count. Cloning it is free.
#[derive(Clone, Eq, PartialEq)]
pub struct Needle(Arc<Pixels>);

#[derive(Eq, PartialEq)]
struct Pixels {
    size: Size,
    colours: Vec<[u8; CHANNELS]>,
    /// Whether each pixel counts; empty where all of them do.
    counts: Vec<bool>,
}

impl Needle {
    /// Reads a PNG of any colour type, depth and interlacing.
    ///
    /// # Errors
    ///
    /// Those of [`Frame::decode_png`], and [`FrameError::Transparent`] where no
    /// pixel counts.
    pub fn decode_png(data: &[u8]) -> Result<Self, FrameError> {
        let (size, pixels, colours) = decoded(data)?;
        let (colours, alphas): (Vec<_>, Vec<u8>) = match colours {
            ColorType::Rgba => {
                let (pixels, _) = pixels.as_chunks::<4>();
                pixels.iter().map(|[r, g, b, a]| ([*r, *g, *b], *a)).unzip()
            }
            ColorType::GrayscaleAlpha => {
                let (pixels, _) = pixels.as_chunks::<2>();
                pixels.iter().map(|[grey, a]| ([*grey; 3], *a)).unzip()
            }
            ColorType::Grayscale => {
                let grey = pixels.into_iter().map(|grey| [grey; CHANNELS]);
                (grey.collect(), Vec::new())
            }
            ColorType::Rgb | ColorType::Indexed => {
                (pixels.as_chunks::<CHANNELS>().0.to_vec(), Vec::new())
            }
        };
        let mut counts: Vec<bool> = alphas.into_iter().map(|alpha| alpha >= OPAQUE).collect();
        if !counts.is_empty() && !counts.contains(&true) {
            return Err(FrameError::Transparent);
        }
        if !counts.contains(&false) {
            counts.clear();
        }
        Ok(Self(Arc::new(Pixels {
            size,
            colours,
            counts,
        })))
    }

    /// Its size in pixels, with those that do not count.
    #[must_use]
    pub fn size(&self) -> Size {
        self.0.size
    }

    /// Its pixels, row by row, also those that do not count.
    pub(super) fn colours(&self) -> &[[u8; CHANNELS]] {
        &self.0.colours
    }

    /// Whether the pixel with this number, row by row, counts.
    pub(super) fn counts(&self, index: usize) -> bool {
        self.0.counts.get(index).is_none_or(|counts| *counts)
    }

    /// The smallest part with all pixels that count.
    pub(super) fn counting(&self) -> Rect {
        let width = self.size().width as usize;
        let counting = (0..self.colours().len()).filter(|index| self.counts(*index));
        let places = counting.map(|index| (index % width, index / width));
        let [mut left, mut top, mut right, mut bottom] = [usize::MAX, usize::MAX, 0, 0];
        for (x, y) in places {
            (left, top) = (left.min(x), top.min(y));
            (right, bottom) = (right.max(x + 1), bottom.max(y + 1));
        }
        let signed = |n: usize| i32::try_from(n).unwrap_or_default();
        let length = |from: usize, to: usize| u32::try_from(to.saturating_sub(from));
        Rect::new(
            signed(left),
            signed(top),
            length(left, right).unwrap_or_default(),
            length(top, bottom).unwrap_or_default(),
        )
    }

    /// Only the part with the pixels that count.
    pub(super) fn trimmed(&self) -> Self {
        let (part, width) = (self.counting(), self.size().width as usize);
        let columns = part.width as usize;
        let (left, top) = (
            part.x.unsigned_abs() as usize,
            part.y.unsigned_abs() as usize,
        );
        let starts = (top..top + part.height as usize).map(|y| y * width + left);
        let places = || starts.clone().flat_map(|start| start..start + columns);
        Self(Arc::new(Pixels {
            size: part.size(),
            colours: places().map(|index| self.colours()[index]).collect(),
            counts: places().map(|index| self.counts(index)).collect(),
        }))
    }

    /// The same needle, of which only these pixels count.
    pub(super) fn with_counts(&self, counts: Vec<bool>) -> Self {
        Self(Arc::new(Pixels {
            size: self.size(),
            colours: self.colours().to_vec(),
            counts,
        }))
    }

    /// The same needle, with what `colour` makes of each pixel, by its number.
    pub(super) fn coloured(&self, colour: impl Fn(usize) -> [u8; CHANNELS]) -> Self {
        Self(Arc::new(Pixels {
            size: self.size(),
            colours: (0..self.colours().len()).map(colour).collect(),
            counts: self.0.counts.clone(),
        }))
    }

    /// Whether all its pixels count.
    pub(super) fn is_opaque(&self) -> bool {
        !self.0.counts.contains(&false)
    }
}

impl From<&Frame> for Needle {
    /// The needle that is a whole frame.
    fn from(frame: &Frame) -> Self {
        Self(Arc::new(Pixels {
            size: frame.size(),
            colours: frame.bytes().as_chunks::<CHANNELS>().0.to_vec(),
            counts: Vec::new(),
        }))
    }
}

impl fmt::Debug for Needle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Needle({})", self.size())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::geometry::Point;

    /// A needle of the pixels of a frame that `counts` says yes to.
    pub(in crate::vision) fn cut_out(
        frame: &Frame,
        counts: impl Fn(u32, u32) -> bool,
    ) -> Result<Needle, FrameError> {
        let size = frame.size();
        let places = (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y)));
        let (colours, _) = frame.bytes().as_chunks::<CHANNELS>();
        let rgba: Vec<u8> = places
            .zip(colours)
            .flat_map(|((x, y), [r, g, b])| [*r, *g, *b, if counts(x, y) { 255 } else { 127 }])
            .collect();
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, size.width, size.height);
        encoder.set_color(ColorType::Rgba);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&rgba).unwrap();
        drop(writer);
        Needle::decode_png(&file)
    }

    #[test]
    fn transparent_pixels_do_not_count() {
        let frame = Frame::filled(Size::new(3, 2), [1, 2, 3]);
        let needle = cut_out(&frame, |x, y| (x, y) != (1, 0)).unwrap();
        let counts: Vec<bool> = (0..6).map(|index| needle.counts(index)).collect();
        assert_eq!(counts, [true, false, true, true, true, true]);
        assert_eq!(needle.size(), Size::new(3, 2));
    }

    #[test]
    fn a_picture_without_alpha_counts_whole() {
        let frame = Frame::filled(Size::new(3, 2), [1, 2, 3]);
        let needle = Needle::decode_png(&frame.encode_png()).unwrap();
        assert!(needle.is_opaque());
        assert_eq!(needle, Needle::from(&frame));
        assert_eq!(needle, cut_out(&frame, |_, _| true).unwrap());
    }

    #[test]
    fn a_wholly_transparent_picture_is_refused() {
        let frame = Frame::filled(Size::new(3, 2), [1, 2, 3]);
        assert_eq!(cut_out(&frame, |_, _| false), Err(FrameError::Transparent));
    }

    /// A blue square with a white mark on this background.
    fn marked(ground: [u8; 3]) -> Frame {
        let mut frame = Frame::filled(Size::new(16, 16), ground);
        let mut fill = |corner: i32, side: u32, colour| {
            let square = Frame::filled(Size::new(side, side), colour);
            frame.put(&square, Point::new(corner, corner));
        };
        fill(4, 8, [30, 100, 220]);
        fill(6, 3, [255; 3]);
        frame
    }

    #[test]
    fn without_its_background_only_what_is_shown_counts() {
        let needle = Needle::from(&marked([240; 3]))
            .without_background()
            .unwrap();
        let counts = |x: usize, y: usize| needle.counts(y * 16 + x);
        assert!(!counts(0, 0) && !counts(3, 8) && !counts(15, 15));
        assert!(counts(5, 5) && counts(6, 6) && counts(10, 10));
        // Again there is no more to take away.
        assert_eq!(needle.without_background(), Ok(needle));
    }

    #[test]
    fn what_is_smoothed_into_the_background_goes_with_it_where_enough_is_left() {
        let mut frame = marked([240; 3]);
        frame.put(
            &Frame::filled(Size::new(8, 1), [135, 170, 230]),
            Point::new(4, 3),
        );
        let needle = Needle::from(&frame).without_background().unwrap();
        assert!(!needle.counts(3 * 16 + 8) && needle.counts(4 * 16 + 8));
    }

    #[test]
    fn a_picture_of_one_colour_on_a_background_cannot_do_without_it() {
        let even = Frame::filled(Size::new(16, 16), [240; 3]);
        let mut glyph = even.clone();
        glyph.put(&Frame::filled(Size::new(3, 9), [20; 3]), Point::new(6, 4));
        for frame in [even, glyph] {
            let needle = Needle::from(&frame).without_background();
            assert_eq!(needle, Err(FrameError::Plain));
        }
    }

    #[test]
    fn what_is_no_png_is_no_needle() {
        assert!(matches!(
            Needle::decode_png(b"GIF89a, really"),
            Err(FrameError::Png(_))
        ));
    }
}
