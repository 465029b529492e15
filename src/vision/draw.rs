//! Drawing pictures for people: the shapes and letters of `imageproc`, with places in the units of
//! this crate.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont};
use image::{Pixel, Rgb, RgbImage};
use imageproc::{
    drawing::{Canvas, draw_filled_rect_mut, draw_hollow_rect_mut, draw_text_mut, text_size},
    rect::Rect as Shape,
};

use super::frame::CHANNELS;
use crate::geometry::{Point, Rect, Size};

pub(super) const WHITE: Rgb<u8> = Rgb([255; 3]);

/// A picture to draw on, or a part of one; what lies outside it is left out.
pub(super) trait Sheet: Canvas<Pixel: Pixel<Subpixel = u8>> {}

impl<C: Canvas<Pixel: Pixel<Subpixel = u8>>> Sheet for C {}

/// `DejaVu` Sans Bold has the letters of Latin, Greek, Cyrillic, Armenian, Georgian,
/// Hebrew and Arabic, and most signs; what it lacks is drawn as an empty box.
static FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| {
    FontRef::try_from_slice(dejavu::sans::bold()).expect("the font that this program carries")
});

/// How large letters and lines are drawn, in pixels.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Pen {
    /// The height of a line of text.
    pub(super) text: u32,
    /// The margin at both ends of a text.
    pub(super) pad: u32,
    /// The width of a line.
    pub(super) line: u32,
    /// The width of the light edge that sets lines off from any ground.
    pub(super) edge: u32,
}

impl Pen {
    /// For a picture of so many pixels across that people look at in a width of
    /// `shown` pixels: the more it will be made smaller, the larger.
    pub(super) fn new(width: u32, shown: u32) -> Self {
        let large = |n: u32| {
            let n = u64::from(n) * u64::from(width.max(shown)) / u64::from(shown.max(1));
            u32::try_from(n).unwrap_or(u32::MAX)
        };
        Self {
            text: large(17),
            pad: large(5),
            line: large(2),
            edge: large(1),
        }
    }

    /// For letters that are still legible where there is little room.
    pub(super) fn smaller(self) -> Self {
        let text = self.text * 2 / 3;
        let pad = self.pad / 2;
        Self { text, pad, ..self }
    }

    fn scale(self) -> PxScale {
        PxScale::from(short(self.text))
    }

    /// How wide a text is.
    pub(super) fn width(self, text: &str) -> u32 {
        text_size(self.scale(), &*FONT, text).0
    }

    /// As much of a text as fits into `room` pixels, with dots for the rest.
    pub(super) fn fitting(self, text: &str, room: u32) -> String {
        const DOTS: char = '…';
        let font = FONT.as_scaled(self.scale());
        let advance = |letter| font.h_advance(font.glyph_id(letter));
        let room = short(room);
        if text.chars().map(advance).sum::<f32>() <= room {
            return text.to_owned();
        }
        let mut left = room - advance(DOTS);
        if left < 0.0 {
            return String::new();
        }
        let fits = text.chars().take_while(|letter| {
            left -= advance(*letter);
            left >= 0.0
        });
        fits.chain([DOTS]).collect()
    }

    /// Writes a line of text whose upper left corner is `corner`.
    pub(super) fn write<S: Sheet>(self, sheet: &mut S, text: &str, corner: Point, ink: S::Pixel) {
        draw_text_mut(sheet, ink, corner.x, corner.y, self.scale(), &*FONT, text);
    }

    /// Draws a box whose line lies along the inner side of a rectangle.
    pub(super) fn frame<S: Sheet>(self, sheet: &mut S, rect: Rect, ink: S::Pixel) {
        for inset in 0..self.line {
            ring(sheet, narrowed(rect, inset), ink);
        }
    }

    /// Draws the edge around such a box.
    pub(super) fn edge<S: Sheet>(self, sheet: &mut S, rect: Rect, paper: S::Pixel) {
        for out in 1..=self.edge {
            ring(sheet, widened(rect, out), paper);
        }
    }
}

/// Draws the outermost pixels of a rectangle.
fn ring<S: Sheet>(sheet: &mut S, rect: Rect, colour: S::Pixel) {
    if let Some(ring) = to_shape(rect) {
        draw_hollow_rect_mut(sheet, ring, colour);
    }
}

/// What is larger than any picture need not be told apart.
fn short(n: u32) -> f32 {
    f32::from(u16::try_from(n).unwrap_or(u16::MAX))
}

pub(super) fn size_of(picture: &impl Canvas) -> Size {
    Size::new(picture.width(), picture.height())
}

/// Gives a rectangle one colour.
pub(super) fn fill<S: Sheet>(sheet: &mut S, rect: Rect, colour: S::Pixel) {
    let inside = size_of(sheet).to_rect().intersection(rect);
    if let Some(inside) = inside.and_then(to_shape) {
        draw_filled_rect_mut(sheet, inside, colour);
    }
}

/// Draws stripes from the lower left to the upper right.
pub(super) fn hatch<S: Sheet>(sheet: &mut S, rect: Rect, colour: S::Pixel) {
    let inside = size_of(sheet).to_rect().intersection(rect);
    let Some(Rect {
        x,
        y,
        width,
        height,
    }) = inside
    else {
        return;
    };
    let [x, y] = [x, y].map(i32::unsigned_abs);
    for y in y..y + height {
        for x in (x..x + width).filter(|x| (x + y) % 6 < 2) {
            sheet.draw_pixel(x, y, colour);
        }
    }
}

/// Draws a part of a picture, each pixel of it `scale` pixels wide and high, as far
/// as the picture goes; the part's corner comes to `corner`, from which all of it
/// has to be on the sheet. `imageops` needs three steps for this, each pixel by
/// pixel, and twenty times as long.
pub(super) fn paste(
    sheet: &mut RgbImage,
    picture: &RgbImage,
    part: Rect,
    corner: Point,
    scale: u32,
) {
    let Some(inside) = size_of(picture).to_rect().intersection(part) else {
        return;
    };
    let index = |n: i32| n.unsigned_abs() as usize;
    let factor = signed(scale);
    let left = index(corner.x + (inside.x - part.x) * factor) * CHANNELS;
    let top = index(corner.y + (inside.y - part.y) * factor);
    let length = inside.width as usize * CHANNELS;
    let from = index(inside.x) * CHANNELS..index(inside.x) * CHANNELS + length;
    let (stride, width) = (sheet.width() as usize, picture.width() as usize);
    let rows = picture.chunks_exact(width * CHANNELS).skip(index(inside.y));
    let places = sheet.chunks_exact_mut(stride * CHANNELS).skip(top);
    let rows = rows.take(inside.height as usize);
    let mut places = places.map(|place| &mut place[left..left + length * scale as usize]);
    for row in rows {
        let (pixels, _) = row[from.clone()].as_chunks::<CHANNELS>();
        let Some(first) = places.next() else { return };
        let (wide, _) = first.as_chunks_mut::<CHANNELS>();
        for (pixels, pixel) in wide.chunks_exact_mut(scale as usize).zip(pixels) {
            pixels.fill(*pixel);
        }
        for place in places.by_ref().take(scale as usize - 1) {
            place.copy_from_slice(first);
        }
    }
}

/// A rectangle as `imageproc` has it, if it has any pixel.
fn to_shape(rect: Rect) -> Option<Shape> {
    (!rect.is_empty()).then(|| Shape::at(rect.x, rect.y).of_size(rect.width, rect.height))
}

/// A rectangle with this many pixels more on all sides.
pub(super) fn widened(rect: Rect, by: u32) -> Rect {
    let (x, y) = (rect.x - signed(by), rect.y - signed(by));
    Rect::new(x, y, rect.width + by * 2, rect.height + by * 2)
}

/// A rectangle with this many pixels less on all sides.
fn narrowed(rect: Rect, by: u32) -> Rect {
    let (x, y) = (rect.x + signed(by), rect.y + signed(by));
    let [width, height] = [rect.width, rect.height].map(|n| n.saturating_sub(by * 2));
    Rect::new(x, y, width, height)
}

/// Coordinates of pictures fit: a frame has at most 64 Mpixel.
pub(super) fn signed(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_drawn_letter_by_letter() {
        for text in [
            "The quick brown fox jumps over the lazy dog: 0123456789!",
            "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.",
            "Portez ce vieux whisky au juge blond qui fume, « cœur » ; ¿Qué? ¡Sí!",
            "Pchnąć w tę łódź jeża; příliš žluťoučký kůň; İstanbul ığdır; Đặng Thị",
            "Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία. Съешь ещё этих мягких булок, ґанок є ї",
            "“quotes” ‘single’ „deutsch“ – — … • € £ ¥ © ® ™ ° ± × ÷ ≤ ≥ ≠ → ← ↑ ↓ ✓ ✗",
            "#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
        ] {
            let missing = text.chars().filter(|letter| FONT.glyph_id(*letter).0 == 0);
            assert_eq!(missing.collect::<String>(), "", "of {text}");
        }
    }

    #[test]
    fn pictures_that_will_be_made_smaller_have_larger_letters() {
        let [small, large] = [1440, 4800].map(|width| Pen::new(width, 1600));
        assert_eq!((small.text, small.line), (17, 2));
        assert_eq!((large.text, large.line), (51, 6));
    }

    #[test]
    fn a_part_is_pasted_enlarged_and_as_far_as_the_picture_goes() {
        let numbered = |n: u32| Rgb([u8::try_from(n).unwrap(); 3]);
        let picture = RgbImage::from_fn(3, 2, |x, y| numbered(y * 3 + x + 1));
        let mut sheet = RgbImage::new(7, 5);
        let part = Rect::new(1, -1, 3, 3);
        paste(&mut sheet, &picture, part, Point::new(1, 0), 2);
        let rows = sheet
            .rows()
            .map(|row| row.map(|pixel| pixel.0[0]).collect::<Vec<u8>>());
        let expected = [
            [0; 7],
            [0; 7],
            [0, 2, 2, 3, 3, 0, 0],
            [0, 2, 2, 3, 3, 0, 0],
            [0, 5, 5, 6, 6, 0, 0],
        ];
        assert_eq!(rows.collect::<Vec<_>>(), expected);
    }
}
