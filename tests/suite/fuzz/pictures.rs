//! PNG files that nobody would write: of every kind, in pieces, animated, with chunks
//! that are strange to a reader, cut off, damaged, and with false claims of their size.
//! Whatever a file holds, reading it ends without a panic, and with the pixels and the
//! verdict of the `png` crate.

use std::io::Cursor;

use deskhand::vision::{Frame, FrameError, Needle, PngFault};
use png::{ColorType, Decoder, Transformations};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};

use super::chance;
use crate::seed::{self, seed};

/// The colour types with their depths.
const KINDS: [(u8, u8); 15] = [
    (0, 1),
    (0, 2),
    (0, 4),
    (0, 8),
    (0, 16),
    (2, 8),
    (2, 16),
    (3, 1),
    (3, 2),
    (3, 4),
    (3, 8),
    (4, 8),
    (4, 16),
    (6, 8),
    (6, 16),
];

/// Chunks without which a picture is whole.
const STRANGE: [[u8; 4]; 6] = [*b"tEXt", *b"gAMA", *b"iCCP", *b"zTXt", *b"pHYs", *b"prIV"];

/// How a file is changed once it is made.
#[derive(Clone, Debug)]
enum Harm {
    Nothing,
    /// Cut off.
    Cut(Index),
    /// One bit is another.
    Flip(Index, u8),
    /// The header tells of another size, with a right checksum.
    Claim(u32, u32),
}

/// Sizes of more pixels than are read, or of none, or of more than there can be.
const CLAIMS: [(u32, u32); 7] = [
    (30_000, 25_000),
    (8192, 8193),
    (0x7fff_ffff, 0x7fff_ffff),
    (u32::MAX, 1),
    (1, 0x7fff_ffff),
    (0, 7),
    (0, 0),
];

/// What a file is made of.
#[derive(Clone, Debug)]
struct Recipe {
    kind: (u8, u8),
    size: (u32, u32),
    interlaced: bool,
    /// Filters and pixels, as often as it takes.
    bytes: Vec<u8>,
    /// A filter that is none.
    bad_filter: bool,
    /// More or fewer bytes than the size needs.
    extra: i32,
    palette: Vec<[u8; 3]>,
    transparency: Option<Vec<u8>>,
    /// Where the packed pixels are cut in pieces.
    pieces: Vec<Index>,
    /// A bit of the packed pixels that is another, with a right checksum.
    spoilt: Option<(Index, u8)>,
    /// A second picture follows; true, if the first is a part of the film.
    animated: Option<bool>,
    /// Chunks that say nothing about the pixels.
    strange: Vec<([u8; 4], Vec<u8>)>,
    harm: Harm,
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let harm = prop_oneof![
        3 => Just(Harm::Nothing),
        1 => any::<Index>().prop_map(Harm::Cut),
        2 => (any::<Index>(), 0..8_u8).prop_map(|(place, bit)| Harm::Flip(place, bit)),
        1 => select(&CLAIMS[..]).prop_map(|(width, height)| Harm::Claim(width, height)),
    ];
    let names = select(&STRANGE[..]);
    let shape = (
        select(&KINDS[..]),
        (1..40_u32, 1..40_u32),
        prop::bool::weighted(0.2),
        vec(prop_oneof![3 => Just(0), 2 => any::<u8>()], 1..200),
        prop::bool::weighted(0.1),
        prop_oneof![8 => Just(0), 1 => -50..50_i32],
    );
    let parts = (
        vec(any::<[u8; 3]>(), 1..=256),
        proptest::option::weighted(0.3, vec(any::<u8>(), 1..10)),
        vec(any::<Index>(), 0..4),
        proptest::option::weighted(0.1, (any::<Index>(), 0..8_u8)),
        proptest::option::weighted(0.2, any::<bool>()),
        vec((names, vec(any::<u8>(), 0..40)), 0..3),
        harm,
    );
    (shape, parts).prop_map(|(shape, parts)| {
        let (kind, size, interlaced, bytes, bad_filter, extra) = shape;
        let (palette, transparency, pieces, spoilt, animated, strange, harm) = parts;
        Recipe {
            kind,
            size,
            interlaced,
            bytes,
            bad_filter,
            extra,
            palette,
            transparency,
            pieces,
            spoilt,
            animated,
            strange,
            harm,
        }
    })
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], bytes: &[u8]) {
    let whole = [&name, bytes].concat();
    file.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
    file.extend(&whole);
    file.extend(crc32fast::hash(&whole).to_be_bytes());
}

impl Recipe {
    fn file(&self) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        let (width, height) = self.size;
        let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
        let rest = [self.kind.1, self.kind.0, 0, 0, self.interlaced.into()];
        chunk(&mut file, *b"IHDR", &[&sides[..], &rest].concat());
        if self.animated.is_some() {
            chunk(&mut file, *b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
        }
        for (name, bytes) in &self.strange {
            chunk(&mut file, *name, bytes);
        }
        if self.kind.0 == 3 {
            chunk(&mut file, *b"PLTE", self.palette.as_flattened());
        }
        if let Some(transparency) = &self.transparency {
            chunk(&mut file, *b"tRNS", transparency);
        }
        let still_is_part = self.animated == Some(true);
        if still_is_part {
            chunk(&mut file, *b"fcTL", &self.moment(0));
        }
        let mut packed = fdeflate::compress_to_vec(&self.rows());
        if let Some((place, bit)) = &self.spoilt {
            let place = place.index(packed.len());
            packed[place] ^= 1 << bit;
        }
        let mut cuts: Vec<usize> = self
            .pieces
            .iter()
            .map(|at| at.index(packed.len()))
            .collect();
        cuts.extend([0, packed.len()]);
        cuts.sort_unstable();
        for piece in cuts.windows(2) {
            chunk(&mut file, *b"IDAT", &packed[piece[0]..piece[1]]);
        }
        if self.animated.is_some() {
            let number = u32::from(still_is_part);
            chunk(&mut file, *b"fcTL", &self.moment(number));
            let next = [&(number + 1).to_be_bytes(), &packed[..]].concat();
            chunk(&mut file, *b"fdAT", &next);
        }
        chunk(&mut file, *b"IEND", &[]);
        match &self.harm {
            Harm::Nothing => {}
            Harm::Cut(place) => file.truncate(place.index(file.len())),
            Harm::Flip(place, bit) => {
                let place = place.index(file.len());
                file[place] ^= 1 << bit;
            }
            Harm::Claim(width, height) => {
                let mut claim = Vec::new();
                let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
                let header = [&sides, &file[24..29]].concat();
                chunk(&mut claim, *b"IHDR", &header);
                file.splice(8..33, claim);
            }
        }
        file
    }

    /// What tells of one picture of an animation: its number, where it is drawn, for how
    /// long it stays, and what becomes of it.
    fn moment(&self, number: u32) -> Vec<u8> {
        let (width, height) = self.size;
        let words = [number, width, height, 0, 0].map(u32::to_be_bytes);
        [words.as_flattened(), &[0, 1, 0, 10, 0, 0]].concat()
    }

    /// Rows that begin with a filter each, of all passes.
    fn rows(&self) -> Vec<u8> {
        let mut rows = Vec::new();
        let mut endless = self.bytes.iter().copied().cycle();
        for (length, count) in self.passes() {
            for _ in 0..count {
                let filter = endless.next().unwrap_or(0) % 5;
                rows.push(if self.bad_filter { filter + 3 } else { filter });
                rows.extend(endless.by_ref().take(length));
            }
        }
        let length = i32::try_from(rows.len()).unwrap() + self.extra;
        rows.resize(usize::try_from(length).unwrap_or(0), 7);
        rows
    }

    /// The length and the number of the rows of each pass.
    fn passes(&self) -> Vec<(usize, u32)> {
        /// First column, first row, and the steps from one to the next.
        const ADAM7: [(u32, u32, u32, u32); 7] = [
            (0, 0, 8, 8),
            (4, 0, 8, 8),
            (0, 4, 4, 8),
            (2, 0, 4, 4),
            (0, 2, 2, 4),
            (1, 0, 2, 2),
            (0, 1, 1, 2),
        ];
        let channels = [1, 0, 3, 1, 2, 0, 4][usize::from(self.kind.0)];
        let bits = channels * u32::from(self.kind.1);
        let all = [(0, 0, 1, 1)];
        let passes = if self.interlaced { &ADAM7[..] } else { &all };
        let (width, height) = self.size;
        let sides = passes.iter().map(|(x, y, right, down)| {
            let wide = width.saturating_sub(*x).div_ceil(*right);
            (wide, height.saturating_sub(*y).div_ceil(*down))
        });
        sides
            .filter(|(wide, _)| *wide > 0)
            .map(|(wide, high)| ((wide * bits).div_ceil(8) as usize, high))
            .collect()
    }
}

/// What the `png` crate reads, on white.
fn as_png_reads_it(file: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = Decoder::new(Cursor::new(file));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let size = u64::from(reader.info().width) * u64::from(reader.info().height);
    if size > 64 << 20 {
        return None;
    }
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut pixels).ok()?;
    pixels.truncate(info.buffer_size());
    let mixed = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u16::from(colour), u16::from(alpha));
        u8::try_from((colour * alpha + 255 * (255 - alpha) + 127) / 255).unwrap()
    };
    let pixels = pixels.chunks(info.color_type.samples());
    let rgb = pixels.flat_map(|pixel| match (info.color_type, pixel) {
        (ColorType::Rgba, [r, g, b, a]) => [*r, *g, *b].map(|colour| mixed(colour, *a)),
        (ColorType::GrayscaleAlpha, [grey, a]) => [mixed(*grey, *a); 3],
        (_, [r, g, b]) => [*r, *g, *b],
        (_, grey) => [grey[0]; 3],
    });
    Some(rgb.collect())
}

#[test]
fn no_picture_panics_or_is_read_otherwise_than_by_the_png_crate() {
    let config = Config {
        cases: 4000,
        failure_persistence: None,
        ..Config::default()
    };
    let (mut read, mut refused) = (0, 0);
    let mut runner = TestRunner::new_with_rng(config, chance(seed(seed::USUAL)));
    let files: Vec<Recipe> = (0..4000)
        .map(|_| recipe().new_tree(&mut runner).unwrap().current())
        .collect();
    for recipe in files {
        let file = recipe.file();
        let ours = Frame::decode_png(&file);
        // A needle has the same reader; it refuses what is transparent.
        let needle = Needle::decode_png(&file);
        assert!(
            needle.is_ok() == ours.is_ok() || needle == Err(FrameError::Transparent),
            "{recipe:?}"
        );
        // The crate draws a picture whose transparency is damaged as if it had none.
        if let Err(FrameError::Png(PngFault::Checksum(chunk))) = &ours
            && chunk == "`tRNS` chunk"
        {
            continue;
        }
        let theirs = as_png_reads_it(&file);
        assert_eq!(
            ours.as_ref().ok().map(Frame::bytes),
            theirs.as_deref(),
            "{ours:?} of {recipe:?}"
        );
        if ours.is_ok() {
            read += 1;
        } else {
            refused += 1;
        }
    }
    assert!(
        read > 1000 && refused > 1000,
        "{read} read, {refused} refused"
    );
}

#[test]
fn what_is_no_picture_at_all_is_refused_by_every_reader() {
    const BEGINNINGS: [&[u8]; 4] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a"];
    let config = Config {
        cases: 2000,
        failure_persistence: None,
        ..Config::default()
    };
    let noise = (select(&BEGINNINGS[..]), vec(any::<u8>(), 0..400));
    let mut runner = TestRunner::new_with_rng(config, chance(seed(seed::USUAL)));
    let tried = runner.run(&noise, |(beginning, rest)| {
        let file = [beginning, &rest].concat();
        prop_assert!(Frame::decode_png(&file).is_err());
        prop_assert!(Needle::decode_png(&file).is_err());
        Ok(())
    });
    tried.unwrap();
}
