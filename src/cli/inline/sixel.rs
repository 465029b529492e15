//! A picture as sixels, by chapter 14 of DEC's "VT330/VT340 Programmer Reference
//! Manual": bands of six rows, in each band one line of characters for each
//! colour, a character for six pixels above each other.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::{geometry::Point, vision::Frame};

type Colour = [u8; 3];

/// The most colours that terminals have registers for.
const MOST_COLOURS: usize = 256;

/// Of a picture with more colours, each channel has this many steps.
const STEPS: u16 = 6;

pub(super) fn text(picture: &Frame) -> String {
    let size = picture.size();
    let [width, height] = [size.width, size.height].map(|side| i32::try_from(side).unwrap_or(0));
    let all = colours(picture);
    // One pixel is one pixel (`1;1`), and what is not drawn stays (`0;1`).
    let mut text = format!("\x1bP0;1q\"1;1;{width};{height}");
    for (colour, number) in &all.numbers {
        let [red, green, blue] = colour.map(|channel| (u16::from(channel) * 100 + 127) / 255);
        let _ = write!(text, "#{number};2;{red};{green};{blue}");
    }
    for top in (0..height).step_by(6) {
        let mut lines: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
        for y in top..(top + 6).min(height) {
            for x in 0..width {
                let colour = picture.pixel(Point::new(x, y)).unwrap_or_default();
                let line = lines.entry(all.number(colour));
                let line = line.or_insert_with(|| vec![0; size.width as usize]);
                line[x.unsigned_abs() as usize] |= 1 << (y - top);
            }
        }
        for (number, line) in lines {
            let _ = write!(text, "#{number}");
            for run in line.chunk_by(u8::eq) {
                let character = char::from(b'?' + run[0]);
                match run.len() {
                    length @ 0..=3 => text.extend(std::iter::repeat_n(character, length)),
                    length => {
                        let _ = write!(text, "!{length}{character}");
                    }
                }
            }
            // Back to the left for the next colour.
            text.push('$');
        }
        text.push('-');
    }
    text + "\x1b\\"
}

/// The colours of a picture, each with its register.
struct Colours {
    numbers: BTreeMap<Colour, usize>,
    exact: bool,
}

impl Colours {
    fn number(&self, colour: Colour) -> usize {
        let known = if self.exact { colour } else { stepped(colour) };
        self.numbers.get(&known).copied().unwrap_or_default()
    }
}

/// All colours as they are where there are registers for them, else the nearest
/// of an even palette.
fn colours(picture: &Frame) -> Colours {
    let pixels = picture.bytes().as_chunks::<3>().0;
    let numbered = |colours: &mut dyn Iterator<Item = Colour>| {
        let mut numbers = BTreeMap::new();
        for colour in colours {
            let next = numbers.len();
            numbers.entry(colour).or_insert(next);
            if numbers.len() > MOST_COLOURS {
                return None;
            }
        }
        Some(numbers)
    };
    if let Some(numbers) = numbered(&mut pixels.iter().copied()) {
        return Colours {
            numbers,
            exact: true,
        };
    }
    Colours {
        numbers: numbered(&mut pixels.iter().copied().map(stepped)).unwrap_or_default(),
        exact: false,
    }
}

fn stepped(colour: Colour) -> Colour {
    colour.map(|channel| {
        let step = (u16::from(channel) * (STEPS - 1) + 127) / 255;
        u8::try_from(step * 255 / (STEPS - 1)).unwrap_or(u8::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    /// The colours, in hundredths, that a terminal would show.
    fn shown(text: &str, size: Size) -> Vec<Option<[u16; 3]>> {
        let (_, body) = text.split_once('q').unwrap();
        let body = body.strip_suffix("\x1b\\").unwrap();
        let mut palette: BTreeMap<u16, [u16; 3]> = BTreeMap::new();
        let mut seen = vec![None; (size.width * size.height) as usize];
        let (mut x, mut top, mut colour) = (0, 0, 0);
        let mut characters = body.chars().peekable();
        let numbers = |characters: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            let mut text = String::new();
            while let Some(c) = characters.next_if(|c| c.is_ascii_digit() || *c == ';') {
                text.push(c);
            }
            let numbers = text.split(';').map(|number| number.parse().unwrap());
            numbers.collect::<Vec<u16>>()
        };
        while let Some(character) = characters.next() {
            let mut count = 1;
            let sixel = match character {
                '"' => {
                    let told: Vec<u32> = numbers(&mut characters)
                        .into_iter()
                        .map(u32::from)
                        .collect();
                    assert_eq!(told[2..], [size.width, size.height]);
                    continue;
                }
                '#' => {
                    let numbers = numbers(&mut characters);
                    colour = numbers[0];
                    if let [_, 2, red, green, blue] = numbers[..] {
                        palette.insert(colour, [red, green, blue]);
                    }
                    continue;
                }
                '$' => {
                    x = 0;
                    continue;
                }
                '-' => {
                    (x, top) = (0, top + 6);
                    continue;
                }
                '!' => {
                    count = usize::from(numbers(&mut characters)[0]);
                    characters.next().unwrap()
                }
                sixel => sixel,
            };
            let bits = u8::try_from(sixel).unwrap() - b'?';
            for _ in 0..count {
                for row in (0..6).filter(|row| bits & (1 << row) != 0) {
                    let place = (top + row) * size.width as usize + x;
                    seen[place] = Some(palette[&colour]);
                }
                x += 1;
            }
        }
        seen
    }

    fn hundredths(colour: Colour) -> [u16; 3] {
        colour.map(|channel| (u16::from(channel) * 100 + 127) / 255)
    }

    #[test]
    fn a_picture_of_few_colours_is_shown_as_it_is() {
        let size = Size::new(23, 15);
        let colours = [[0, 0, 0], [255, 255, 255], [214, 0, 110], [1, 2, 3]];
        let pixels: Vec<Colour> = (0..23 * 15)
            .map(|n: usize| colours[n * n / 7 % 4])
            .collect();
        let picture = Frame::new(size, pixels.as_flattened().to_vec()).unwrap();
        let expected: Vec<_> = pixels.into_iter().map(hundredths).map(Some).collect();
        assert_eq!(shown(&text(&picture), size), expected);
    }

    #[test]
    fn of_many_colours_each_is_shown_as_one_that_is_near() {
        let size = Size::new(64, 32);
        let of = |n: u64| u8::try_from(n % 256).unwrap();
        let pixel = |n: u64| [of(n % 64 * 4), of(n / 64 * 8), of(n % 64 + n / 64)];
        let pixels: Vec<Colour> = (0..size.area()).map(pixel).collect();
        let picture = Frame::new(size, pixels.as_flattened().to_vec()).unwrap();
        for (seen, wanted) in shown(&text(&picture), size).into_iter().zip(pixels) {
            let (seen, wanted) = (seen.unwrap(), hundredths(wanted));
            assert!(
                seen.iter()
                    .zip(wanted)
                    .all(|(one, two)| one.abs_diff(two) <= 11),
                "{seen:?} {wanted:?}"
            );
        }
    }
}
