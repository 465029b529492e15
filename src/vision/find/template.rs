//! A needle at one size, and how much a place looks like it.
//!
//! The likeness of two shapes is their normalized correlation, `OpenCV`'s
//! `TM_CCOEFF_NORMED`: with `T` the needle and `I` the place, both less their
//! mean, `sum(w T I) / sqrt(sum(w T T) sum(w I I))`. The weight `w` is 0 where
//! the needle is transparent.

use super::plane::{LANES, Plane};

/// A standard deviation below this, in levels of brightness, is not a shape.
pub(super) const EVEN: f32 = 2.0;

/// This many products are summed side by side where a row is short.
const WIDE: usize = 8;

/// A needle of one channel at one size.
pub(super) struct Template {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) opaque: bool,
    values: Vec<f32>,
    weights: Vec<f32>,
    /// The values less their mean, times the weights.
    kernel: Vec<f32>,
    total_weight: f32,
    /// The weighted sum of the squares of what the values are off their mean.
    energy: f32,
}

impl Template {
    /// The template of values that were multiplied with how far their pixels
    /// count, and of how far they do, 0 to 1.
    pub(super) fn new(covered: &Plane, coverage: &Plane) -> Self {
        let value = |value: f32, part: f32| if part > 0.0 { value / part } else { 0.0 };
        let values = covered.with(coverage, value).values().to_vec();
        // A pixel half of which is unknown tells less than half as much.
        let weights: Vec<f32> = coverage.values().iter().map(|part| part * part).collect();
        let total_weight = weights.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        let weighted = |(value, weight): (&f32, &f32)| value * weight;
        let mean = values.iter().zip(&weights).map(weighted).sum::<f32>() / total_weight;
        let off: Vec<f32> = values.iter().map(|value| value - mean).collect();
        let kernel: Vec<f32> = off.iter().zip(&weights).map(weighted).collect();
        Self {
            width: coverage.width,
            height: coverage.height,
            opaque: weights.iter().all(|weight| *weight >= 1.0),
            energy: off.iter().zip(&kernel).map(weighted).sum(),
            values,
            weights,
            kernel,
            total_weight,
        }
    }

    /// The standard deviation of its values.
    pub(super) fn deviation(&self) -> f32 {
        (self.energy / self.total_weight).sqrt()
    }

    /// The correlation with every place of the screen, a row for each row of
    /// the corners.
    pub(super) fn correlations(&self, screen: &Plane) -> Plane {
        let size = (self.width, self.height);
        let plain = |_, value: f32, kernel: f32| value * kernel;
        let joint = self.everywhere(screen, &self.kernel, plain);
        let [sums, squares] = if self.opaque {
            [
                screen.box_sums(size, |value| value),
                screen.box_sums(size, |value| value * value),
            ]
        } else {
            let square = screen.with(screen, |one, two| one * two);
            [screen, &square].map(|plane| self.everywhere(plane, &self.weights, plain))
        };
        let spread = sums.with(&squares, |sum, square| self.spread(sum, square));
        joint.with(&spread, |joint, spread| self.normalized(joint, spread))
    }

    /// The mean absolute difference from every place of the screen.
    pub(super) fn differences(&self, screen: &Plane) -> Plane {
        let differ =
            |index: usize, value: f32, weight: f32| (value - self.values[index]).abs() * weight;
        let sums = self.everywhere(screen, &self.weights, differ);
        let means = sums.values().iter().map(|sum| sum / self.total_weight);
        Plane::new(sums.width, means.collect())
    }

    /// The correlation with the place at `x`, `y`.
    pub(super) fn correlation(&self, screen: &Plane, (x, y): (usize, usize)) -> f32 {
        let mut sums = [0.0_f32; 3];
        for row in 0..self.height {
            let seen = &screen.from(x, y + row)[..self.width];
            let part = row * self.width..(row + 1) * self.width;
            let of_row = if self.opaque {
                plain_sums(seen, &self.kernel[part])
            } else {
                weighted_sums(seen, &self.kernel[part.clone()], &self.weights[part])
            };
            for (sum, of_row) in sums.iter_mut().zip(of_row) {
                *sum += of_row;
            }
        }
        let [joint, sum, square] = sums;
        self.normalized(joint, self.spread(sum, square))
    }

    /// The mean absolute difference from the place at `x`, `y`.
    pub(super) fn difference(&self, screen: &Plane, (x, y): (usize, usize)) -> f32 {
        let mut sum = 0.0;
        for (row, start) in (0..self.height).map(|row| (row, row * self.width)) {
            let seen = &screen.from(x, y + row)[..self.width];
            let pairs = seen.iter().zip(&self.values[start..]);
            sum += pairs
                .zip(&self.weights[start..])
                .map(|((seen, value), weight)| (seen - value).abs() * weight)
                .sum::<f32>();
        }
        sum / self.total_weight
    }

    fn spread(&self, sum: f32, square: f32) -> f32 {
        square - sum * sum / self.total_weight
    }

    fn normalized(&self, joint: f32, spread: f32) -> f32 {
        // An even place has no shape, and what is left is rounding.
        if spread < self.total_weight * 0.5 || self.energy <= 0.0 {
            return 0.0;
        }
        (joint / (self.energy * spread).sqrt()).clamp(-1.0, 1.0)
    }

    /// The sum, for each place, of what `term` makes of a pixel's number in the
    /// template, its value on the screen and its factor.
    fn everywhere(
        &self,
        screen: &Plane,
        factors: &[f32],
        term: impl Fn(usize, f32, f32) -> f32 + Sync,
    ) -> Plane {
        let columns = screen.width - self.width + 1;
        let rows = screen.height - self.height + 1;
        Plane::drawn((columns, rows), self.width * self.height, |y, sums| {
            for (block, sums) in sums.chunks_mut(LANES).enumerate() {
                let x = block * LANES;
                let mut lanes = [0.0_f32; LANES];
                for row in 0..self.height {
                    let seen = &screen.from(x, y + row)[..self.width + LANES];
                    let start = row * self.width;
                    let factors = &factors[start..start + self.width];
                    for ((index, factor), seen) in (start..).zip(factors).zip(seen.windows(LANES)) {
                        for (lane, value) in lanes.iter_mut().zip(seen) {
                            *lane += term(index, *value, *factor);
                        }
                    }
                }
                sums.copy_from_slice(&lanes[..sums.len()]);
            }
        })
    }
}

/// The sums of a row's values times the kernel, of its values, and of their
/// squares.
fn plain_sums(seen: &[f32], kernel: &[f32]) -> [f32; 3] {
    let (blocks, rest) = seen.as_chunks::<WIDE>();
    let (kernels, last) = kernel.as_chunks::<WIDE>();
    let mut lanes = [[0.0_f32; WIDE]; 3];
    for (seen, kernel) in blocks.iter().zip(kernels) {
        for lane in 0..WIDE {
            lanes[0][lane] += seen[lane] * kernel[lane];
            lanes[1][lane] += seen[lane];
            lanes[2][lane] += seen[lane] * seen[lane];
        }
    }
    let mut sums = lanes.map(|lanes| lanes.iter().sum::<f32>());
    for (value, kernel) in rest.iter().zip(last) {
        sums[0] += value * kernel;
        sums[1] += value;
        sums[2] += value * value;
    }
    sums
}

/// The same, the values and their squares times the weights.
fn weighted_sums(seen: &[f32], kernel: &[f32], weights: &[f32]) -> [f32; 3] {
    let triples = seen.iter().zip(kernel).zip(weights);
    triples.fold([0.0; 3], |sums, ((value, kernel), weight)| {
        [
            sums[0] + value * kernel,
            sums[1] + value * weight,
            sums[2] + value * value * weight,
        ]
    })
}
