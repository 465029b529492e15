//! Expected, actual and diff with their captions: side by side, or one above the
//! other where they are wide.

use image::{Rgb, RgbImage};

use super::draw::{Pen, WHITE, fill, paste, signed};
use crate::geometry::{Point, Rect, Size};

/// The ground that pictures and captions lie on, and the letters of captions.
pub(super) const GROUND: Rgb<u8> = Rgb([38, 43, 50]);
const LETTERS: Rgb<u8> = Rgb([236, 239, 243]);

const CAPTIONS: [&str; 3] = ["expected", "actual", "diff"];

/// A picture that is this much wider than high is put above the others, not beside
/// them.
const WIDE: u32 = 2;

/// Three pictures and how they are shown.
pub(super) struct Row<'p> {
    pictures: [&'p RgbImage; 3],
    /// The part of each that is shown.
    part: Rect,
    /// How many times it is enlarged.
    scale: u32,
    /// What follows each caption.
    note: String,
    pub(super) pen: Pen,
    is_stacked: bool,
}

impl<'p> Row<'p> {
    /// A row of one part of three pictures, which people look at in a width of
    /// `shown` pixels.
    pub(super) fn new(
        pictures: [&'p RgbImage; 3],
        part: Rect,
        scale: u32,
        note: String,
        shown: u32,
    ) -> Self {
        let is_stacked = part.width >= part.height.saturating_mul(WIDE);
        let across = part.width * scale * if is_stacked { 1 } else { 3 };
        Self {
            pictures,
            part,
            scale,
            note,
            pen: Pen::new(across, shown),
            is_stacked,
        }
    }

    /// Pixels between two pictures.
    pub(super) const fn gutter(&self) -> u32 {
        self.pen.text / 2
    }

    /// The height of the bar with a caption.
    const fn bar(&self) -> u32 {
        self.pen.text + self.pen.pad * 2
    }

    /// The size of a picture, enlarged.
    fn picture(&self) -> Size {
        Size::new(self.part.width * self.scale, self.part.height * self.scale)
    }

    /// The size of a picture and its caption, of which the shortest form has room.
    fn cell(&self) -> Size {
        let widths = CAPTIONS.map(|caption| self.pen.width(caption) + self.pen.pad * 2);
        let Size { width, height } = self.picture();
        let width = widths.into_iter().fold(width, u32::max);
        Size::new(width, height + self.bar())
    }

    /// The size of all of it.
    pub(super) fn size(&self) -> Size {
        let (cell, gaps) = (self.cell(), self.gutter() * 2);
        if self.is_stacked {
            Size::new(cell.width, cell.height * 3 + gaps)
        } else {
            Size::new(cell.width * 3 + gaps, cell.height)
        }
    }

    /// Draws it, this many pixels below the upper edge; gives the places of the
    /// pictures.
    pub(super) fn draw(&self, sheet: &mut RgbImage, top: u32) -> [Rect; 3] {
        let (cell, pad) = (self.cell(), self.pen.pad);
        let steps = [0, 1, 2].map(|number| {
            if self.is_stacked {
                (0, number * (cell.height + self.gutter()))
            } else {
                (number * (cell.width + self.gutter()), 0)
            }
        });
        let corners = steps.map(|(x, y)| Point::new(signed(x), signed(top + y)));
        for ((corner, caption), picture) in corners.iter().zip(CAPTIONS).zip(self.pictures) {
            let room = cell.width.saturating_sub(pad * 2);
            let caption = self.pen.fitting(&format!("{caption}{}", self.note), room);
            let at = Point::new(corner.x + signed(pad), corner.y + signed(pad));
            self.pen.write(sheet, &caption, at, LETTERS);
            let place = self.place(*corner);
            // Where a picture is smaller than the others.
            fill(sheet, place, WHITE);
            paste(sheet, picture, self.part, place.corner(), self.scale);
        }
        corners.map(|corner| self.place(corner))
    }

    /// Where the picture of a cell is.
    fn place(&self, corner: Point) -> Rect {
        let below = Point::new(corner.x, corner.y + signed(self.bar()));
        Rect::at(below, self.picture())
    }
}
