//! The colours that stand for all others in a picture of at most 256.

/// How many different colours are told apart; beyond, similar ones count as one.
const DISTINCT: usize = 1 << 16;

/// The places for them, so that a colour is found soon.
const SLOTS: usize = DISTINCT * 2;

/// The places in which the answers for the last colours are kept.
const ANSWERS: usize = 1 << 14;

/// No colour has this number.
const NONE: u32 = u32::MAX;

/// A colour as a number: red, green and blue, eight bits each.
pub(super) fn number(pixel: &[u8]) -> u32 {
    u32::from_be_bytes([0, pixel[0], pixel[1], pixel[2]])
}

fn channels(colour: u32) -> [u8; 3] {
    let [_, red, green, blue] = colour.to_be_bytes();
    [red, green, blue]
}

/// Spreads similar colours over all of `slots` places, a power of two.
fn place(colour: u32, slots: usize) -> usize {
    (colour.wrapping_mul(0x9e37_79b1) >> 8) as usize & (slots - 1)
}

/// How often each colour is seen.
pub(super) struct Census {
    slots: Vec<(u32, u32)>,
    distinct: usize,
}

impl Census {
    pub(super) fn new() -> Self {
        Self {
            slots: vec![(NONE, 0); SLOTS],
            distinct: 0,
        }
    }

    /// Counts some more pixels of one colour.
    pub(super) fn count(&mut self, colour: u32, times: u32) {
        let mut colour = colour;
        if self.distinct == DISTINCT {
            // The middle of the colours that share five bits of each channel.
            colour = colour & 0x00f8_f8f8 | 0x0004_0404;
        }
        let mut at = place(colour, SLOTS);
        loop {
            let (known, count) = &mut self.slots[at];
            if *known == colour {
                *count = count.saturating_add(times);
                return;
            }
            if *known == NONE {
                // The coarse colours have room beyond: there are 32 768 of them.
                self.slots[at] = (colour, times);
                self.distinct = (self.distinct + 1).min(DISTINCT);
                return;
            }
            at = (at + 1) & (SLOTS - 1);
        }
    }

    /// At most so many colours for all that were counted.
    pub(super) fn palette(self, most: usize) -> Palette {
        let mut seen: Vec<Seen> = self
            .slots
            .into_iter()
            .filter(|(colour, _)| *colour != NONE)
            .map(|(colour, count)| Seen {
                colour: channels(colour),
                // Large areas are seen first, but letters and icons have to be read.
                weight: u64::from(count.isqrt()).max(1),
            })
            .collect();
        seen.sort_unstable_by_key(|seen| seen.colour);
        if seen.len() <= most {
            return Palette::new(seen.iter().map(|seen| seen.colour).collect());
        }
        let mut boxes = vec![Colours::new(&mut seen)];
        while boxes.len() < most {
            let errors = boxes.iter().map(|colours| colours.error);
            let worst = errors.enumerate().max_by_key(|(_, error)| *error);
            let Some((worst, 1..)) = worst else { break };
            let (left, right) = boxes.swap_remove(worst).split();
            boxes.extend([left, right]);
        }
        Palette::new(boxes.iter().map(Colours::colour).collect())
    }
}

/// A colour, and how much it counts.
struct Seen {
    colour: [u8; 3],
    weight: u64,
}

/// Colours that one of the palette may stand for.
struct Colours<'a> {
    seen: &'a mut [Seen],
    axis: usize,
    mean: [u64; 3],
    /// How wrong their mean is for all of them together.
    error: u64,
}

impl<'a> Colours<'a> {
    fn new(seen: &'a mut [Seen]) -> Self {
        let (mut weight, mut sum, mut squares) = (0, [0; 3], [0; 3]);
        for one in &*seen {
            weight += one.weight;
            for channel in 0..3 {
                let value = u64::from(one.colour[channel]);
                sum[channel] += value * one.weight;
                squares[channel] += value * value * one.weight;
            }
        }
        let weight = weight.max(1);
        let spread = [0, 1, 2].map(|at: usize| squares[at] - sum[at] * sum[at] / weight);
        // Eyes see green best and blue worst.
        let seen_by_eyes = [spread[0] * 3, spread[1] * 4, spread[2] * 2];
        let axis = (0..3).max_by_key(|at| seen_by_eyes[*at]).unwrap_or(0);
        Self {
            axis,
            mean: sum.map(|sum| (sum + weight / 2) / weight),
            error: if seen.len() > 1 {
                seen_by_eyes.iter().sum()
            } else {
                0
            },
            seen,
        }
    }

    /// In two, at the mean of the channel in which they differ most.
    fn split(self) -> (Self, Self) {
        let axis = self.axis;
        self.seen
            .sort_unstable_by_key(|one| (one.colour[axis], one.colour));
        let mean = self.mean[axis];
        let below = self
            .seen
            .partition_point(|one| u64::from(one.colour[axis]) < mean);
        let below = below.clamp(1, self.seen.len() - 1);
        let (left, right) = self.seen.split_at_mut(below);
        (Self::new(left), Self::new(right))
    }

    /// The colour for them: one that most of them have, else their mean.
    fn colour(&self) -> [u8; 3] {
        let all: u64 = self.seen.iter().map(|one| one.weight).sum();
        let first = self.seen.iter().max_by_key(|one| one.weight);
        match first {
            Some(first) if first.weight * 2 > all => first.colour,
            _ => self.mean.map(|mean| u8::try_from(mean).unwrap_or(u8::MAX)),
        }
    }
}

/// Colours by their numbers, and which is nearest to any other.
pub(super) struct Palette {
    colours: Vec<[u8; 3]>,
    answers: Vec<(u32, Nearest)>,
}

/// The colour that stands for another.
#[derive(Clone, Copy)]
pub(super) struct Nearest {
    /// Its number in the palette.
    pub(super) index: u8,
    /// How far it is away: squares of the differences, as eyes weigh them.
    pub(super) distance: u32,
}

impl Palette {
    fn new(colours: Vec<[u8; 3]>) -> Self {
        let nothing = Nearest {
            index: 0,
            distance: 0,
        };
        Self {
            colours,
            answers: vec![(NONE, nothing); ANSWERS],
        }
    }

    /// How many colours it has.
    pub(super) fn len(&self) -> usize {
        self.colours.len()
    }

    /// Its colours, one byte for each channel.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.colours.concat()
    }

    /// The nearest colour.
    pub(super) fn nearest(&mut self, colour: u32) -> Nearest {
        let at = place(colour, ANSWERS);
        let (known, answer) = self.answers[at];
        if known == colour {
            return answer;
        }
        let answer = self.search(channels(colour));
        self.answers[at] = (colour, answer);
        answer
    }

    fn search(&self, [red, green, blue]: [u8; 3]) -> Nearest {
        let mut best = Nearest {
            index: 0,
            distance: u32::MAX,
        };
        for (index, colour) in (0..=u8::MAX).zip(&self.colours) {
            let [r, g, b] = [
                red.abs_diff(colour[0]),
                green.abs_diff(colour[1]),
                blue.abs_diff(colour[2]),
            ]
            .map(|difference| u32::from(difference) * u32::from(difference));
            let distance = r * 3 + g * 4 + b * 2;
            if distance < best.distance {
                best = Nearest { index, distance };
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn census(colours: impl IntoIterator<Item = (u32, u32)>) -> Census {
        let mut census = Census::new();
        for (colour, times) in colours {
            census.count(colour, times);
        }
        census
    }

    #[test]
    fn few_colours_stay_what_they_are() {
        let colours = [0x00_00_00, 0xff_ff_ff, 0x2f_7d_f6, 0xf6_f5_f4];
        let mut palette = census(colours.map(|colour| (colour, 9))).palette(255);
        assert_eq!(palette.len(), 4);
        for colour in colours {
            assert_eq!(palette.nearest(colour).distance, 0, "{colour:06x}");
        }
    }

    #[test]
    fn the_colour_of_a_large_area_stays_exact_beside_a_gradient() {
        let gradient = (0..=0xff).flat_map(|shade| {
            let blues = (0..=0xff).step_by(3);
            blues.map(move |blue| (0x40_00_00 | shade << 8 | blue, 20))
        });
        let area = 0xf6_f5_f4;
        let mut palette = census(gradient.chain([(area, 900_000)])).palette(63);
        assert_eq!(palette.len(), 63);
        assert_eq!(palette.nearest(area).distance, 0);
        let worst = (0..=0xff).map(|shade| palette.nearest(0x40_00_00 | shade << 8).distance);
        assert!(worst.max() < Some(4 * 40 * 40));
    }

    #[test]
    fn more_colours_than_can_be_told_apart_still_have_a_palette() {
        let many = (0..0x0100_0000).step_by(7).map(|colour| (colour, 1));
        let mut palette = census(many).palette(255);
        assert_eq!(palette.len(), 255);
        let far = [0, 0xff_ff_ff, 0x80_80_80, 0xff_00_00];
        let far = far.map(|colour| palette.nearest(colour).distance);
        assert!(
            far.iter().all(|distance| *distance < 9 * 40 * 40),
            "{far:?}"
        );
    }
}
