//! The parts of a PNG file that pixels come from.
//!
//! A PNG may carry colour profiles, texts and animations, packed as small as
//! somebody likes, and none of them says anything about the pixels that are
//! compared. They are stepped over here, unread and never unpacked, so that a
//! megabyte of them cannot become a gigabyte.

use std::iter;

use png::ColorType;

use super::fault::{self, PngFault, chunk};
use crate::geometry::Size;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A chunk is its length, its name, its bytes and a checksum.
const FRAME: usize = 12;

/// What the header says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) size: Size,
    /// Bits of a channel: 1, 2, 4, 8 or 16.
    pub(super) depth: u8,
    pub(super) colours: ColorType,
    pub(super) interlaced: bool,
}

/// The parts that matter, each checked by its checksum.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) header: Header,
    /// The whole chunk of each: what a reader of any PNG wants to see.
    chunks: Vec<&'a [u8]>,
    /// Red, green, blue of each colour; empty without a palette.
    pub(super) palette: &'a [[u8; 3]],
    /// Which colours are transparent, in the notation of PNG.
    pub(super) transparency: Option<&'a [u8]>,
    /// The packed pixels, in pieces.
    pub(super) packed: Vec<&'a [u8]>,
}

impl<'a> Parts<'a> {
    /// Finds the parts of a file, up to the end of its pixels.
    pub(super) fn of(data: &'a [u8]) -> Result<Self, PngFault> {
        let Some(rest) = data.strip_prefix(SIGNATURE) else {
            return Err(fault::of_beginning(data));
        };
        let mut reader = Reader { rest };
        let first = reader.next(*b"IHDR")?;
        if first.name != *b"IHDR" {
            let found = chunk(first.name);
            let rule = format!("it begins with its {found} instead of its header");
            return Err(PngFault::Rule(rule));
        }
        let mut parts = Self {
            header: header(first.checked()?)?,
            chunks: vec![first.whole],
            palette: &[],
            transparency: None,
            packed: Vec::new(),
        };
        loop {
            // What follows the pixels is of no interest, but something has to:
            // without it nobody knows whether these are all of them.
            if !parts.packed.is_empty() && reader.peek(*b"IEND")? != *b"IDAT" {
                break;
            }
            parts.take(reader.next(*b"IDAT")?)?;
        }
        if parts.header.colours == ColorType::Indexed && parts.palette.is_empty() {
            let rule = "it has the colour type of a palette, but no `PLTE` chunk".to_owned();
            return Err(PngFault::Rule(rule));
        }
        Ok(parts)
    }

    fn take(&mut self, piece: Piece<'a>) -> Result<(), PngFault> {
        match &piece.name {
            b"IDAT" => self.packed.push(piece.checked()?),
            b"PLTE" => {
                let (colours, rest) = piece.checked()?.as_chunks::<3>();
                if !rest.is_empty() || colours.is_empty() || colours.len() > 256 {
                    let length = colours.len() * 3 + rest.len();
                    let rule = format!("its palette has {length} bytes, not 3 for each colour");
                    return Err(PngFault::Rule(rule));
                }
                if !self.palette.is_empty() {
                    return Err(PngFault::Rule("it has two palettes".to_owned()));
                }
                self.palette = colours;
            }
            b"tRNS" => {
                let meaning = piece.checked()?;
                if self.transparency.is_some() || !self.is_transparency(meaning) {
                    return Ok(());
                }
                self.transparency = Some(meaning);
            }
            b"IEND" => return Err(PngFault::Rule("it has no pixels (`IDAT`)".to_owned())),
            b"IHDR" => return Err(PngFault::Rule("it has two headers".to_owned())),
            // A small first letter says that a picture is whole without it.
            [first, ..] if first & 0x20 != 0 => return Ok(()),
            _ => return Err(PngFault::Unsupported(format!("its {}", chunk(piece.name)))),
        }
        self.chunks.push(piece.whole);
        Ok(())
    }

    /// Whether a `tRNS` chunk says something here; others are ignored, as every
    /// reader does.
    fn is_transparency(&self, meaning: &[u8]) -> bool {
        match self.header.colours {
            ColorType::Grayscale => meaning.len() >= 2,
            ColorType::Rgb => meaning.len() >= 6,
            ColorType::Indexed => (1..=self.palette.len()).contains(&meaning.len()),
            ColorType::GrayscaleAlpha | ColorType::Rgba => false,
        }
    }

    /// How many bytes are packed.
    pub(super) fn packed_length(&self) -> usize {
        self.packed.iter().map(|piece| piece.len()).sum()
    }

    /// A PNG of these parts and no others.
    pub(super) fn to_file(&self) -> Vec<u8> {
        let end: &[u8] = b"\0\0\0\0IEND\xae\x42\x60\x82";
        let chunks = self.chunks.iter().copied();
        let all = iter::once(SIGNATURE).chain(chunks).chain(iter::once(end));
        all.collect::<Vec<&[u8]>>().concat()
    }
}

/// One chunk.
#[derive(Clone, Copy)]
struct Piece<'a> {
    name: [u8; 4],
    bytes: &'a [u8],
    whole: &'a [u8],
}

impl<'a> Piece<'a> {
    /// Its bytes, if the checksum says that they are what they were.
    fn checked(&self) -> Result<&'a [u8], PngFault> {
        let (meant, sum) = self.whole[4..]
            .split_last_chunk::<4>()
            .unwrap_or((&[], &[0; 4]));
        if crc32fast::hash(meant) == u32::from_be_bytes(*sum) {
            Ok(self.bytes)
        } else {
            Err(PngFault::Checksum(chunk(self.name)))
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// The name of the next chunk; `expected` is one that has to come.
    fn peek(&self, expected: [u8; 4]) -> Result<[u8; 4], PngFault> {
        let name = self.rest.get(4..).and_then(<[u8]>::first_chunk::<4>);
        name.copied()
            .ok_or_else(|| PngFault::CutOff(format!("before its {}", chunk(expected))))
    }

    fn next(&mut self, expected: [u8; 4]) -> Result<Piece<'a>, PngFault> {
        let name = self.peek(expected)?;
        let length = self.rest.first_chunk::<4>().copied().unwrap_or_default();
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        let whole = length
            .checked_add(FRAME)
            .and_then(|whole| self.rest.split_at_checked(whole));
        let (whole, rest) =
            whole.ok_or_else(|| PngFault::CutOff(format!("within its {}", chunk(name))))?;
        self.rest = rest;
        let bytes = &whole[8..8 + length];
        Ok(Piece { name, bytes, whole })
    }
}

fn header(bytes: &[u8]) -> Result<Header, PngFault> {
    let Ok(bytes) = <&[u8; 13]>::try_from(bytes) else {
        let rule = format!("its header has {} bytes, not 13", bytes.len());
        return Err(PngFault::Rule(rule));
    };
    let [w0, w1, w2, w3, h0, h1, h2, h3, depth, colours, methods @ ..] = *bytes;
    let size = Size::new(
        u32::from_be_bytes([w0, w1, w2, w3]),
        u32::from_be_bytes([h0, h1, h2, h3]),
    );
    if size.area() == 0 {
        return Err(PngFault::NoPixels(size));
    }
    let (kind, depths): (ColorType, &[u8]) = match colours {
        0 => (ColorType::Grayscale, &[1, 2, 4, 8, 16]),
        2 => (ColorType::Rgb, &[8, 16]),
        3 => (ColorType::Indexed, &[1, 2, 4, 8]),
        4 => (ColorType::GrayscaleAlpha, &[8, 16]),
        6 => (ColorType::Rgba, &[8, 16]),
        other => return Err(PngFault::Unsupported(format!("colour type {other}"))),
    };
    if !depths.contains(&depth) {
        let what = format!("{depth} bits in each channel of colour type {colours}");
        return Err(PngFault::Unsupported(what));
    }
    let interlaced = match methods {
        [0, 0, 0] => false,
        [0, 0, 1] => true,
        [0, 0, other] => return Err(PngFault::Unsupported(format!("interlacing {other}"))),
        [0, other, _] => return Err(PngFault::Unsupported(format!("filtering {other}"))),
        [other, ..] => return Err(PngFault::Unsupported(format!("compression {other}"))),
    };
    Ok(Header {
        size,
        depth,
        colours: kind,
        interlaced,
    })
}
