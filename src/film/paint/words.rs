//! Words in a box: captions and the titles of chapters.

use super::{
    letters::{Letters, fitted, room_for},
    shape::{Plane, Shape, short},
    sprite::Sprite,
};
use crate::{film::style::Colour, geometry::Size};

/// The distance from one line to the next, as a part of the height of a line.
const SPACING: f32 = 1.22;

/// A box of words whose size is known.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::film) struct Panel {
    letters: Letters,
    lines: Vec<String>,
    /// The margin around the words.
    pad: (f32, f32),
    /// The width of the bar at its left side; 0 without a bar.
    bar: f32,
    width: f32,
    colours: Colours,
}

/// What a box is drawn with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::film) struct Colours {
    /// Of the letters.
    pub(in crate::film) ink: Colour,
    /// Of the box.
    pub(in crate::film) paper: Colour,
    /// Of the bar at the left side, if there is one.
    pub(in crate::film) bar: Option<Colour>,
}

/// The space around a box for its shadow, as a part of the height of its letters.
const SHADOW: f32 = 0.5;

impl Panel {
    /// A box for words on a film of a given size; its letters are made smaller if it would take up
    /// too much of the film.
    pub(in crate::film) fn new(text: &str, letters: Letters, film: Size, colours: Colours) -> Self {
        let room = (
            short(film.width as usize) * 0.7,
            short(film.height as usize) * 0.45,
        );
        let (letters, lines) = fitted(letters, text, room, SPACING);
        let width = lines
            .iter()
            .map(|line| letters.width(line))
            .fold(0.0, f32::max);
        let bar = if colours.bar.is_some() {
            letters.size * 0.28
        } else {
            0.0
        };
        let pad = (letters.size * 0.7, letters.size * 0.4);
        Self {
            letters,
            lines,
            pad,
            bar,
            width,
            colours,
        }
    }

    fn margin(&self) -> usize {
        room_for(self.letters.size * SHADOW)
    }

    fn plane(&self) -> Plane {
        let margin = short(self.margin());
        let lines = short(self.lines.len());
        Plane {
            x: margin,
            y: margin,
            width: (self.width + self.pad.0 * 2.0 + self.bar * 2.0).ceil(),
            height: (self.letters.size * (SPACING * (lines - 1.0) + 1.0) + self.pad.1 * 2.0).ceil(),
        }
    }

    /// Its size without its shadow, and how far the shadow goes beyond it.
    pub(in crate::film) fn size(&self) -> (usize, usize, usize) {
        let plane = self.plane();
        (room_for(plane.width), room_for(plane.height), self.margin())
    }

    /// Draws it, with its shadow.
    pub(in crate::film) fn draw(&self) -> Sprite {
        let (plane, margin) = (self.plane(), self.margin());
        let (width, height, _) = self.size();
        let (width, height) = (width + margin * 2, height + margin * 2);
        let mut sprite = Sprite::new(width, height);
        let radius = self.letters.size * 0.42;
        let mut shape = Shape::new(width, height);
        shape.rounded(plane, radius);
        let mask = shape.mask();
        let soft = Colour::new(0, 0, 0).with_alpha(self.colours.paper.alpha / 3);
        sprite.ink(&mask.blurred((margin / 4).max(1)), soft);
        sprite.ink(&mask, self.colours.paper);
        if let Some(bar) = self.colours.bar {
            let inset = self.pad.1;
            let mut shape = Shape::new(width, height);
            let (x, y) = (plane.x + inset, plane.y + inset);
            let height = plane.height - inset * 2.0;
            shape.rounded(
                Plane {
                    x,
                    y,
                    width: self.bar * 0.7,
                    height,
                },
                self.bar * 0.35,
            );
            sprite.ink(&shape.mask(), bar);
        }
        self.write(&mut sprite, plane);
        sprite
    }

    fn write(&self, sprite: &mut Sprite, plane: Plane) {
        // Capital letters are put in the middle: there is less space below them than above.
        let (above, high) = self.letters.capitals();
        let raised = above - (self.letters.size - high) / 2.0;
        let mut y = plane.y + self.pad.1 - raised;
        for line in &self.lines {
            let left = if self.bar > 0.0 {
                self.pad.0 + self.bar * 1.6
            } else {
                (plane.width - self.letters.width(line)) / 2.0
            };
            self.letters
                .write(sprite, line, (plane.x + left, y), self.colours.ink);
            y += self.letters.size * SPACING;
        }
    }
}
