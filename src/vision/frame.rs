//! A picture in memory.

use std::{fmt, sync::Arc};

use image::{RgbImage, imageops};

use super::png::fault::PngFault;
use crate::geometry::{Point, Rect, Size};

/// Bytes of a pixel: red, green, blue.
pub(super) const CHANNELS: usize = 3;

/// An [`RgbImage`] that is free to clone: the pixels are shared. It is made of
/// one, and becomes one, without a copy.
#[derive(Clone, Eq, PartialEq)]
pub struct Frame(Arc<RgbImage>);

/// Why bytes are not a frame. The text completes "a picture that …".
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
    #[error("does not contain {part}: its size is {size}")]
    Outside {
        /// The part.
        part: Rect,
        /// The picture.
        size: Size,
    },
    /// Not a PNG, or a broken one.
    #[error(transparent)]
    Png(#[from] PngFault),
    /// More pixels than a screen can have.
    #[error(
        "is too large: it has {0} pixels, but at most 67,108,864 (8192x8192) are allowed; cut \
         out the part that matters"
    )]
    TooLarge(Size),
    /// A file of more MiB than this.
    #[error("is too large: its file has more than {0} MiB; cut out the part that matters")]
    FileTooLarge(usize),
    /// Nothing in it can be looked for.
    #[error("is completely transparent; use a picture that has visible pixels")]
    Transparent,
    /// Without its background, a picture has nothing left, or only one colour.
    #[error(
        "has only one colour left when its background is ignored; remove `ignore-background`, or \
         cut out a larger part"
    )]
    Plain,
}

impl Frame {
    /// The frame of these pixels, three bytes each.
    ///
    /// # Errors
    ///
    /// [`FrameError::Length`] unless there are exactly as many as `size` needs.
    pub fn new(size: Size, pixels: Vec<u8>) -> Result<Self, FrameError> {
        let needed = bytes(size, CHANNELS);
        let found = pixels.len();
        // `from_raw` would also take more bytes than the size needs.
        let fits = (found == needed).then_some(pixels);
        fits.and_then(|pixels| RgbImage::from_raw(size.width, size.height, pixels))
            .map(Self::from)
            .ok_or(FrameError::Length { needed, found })
    }

    /// A frame of one colour.
    #[must_use]
    pub fn filled(size: Size, colour: [u8; CHANNELS]) -> Self {
        // Doubled again and again, which takes a fifth of the time of
        // `RgbImage::from_pixel`.
        let pixels = colour.repeat(bytes(size, 1));
        let image = RgbImage::from_raw(size.width, size.height, pixels);
        image.unwrap_or_default().into()
    }

    /// The frame of X11's 32-bit pixels, blue, green, red and a byte without
    /// meaning, which `fill` gives part by part: it is called with room for the
    /// next ones, until there are all that `size` needs.
    ///
    /// # Errors
    ///
    /// Those of `fill`.
    pub fn read_bgrx<E>(
        size: Size,
        mut fill: impl FnMut(&mut [u8]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut whole = RgbImage::new(size.width, size.height);
        // So few at a time that they are still in the cache when they are turned.
        let mut part = vec![0; AT_A_TIME.min(bytes(size, 1)) * 4];
        for rgb in whole.chunks_mut(AT_A_TIME * CHANNELS) {
            let part = &mut part[..rgb.len() / CHANNELS * 4];
            fill(part)?;
            turn(part, rgb);
        }
        Ok(whole.into())
    }

    /// Its size in pixels.
    #[must_use]
    pub fn size(&self) -> Size {
        Size::new(self.0.width(), self.0.height())
    }

    /// The picture that it is.
    #[must_use]
    pub fn image(&self) -> &RgbImage {
        &self.0
    }

    /// All its bytes, row by row.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.0.as_raw()
    }

    /// The same bytes, without a copy unless another frame shares them.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        RgbImage::from(self).into_raw()
    }

    /// Puts `part` at `corner`, as far as it is inside. Returns whether that
    /// changed any pixel; only then does a frame that shares its pixels get some
    /// of its own.
    pub fn put(&mut self, part: &Frame, corner: Point) -> bool {
        let Some(inside) = Rect::at(corner, part.size()).intersection(self.size().to_rect()) else {
            return false;
        };
        let [left, top] = [inside.x - corner.x, inside.y - corner.y].map(i32::unsigned_abs);
        let length = inside.width as usize * CHANNELS;
        let stride = self.size().width as usize * CHANNELS;
        let mut changed = false;
        for row in 0..inside.height {
            let new = &part.row(top + row)[left as usize * CHANNELS..][..length];
            let start = (inside.y.unsigned_abs() + row) as usize * stride
                + inside.x.unsigned_abs() as usize * CHANNELS;
            if self.bytes()[start..start + length] != *new {
                let own = &mut **Arc::make_mut(&mut self.0);
                own[start..start + length].copy_from_slice(new);
                changed = true;
            }
        }
        changed
    }

    /// The bytes of row `y`, which must exist.
    pub(super) fn row(&self, y: u32) -> &[u8] {
        let stride = self.size().width as usize * CHANNELS;
        &self.bytes()[y as usize * stride..][..stride]
    }

    /// The picture at another size, at most its own: each pixel is the mean of
    /// those that it stands for.
    #[must_use]
    pub fn reduced(&self, to: Size) -> Self {
        let Size { width, height } = self.size();
        imageops::thumbnail(self.image(), to.width.min(width), to.height.min(height)).into()
    }

    /// The colour at `point`; `None` outside.
    #[must_use]
    pub fn pixel(&self, point: Point) -> Option<[u8; CHANNELS]> {
        let [x, y] = [point.x, point.y].map(|n| u32::try_from(n).ok());
        self.0.get_pixel_checked(x?, y?).map(|pixel| pixel.0)
    }

    /// A part of it as a frame of its own.
    ///
    /// # Errors
    ///
    /// [`FrameError::Outside`] unless all of `part` is inside.
    pub fn crop(&self, part: Rect) -> Result<Self, FrameError> {
        let whole = self.size();
        if !whole.to_rect().covers(part) {
            return Err(FrameError::Outside { part, size: whole });
        }
        // Row by row: `imageops::crop_imm` copies pixel by pixel.
        let (left, top) = (part.x.unsigned_abs() as usize, part.y.unsigned_abs());
        let columns = left * CHANNELS..(left + part.width as usize) * CHANNELS;
        let mut pixels = Vec::with_capacity(bytes(part.size(), CHANNELS));
        for y in top..top + part.height {
            pixels.extend_from_slice(&self.row(y)[columns.clone()]);
        }
        Self::new(part.size(), pixels)
    }

    /// Whether all its pixels are black, as on a screen that nobody has painted
    /// on yet.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.bytes().iter().all(|channel| *channel == 0)
    }
}

impl From<RgbImage> for Frame {
    fn from(image: RgbImage) -> Self {
        Self(Arc::new(image))
    }
}

impl From<Frame> for RgbImage {
    /// The picture, copied only where another frame shares it.
    fn from(frame: Frame) -> Self {
        Arc::unwrap_or_clone(frame.0)
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({})", self.size())
    }
}

/// This many pixels of X11 are read at a time: 64 KiB.
const AT_A_TIME: usize = 1 << 14;

/// Turns X11's pixels to red, green and blue.
fn turn(bgrx: &[u8], rgb: &mut [u8]) {
    // Four pixels at a time are three words: a third of the time that bytes take
    // one by one.
    let (fours, rest) = bgrx.as_chunks::<16>();
    let (words, last) = rgb.as_chunks_mut::<12>();
    for (to, from) in words.iter_mut().zip(fours) {
        *to = four_pixels(from);
    }
    let (pixels, _) = rest.as_chunks::<4>();
    for (to, [blue, green, red, _]) in last.as_chunks_mut::<CHANNELS>().0.iter_mut().zip(pixels) {
        *to = [*red, *green, *blue];
    }
}

/// Four pixels, blue first and with a byte without meaning, as red, green, blue.
fn four_pixels(bgrx: &[u8; 16]) -> [u8; 12] {
    let (pixels, _) = bgrx.as_chunks::<4>();
    // Big-endian, the byte without meaning is the lowest, and red is next to it.
    let rgb = |index: usize| u32::from_be_bytes(pixels[index]) >> 8;
    four_words([rgb(0), rgb(1), rgb(2), rgb(3)])
}

/// Four pixels as bytes, each given by its lowest 24 bits, of which red are the
/// lowest.
pub(super) fn four_words([a, b, c, d]: [u32; 4]) -> [u8; 12] {
    let words = [a | b << 24, b >> 8 | c << 16, c >> 16 | d << 8];
    let mut bytes = [0; 12];
    for (to, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(words) {
        *to = word.to_le_bytes();
    }
    bytes
}

/// The number of bytes of a picture.
pub(super) const fn bytes(size: Size, each: usize) -> usize {
    size.width as usize * size.height as usize * each
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reduced_frame_has_the_means_of_its_pixels() {
        let greys = [0, 100, 10, 20, 200, 255, 30, 43].map(|grey| [grey; CHANNELS]);
        let frame = Frame::new(Size::new(4, 2), greys.as_flattened().to_vec()).unwrap();
        let half = frame.reduced(Size::new(2, 1));
        let expected = [[139; CHANNELS], [26; CHANNELS]];
        assert_eq!(half.bytes(), expected.as_flattened());
        assert_eq!(frame.reduced(Size::new(9, 9)), frame);
        assert_eq!(frame.reduced(Size::new(0, 1)).size(), Size::new(0, 1));
    }

    fn from_bgrx(size: Size, mut data: &[u8]) -> Frame {
        let read = Frame::read_bgrx(size, |part| std::io::Read::read_exact(&mut data, part));
        assert!(data.is_empty(), "{} are left", data.len());
        read.unwrap()
    }

    #[test]
    fn pixels_of_x11_become_red_green_blue() {
        let frame = from_bgrx(Size::new(2, 1), &[3, 2, 1, 0, 6, 5, 4, 255]);
        assert_eq!(frame.bytes(), [1, 2, 3, 4, 5, 6]);
        assert_eq!(frame.pixel(Point::new(1, 0)), Some([4, 5, 6]));
        assert_eq!(frame.pixel(Point::new(2, 0)), None);
    }

    #[test]
    fn pixels_are_the_same_however_many_there_are() {
        let many = u32::try_from(AT_A_TIME).unwrap();
        for width in (1..=13).chain([many - 1, many, many + 1, many * 2 + 5]) {
            let colour = |n: u32| [n, n >> 8, n + 7].map(|n| n.to_le_bytes()[0]);
            let pixels = (0..width).map(colour);
            let bgrx: Vec<u8> = pixels
                .clone()
                .flat_map(|[red, green, blue]| [blue, green, red, 0xff])
                .collect();
            let frame = from_bgrx(Size::new(width, 1), &bgrx);
            assert_eq!(frame.bytes(), pixels.flatten().collect::<Vec<u8>>());
        }
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
    fn a_part_is_put_where_it_belongs_and_cut_at_the_edges() {
        let mut frame = Frame::filled(Size::new(3, 2), [0; 3]);
        let before = frame.clone();
        let part = Frame::filled(Size::new(2, 2), [9; 3]);
        assert!(frame.put(&part, Point::new(2, -1)));
        assert_eq!(frame.pixel(Point::new(2, 0)), Some([9; 3]));
        assert_eq!(frame.pixel(Point::new(1, 0)), Some([0; 3]));
        assert_eq!(frame.pixel(Point::new(2, 1)), Some([0; 3]));
        assert!(!frame.put(&part, Point::new(2, -1)));
        assert!(!frame.put(&part, Point::new(3, 0)));
        assert!(before.is_blank());
    }

    #[test]
    fn a_painted_frame_is_not_blank() {
        assert!(Frame::filled(Size::new(40, 30), [0; 3]).is_blank());
        assert!(!Frame::filled(Size::new(40, 30), [58, 78, 95]).is_blank());
    }

    #[test]
    fn a_wrong_number_of_bytes_is_refused() {
        assert!(Frame::new(Size::new(2, 2), vec![0; 11]).is_err());
        let short = Frame::read_bgrx(Size::new(2, 2), |part| {
            std::io::Read::read_exact(&mut &[0; 15][..], part)
        });
        assert!(short.is_err());
    }
}
