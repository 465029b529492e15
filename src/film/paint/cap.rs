//! Pressed keys as the caps of a keyboard.

use super::{
    letters::{Letters, room_for},
    shape::{Plane, Shape, short},
    sprite::Sprite,
};
use crate::film::style::Colour;

/// Keys that are pressed together, and how many times; or a text that is typed.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::film) struct Caps {
    labels: Vec<String>,
    times: usize,
    /// The height of their letters' line.
    size: f32,
}

const FACE: Colour = Colour::new(0x2b, 0x2e, 0x36).with_alpha(0xf4);
const SIDE: Colour = Colour::new(0x12, 0x13, 0x17).with_alpha(0xf4);
const RIM: Colour = Colour::new(0x5a, 0x5f, 0x6b).with_alpha(0xff);
const INK: Colour = Colour::new(0xff, 0xff, 0xff);
const PLUS: Colour = Colour::new(0xff, 0xff, 0xff).with_alpha(0xe6);
const SHADE: Colour = Colour::new(0, 0, 0).with_alpha(0x80);

/// The labels of keys whose names in a scenario differ from those on a keyboard.
const NAMES: [(&str, &str); 30] = [
    ("ctrl", "Ctrl"),
    ("control", "Ctrl"),
    ("shift", "⇧ Shift"),
    ("alt", "Alt"),
    ("altgr", "Alt Gr"),
    ("super", "Super"),
    ("meta", "Meta"),
    ("enter", "↵ Enter"),
    ("return", "↵ Enter"),
    ("tab", "⇥ Tab"),
    ("escape", "Esc"),
    ("esc", "Esc"),
    ("backspace", "⌫"),
    ("delete", "Del"),
    ("insert", "Ins"),
    ("space", "Space"),
    ("up", "↑"),
    ("down", "↓"),
    ("left", "←"),
    ("right", "→"),
    ("home", "Home"),
    ("end", "End"),
    ("pageup", "Page ↑"),
    ("page-up", "Page ↑"),
    ("pagedown", "Page ↓"),
    ("page-down", "Page ↓"),
    ("menu", "Menu"),
    ("print", "Print"),
    ("plus", "+"),
    ("minus", "−"),
];

/// The text on the cap of a key.
fn label(key: &str) -> String {
    let lower = key.to_lowercase();
    let bare = lower.replace('_', "-");
    if let Some((_, label)) = NAMES.iter().find(|(name, _)| *name == bare) {
        return (*label).to_owned();
    }
    let mut letters = key.chars();
    match (letters.next(), letters.as_str()) {
        (Some(first), "") => first.to_uppercase().collect(),
        (Some('f' | 'F'), number) if number.parse::<u8>().is_ok() => format!("F{number}"),
        (Some(first), rest) => format!("{}{rest}", first.to_uppercase()),
        (None, _) => String::new(),
    }
}

impl Caps {
    /// Of keys, modifiers first.
    pub(in crate::film) fn keys(keys: &[String], times: usize, size: f32) -> Self {
        let labels = keys.iter().map(|key| label(key)).collect();
        Self {
            labels,
            times,
            size,
        }
    }

    /// The caps of a text: as much of its end as fits into a width.
    pub(in crate::film) fn text(text: &str, size: f32, room: f32) -> Self {
        let plain = text.replace(['\n', '\r'], "↵").replace('\t', "⇥");
        let labels = vec![Letters { size, bold: false }.ending(&plain, room)];
        Self {
            labels,
            times: 1,
            size,
        }
    }

    fn letters(&self) -> Letters {
        Letters {
            size: self.size,
            bold: false,
        }
    }

    fn margin(&self) -> usize {
        room_for(self.size * 0.45)
    }

    fn cap(&self, label: &str) -> f32 {
        let wide = self.letters().width(label) + self.size * 1.0;
        wide.max(self.size * 1.75).ceil()
    }

    fn gap(&self) -> f32 {
        (self.size * 0.95).ceil()
    }

    fn high(&self) -> f32 {
        (self.size * 1.75).ceil()
    }

    fn count(&self) -> Option<String> {
        (self.times > 1).then(|| format!("×{}", self.times))
    }

    /// Its size without its shadow, and how far the shadow goes beyond it.
    pub(in crate::film) fn size(&self) -> (usize, usize, usize) {
        let caps: f32 = self.labels.iter().map(|label| self.cap(label)).sum();
        let gaps = self.gap() * short(self.labels.len().saturating_sub(1));
        let count = self
            .count()
            .map_or(0.0, |count| self.pill(&count) + self.size * 0.4);
        (
            room_for(caps + gaps + count),
            room_for(self.high()),
            self.margin(),
        )
    }

    fn pill(&self, count: &str) -> f32 {
        (Letters {
            bold: true,
            ..self.letters()
        }
        .width(count)
            + self.size * 0.8)
            .ceil()
    }

    /// Draws them, with their shadow.
    pub(in crate::film) fn draw(&self) -> Sprite {
        let (width, height, margin) = self.size();
        let mut sprite = Sprite::new(width + margin * 2, height + margin * 2);
        let mut x = short(margin);
        let y = short(margin);
        for (index, label) in self.labels.iter().enumerate() {
            if index > 0 {
                self.plus(&mut sprite, x + self.gap() / 2.0, y + self.high() / 2.0);
                x += self.gap();
            }
            let plane = Plane {
                x,
                y,
                width: self.cap(label),
                height: self.high(),
            };
            self.draw_cap(&mut sprite, plane, label);
            x += plane.width;
        }
        if let Some(count) = self.count() {
            x += self.size * 0.4;
            let high = (self.size * 1.3).ceil();
            let y = y + (self.high() - high) / 2.0;
            let plane = Plane {
                x,
                y,
                width: self.pill(&count),
                height: high,
            };
            shadowed(&mut sprite, plane, high / 2.0, margin);
            sprite.ink(&rounded(&sprite, plane, high / 2.0), SIDE);
            let letters = Letters {
                bold: true,
                ..self.letters()
            };
            write_in_middle(&mut sprite, plane, letters, &count);
        }
        sprite
    }

    /// A cap: its side, its face above it, and a light rim around that.
    fn draw_cap(&self, sprite: &mut Sprite, plane: Plane, label: &str) {
        let radius = self.size * 0.32;
        let line = (self.size * 0.045).max(1.0);
        let depth = (self.size * 0.13).max(1.0);
        shadowed(sprite, plane, radius, self.margin());
        sprite.ink(&rounded(sprite, plane, radius), SIDE);
        let face = Plane {
            height: plane.height - depth,
            ..plane
        };
        sprite.ink(&rounded(sprite, face, radius), RIM);
        sprite.ink(&rounded(sprite, face.inset(line), radius - line), FACE);
        write_in_middle(sprite, face, self.letters(), label);
    }

    /// The plus sign between two caps, on a dark disc, so that it is visible on any ground.
    fn plus(&self, sprite: &mut Sprite, x: f32, y: f32) {
        let (arm, thick) = (self.size * 0.19, self.size * 0.055);
        let mut disc = Shape::new(sprite.width, sprite.height);
        disc.disc(x, y, self.size * 0.36);
        sprite.ink(&disc.mask(), SIDE);
        let bar = |wide: f32, high: f32| Plane {
            x: x - wide,
            y: y - high,
            width: wide * 2.0,
            height: high * 2.0,
        };
        let mut cross = Shape::new(sprite.width, sprite.height);
        cross.rounded(bar(arm, thick), thick);
        cross.rounded(bar(thick, arm), thick);
        sprite.ink(&cross.mask(), PLUS);
    }
}

fn rounded(sprite: &Sprite, plane: Plane, radius: f32) -> super::shape::Mask {
    let mut shape = Shape::new(sprite.width, sprite.height);
    shape.rounded(plane, radius);
    shape.mask()
}

fn shadowed(sprite: &mut Sprite, plane: Plane, radius: f32, margin: usize) {
    let lower = Plane {
        y: plane.y + short(margin) / 4.0,
        ..plane
    };
    let soft = rounded(sprite, lower, radius).blurred((margin / 5).max(1));
    sprite.ink(&soft, SHADE);
}

fn write_in_middle(sprite: &mut Sprite, plane: Plane, letters: Letters, text: &str) {
    let (above, high) = letters.capitals();
    let x = plane.x + (plane.width - letters.width(text)) / 2.0;
    let y = plane.y + (plane.height - high) / 2.0 - above;
    letters.write(sprite, text, (x, y), INK);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_called_as_on_a_keyboard() {
        let labels = ["ctrl", "s", "Left", "f5", "Page_Up", "é", "caps-lock"].map(label);
        assert_eq!(labels, ["Ctrl", "S", "←", "F5", "Page ↑", "É", "Caps-lock"]);
    }

    #[test]
    fn there_is_a_letter_for_every_sign_on_a_cap() {
        let letters = Letters {
            size: 20.0,
            bold: false,
        };
        let signs = NAMES
            .iter()
            .flat_map(|(_, label)| label.chars())
            .chain("×…⇥↵***".chars());
        let missing: String = signs.filter(|sign| !letters.has(*sign)).collect();
        assert_eq!(missing, "");
    }

    #[test]
    fn more_keys_and_a_count_take_more_room() {
        let size = |keys: &[&str], times| {
            let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            Caps::keys(&keys, times, 20.0).size().0
        };
        assert!(size(&["s"], 1) < size(&["ctrl", "s"], 1));
        assert!(size(&["ctrl", "s"], 1) < size(&["ctrl", "s"], 2));
    }
}
