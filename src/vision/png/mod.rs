//! PNG files, to frames and back.
//!
//! Pictures come from anywhere: from a repository, from a desktop at a URL, from
//! a run folder of somebody else. So every bound is checked before memory is
//! taken for it, and nothing is unpacked but pixels.
//!
//! Nearly all pictures of screens have 8 bits a channel and are not interlaced.
//! Those are read here, in a third of the time that the `png` crate takes; all
//! others, and what looks broken, it reads, so that there is one judge.

mod chunks;
mod deflate;
pub(super) mod fault;
mod rows;
mod unfilter;
mod write;

use std::io::{Cursor, Read};

use png::{ColorType, Decoder, Limits, Transformations};

use self::chunks::{Header, Parts};
pub use self::fault::PngFault;
use super::frame::{CHANNELS, Frame, FrameError, bytes, four_words};
use crate::geometry::Size;

/// More than the largest screen of the desktop API (7680x4320) with some to
/// spare; what is larger is refused before memory is taken for it.
const MAX_PIXELS: u64 = 64 << 20;

/// The largest screen, not packed at all, is a third smaller.
const MAX_FILE: usize = 128 << 20;

/// No stream of deflate unpacks to more than this many times its own length: two
/// bits can stand for 258 bytes.
const MAX_RATIO: u64 = 1032;

impl Frame {
    /// Reads a PNG of any colour type, depth and interlacing. Transparent
    /// pixels are drawn on white; of 16 bits a channel the higher 8 count; of an
    /// animation the still picture is read that every PNG has. Colour profiles
    /// and texts are not looked at.
    ///
    /// # Errors
    ///
    /// [`FrameError::Png`] for what is not a whole PNG, [`FrameError::TooLarge`]
    /// for more than 64 Mpixel, [`FrameError::FileTooLarge`] for more than
    /// 128 MiB.
    pub fn decode_png(data: &[u8]) -> Result<Self, FrameError> {
        let parts = checked(data)?;
        let size = parts.header.size;
        let mut pixels = Vec::with_capacity(bytes(size, CHANNELS));
        if ordinary(&parts, |row, colours| add_rgb(&mut pixels, row, colours)).is_none() {
            let (all, colours) = any(&parts)?;
            pixels.clear();
            add_rgb(&mut pixels, &all, colours);
        }
        Self::new(size, pixels)
    }

    /// Writes a PNG, fast rather than small: 1440x900 takes some 2 ms on two
    /// processors.
    #[must_use]
    pub fn encode_png(&self) -> Vec<u8> {
        write::file::<CHANNELS>(self.size(), &[], self.bytes())
    }
}

/// All bytes of a file that may be a PNG, up to one more than any PNG that is read
/// may have: what is larger still is refused by its length, without memory for
/// it.
///
/// # Errors
///
/// What `file` says.
pub(crate) fn read_png(file: impl Read) -> std::io::Result<Vec<u8>> {
    let mut data = Vec::new();
    file.take(MAX_FILE as u64 + 1).read_to_end(&mut data)?;
    Ok(data)
}

/// A PNG of the numbers of colours in a palette.
pub(super) fn encode_palette(size: Size, palette: &[[u8; CHANNELS]], pixels: &[u8]) -> Vec<u8> {
    write::file::<1>(size, palette, pixels)
}

/// The pixels of a PNG as they are in the file, but of 8 bits and without a
/// palette.
pub(super) fn decoded(data: &[u8]) -> Result<(Size, Vec<u8>, ColorType), FrameError> {
    let parts = checked(data)?;
    let (mut pixels, mut colours) = (Vec::new(), parts.header.colours);
    let taken = ordinary(&parts, |row, own| {
        pixels.extend_from_slice(row);
        colours = own;
    });
    if taken.is_none() {
        (pixels, colours) = any(&parts)?;
    }
    Ok((parts.header.size, pixels, colours))
}

/// The parts of a PNG whose pixels may be unpacked.
fn checked(data: &[u8]) -> Result<Parts<'_>, FrameError> {
    if data.len() > MAX_FILE {
        return Err(FrameError::FileTooLarge(MAX_FILE >> 20));
    }
    let parts = Parts::of(data)?;
    let Header {
        size,
        depth,
        colours,
        ..
    } = parts.header;
    if size.area() > MAX_PIXELS {
        return Err(FrameError::TooLarge(size));
    }
    let needed = size.area() * colours.samples() as u64 * u64::from(depth) / 8;
    if needed > parts.packed_length() as u64 * MAX_RATIO {
        return Err(damaged(size).into());
    }
    Ok(parts)
}

fn damaged(size: Size) -> PngFault {
    let what = format!("its pixels cannot be decompressed, or are fewer than {size}");
    PngFault::Damaged(what)
}

/// Gives the rows of a picture of 8 bits a channel that is not interlaced, with
/// the colours of their pixels; `None` of others, and where anything is amiss.
fn ordinary(parts: &Parts<'_>, mut take: impl FnMut(&[u8], ColorType)) -> Option<()> {
    let header = parts.header;
    let colours = header.colours;
    let keyed = parts.transparency.is_some() && colours != ColorType::Indexed;
    if header.depth != 8 || header.interlaced || keyed {
        return None;
    }
    match colours {
        ColorType::Grayscale => rows::each::<1>(parts, |row| take(row, colours)),
        ColorType::GrayscaleAlpha => rows::each::<2>(parts, |row| take(row, colours)),
        ColorType::Rgb => rows::each::<3>(parts, |row| take(row, colours)),
        ColorType::Rgba => rows::each::<4>(parts, |row| take(row, colours)),
        ColorType::Indexed => {
            let palette = whole_palette(parts);
            let mut pixels: Vec<u8> = Vec::new();
            rows::each::<1>(parts, |row| {
                pixels.clear();
                let colours = row.iter().map(|number| palette[usize::from(*number)]);
                if parts.transparency.is_some() {
                    pixels.extend(colours.flatten());
                    take(&pixels, ColorType::Rgba);
                } else {
                    pixels.extend(colours.flat_map(|[r, g, b, _]| [r, g, b]));
                    take(&pixels, ColorType::Rgb);
                }
            })
        }
    }
}

/// What every number stands for: colours that the palette lacks are black.
fn whole_palette(parts: &Parts<'_>) -> [[u8; 4]; 256] {
    let mut colours = [[0, 0, 0, u8::MAX]; 256];
    for (colour, [r, g, b]) in colours.iter_mut().zip(parts.palette) {
        *colour = [*r, *g, *b, u8::MAX];
    }
    for (colour, alpha) in colours.iter_mut().zip(parts.transparency.unwrap_or(&[])) {
        colour[3] = *alpha;
    }
    colours
}

/// The pixels of any picture, and the verdict on a broken one.
fn any(parts: &Parts<'_>) -> Result<(Vec<u8>, ColorType), FrameError> {
    let size = parts.header.size;
    let broken = |_| FrameError::Png(damaged(size));
    let mut decoder = Decoder::new(Cursor::new(parts.to_file()));
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_limits(Limits {
        bytes: bytes(Size::new(8192, 8192), 4),
    });
    let mut reader = decoder.read_info().map_err(broken)?;
    let needed = reader
        .output_buffer_size()
        .ok_or(FrameError::TooLarge(size))?;
    let mut buffer = vec![0; needed];
    let info = reader.next_frame(&mut buffer).map_err(broken)?;
    buffer.truncate(info.buffer_size());
    Ok((buffer, info.color_type))
}

/// Adds pixels of 8 bits without a palette, drawn on white.
fn add_rgb(rgb: &mut Vec<u8>, pixels: &[u8], colours: ColorType) {
    match colours {
        ColorType::Rgb | ColorType::Indexed => rgb.extend_from_slice(pixels),
        ColorType::Rgba => {
            let (pixels, _) = pixels.as_chunks::<4>();
            let place = added(rgb, pixels.len());
            if pixels.iter().all(|[.., alpha]| *alpha == u8::MAX) {
                drop_alpha(pixels, place);
            } else {
                for (to, [r, g, b, a]) in place.iter_mut().zip(pixels) {
                    *to = [*r, *g, *b].map(|c| on_white(c, *a));
                }
            }
        }
        ColorType::Grayscale => {
            let place = added(rgb, pixels.len());
            for (to, grey) in place.iter_mut().zip(pixels) {
                *to = [*grey; CHANNELS];
            }
        }
        ColorType::GrayscaleAlpha => {
            let (pixels, _) = pixels.as_chunks::<2>();
            let place = added(rgb, pixels.len());
            for (to, [grey, a]) in place.iter_mut().zip(pixels) {
                *to = [on_white(*grey, *a); CHANNELS];
            }
        }
    }
}

/// Four pixels at a time are three words: a third of the time that bytes take one
/// by one.
fn drop_alpha(pixels: &[[u8; 4]], place: &mut [[u8; CHANNELS]]) {
    let (fours, rest) = pixels.as_chunks::<4>();
    let (words, last) = place.as_flattened_mut().as_chunks_mut::<12>();
    for (to, four) in words.iter_mut().zip(fours) {
        *to = four_words(four.map(|pixel| u32::from_le_bytes(pixel) & 0xff_ffff));
    }
    for (to, [r, g, b, _]) in last.as_chunks_mut::<CHANNELS>().0.iter_mut().zip(rest) {
        *to = [*r, *g, *b];
    }
}

/// Room for this many pixels more.
fn added(rgb: &mut Vec<u8>, count: usize) -> &mut [[u8; CHANNELS]] {
    let start = rgb.len();
    rgb.resize(start + count * CHANNELS, 0);
    rgb[start..].as_chunks_mut().0
}

fn on_white(colour: u8, alpha: u8) -> u8 {
    let (colour, alpha) = (u16::from(colour), u16::from(alpha));
    let mixed = (colour * alpha + 255 * (255 - alpha) + 127) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests;
