//! How far apart two colours are to the eye: CIEDE2000, the colour difference of
//! ISO/CIE 11664-6, on colours of sRGB (IEC 61966-2-1) seen in daylight (D65).
//!
//! Formulas and test data are those of Sharma, Wu and Dalal, "The CIEDE2000
//! color-difference formula: implementation notes, supplementary test data, and
//! mathematical observations" (2005).
//!
//! Differences of chroma and hue count a third of what they do on large samples
//! in a laboratory: the formula's parametric factors are 1 for lightness and 3
//! for both others. The eye sees fine detail by its lightness, so cameras and
//! JPEG are careless with the rest.

use std::sync::LazyLock;

use crate::vision::frame::CHANNELS;

pub(super) type Pixel = [u8; CHANNELS];

/// The factor for chroma and for hue, called `k_C` and `k_H` in the formula.
const CHROMA_FACTOR: f32 = 3.0;

/// What a step of one level in every channel can make at most. Measured over
/// all directions from a grid of colours: 0.821, on a dark grey.
pub(super) const MOST_PER_LEVEL: f32 = 0.83;

/// A colour as CIELAB has it: lightness 0 to 100, and how red and how yellow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lab {
    lightness: f32,
    a: f32,
    b: f32,
}

/// What the formula divides a difference of lightness by, at most.
const MOST_LIGHTNESS_WEIGHT: f32 = 1.75;

/// Light by level: what the transfer function of sRGB stands for.
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|level| linear(f32::from(u8::try_from(level).unwrap_or(u8::MAX))))
});

/// The light of a level between two: that of the line from one to the other, which
/// is near enough and much faster than the function.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a level is 0 to 255"
)]
fn between(level: f32) -> f32 {
    let below = level as u8;
    let [from, to] = [below, below.saturating_add(1)].map(|level| LINEAR[usize::from(level)]);
    from + (to - from) * (level - f32::from(below))
}

fn linear(level: f32) -> f32 {
    let share = level / 255.0;
    if share <= 0.040_45 {
        share / 12.92
    } else {
        ((share + 0.055) / 1.055).powf(2.4)
    }
}

impl From<Pixel> for Lab {
    fn from(pixel: Pixel) -> Self {
        Self::of_light(pixel.map(|level| LINEAR[usize::from(level)]))
    }
}

/// The lightness of a pixel, as in its [`Lab`].
fn lightness([red, green, blue]: Pixel) -> f32 {
    let [red, green, blue] = [red, green, blue].map(|level| LINEAR[usize::from(level)]);
    let y = red * WHITE_SHARES[0] + green * WHITE_SHARES[1] + blue * WHITE_SHARES[2];
    116.0 * root(y) - 16.0
}

/// How much red, green and blue give of the light of white.
const WHITE_SHARES: [f32; CHANNELS] = [0.212_671, 0.715_160, 0.072_169];

/// The cube root, made straight near black.
fn root(light: f32) -> f32 {
    if light > 216.0 / 24_389.0 {
        light.cbrt()
    } else {
        light * (841.0 / 108.0) + 4.0 / 29.0
    }
}

impl Lab {
    /// The colour of levels between those that a pixel can have.
    pub(super) fn of_levels(levels: [f32; CHANNELS]) -> Self {
        Self::of_light(levels.map(between))
    }

    fn of_light([red, green, blue]: [f32; CHANNELS]) -> Self {
        // Already divided by the white of D65.
        let x = red * 0.433_953 + green * 0.376_219 + blue * 0.189_828;
        let y = red * WHITE_SHARES[0] + green * WHITE_SHARES[1] + blue * WHITE_SHARES[2];
        let z = red * 0.017_758 + green * 0.109_477 + blue * 0.872_765;
        let [x, y, z] = [x, y, z].map(root);
        Self {
            lightness: 116.0 * y - 16.0,
            a: 500.0 * (x - y),
            b: 200.0 * (y - z),
        }
    }

    /// The colour difference; 100 between black and white.
    pub(super) fn distance(self, other: Self) -> f32 {
        ciede2000(self, other, CHROMA_FACTOR)
    }
}

/// The names are those of the formula.
fn ciede2000(one: Lab, other: Lab, chroma_factor: f32) -> f32 {
    let mean = f32::midpoint;
    let to_seventh = |chroma: f32| {
        let power = chroma.powi(7);
        (power / (power + 25_f32.powi(7))).sqrt()
    };
    let g = 0.5 * (1.0 - to_seventh(mean(one.a.hypot(one.b), other.a.hypot(other.b))));
    let [(c1, h1), (c2, h2)] = [one, other].map(|colour| {
        let a = colour.a * (1.0 + g);
        (a.hypot(colour.b), colour.b.atan2(a).to_degrees())
    });
    let grey = c1 * c2 == 0.0;
    // From one hue to the other by the shorter way around.
    let turn = if grey { 0.0 } else { h2 - h1 };
    let turn = if turn > 180.0 {
        turn - 360.0
    } else if turn < -180.0 {
        turn + 360.0
    } else {
        turn
    };
    let hue = if grey { h1 + h2 } else { h1 + turn / 2.0 };
    let (lightness, chroma) = (mean(one.lightness, other.lightness), mean(c1, c2));
    let (delta_l, delta_c) = (other.lightness - one.lightness, c2 - c1);
    let delta_h = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin();
    let cos = |degrees: f32| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(hue - 30.0) + 0.24 * cos(2.0 * hue) + 0.32 * cos(3.0 * hue + 6.0)
        - 0.20 * cos(4.0 * hue - 63.0);
    let middle = (lightness - 50.0).powi(2);
    let s_l = 1.0 + 0.015 * middle / (20.0 + middle).sqrt();
    let s_c = 1.0 + 0.045 * chroma;
    let s_h = 1.0 + 0.015 * chroma * t;
    let blue = (-((hue.rem_euclid(360.0) - 275.0) / 25.0).powi(2)).exp();
    let r_t = -(60.0 * blue).to_radians().sin() * 2.0 * to_seventh(chroma);
    let lightness = delta_l / s_l;
    let chroma = delta_c / (chroma_factor * s_c);
    let hue = delta_h / (chroma_factor * s_h);
    let squares = lightness * lightness + chroma * chroma + hue * hue;
    (squares + r_t * chroma * hue).max(0.0).sqrt()
}

/// Decides whether pixels are within a tolerance, and remembers the result: pictures have few
/// colours, and differ in few ways.
pub(super) struct Judge {
    tolerance: f32,
    told: Vec<(Pixel, Pixel, bool)>,
}

/// How many verdicts are remembered, as a power of two.
const TOLD: u32 = 11;

impl Judge {
    /// The tolerance is a distance as [`Lab::distance`] has it.
    pub(super) fn new(tolerance: f32) -> Self {
        // Two equal colours are where each entry may begin.
        let told = vec![([0; CHANNELS], [0; CHANNELS], true); 1 << TOLD];
        Self { tolerance, told }
    }

    pub(super) fn are_near(&mut self, one: Pixel, other: Pixel) -> bool {
        let pairs = one.iter().zip(&other);
        let levels = pairs.fold(0, |most, (one, other)| most.max(one.abs_diff(*other)));
        if f32::from(levels) * MOST_PER_LEVEL <= self.tolerance {
            return true;
        }
        let number = |[r, g, b]: Pixel| u32::from_le_bytes([r, g, b, 0]);
        let mixed =
            (number(one).wrapping_mul(0x9E37_79B1) ^ number(other)).wrapping_mul(0x85EB_CA77);
        let entry = &mut self.told[(mixed >> (u32::BITS - TOLD)) as usize];
        if (entry.0, entry.1) != (one, other) {
            *entry = (one, other, near(one, other, self.tolerance));
        }
        entry.2
    }
}

fn near(one: Pixel, other: Pixel, tolerance: f32) -> bool {
    // The whole formula takes long, and most differences are of lightness.
    let lightness = (lightness(one) - lightness(other)).abs();
    lightness <= tolerance * MOST_LIGHTNESS_WEIGHT
        && Lab::from(one).distance(Lab::from(other)) <= tolerance
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lab(lightness: f32, a: f32, b: f32) -> Lab {
        Lab { lightness, a, b }
    }

    fn pixels(one: Pixel, other: Pixel) -> f32 {
        Lab::from(one).distance(Lab::from(other))
    }

    #[test]
    fn the_published_test_data_come_out() {
        for (one, other, expected) in [
            (
                lab(50.0, 2.6772, -79.7751),
                lab(50.0, 0.0, -82.7485),
                2.0425,
            ),
            (lab(50.0, 2.8361, -74.02), lab(50.0, 0.0, -82.7485), 3.4412),
            (lab(50.0, 0.0, 0.0), lab(50.0, -1.0, 2.0), 2.3669),
            (lab(50.0, 2.49, -0.001), lab(50.0, -2.49, 0.0009), 7.1792),
            (lab(50.0, 2.49, -0.001), lab(50.0, -2.49, 0.0011), 7.2195),
            (lab(50.0, -0.001, 2.49), lab(50.0, 0.0009, -2.49), 4.8045),
            (lab(50.0, 2.5, 0.0), lab(73.0, 25.0, -18.0), 27.1492),
            (lab(50.0, 2.5, 0.0), lab(58.0, 24.0, 15.0), 19.4535),
            (
                lab(60.2574, -34.0099, 36.2677),
                lab(60.4626, -34.1751, 39.4387),
                1.2644,
            ),
            (
                lab(6.7747, -0.2908, -2.4247),
                lab(5.8714, -0.0985, -2.2286),
                0.6377,
            ),
        ] {
            let found = ciede2000(one, other, 1.0);
            assert!((found - expected).abs() < 2e-3, "{one:?} {other:?} {found}");
            let turned = ciede2000(other, one, 1.0);
            assert!((found - turned).abs() < 2e-3, "{one:?} {other:?}");
        }
    }

    #[test]
    fn black_and_white_are_a_hundred_apart_and_a_colour_is_itself() {
        assert!((pixels([0; 3], [255; 3]) - 100.0).abs() < 0.01);
        for pixel in [[0; 3], [255; 3], [12, 200, 77]] {
            assert!(pixels(pixel, pixel).abs() < 1e-6);
        }
    }

    #[test]
    fn what_is_hardly_seen_is_a_small_distance_wherever_the_colours_lie() {
        // As far apart in numbers, but not to the eye.
        assert!(pixels([0, 254, 252], [47, 254, 252]) < 0.5);
        assert!(pixels([0, 0, 0], [3, 3, 3]) < 1.0);
        assert!(pixels([30; 3], [53; 3]) > 6.0);
        assert!(pixels([39, 44, 92], [39, 44, 14]) > 6.0);
    }

    #[test]
    fn a_level_makes_no_more_than_is_said() {
        let levels = || (0_u8..=254).step_by(6);
        let colours =
            levels().flat_map(|r| levels().flat_map(move |g| levels().map(move |b| [r, g, b])));
        let mut most = 0_f32;
        for colour in colours {
            for step in [
                [1, 0, 0],
                [0, 1, 0],
                [0, 0, 1],
                [1, 0, 1],
                [1, 1, 0],
                [0, 1, 1],
            ] {
                let [one, other] = [step, step.map(|n| 1 - n)].map(|step: [u8; 3]| {
                    std::array::from_fn(|channel| colour[channel] + step[channel])
                });
                most = most.max(pixels(one, other)).max(pixels(colour, one));
            }
        }
        assert!(most < MOST_PER_LEVEL, "{most}");
    }

    #[test]
    fn shortcuts_and_what_is_remembered_tell_what_the_distance_does() {
        let mut judge = Judge::new(9.0);
        let colours = (0..60_000_u32).map(|n| {
            let [r, g, b, step] = n.wrapping_mul(0x0901_2233).to_le_bytes();
            let other = [r ^ (step & 63), g ^ (step >> 2), b ^ (step & 127)];
            ([r, g, b], other)
        });
        let mut near = 0;
        for (one, other) in colours {
            let told = judge.are_near(one, other);
            assert_eq!(told, pixels(one, other) <= 9.0, "{one:?} {other:?}");
            near += u32::from(told);
        }
        assert!((10_000..50_000).contains(&near), "{near}");
    }
}
