//! A few pixels of a needle, by which most places are told from it at once.

use super::{super::needle::Needle, plane::grey_of};

/// This many pixels of a needle are looked at.
const PROBES: usize = 32;

/// Columns and rows of the parts of a needle that the pixels are chosen from.
const PARTS: (usize, usize) = (8, 4);

/// No more than this many of the rarest ones are of one part: side by side they tell
/// little more than one alone.
const RAREST_OF_PART: usize = 3;

/// One row in this many is looked at to learn what is rare.
const SAMPLE: usize = 16;

/// This many places side by side are told from a needle at once.
pub(super) const BLOCK: usize = 64;

/// Pixels of a needle, and the screen that they are looked for on.
pub(super) struct Probes<'a> {
    greys: &'a [u8],
    across: usize,
    /// By how many levels a pixel may differ that is the same.
    levels: u8,
    pixels: Vec<Probe>,
}

struct Probe {
    x: usize,
    y: usize,
    brightness: u8,
}

impl<'a> Probes<'a> {
    /// Half of the pixels are those whose brightness is rarest on the screen, the
    /// others the rarest of each part, so that a part that is another one is seen.
    /// The screen is given by the brightness of its pixels, followed by [`BLOCK`] more,
    /// and its width.
    pub(super) fn of(needle: &Needle, greys: &'a [u8], across: usize, levels: u8) -> Self {
        let usual = usual(greys, across, levels);
        let size = needle.size();
        let (width, height) = (size.width as usize, size.height as usize);
        let mut rest: Vec<(u32, Probe)> = (0..needle.colours().len())
            .filter(|index| needle.counts(*index))
            .map(|index| {
                let brightness = grey_of(needle.colours()[index]);
                let (x, y) = (index % width, index / width);
                (usual[usize::from(brightness)], Probe { x, y, brightness })
            })
            .collect();
        rest.sort_by_key(|(usual, _)| *usual);
        let part = |probe: &Probe| {
            let (columns, rows) = PARTS;
            probe.x * columns / width + probe.y * rows / height * columns
        };
        let mut of_parts = [0; PARTS.0 * PARTS.1];
        let mut pixels = Vec::with_capacity(PROBES);
        let ways = [
            (RAREST_OF_PART, PROBES / 2),
            (1, PROBES),
            (usize::MAX, PROBES),
        ];
        for (most_of_part, most) in ways {
            let mut left = Vec::new();
            for (usual, probe) in rest {
                let of_part = &mut of_parts[part(&probe)];
                if pixels.len() < most && *of_part < most_of_part {
                    *of_part += 1;
                    pixels.push(probe);
                } else {
                    left.push((usual, probe));
                }
            }
            rest = left;
        }
        Self {
            greys,
            across,
            levels,
            pixels,
        }
    }

    /// For this many places side by side, how many pixels are another one there. Where
    /// that is more than `most` for all of them, that is all that is told.
    pub(super) fn strays(&self, x: usize, y: usize, most: u8) -> [u8; BLOCK] {
        let mut strays = [0_u8; BLOCK];
        for half in self.pixels.chunks(PROBES / 2) {
            for probe in half {
                let low = probe.brightness.saturating_sub(self.levels);
                let span = probe.brightness.saturating_add(self.levels) - low;
                let start = (y + probe.y) * self.across + probe.x + x;
                let seen = &self.greys[start..start + BLOCK];
                for (strays, seen) in strays.iter_mut().zip(seen) {
                    *strays += u8::from(seen.wrapping_sub(low) > span);
                }
            }
            if strays
                .iter()
                .fold(u8::MAX, |least, strays| least.min(*strays))
                > most
            {
                break;
            }
        }
        strays
    }
}

/// How often each brightness, or one that is the same by this many levels, is on the
/// screen, by a sample of its rows.
fn usual(greys: &[u8], across: usize, levels: u8) -> [u32; 256] {
    let mut counts = [0_u32; 256];
    for row in greys.chunks_exact(across.max(1)).step_by(SAMPLE) {
        for grey in row {
            counts[usize::from(*grey)] += 1;
        }
    }
    let levels = usize::from(levels);
    std::array::from_fn(|grey| {
        let about = grey.saturating_sub(levels)..(grey + levels + 1).min(256);
        counts[about].iter().sum()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::{Point, Rect, Size},
        vision::{Frame, find::plane::grey},
    };

    /// White paper with a grid of thin grey lines and one black word.
    fn page() -> Frame {
        let mut frame = Frame::filled(Size::new(160, 96), [255; 3]);
        for y in (0..96).step_by(12) {
            frame.put(
                &Frame::filled(Size::new(160, 1), [190; 3]),
                Point::new(0, y),
            );
        }
        for x in [40, 44, 50] {
            frame.put(&Frame::filled(Size::new(2, 9), [0; 3]), Point::new(x, 38));
        }
        frame
    }

    #[test]
    fn what_is_rare_on_the_screen_is_looked_at_first() {
        let page = page();
        let needle = Needle::from(&page.crop(Rect::new(30, 30, 48, 24)).unwrap());
        let greys = grey(&page, BLOCK);
        let probes = Probes::of(&needle, &greys, 160, 12);
        assert_eq!(probes.pixels.len(), PROBES);
        let black = probes.pixels.iter().filter(|probe| probe.brightness == 0);
        assert!(black.count() >= 12);
    }

    #[test]
    fn a_place_with_the_needle_has_no_strays_and_an_even_one_has_many() {
        let page = page();
        let needle = Needle::from(&page.crop(Rect::new(30, 30, 48, 24)).unwrap());
        let greys = grey(&page, BLOCK);
        let probes = Probes::of(&needle, &greys, 160, 12);
        assert_eq!(probes.strays(30, 30, 10)[0], 0);
        assert!(probes.strays(96, 30, 10)[0] >= 12);
    }

    #[test]
    fn a_needle_of_a_few_pixels_has_as_many_probes() {
        let page = page();
        let needle = Needle::from(&page.crop(Rect::new(39, 37, 4, 3)).unwrap());
        let greys = grey(&page, BLOCK);
        assert_eq!(Probes::of(&needle, &greys, 160, 12).pixels.len(), 12);
    }
}
