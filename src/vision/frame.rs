//! A picture in memory.

use std::{fmt, sync::Arc};

use crate::geometry::{Point, Rect, Size};

/// Bytes of a pixel: red, green, blue.
pub(super) const CHANNELS: usize = 3;

/// A picture of 8-bit RGB pixels, row by row from the top, without gaps.
/// Cloning it is free: the pixels are shared.
#[derive(Clone, Eq, PartialEq)]
pub struct Frame {
    size: Size,
    pixels: Arc<[u8]>,
}

/// Why bytes are no frame. The text completes "a picture that …".
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum FrameError {
    /// Too few or too many bytes for the size.
    #[error("has {found} bytes instead of {needed}")]
    Length {
        /// How many the size needs.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// A part that is not wholly inside.
    #[error("has no {part}: it is {size}")]
    Outside {
        /// The part.
        part: Rect,
        /// The picture.
        size: Size,
    },
    /// No PNG, or a broken one.
    #[error("is no PNG that can be read: {0}")]
    Png(String),
    /// More pixels than a screen can have.
    #[error("is too large: {0}")]
    TooLarge(Size),
}

impl Frame {
    /// The frame of these pixels, three bytes each.
    ///
    /// # Errors
    ///
    /// [`FrameError::Length`] unless there are exactly as many as `size` needs.
    pub fn new(size: Size, pixels: Vec<u8>) -> Result<Self, FrameError> {
        let needed = bytes(size, CHANNELS);
        if pixels.len() == needed {
            Ok(Self {
                size,
                pixels: pixels.into(),
            })
        } else {
            Err(FrameError::Length {
                needed,
                found: pixels.len(),
            })
        }
    }

    /// A frame of one colour.
    #[must_use]
    pub fn filled(size: Size, colour: [u8; CHANNELS]) -> Self {
        let pixels: Vec<u8> = colour.repeat(bytes(size, 1));
        Self {
            size,
            pixels: pixels.into(),
        }
    }

    /// The frame of X11's 32-bit pixels: blue, green, red and a byte without
    /// meaning.
    ///
    /// # Errors
    ///
    /// [`FrameError::Length`] unless there are exactly as many as `size` needs.
    pub fn from_bgrx(size: Size, data: &[u8]) -> Result<Self, FrameError> {
        let needed = bytes(size, 4);
        let (pixels, rest) = data.as_chunks::<4>();
        if data.len() != needed || !rest.is_empty() {
            return Err(FrameError::Length {
                needed,
                found: data.len(),
            });
        }
        let mut rgb = vec![0; bytes(size, CHANNELS)];
        for (to, [blue, green, red, _]) in rgb.as_chunks_mut::<CHANNELS>().0.iter_mut().zip(pixels)
        {
            *to = [*red, *green, *blue];
        }
        Ok(Self {
            size,
            pixels: rgb.into(),
        })
    }

    /// Its size in pixels.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// All its bytes, row by row.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.pixels
    }

    /// The bytes of row `y`, which must exist.
    pub(super) fn row(&self, y: u32) -> &[u8] {
        let stride = self.size.width as usize * CHANNELS;
        &self.pixels[y as usize * stride..][..stride]
    }

    /// The colour at `point`; `None` outside.
    #[must_use]
    pub fn pixel(&self, point: Point) -> Option<[u8; CHANNELS]> {
        if !self.size.contains(point) {
            return None;
        }
        let x = point.x.unsigned_abs() as usize * CHANNELS;
        self.row(point.y.unsigned_abs())
            .get(x..x + CHANNELS)?
            .try_into()
            .ok()
    }

    /// A part of it as a frame of its own.
    ///
    /// # Errors
    ///
    /// [`FrameError::Outside`] unless all of `part` is inside.
    pub fn crop(&self, part: Rect) -> Result<Self, FrameError> {
        if !self.size.to_rect().covers(part) {
            return Err(FrameError::Outside {
                part,
                size: self.size,
            });
        }
        let (left, top) = (part.x.unsigned_abs() as usize, part.y.unsigned_abs());
        let columns = left * CHANNELS..(left + part.width as usize) * CHANNELS;
        let rows = (top..top + part.height).map(|y| &self.row(y)[columns.clone()]);
        let pixels: Vec<u8> = rows.flatten().copied().collect();
        Ok(Self {
            size: part.size(),
            pixels: pixels.into(),
        })
    }

    /// Whether all its pixels are black, as on a screen that nobody has painted
    /// on yet.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.pixels.iter().all(|channel| *channel == 0)
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({})", self.size)
    }
}

/// The number of bytes of a picture.
pub(super) const fn bytes(size: Size, each: usize) -> usize {
    size.width as usize * size.height as usize * each
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_of_x11_become_red_green_blue() {
        let frame = Frame::from_bgrx(Size::new(2, 1), &[3, 2, 1, 0, 6, 5, 4, 255]).unwrap();
        assert_eq!(frame.bytes(), [1, 2, 3, 4, 5, 6]);
        assert_eq!(frame.pixel(Point::new(1, 0)), Some([4, 5, 6]));
        assert_eq!(frame.pixel(Point::new(2, 0)), None);
    }

    #[test]
    fn a_crop_is_a_part_and_must_be_inside() {
        let frame = Frame::new(Size::new(3, 2), (0..18).collect()).unwrap();
        let part = frame.crop(Rect::new(1, 1, 2, 1)).unwrap();
        assert_eq!(part.bytes(), [12, 13, 14, 15, 16, 17]);
        assert!(frame.crop(Rect::new(2, 0, 2, 1)).is_err());
        assert!(frame.crop(Rect::new(-1, 0, 1, 1)).is_err());
    }

    #[test]
    fn a_painted_frame_is_not_blank() {
        assert!(Frame::filled(Size::new(40, 30), [0; 3]).is_blank());
        assert!(!Frame::filled(Size::new(40, 30), [58, 78, 95]).is_blank());
    }

    #[test]
    fn a_wrong_number_of_bytes_is_refused() {
        assert!(Frame::new(Size::new(2, 2), vec![0; 11]).is_err());
        assert!(Frame::from_bgrx(Size::new(2, 2), &[0; 15]).is_err());
    }
}
