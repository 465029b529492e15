//! PNG files, to frames and back.

use std::io::{BufRead, Cursor, Seek};

use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Limits, Transformations};

use super::frame::{CHANNELS, Frame, FrameError, bytes};
use crate::geometry::Size;

/// More than the largest screen of the desktop API (7680x4320) with some to
/// spare; what is larger is refused before memory is taken for it.
const MAX_PIXELS: u64 = 64 << 20;

impl Frame {
    /// Reads a PNG of any colour type, depth and interlacing. Transparent
    /// pixels are drawn on white.
    ///
    /// # Errors
    ///
    /// [`FrameError::Png`] for what is no whole PNG, [`FrameError::TooLarge`]
    /// for more than 64 Mpixel.
    pub fn decode_png(data: &[u8]) -> Result<Self, FrameError> {
        Self::read_png(Cursor::new(data))
    }

    /// The same from a file as it is read.
    ///
    /// # Errors
    ///
    /// Those of [`Frame::decode_png`]; that the file cannot be read is one of
    /// them.
    pub fn read_png(file: impl BufRead + Seek) -> Result<Self, FrameError> {
        let (size, pixels, colours) = decoded(file)?;
        Self::new(size, to_rgb(pixels, colours))
    }

    /// Writes a PNG, fast rather than small: 1440x900 takes some 5 ms.
    #[must_use]
    pub fn encode_png(&self) -> Vec<u8> {
        let mut file = Vec::with_capacity(self.bytes().len() / 8 + 1024);
        let mut encoder = Encoder::new(&mut file, self.size().width, self.size().height);
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_compression(Compression::Fast);
        let written = encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(self.bytes()));
        // Memory does not refuse bytes, and the bytes fit the size by `new`;
        // an empty frame is the one thing that PNG cannot hold.
        debug_assert!(written.is_ok() || self.size().area() == 0);
        file
    }
}

/// The pixels of a PNG as they are in the file, but of 8 bits and without a
/// palette.
pub(super) fn decoded(file: impl BufRead + Seek) -> Result<(Size, Vec<u8>, ColorType), FrameError> {
    let broken = |error: png::DecodingError| FrameError::Png(error.to_string());
    let mut decoder = Decoder::new(file);
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_limits(Limits {
        bytes: bytes(Size::new(8192, 8192), 4),
    });
    let mut reader = decoder.read_info().map_err(broken)?;
    let size = Size::new(reader.info().width, reader.info().height);
    if size.area() > MAX_PIXELS {
        return Err(FrameError::TooLarge(size));
    }
    let needed = reader
        .output_buffer_size()
        .ok_or(FrameError::TooLarge(size))?;
    let mut buffer = vec![0; needed];
    let info = reader.next_frame(&mut buffer).map_err(broken)?;
    buffer.truncate(info.buffer_size());
    Ok((size, buffer, info.color_type))
}

/// What the decoder gives after its normalization: 8 bits, no palette.
fn to_rgb(pixels: Vec<u8>, colours: ColorType) -> Vec<u8> {
    match colours {
        ColorType::Rgb | ColorType::Indexed => pixels,
        ColorType::Rgba => {
            let (pixels, _) = pixels.as_chunks::<4>();
            pixels
                .iter()
                .flat_map(|[r, g, b, a]| [*r, *g, *b].map(|c| on_white(c, *a)))
                .collect()
        }
        ColorType::Grayscale => pixels
            .into_iter()
            .flat_map(|grey| [grey; CHANNELS])
            .collect(),
        ColorType::GrayscaleAlpha => {
            let (pixels, _) = pixels.as_chunks::<2>();
            pixels
                .iter()
                .flat_map(|[grey, a]| [on_white(*grey, *a); CHANNELS])
                .collect()
        }
    }
}

fn on_white(colour: u8, alpha: u8) -> u8 {
    let (colour, alpha) = (u16::from(colour), u16::from(alpha));
    let mixed = (colour * alpha + 255 * (255 - alpha) + 127) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_survives_its_file() {
        let pixels = (0..64_u32 * 48 * 3)
            .map(|n| u8::try_from(n * 7 % 251).unwrap())
            .collect();
        let frame = Frame::new(Size::new(64, 48), pixels).unwrap();
        assert_eq!(Frame::decode_png(&frame.encode_png()), Ok(frame));
    }

    #[test]
    fn grey_and_transparent_pictures_become_red_green_blue() {
        let encode = |colours, data: &[u8]| {
            let mut file = Vec::new();
            let mut encoder = Encoder::new(&mut file, 2, 1);
            encoder.set_color(colours);
            encoder
                .write_header()
                .unwrap()
                .write_image_data(data)
                .unwrap();
            Frame::decode_png(&file).unwrap().bytes().to_vec()
        };
        assert_eq!(encode(ColorType::Grayscale, &[7, 9]), [7, 7, 7, 9, 9, 9]);
        assert_eq!(
            encode(ColorType::Rgba, &[1, 2, 3, 255, 1, 2, 3, 0]),
            [1, 2, 3, 255, 255, 255]
        );
    }

    #[test]
    fn what_is_no_whole_png_is_refused() {
        let whole = Frame::filled(Size::new(50, 50), [9, 9, 9]).encode_png();
        for length in [0, 1, 8, 20, 33, whole.len() / 2] {
            assert!(
                Frame::decode_png(&whole[..length]).is_err(),
                "{length} bytes"
            );
        }
        assert!(Frame::decode_png(b"GIF89a, really").is_err());
    }

    #[test]
    fn a_picture_that_claims_to_be_huge_takes_no_memory() {
        let mut file = Frame::filled(Size::new(1, 1), [0; 3]).encode_png();
        file[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
        assert!(Frame::decode_png(&file).is_err());
    }
}
