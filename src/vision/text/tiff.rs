//! Many lines of text as one file.

use image::{
    GrayImage,
    imageops::{self, FilterType},
};

use super::strip::StripPicture;

/// Lines up to this height, margin and all, are enlarged three times: recognisers
/// have learnt from print, whose letters are larger than those of a screen. Four
/// times reads no better, and twice misses single letters.
const SMALL: usize = 30;

/// Lines up to this height are enlarged twice, and higher ones not at all.
const MIDDLING: usize = 44;

/// Bytes of a TIFF's header, and of a directory of `FIELDS` fields.
const HEADER: u32 = 8;
const FIELDS: u16 = 9;
const DIRECTORY: u32 = 2 + FIELDS as u32 * 12 + 4;

/// How many times a line is enlarged: the smaller, the more.
pub(super) const fn scale(picture: &StripPicture) -> usize {
    let height = picture.height();
    if height <= SMALL {
        3
    } else if height <= MIDDLING {
        2
    } else {
        1
    }
}

/// Writes lines as the pages of a TIFF file (8 bits grey, not compressed), in
/// their order and enlarged. A recogniser then reads each line on its own and is
/// started once for all of them.
#[must_use]
pub(crate) fn to_tiff(pictures: &[&StripPicture]) -> Vec<u8> {
    let mut file = b"II\x2a\0".to_vec();
    file.extend(HEADER.to_le_bytes());
    for (index, picture) in pictures.iter().enumerate() {
        let (width, height, mut pixels) = enlarged(picture);
        if pixels.len() % 2 == 1 {
            pixels.push(u8::MAX);
        }
        let at = position(&file);
        let data = at.saturating_add(DIRECTORY);
        let next = data.saturating_add(position(&pixels));
        let last = index + 1 == pictures.len();
        file.extend(FIELDS.to_le_bytes());
        for (tag, value) in [
            (256, width),          // ImageWidth
            (257, height),         // ImageLength
            (258, 8),              // BitsPerSample
            (259, 1),              // Compression: none
            (262, 1),              // PhotometricInterpretation: 0 is black
            (273, data),           // StripOffsets
            (277, 1),              // SamplesPerPixel
            (278, height),         // RowsPerStrip
            (279, width * height), // StripByteCounts
        ] {
            // Field type 4: one number of 32 bits.
            file.extend(u16::to_le_bytes(tag));
            file.extend(4_u16.to_le_bytes());
            file.extend(1_u32.to_le_bytes());
            file.extend(u32::to_le_bytes(value));
        }
        file.extend(if last { 0 } else { next }.to_le_bytes());
        file.extend(pixels);
    }
    file
}

fn position(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

/// The width, the height and the pixels of a line, enlarged.
fn enlarged(picture: &StripPicture) -> (u32, u32, Vec<u8>) {
    let scale = scale(picture);
    let (width, height) = (picture.width, picture.height());
    if picture.sharp {
        return sharpened(picture, scale);
    }
    let steps: Vec<Step> = (0..width * scale)
        .map(|x| Step::new(x, scale, width))
        .collect();
    let row = |y: usize| &picture.pixels[y * width..][..width];
    let mut pixels = Vec::with_capacity(width * height * scale * scale + 1);
    for y in 0..height * scale {
        let step = Step::new(y, scale, height);
        let (above, below) = (row(step.from), row(step.to));
        let row: Vec<u8> = above
            .iter()
            .zip(below)
            .map(|(one, other)| step.between(*one, *other))
            .collect();
        pixels.extend(
            steps
                .iter()
                .map(|step| step.between(row[step.from], row[step.to])),
        );
    }
    let length = |length: usize| u32::try_from(length * scale).unwrap_or(u32::MAX);
    (length(width), length(height), pixels)
}

/// The same with edges as steep as they can be: by the window of Lanczos.
fn sharpened(picture: &StripPicture, scale: usize) -> (u32, u32, Vec<u8>) {
    let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let (width, height) = (length(picture.width), length(picture.height()));
    let image = GrayImage::from_raw(width, height, picture.pixels.clone()).unwrap_or_default();
    let (width, height) = (
        image.width() * length(scale),
        image.height() * length(scale),
    );
    let image = imageops::resize(&image, width, height, FilterType::Lanczos3);
    (width, height, image.into_raw())
}

/// Between which two pixels one of the enlarged picture lies.
struct Step {
    from: usize,
    to: usize,
    /// How far it is from the first one, of `whole`.
    part: usize,
    whole: usize,
}

impl Step {
    /// That of pixel `n` where each of `count` pixels became `scale`: pixels are
    /// where their middle is, and those at the edges have one neighbour.
    fn new(n: usize, scale: usize, count: usize) -> Self {
        let whole = scale * 2;
        let middle = (n * 2 + 1).saturating_sub(scale).min((count - 1) * whole);
        let from = middle / whole;
        Self {
            from,
            to: (from + 1).min(count - 1),
            part: middle % whole,
            whole,
        }
    }

    fn between(&self, one: u8, other: u8) -> u8 {
        let sum = usize::from(one) * (self.whole - self.part) + usize::from(other) * self.part;
        u8::try_from((sum + self.whole / 2) / self.whole).unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::text::strip::tests::drawn;

    fn number(file: &[u8], at: usize) -> usize {
        let bytes: [u8; 4] = file[at..at + 4].try_into().unwrap();
        u32::from_le_bytes(bytes) as usize
    }

    /// The width, the height and the pixels of each page.
    fn pages(file: &[u8]) -> Vec<(usize, usize, Vec<u8>)> {
        assert_eq!(file[..4], *b"II\x2a\0");
        let (mut at, mut pages) = (number(file, 4), Vec::new());
        while at != 0 {
            let fields = usize::from(file[at]);
            let value = |wanted: u16| {
                let fields = (0..fields).map(|field| at + 2 + field * 12);
                let mut fields = fields.filter(|field| file[*field..][..2] == wanted.to_le_bytes());
                number(file, fields.next().unwrap() + 8)
            };
            let pixels = file[value(273)..][..value(279)].to_vec();
            pages.push((value(256), value(257), pixels));
            at = number(file, at + 2 + fields * 12);
        }
        pages
    }

    #[test]
    fn every_line_is_a_page_and_small_ones_get_larger() {
        let small = drawn(&["#."]);
        let large = StripPicture {
            width: 1,
            pixels: vec![7; 45],
            sharp: false,
        };
        let row = [0, 0, 85, 170, 255, 255];
        let expected = [(6, 3, [row, row, row].concat()), (1, 45, vec![7; 45])];
        assert_eq!(pages(&to_tiff(&[&small, &large])), expected);
    }

    #[test]
    fn lines_of_large_letters_are_enlarged_less() {
        for (height, times) in [(18, 3), (30, 3), (31, 2), (44, 2), (45, 1), (90, 1)] {
            let picture = StripPicture {
                width: 1,
                pixels: vec![0; height],
                sharp: false,
            };
            assert_eq!(scale(&picture), times, "{height}");
        }
    }
}
