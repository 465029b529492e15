//! Letters: how wide texts are, and their shapes.

use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef, Glyph, PxScale, ScaleFont as _, point};

use super::{
    shape::{Mask, byte, short},
    sprite::Sprite,
};
use crate::{
    film::{number, style::Colour},
    geometry::Point,
};

static REGULAR: LazyLock<FontRef<'static>> = LazyLock::new(|| carried(dejavu::sans::regular()));
static BOLD: LazyLock<FontRef<'static>> = LazyLock::new(|| carried(dejavu::sans::bold()));

fn carried(font: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(font).expect("the font that this program carries")
}

/// Letters of a given weight and size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::film) struct Letters {
    /// The height of a line, in pixels.
    pub(in crate::film) size: f32,
    /// Whether they are bold.
    pub(in crate::film) bold: bool,
}

impl Letters {
    fn font(self) -> &'static FontRef<'static> {
        if self.bold { &BOLD } else { &REGULAR }
    }

    /// Whether the font has a glyph for it.
    #[cfg(test)]
    pub(super) fn has(self, letter: char) -> bool {
        self.font().glyph_id(letter).0 != 0
    }

    /// The letters of a line, the first at 0, and where the next would be.
    fn line(self, text: &str) -> (Vec<Glyph>, f32) {
        let scale = PxScale::from(self.size);
        let font = self.font().as_scaled(scale);
        let mut at = 0.0;
        let mut before = None;
        let mut glyphs = Vec::new();
        for letter in text.chars().filter(|letter| !letter.is_control()) {
            let id = font.glyph_id(letter);
            at += before.map_or(0.0, |before| font.kern(before, id));
            glyphs.push(id.with_scale_and_position(scale, point(at, font.ascent())));
            at += font.h_advance(id);
            before = Some(id);
        }
        (glyphs, at)
    }

    /// How wide a line is, in pixels.
    pub(in crate::film) fn width(self, text: &str) -> f32 {
        self.line(text).1
    }

    /// How far capital letters are below the top of their line, and how high they are.
    pub(super) fn capitals(self) -> (f32, f32) {
        // The height of DejaVu's capitals, as a part of the font's own units.
        const HEIGHT: f32 = 1493.0 / 2048.0;
        let font = self.font();
        let units = font.units_per_em().unwrap_or(2048.0);
        let high = self.size * HEIGHT * units / font.height_unscaled();
        (
            font.as_scaled(PxScale::from(self.size)).ascent() - high,
            high,
        )
    }

    /// Writes a line, whose upper left corner may lie between pixels.
    pub(super) fn write(self, sprite: &mut Sprite, text: &str, place: (f32, f32), ink: Colour) {
        for mut glyph in self.line(text).0 {
            glyph.position.x += place.0;
            glyph.position.y += place.1;
            let Some(outline) = self.font().outline_glyph(glyph) else {
                continue;
            };
            let bounds = outline.px_bounds();
            let [width, height] = [bounds.width(), bounds.height()]
                .map(|n| usize::try_from(number::rounded(f64::from(n))).unwrap_or(0));
            if width == 0 || height == 0 {
                continue;
            }
            let mut mask = Mask {
                width,
                height,
                cover: vec![0; width * height],
            };
            outline.draw(|x, y, cover| {
                let index =
                    usize::try_from(y).unwrap_or(0) * width + usize::try_from(x).unwrap_or(0);
                if let Some(pixel) = mask.cover.get_mut(index) {
                    *pixel = byte(cover);
                }
            });
            let corner = Point::new(whole(bounds.min.x), whole(bounds.min.y));
            sprite.ink_at(&mask, corner, ink);
        }
    }

    /// The lines of a text, each no wider than `room` pixels. A word that is wider is
    /// broken.
    pub(in crate::film) fn wrapped(self, text: &str, room: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.trim().lines() {
            let mut line = String::new();
            for word in paragraph.split_whitespace() {
                let longer = if line.is_empty() {
                    word.to_owned()
                } else {
                    format!("{line} {word}")
                };
                if self.width(&longer) <= room {
                    line = longer;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line = self.broken(word, room, &mut lines);
            }
            lines.push(line);
        }
        lines
    }

    /// Adds the full lines of a word to the others, and returns the rest.
    fn broken(self, word: &str, room: f32, lines: &mut Vec<String>) -> String {
        let mut line = String::new();
        for letter in word.chars() {
            line.push(letter);
            if self.width(&line) > room && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::take(&mut line));
                line.push(letter);
            }
        }
        line
    }

    /// The end of a text, as much as fits into `room` pixels, with dots for the rest.
    pub(super) fn ending(self, text: &str, room: f32) -> String {
        let mut ending = text.to_owned();
        let mut rest = text.chars();
        while self.width(&ending) > room && rest.next().is_some() {
            ending = format!("…{}", rest.as_str());
        }
        ending
    }
}

/// The nearest whole number of pixels, either way.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast ends at the bounds of its type"
)]
pub(super) fn whole(n: f32) -> i32 {
    n.round() as i32
}

/// A length, rounded up to whole pixels.
pub(super) fn room_for(n: f32) -> usize {
    usize::try_from(number::rounded(f64::from(n.ceil())))
        .unwrap_or(0)
        .min(8192)
}

/// Lines of a text, with letters made smaller until all of them fit.
pub(super) fn fitted(
    letters: Letters,
    text: &str,
    room: (f32, f32),
    spacing: f32,
) -> (Letters, Vec<String>) {
    const SMALLEST: f32 = 9.0;
    let mut letters = letters;
    loop {
        let mut lines = letters.wrapped(text, room.0);
        let high = letters.size * spacing;
        if high * short(lines.len()) <= room.1 {
            return (letters, lines);
        }
        if letters.size <= SMALLEST {
            lines.truncate(room_for(room.1 / high).max(1));
            if let Some(last) = lines.last_mut() {
                last.push('…');
            }
            return (letters, lines);
        }
        letters.size = (letters.size * 0.9).max(SMALLEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Letters = Letters {
        size: 20.0,
        bold: false,
    };

    #[test]
    fn no_line_is_wider_than_it_may_be() {
        let text = "Now the file is saved.\n\nAveryveryveryverylongwordthatfitsnowhere at all";
        let lines = PLAIN.wrapped(text, 120.0);
        assert!(
            lines.iter().all(|line| PLAIN.width(line) <= 120.0),
            "{lines:?}"
        );
        assert!(lines.contains(&String::new()));
        let letters: String = lines.concat().split_whitespace().collect();
        assert_eq!(letters, text.split_whitespace().collect::<String>());
    }

    #[test]
    fn a_text_that_is_far_too_long_is_made_smaller_and_then_cut() {
        let text = "word ".repeat(3000);
        let (letters, lines) = fitted(PLAIN, &text, (300.0, 200.0), 1.3);
        assert!(letters.size < PLAIN.size);
        assert!(letters.size * 1.3 * short(lines.len()) < 215.0);
        assert!(lines.last().unwrap().ends_with('…'));
    }

    #[test]
    fn the_end_of_a_typed_text_is_shown() {
        assert_eq!(PLAIN.ending("short", 500.0), "short");
        let ending = PLAIN.ending("a text that is much too long", 100.0);
        assert!(
            ending.starts_with('…') && ending.ends_with("long"),
            "{ending}"
        );
    }
}
