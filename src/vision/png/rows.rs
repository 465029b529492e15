//! The rows of an ordinary picture: 8 bits a channel, not interlaced.
//!
//! They are unpacked a few at a time, so that everything stays in the cache of
//! the processor and no memory is taken for the packed form of the whole.

use super::{chunks::Parts, unfilter::unfilter};

/// References reach at most this many bytes back.
const BACK: usize = 1 << 15;

/// This many bytes are unpacked at a time, but at least a few rows.
const AT_A_TIME: usize = 1 << 17;

/// Gives each row of pixels of `N` bytes to `take`, from the top; `None` as soon
/// as anything is amiss: then what was taken says nothing.
pub(super) fn each<const N: usize>(parts: &Parts<'_>, mut take: impl FnMut(&[u8])) -> Option<()> {
    let stride = parts.header.size.width as usize * N;
    let mut window = Window::new(stride + 1);
    let mut left = parts.header.size.height;
    let [mut above, mut row] = [vec![0; stride], vec![0; stride]];
    for piece in &parts.packed {
        let mut rest = *piece;
        while !rest.is_empty() && !window.stream.is_done() {
            rest = window.fill(rest)?;
            while let Some(packed) = window.row(stride + 1) {
                left = left.checked_sub(1)?;
                let (filter, packed) = packed.split_first()?;
                if !unfilter::<N>(*filter, &above, packed, &mut row) {
                    return None;
                }
                take(&row);
                std::mem::swap(&mut above, &mut row);
            }
        }
    }
    (left == 0 && window.stream.is_done() && window.is_empty()).then_some(())
}

/// The last bytes that were unpacked.
struct Window {
    stream: fdeflate::Decompressor,
    bytes: Vec<u8>,
    /// Where the next row begins.
    start: usize,
    filled: usize,
}

impl Window {
    fn new(row: usize) -> Self {
        let mut stream = fdeflate::Decompressor::new();
        // Every chunk has been checked by a better sum already.
        stream.ignore_adler32();
        Self {
            stream,
            bytes: vec![0; BACK + AT_A_TIME.max(row * 4)],
            start: 0,
            filled: 0,
        }
    }

    /// Unpacks as much as there is room for; gives what is left of the packed
    /// bytes.
    fn fill<'p>(&mut self, packed: &'p [u8]) -> Option<&'p [u8]> {
        if self.filled == self.bytes.len() {
            // All rows that were whole are taken, so there is always room then.
            let gone = self.start.min(self.filled - BACK);
            self.bytes.copy_within(gone.., 0);
            self.start -= gone;
            self.filled -= gone;
        }
        let (read, written) = self
            .stream
            .read(packed, &mut self.bytes, self.filled, false)
            .ok()?;
        self.filled += written;
        ((read, written) != (0, 0)).then_some(&packed[read..])
    }

    /// The next row with its filter, if it is all there.
    fn row(&mut self, length: usize) -> Option<&[u8]> {
        let row = self.bytes[self.start..self.filled].get(..length)?;
        self.start += length;
        Some(row)
    }

    fn is_empty(&self) -> bool {
        self.start == self.filled
    }
}
