//! How much of a place's likeness is left once colours, contrast and details
//! are compared too.
//!
//! A correlation of the brightness says nothing about the colours, is the same for a button that is
//! greyed out, and hardly lower for one with a different letter.

use super::{
    super::{
        background::Background,
        frame::{CHANNELS, Frame},
        needle::Needle,
    },
    patch::Patch,
    plane::{Plane, brightness, channels},
    sight::Corner,
};

/// How far colours and contrasts may differ by noise, 0 to 1, and what more of
/// it takes from the score.
const COLOUR_NOISE: f32 = 0.066;
const COLOUR_COST: f32 = 1.5;
const CONTRAST_NOISE: f32 = 0.1;
const CONTRAST_COST: f32 = 1.0;

/// A contrast at most so many times as high or as low is as good as the same,
/// and what more of it takes, for each time.
const GAIN_NOISE: f32 = 0.75;
const GAIN_COST: f32 = 1.0;

/// How far a detail may differ by noise, 0 (the same) to 1 (nothing of it), from
/// where it is another one, and what that takes.
const DETAIL_NOISE: f32 = 0.06;
const DETAIL_OTHER: f32 = 0.28;
const DETAIL_COST: f32 = 0.2;

/// Details are looked for in squares of this side, in pixels; each overlaps half
/// of the next.
const SQUARE: usize = 8;

/// What differs by less than this many levels of brightness is not a detail.
const FAINT: f32 = 12.0;

/// A background that is lighter or darker by at most this many levels is but
/// slightly another one, if both it and what is shown on it stray from that by no
/// more than noise.
const BACKGROUND_LEVELS: f32 = 40.0;
const GROUND_NOISE: f32 = 10.0;

/// A pixel of which less than this share is background is what is shown on it.
const CORE: f32 = 0.25;

/// What is left at most where a needle is the same only half a pixel away, or on
/// a slightly other background.
const NOT_QUITE: f32 = 0.98;

/// Compares a needle with places of a screen.
pub(super) struct Judge<'a> {
    screen: &'a Frame,
    needle: &'a Needle,
    look: Look<'a>,
    background: Option<Background>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(screen: &'a Frame, needle: &'a Needle) -> Self {
        Self {
            screen,
            needle,
            look: Look::of(needle),
            background: needle.background(),
        }
    }

    /// About how many multiplications [`Self::sameness`] takes.
    pub(super) fn work(&self) -> usize {
        self.needle.colours().len() * 30
    }

    /// What is left of a score of 1, at most 1.
    pub(super) fn sameness(&self, place: Corner) -> f32 {
        let patch = Patch::of(self.screen, place, self.needle.size());
        self.look.sameness(&patch)
    }

    /// The same for a place that may be drawn a little otherwise: half a pixel away,
    /// or on a slightly other background.
    pub(super) fn likeness(&self, place: Corner) -> f32 {
        let patch = Patch::of(self.screen, place, self.needle.size());
        let as_it_is = self.look.sameness(&patch);
        if as_it_is >= NOT_QUITE {
            return as_it_is;
        }
        let between = self.look.nearer(&patch);
        let between = between.map_or(0.0, |patch| self.look.sameness(&patch));
        let on_ground = [Background::has, Background::is_like].map(|is_part| {
            let needle = self.on_ground_of(&patch, is_part);
            needle.map_or(0.0, |needle| Look::of(&needle).sameness(&patch))
        });
        let [outer, all] = on_ground;
        as_it_is.max(between.max(outer).max(all) * NOT_QUITE)
    }

    /// The needle with the background of a place, where that is a slightly other
    /// one: as of a button that the pointer is on, or of a selected row.
    /// `is_part` says which pixels are background: those around what it shows, or
    /// also what shines through it.
    fn on_ground_of(
        &self,
        patch: &Patch,
        is_part: fn(&Background, usize) -> bool,
    ) -> Option<Needle> {
        let background = self.background.as_ref()?;
        let shares: Vec<f32> = (0..self.needle.colours().len())
            .map(|index| background.share(self.needle, index, is_part))
            .collect();
        let (mut sums, mut squares, mut count) = ([0.0_f32; CHANNELS], 0.0, 0.0_f32);
        let (mut off, mut shown) = (0.0_f32, 0.0_f32);
        let pairs = patch.colours().iter().zip(self.needle.colours());
        for ((seen, wanted), share) in pairs.zip(&shares) {
            let (seen, wanted) = (channels(*seen), channels(*wanted));
            if *share >= 1.0 {
                count += 1.0;
                for (sum, seen) in sums.iter_mut().zip(seen) {
                    *sum += seen;
                    squares += seen * seen;
                }
            } else if *share < CORE {
                shown += 1.0;
                let by = std::array::from_fn::<f32, CHANNELS, _>(|c| seen[c] - wanted[c]);
                off += by.iter().map(|by| by * by).sum::<f32>();
            }
        }
        let means = sums.map(|sum| sum / count);
        let spread = squares / count - means.iter().map(|mean| mean * mean).sum::<f32>();
        let wanted = channels(background.colour);
        let by: [f32; CHANNELS] = std::array::from_fn(|channel| means[channel] - wanted[channel]);
        let is_slight = by.iter().all(|by| by.abs() <= BACKGROUND_LEVELS);
        let noise = GROUND_NOISE * GROUND_NOISE * 3.0;
        (is_slight && spread <= noise && off <= noise * shown).then(|| {
            self.needle.coloured(|index| {
                let colour = self.needle.colours()[index];
                std::array::from_fn(|channel| {
                    level(f32::from(colour[channel]) + by[channel] * shares[index])
                })
            })
        })
    }
}

/// What a needle looks like.
struct Look<'a> {
    needle: &'a Needle,
    /// The needle's brightness less its mean, 0 where it does not count.
    shape: Plane,
    blurred: Plane,
    count: f32,
}

impl<'a> Look<'a> {
    fn of(needle: &'a Needle) -> Self {
        let values = needle.colours().iter().map(|colour| brightness(*colour));
        let width = needle.size().width as usize;
        let (shape, count) = less_mean(needle, &Plane::new(width, values.collect()));
        Self {
            needle,
            blurred: shape.blurred(),
            shape,
            count,
        }
    }

    /// How much the same a part of a screen looks, 0 to 1.
    fn sameness(&self, patch: &Patch) -> f32 {
        let (seen, _) = less_mean(self.needle, &patch.brightness());
        // One change shows in all of them, and counts once.
        self.same_colours(patch)
            .min(self.same_contrast(&seen))
            .min(self.same_details(&seen))
    }

    /// The picture half a pixel beside a patch that is most like the needle, if it
    /// is more like it than the patch: an icon that was drawn by another program
    /// may lie there.
    fn nearer(&self, patch: &Patch) -> Option<Patch> {
        let likeness = |patch: &Patch| {
            let (seen, _) = less_mean(self.needle, &patch.brightness());
            let common = product(seen.values(), self.shape.values());
            common / product(seen.values(), seen.values()).sqrt().max(1.0)
        };
        let known = likeness(patch);
        patch
            .redrawn()
            .map(|patch| (likeness(&patch), patch))
            .filter(|(likeness, _)| *likeness > known)
            .max_by(|(one, _), (other, _)| one.total_cmp(other))
            .map(|(_, patch)| patch)
    }

    /// What colours and brightness that are off leave: each the root of the mean
    /// square, because a small part that changed its colour altogether is seen,
    /// and a tinge of the whole is not.
    fn same_colours(&self, patch: &Patch) -> f32 {
        let (mut colour, mut contrast) = (0.0_f32, 0.0_f32);
        let pairs = patch.colours().iter().zip(self.needle.colours());
        for (index, (seen, wanted)) in pairs.enumerate() {
            if self.needle.counts(index) {
                let light = brightness(*seen) - brightness(*wanted);
                let (seen, wanted) = (channels(*seen), channels(*wanted));
                let [red, _, blue] = [0, 1, 2].map(|c| seen[c] - wanted[c] - light);
                colour += red * red + blue * blue;
                contrast += light * light;
            }
        }
        let off = |squares: f32| (squares / self.count).sqrt() / 255.0;
        let colour = (off(colour) - COLOUR_NOISE).max(0.0) * COLOUR_COST;
        let contrast = (off(contrast) - CONTRAST_NOISE).max(0.0) * CONTRAST_COST;
        (1.0 - colour).max(0.0) * (1.0 - contrast).max(0.0)
    }

    /// What a contrast that is higher or lower leaves. Noise on the screen makes
    /// the whole spread wider, noise on the needle the common part of it
    /// narrower: the truth lies between.
    fn same_contrast(&self, seen: &Plane) -> f32 {
        let [common, wanted, all] = [
            (seen, &self.shape),
            (&self.shape, &self.shape),
            (seen, seen),
        ]
        .map(|(one, other)| product(one.values(), other.values()));
        if common <= 0.0 {
            return 0.0;
        }
        let (least, most) = (common / wanted, all / common);
        let gain = 1.0_f32.clamp(least.min(most), most.max(least));
        let off = (GAIN_NOISE - gain.min(gain.recip())).max(0.0);
        (1.0 - off * GAIN_COST).max(0.0)
    }

    /// What is left where a detail is another one, such as the letter on a
    /// button. Blurring takes away most of a noise, which differs from pixel to
    /// pixel, and little of a stroke.
    fn same_details(&self, seen: &Plane) -> f32 {
        let [common, wanted] =
            [seen, &self.shape].map(|other| product(other.values(), self.shape.values()));
        let (gain, seen) = (common / wanted, seen.blurred());
        let mut worst = 0.0_f32;
        for top in starts(seen.height) {
            for left in starts(seen.width) {
                worst = worst.max(self.difference(&seen, gain, (left, top)));
            }
        }
        let off = (worst - DETAIL_NOISE) / (DETAIL_OTHER - DETAIL_NOISE);
        1.0 - off.clamp(0.0, 1.0) * DETAIL_COST
    }

    /// How much of a square is another picture: 0 the same, 1 nothing in common.
    fn difference(&self, seen: &Plane, gain: f32, (left, top): (usize, usize)) -> f32 {
        let width = SQUARE.min(seen.width - left);
        let rows = top..(top + SQUARE).min(seen.height);
        let (mut off, mut sums, mut squares, mut count) = ([0.0_f32; 2], [0.0; 2], 0.0, 0.0);
        for y in rows {
            let wanted = &self.blurred.row(y)[left..][..width];
            for (wanted, seen) in wanted.iter().zip(&seen.row(y)[left..]) {
                let wanted = wanted * gain;
                let by = wanted - seen;
                off = [off[0] + by, off[1] + by * by];
                sums = [sums[0] + wanted, sums[1] + seen];
                squares += wanted * wanted + seen * seen;
                count += 1.0_f32;
            }
        }
        // That a whole square is lighter or darker is not a detail.
        let off = off[1] - off[0] * off[0] / count.max(1.0);
        let spread = squares - (sums[0] * sums[0] + sums[1] * sums[1]) / count.max(1.0);
        // Blurring made each number the sum of nine.
        let faint = FAINT * 9.0 * FAINT * 9.0 * count;
        off / (spread + faint)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is within the levels of a channel"
)]
fn level(channel: f32) -> u8 {
    channel.round().clamp(0.0, 255.0) as u8
}

fn product(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// Numbers less the mean of those that count, the others being 0; and how many
/// count.
fn less_mean(needle: &Needle, plane: &Plane) -> (Plane, f32) {
    let counts = |index: usize| f32::from(needle.counts(index));
    let all = (0..).zip(plane.values());
    let (sum, count) = all
        .clone()
        .fold((0.0_f32, 0.0_f32), |(sum, count), (index, value)| {
            (sum + value * counts(index), count + counts(index))
        });
    let mean = sum / count.max(1.0);
    let less = all.map(|(index, value)| (value - mean) * counts(index));
    (Plane::new(plane.width, less.collect()), count.max(1.0))
}

/// Where the squares along a side begin.
fn starts(length: usize) -> impl Iterator<Item = usize> {
    let last = length.saturating_sub(SQUARE);
    (0..last).step_by(SQUARE / 2).chain([last])
}
