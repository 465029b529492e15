//! Writes PNG files, fast rather than small, with both processors.

use std::ops::Range;

use simd_adler32::Adler32;

use super::deflate;
use crate::{geometry::Size, vision::both};

/// A picture of fewer bytes is done before a second thread has begun.
const WORTH_TWO: usize = 1 << 18;

/// A file of a picture of `N` bytes for each pixel: red, green and blue, or the
/// number of a colour in the `palette`.
pub(super) fn file<const N: usize>(size: Size, palette: &[[u8; 3]], pixels: &[u8]) -> Vec<u8> {
    let (packed, checksum) = packed::<N>(size, pixels);
    let length: usize = packed.iter().map(Vec::len).sum();
    let mut file = Vec::with_capacity(length + palette.len() * 3 + 128);
    file.extend(b"\x89PNG\r\n\x1a\n");
    let [width, height] = [size.width, size.height].map(u32::to_be_bytes);
    let colours = if N == 1 { 3 } else { 2 };
    chunk(
        &mut file,
        *b"IHDR",
        &[&width, &height, &[8, colours, 0, 0, 0]],
    );
    if N == 1 {
        chunk(&mut file, *b"PLTE", &[palette.as_flattened()]);
    }
    // The header of a stream whose references reach 32 KiB back at most.
    let mut data: Vec<&[u8]> = vec![&[0x78, 1]];
    data.extend(packed.iter().map(Vec::as_slice));
    let checksum = checksum.to_be_bytes();
    data.push(&checksum);
    chunk(&mut file, *b"IDAT", &data);
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], parts: &[&[u8]]) {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    // The pixels of the largest frame fit.
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    file.extend(length.to_be_bytes());
    let start = file.len();
    file.extend(name);
    for part in parts {
        file.extend_from_slice(part);
    }
    let sum = crc32fast::hash(&file[start..]);
    file.extend(sum.to_be_bytes());
}

/// A part of the packed pixels.
struct Part {
    packed: Vec<u8>,
    /// Of what is packed, with its length.
    checksum: u32,
    length: u64,
}

/// The stream in two parts, and its checksum.
fn packed<const N: usize>(size: Size, pixels: &[u8]) -> ([Vec<u8>; 2], u32) {
    let half = size.height / 2;
    let part = |rows| part::<N>(size, pixels, rows);
    let (upper, lower) = if pixels.len() < WORTH_TWO {
        (part(0..half), part(half..size.height))
    } else {
        both(|| part(0..half), || part(half..size.height))
    };
    let checksum = joined(upper.checksum, lower.checksum, lower.length);
    ([upper.packed, lower.packed], checksum)
}

fn part<const N: usize>(size: Size, pixels: &[u8], rows: Range<u32>) -> Part {
    let stride = size.width as usize * N;
    let at_a_time = (deflate::BLOCK / (stride + 1)).max(1);
    let mut filtered = Vec::with_capacity(at_a_time * (stride + 1));
    let mut stream = deflate::Stream::new(rows.len() * stride / 8);
    let (mut checksum, mut length) = (Adler32::new(), 0);
    let last = rows.end == size.height;
    let mut next = rows.start as usize;
    while next < rows.end as usize {
        let end = (next + at_a_time).min(rows.end as usize);
        filtered.clear();
        add_filtered::<N>(&mut filtered, pixels, stride, next..end);
        checksum.write(&filtered);
        length += filtered.len() as u64;
        stream.add(&filtered, last && end == rows.end as usize);
        next = end;
    }
    Part {
        packed: stream.finish(last),
        checksum: checksum.finish(),
        length,
    }
}

/// The Adler-32 of two parts together, the second of this many bytes: it is the sum
/// of all bytes and 1, and the sum of all these sums (RFC 1950).
fn joined(one: u32, other: u32, length: u64) -> u32 {
    const BASE: u64 = 65521;
    let [one, other] = [one, other].map(u64::from);
    let [(a, b), (c, d)] = [one, other].map(|sum| (sum & 0xffff, sum >> 16));
    let low = (a + c + BASE - 1) % BASE;
    let high = (b + d + length % BASE * (a + BASE - 1)) % BASE;
    u32::try_from(high << 16 | low).unwrap_or(0)
}

/// The rows as their distance from the row above or from the pixel to the left,
/// whichever leaves more zeros. The other filters of PNG make files a tenth
/// smaller, and take several times as long to do and to undo.
fn add_filtered<const N: usize>(
    filtered: &mut Vec<u8>,
    pixels: &[u8],
    stride: usize,
    rows: Range<usize>,
) {
    const SUB: u8 = 1;
    const UP: u8 = 2;
    let first = vec![0; stride];
    let mut sub = vec![0; stride];
    for y in rows {
        let row = &pixels[y * stride..][..stride];
        let above = match y.checked_sub(1) {
            Some(y) => &pixels[y * stride..][..stride],
            None => &first,
        };
        let start = filtered.len();
        filtered.push(UP);
        filtered.extend(
            row.iter()
                .zip(above)
                .map(|(one, two)| one.wrapping_sub(*two)),
        );
        let up = zeros(&filtered[start + 1..]);
        if up == stride {
            continue;
        }
        let begin = N.min(stride);
        sub[..begin].copy_from_slice(&row[..begin]);
        let pairs = row[begin..].iter().zip(row);
        for (sub, (one, two)) in sub[begin..].iter_mut().zip(pairs) {
            *sub = one.wrapping_sub(*two);
        }
        if zeros(&sub) > up {
            filtered[start] = SUB;
            filtered[start + 1..].copy_from_slice(&sub);
        }
    }
}

/// How many of the bytes are zero.
fn zeros(bytes: &[u8]) -> usize {
    // Counted in bytes first, as many at a time as those can hold.
    let count = |part: &[u8]| part.iter().map(|byte| u8::from(*byte == 0)).sum::<u8>();
    bytes.chunks(255).map(|part| usize::from(count(part))).sum()
}
