//! A picture of few colours: one byte for each pixel, a third of what a frame
//! takes to draw, to pack and to keep.

use image::{GrayImage, Luma, Rgb, RgbImage};

use super::{
    both,
    draw::{WHITE, size_of},
    frame::{CHANNELS, Frame},
    png::encode_palette,
};
use crate::geometry::Size;

/// The greys that a pale picture has; the inks follow them in the palette.
const GREYS: u8 = 86;

/// Colours between that of a box and that of paper, for the soft edges of the
/// letters on a plate: drawing mixes the numbers of colours, which lie side by
/// side.
const BETWEEN: u8 = 64;

/// The inks, each by the number of its colour in the palette.
pub(super) const DIFFERS: Luma<u8> = Luma([GREYS]);
pub(super) const FORGIVEN: Luma<u8> = Luma([GREYS + 1]);
pub(super) const MASKED: Luma<u8> = Luma([GREYS + 2]);
pub(super) const BOX: Luma<u8> = Luma([GREYS + 3]);
pub(super) const PAPER: Luma<u8> = Luma([GREYS + 3 + BETWEEN]);

const BOX_COLOUR: Rgb<u8> = Rgb([214, 0, 110]);

/// The colour that an ink has.
pub(super) fn colour(ink: Luma<u8>) -> Rgb<u8> {
    match ink {
        Luma([grey @ 0..GREYS]) => Rgb([170 + grey; CHANNELS]),
        DIFFERS => Rgb([226, 32, 44]),
        FORGIVEN => Rgb([240, 190, 40]),
        MASKED => Rgb([96, 140, 210]),
        Luma([number]) => {
            let paper = u32::from(number.min(PAPER.0[0]) - BOX.0[0]);
            let whole = u32::from(BETWEEN);
            Rgb(BOX_COLOUR.0.map(|channel| {
                let mixed = u32::from(channel) * (whole - paper) + 255 * paper;
                u8::try_from(mixed / whole).unwrap_or(u8::MAX)
            }))
        }
    }
}

/// A picture of few colours.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Diagram(
    /// The number of each pixel's colour in the palette.
    GrayImage,
);

impl Diagram {
    pub(super) const fn new(numbers: GrayImage) -> Self {
        Self(numbers)
    }

    /// Its size in pixels.
    #[must_use]
    pub(crate) fn size(&self) -> Size {
        size_of(&self.0)
    }

    /// The same as a frame.
    #[must_use]
    pub(crate) fn to_frame(&self) -> Frame {
        self.to_image().into()
    }

    /// The same with three bytes for each pixel.
    pub(super) fn to_image(&self) -> RgbImage {
        let palette = palette();
        let mut image = RgbImage::from_pixel(self.0.width(), self.0.height(), WHITE);
        let (pixels, _) = image.as_chunks_mut::<CHANNELS>();
        for (pixel, number) in pixels.iter_mut().zip(self.0.as_raw()) {
            *pixel = palette[usize::from(*number)];
        }
        image
    }

    /// Writes a PNG with a palette, fast rather than small.
    #[must_use]
    pub(crate) fn encode_png(&self) -> Vec<u8> {
        let used = usize::from(PAPER.0[0]) + 1;
        encode_palette(self.size(), &palette()[..used], self.0.as_raw())
    }
}

fn palette() -> [[u8; CHANNELS]; 256] {
    let mut number = 0_u8..=u8::MAX;
    [(); 256].map(|()| colour(Luma([number.next().unwrap_or_default()])).0)
}

/// A picture of `size`, at least that of `frame`, with the frame on it in greys so
/// light that marks stand out.
pub(super) fn pale(frame: &Frame, size: Size) -> GrayImage {
    let mut sheet = GrayImage::from_pixel(size.width, size.height, PAPER);
    let stride = size.width.max(1) as usize;
    let half = frame.size().height / 2;
    let middle = (half as usize * stride).min(sheet.len());
    let (upper, lower) = sheet.split_at_mut(middle);
    both(
        || pale_rows(frame, half..frame.size().height, lower, stride),
        || pale_rows(frame, 0..half, upper, stride),
    );
    sheet
}

fn pale_rows(frame: &Frame, rows: std::ops::Range<u32>, to: &mut [u8], stride: usize) {
    for (y, to) in rows.zip(to.chunks_exact_mut(stride)) {
        let (row, _) = frame.row(y).as_chunks::<CHANNELS>();
        for (to, [red, green, blue]) in to.iter_mut().zip(row) {
            let [r, g, b] = [*red, *green, *blue].map(u16::from);
            // The brightness by BT.601, then a third of it: 0 to 85.
            let grey = (r * 77 + g * 150 + b * 29) >> 8;
            *to = u8::try_from((grey * 171) >> 9).unwrap_or(GREYS - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::{Point, Rect},
        vision::draw::fill,
    };

    #[test]
    fn a_diagram_survives_its_file() {
        let frame = Frame::filled(Size::new(9, 5), [200, 100, 0]);
        let mut sheet = pale(&frame, Size::new(10, 7));
        fill(&mut sheet, Rect::new(2, 2, 3, 1), DIFFERS);
        let diagram = Diagram::new(sheet);
        let read = Frame::decode_png(&diagram.encode_png()).unwrap();
        assert_eq!(read, diagram.to_frame());
        assert_eq!(read.pixel(Point::new(2, 2)), Some([226, 32, 44]));
        assert_eq!(read.pixel(Point::new(9, 0)), Some([255; 3]));
    }

    #[test]
    fn pale_greys_go_from_light_to_white() {
        for (level, grey) in [(0, 170), (128, 212), (255, 255)] {
            let frame = Frame::filled(Size::new(1, 2), [level; 3]);
            let diagram = Diagram::new(pale(&frame, frame.size()));
            assert_eq!(diagram.to_frame().pixel(Point::new(0, 1)), Some([grey; 3]));
        }
    }

    #[test]
    fn colours_between_box_and_paper_go_evenly_from_one_to_the_other() {
        let reds = (BOX.0[0]..=PAPER.0[0]).map(|number| colour(Luma([number])).0[1]);
        let reds: Vec<u8> = reds.collect();
        assert_eq!((reds[0], reds[32], reds[64]), (0, 127, 255));
        assert!(reds.is_sorted());
    }
}
