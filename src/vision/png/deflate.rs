//! Packs the filtered rows of screens.
//!
//! What is left of a screen after filtering is long runs of zeros with letters
//! between them. So only runs of zeros become references, and all else is
//! written on its own with as many bits as it deserves: a tenth of the work of a
//! general compressor, for files that are hardly larger (RFC 1951).

/// Values of the alphabet of bytes, the end and lengths.
const SYMBOLS: usize = 286;

/// The value that ends a block.
const END: usize = 256;

/// The longest code: short enough for decoders to look up in one step.
const LONGEST: u8 = 12;

/// The longest reference.
const FARTHEST: usize = 258;

/// This many bytes should share the lengths of their codes: fewer cost more than
/// they save.
pub(super) const BLOCK: usize = 1 << 18;

/// For each length of a reference its value, how many bits follow it, and the
/// shortest length with that value.
const LENGTHS: [(usize, u32, usize); FARTHEST + 1] = lengths();

const fn lengths() -> [(usize, u32, usize); FARTHEST + 1] {
    let mut table = [(0, 0, 0); FARTHEST + 1];
    let (mut symbol, mut first, mut bits) = (257, 3, 0_u32);
    while symbol < 285 {
        // From 265 on every fourth value has a bit more than those before it.
        if symbol >= 265 && (symbol - 261) % 4 == 0 {
            bits += 1;
        }
        let mut length = first;
        while length < first + (1 << bits) && length < FARTHEST {
            table[length] = (symbol, bits, first);
            length += 1;
        }
        first = length;
        symbol += 1;
    }
    table[FARTHEST] = (285, 0, FARTHEST);
    table
}

/// A part of a stream, which is packed block by block.
pub(super) struct Stream(Bits);

impl Stream {
    /// A part that will take about this many bytes.
    pub(super) fn new(about: usize) -> Self {
        Self(Bits {
            written: vec![0; about + 1024],
            length: 0,
            held: 0,
            count: 0,
        })
    }

    /// Adds a block of any length above 0, best of [`BLOCK`]; `last` if it is the
    /// last of all parts.
    pub(super) fn add(&mut self, block: &[u8], last: bool) {
        self.0.put(last.into(), 1);
        write_block(&mut self.0, block);
    }

    /// The packed bytes. Another part can follow, unless this was the `last` one.
    pub(super) fn finish(self, last: bool) -> Vec<u8> {
        let mut bits = self.0;
        if !last {
            // A block of no bytes, as they are, brings the next part to a whole
            // byte.
            bits.put(0, 3);
            bits.align();
            bits.put(0xffff_0000, 32);
        }
        bits.align();
        bits.written.truncate(bits.length);
        bits.written
    }
}

/// Bits that become bytes, the lowest first.
struct Bits {
    /// What is written, and a few bytes more that will be.
    written: Vec<u8>,
    /// How many bytes are written.
    length: usize,
    held: u64,
    /// How many bits are held, at most 7 between two calls.
    count: u32,
}

impl Bits {
    /// Adds the lowest `count` bits, at most 56; the others are zero.
    #[inline]
    fn put(&mut self, bits: u64, count: u32) {
        self.held |= bits << self.count;
        self.count += count;
        let end = self.length + 8;
        if end > self.written.len() {
            self.written.resize(end * 2, 0);
        }
        self.written[self.length..end].copy_from_slice(&self.held.to_le_bytes());
        self.length += (self.count / 8) as usize;
        self.held >>= self.count & !7;
        self.count &= 7;
    }

    fn align(&mut self) {
        self.put(0, self.count.wrapping_neg() & 7);
    }
}

/// Who takes what a block consists of.
trait Tokens {
    fn bytes(&mut self, bytes: &[u8]);
    /// The last byte this many times more: 3 to 258.
    fn again(&mut self, length: usize);
}

/// A block without its first bit.
fn write_block(bits: &mut Bits, bytes: &[u8]) {
    let mut counts = Counts([0; SYMBOLS]);
    tell(bytes, &mut counts);
    counts.0[END] = 1;
    let lengths = code_lengths(counts.0);
    // A block with codes of its own; all values have one; so has one distance;
    // and so have all of the 19 lengths that a code may have.
    bits.put(0b10, 2);
    bits.put(29, 5);
    bits.put(0, 5);
    bits.put(15, 4);
    // The lengths 0 to 15 take 4 bits each; the first three values would repeat
    // one.
    for value in 0..19 {
        bits.put(if value < 3 { 0 } else { 4 }, 3);
    }
    for length in lengths.iter().chain(&[1]) {
        bits.put(u64::from(length.reverse_bits() >> 4), 4);
    }
    let codes = codes(&lengths);
    let end = codes[END];
    tell(bytes, &mut Writing { bits, codes });
    bits.put(end.0.into(), end.1.into());
}

/// Tells the bytes, and long runs of zeros as such.
fn tell(bytes: &[u8], tokens: &mut impl Tokens) {
    let mut zeros = 0;
    let (eights, rest) = bytes.as_chunks::<8>();
    for eight in eights {
        // The first byte is the lowest.
        let word = u64::from_le_bytes(*eight);
        if word == 0 {
            zeros += 8;
            continue;
        }
        // Only runs that cross a multiple of eight are looked for: branches that
        // nobody can foretell cost more than the bits of a shorter one.
        let mut begin = 0;
        if zeros > 0 {
            begin = word.trailing_zeros() as usize / 8;
            tell_zeros(zeros + begin, tokens);
        }
        zeros = word.leading_zeros() as usize / 8;
        tokens.bytes(&eight[begin..8 - zeros]);
    }
    tell_zeros(zeros, tokens);
    tokens.bytes(rest);
}

fn tell_zeros(count: usize, tokens: &mut impl Tokens) {
    const ZEROS: [u8; 3] = [0; 3];
    let mut left = count;
    if left > ZEROS.len() {
        tokens.bytes(&[0]);
        left -= 1;
        while left > 2 {
            let length = left.min(FARTHEST);
            tokens.again(length);
            left -= length;
        }
    }
    tokens.bytes(&ZEROS[..left]);
}

/// How often each value is told.
struct Counts([u32; SYMBOLS]);

impl Tokens for Counts {
    #[inline]
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0[usize::from(*byte)] += 1;
        }
    }

    #[inline]
    fn again(&mut self, length: usize) {
        self.0[LENGTHS[length].0] += 1;
    }
}

struct Writing<'a> {
    bits: &'a mut Bits,
    /// For each value its code and the length of that.
    codes: [(u16, u8); SYMBOLS],
}

impl Tokens for Writing<'_> {
    #[inline]
    fn bytes(&mut self, bytes: &[u8]) {
        for few in bytes.chunks(4) {
            let (mut all, mut count) = (0, 0);
            for byte in few {
                let (code, length) = self.codes[usize::from(*byte)];
                all |= u64::from(code) << count;
                count += u32::from(length);
            }
            self.bits.put(all, count);
        }
    }

    #[inline]
    fn again(&mut self, length: usize) {
        let (symbol, extra, first) = LENGTHS[length];
        let (code, bits) = self.codes[symbol];
        // One bit more is the distance, which is always 1.
        let rest = (length - first) as u64;
        let (code, bits) = (u64::from(code) | rest << bits, u32::from(bits));
        self.bits.put(code, bits + extra + 1);
    }
}

/// How long the code of each value is, by Huffman's method, 0 for those that are
/// not there; at least two are. Codes that would be too long make all counts more
/// alike.
fn code_lengths(mut counts: [u32; SYMBOLS]) -> [u8; SYMBOLS] {
    loop {
        let lengths = huffman(&counts);
        if lengths.iter().all(|length| *length <= LONGEST) {
            return lengths;
        }
        for count in counts.iter_mut().filter(|count| **count > 0) {
            *count = *count / 4 + 1;
        }
    }
}

fn huffman(counts: &[u32; SYMBOLS]) -> [u8; SYMBOLS] {
    let there = (0..SYMBOLS).filter(|symbol| counts[*symbol] > 0);
    let mut leaves: Vec<usize> = there.collect();
    leaves.sort_by_key(|symbol| counts[*symbol]);
    // The nodes of the tree: first the leaves, then what joins two, each list in
    // the order of its weights. So the lightest is always one of the two next.
    let mut weights: Vec<u64> = leaves.iter().map(|leaf| counts[*leaf].into()).collect();
    let all = (leaves.len() * 2).saturating_sub(1);
    let mut parents = vec![0; all];
    let (mut leaf, mut joined) = (0, leaves.len());
    for node in leaves.len()..all {
        let mut weight = 0;
        for _ in 0..2 {
            let is_leaf =
                leaf < leaves.len() && (joined == node || weights[leaf] <= weights[joined]);
            let next = if is_leaf { &mut leaf } else { &mut joined };
            weight += weights[*next];
            parents[*next] = node;
            *next += 1;
        }
        weights.push(weight);
    }
    // Each node comes before its parent, and the root is the last.
    let mut depths = vec![0_u8; all];
    for node in (0..all.saturating_sub(1)).rev() {
        depths[node] = depths[parents[node]].saturating_add(1);
    }
    let mut lengths = [0; SYMBOLS];
    for (symbol, depth) in leaves.into_iter().zip(depths) {
        lengths[symbol] = depth;
    }
    lengths
}

/// The codes for these lengths, which are counted from the highest bit, turned
/// for writing from the lowest (RFC 1951, section 3.2.2).
fn codes(lengths: &[u8; SYMBOLS]) -> [(u16, u8); SYMBOLS] {
    let mut codes = [(0, 0); SYMBOLS];
    let mut next = 0_u16;
    for length in 1..=LONGEST {
        next <<= 1;
        for (symbol, _) in (0..).zip(lengths).filter(|(_, own)| **own == length) {
            let symbol: usize = symbol;
            codes[symbol] = (next.reverse_bits() >> (16 - length), length);
            next += 1;
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(bytes: &[u8], last: bool) -> Vec<u8> {
        let mut stream = Stream::new(0);
        let mut blocks = bytes.chunks(BLOCK).peekable();
        while let Some(block) = blocks.next() {
            stream.add(block, last && blocks.peek().is_none());
        }
        stream.finish(last)
    }

    fn unpacked(stream: &[u8]) -> Vec<u8> {
        let mut zlib = vec![0x78, 1];
        zlib.extend_from_slice(stream);
        zlib.extend([0; 4]);
        let mut decompressor = fdeflate::Decompressor::new();
        decompressor.ignore_adler32();
        let mut bytes = vec![0; 4 << 20];
        let (_, length) = decompressor.read(&zlib, &mut bytes, 0, true).unwrap();
        assert!(decompressor.is_done());
        bytes.truncate(length);
        bytes
    }

    #[test]
    fn runs_of_every_length_are_unpacked_as_they_were() {
        for length in (0..1200).chain([BLOCK - 1, BLOCK, BLOCK + 1, BLOCK * 3 + 77]) {
            let mut bytes = vec![7, 0, 9];
            bytes.extend(vec![0; length]);
            bytes.extend([1, 2, 3]);
            assert_eq!(unpacked(&packed(&bytes, true)), bytes, "{length} zeros");
        }
    }

    #[test]
    fn parts_make_one_stream_wherever_they_meet() {
        let bytes: Vec<u8> = (0..2000_u32)
            .map(|n| ((n * n) >> 7).to_le_bytes()[0] & 0x3f)
            .collect();
        for cut in [1, 2, 3, 500, 777, 1999] {
            let (one, other) = bytes.split_at(cut);
            let stream = [packed(one, false), packed(other, true)].concat();
            assert_eq!(unpacked(&stream), bytes, "cut at {cut}");
        }
    }

    #[test]
    fn values_of_very_different_frequency_have_codes_of_bounded_length() {
        // Frequencies like Fibonacci's numbers make the deepest tree there is.
        let mut counts = [0; SYMBOLS];
        let (mut one, mut other) = (1, 1);
        for count in counts.iter_mut().take(40) {
            *count = one;
            (one, other) = (other, one + other);
        }
        let lengths = code_lengths(counts);
        assert!(lengths.iter().all(|length| *length <= LONGEST));
        let shares = lengths.iter().filter(|length| **length > 0);
        let sum: u32 = shares.map(|length| 1 << (LONGEST - length)).sum();
        assert_eq!(sum, 1 << LONGEST, "every code is somebody's");
    }
}
