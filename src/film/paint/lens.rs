//! The part of the screen that the camera sees, as large as the film shows it.
//!
//! Pictures are enlarged with the curve of Catmull and Rom, which is sharp, and reduced with the
//! same curve over more pixels. Views may begin between pixels, so that nothing shimmers while the
//! camera moves. Weights are whole numbers, so pictures are the same on every machine.

use image::RgbImage;

use crate::film::{View, number};

/// The sum of the weights of a pixel.
const WHOLE: i32 = 1 << 14;

/// How many more bits than a byte values have between the two directions.
const FINER: u32 = 6;

/// The visible part of a screen, as a picture of a given size; `None` if the screen is that picture
/// already.
pub(in crate::film) fn seen(
    screen: &RgbImage,
    view: View,
    (width, height): (u32, u32),
) -> Option<RgbImage> {
    let (wide, high) = screen.dimensions();
    let whole = (f64::from(wide), f64::from(high));
    let is_whole = (view.x, view.y) == (0.0, 0.0) && (view.width, view.height) == whole;
    if is_whole && (width, height) == (wide, high) {
        return None;
    }
    let across = Axis::new(view.x, view.width, wide, width);
    let down = Axis::new(view.y, view.height, high, height);
    let stride = width as usize * 3;
    // Only the rows that are needed, each as wide as the film shows it.
    let (first, last) = down.reach();
    let mut rows = vec![0_i16; (last - first) * stride];
    let lines = screen.chunks_exact(wide as usize * 3).skip(first);
    for (row, line) in rows.chunks_exact_mut(stride.max(1)).zip(lines) {
        across.resample(line, row);
    }
    let mut pixels = vec![0_u8; stride * height as usize];
    let mut sums = vec![0_i32; stride];
    for (line, (start, weights)) in pixels.chunks_exact_mut(stride.max(1)).zip(down.pixels()) {
        let rows = rows[(start - first) * stride..].chunks_exact(stride.max(1));
        mix(rows, weights, &mut sums);
        for (byte, sum) in line.iter_mut().zip(&sums) {
            *byte = to_byte(*sum >> FINER);
        }
    }
    RgbImage::from_raw(width, height, pixels)
}

/// Adds up rows by their weights.
fn mix<'a>(rows: impl Iterator<Item = &'a [i16]>, weights: &[i16], sums: &mut [i32]) {
    sums.fill(WHOLE << FINER >> 1);
    for (row, weight) in rows.zip(weights) {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += i32::from(*value) * i32::from(*weight);
        }
    }
}

fn to_byte(sum: i32) -> u8 {
    u8::try_from((sum >> 14).clamp(0, 255)).unwrap_or(u8::MAX)
}

/// Which pixels of one direction make up each pixel of the film, and how much.
struct Axis {
    /// How many.
    taps: usize,
    /// The first of them.
    starts: Vec<usize>,
    /// How much each counts.
    weights: Vec<i16>,
}

impl Axis {
    /// For a part of `whole` pixels that becomes this many pixels of the film.
    fn new(from: f64, length: f64, whole: u32, film: u32) -> Self {
        let step = length / f64::from(film.max(1));
        let spread = step.max(1.0);
        let support = spread * 2.0;
        let taps = (number::rounded(support.ceil()) * 2).clamp(1, whole.max(1));
        let last = f64::from(whole.saturating_sub(taps));
        let mut axis = Self {
            taps: taps as usize,
            starts: Vec::new(),
            weights: Vec::new(),
        };
        for pixel in 0..film {
            let middle = from + (f64::from(pixel) + 0.5) * step;
            let start = number::rounded((middle - f64::from(taps) / 2.0).clamp(0.0, last));
            let exact = (0..taps).map(|tap| {
                let distance = f64::from(start + tap) + 0.5 - middle;
                curve((distance / spread).abs())
            });
            axis.starts.push(start as usize);
            axis.weights
                .extend(whole_numbers(&exact.collect::<Vec<f64>>()));
        }
        axis
    }

    fn pixels(&self) -> impl Iterator<Item = (usize, &[i16])> {
        self.starts
            .iter()
            .copied()
            .zip(self.weights.chunks_exact(self.taps))
    }

    /// The first pixel that is needed, and the one after the last.
    fn reach(&self) -> (usize, usize) {
        let first = self.starts.first().copied().unwrap_or(0);
        (
            first,
            self.starts.last().map_or(first, |last| last + self.taps),
        )
    }

    /// A line of the screen as wide as the film shows it.
    fn resample(&self, line: &[u8], row: &mut [i16]) {
        let (pixels, _) = line.as_chunks::<3>();
        let (places, _) = row.as_chunks_mut::<3>();
        for (place, (start, weights)) in places.iter_mut().zip(self.pixels()) {
            let mut sums = [WHOLE >> FINER >> 1; 3];
            for (pixel, weight) in pixels[start..].iter().zip(weights) {
                for (sum, channel) in sums.iter_mut().zip(pixel) {
                    *sum += i32::from(*channel) * i32::from(*weight);
                }
            }
            *place = sums.map(|sum| i16::try_from(sum >> (14 - FINER)).unwrap_or(i16::MAX));
        }
    }
}

/// The curve of Catmull and Rom (1974), by the distance in pixels.
fn curve(x: f64) -> f64 {
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((2.5 - 0.5 * x) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}

/// Weights whose sum is [`WHOLE`]; the rounding error is added to the largest.
fn whole_numbers(exact: &[f64]) -> Vec<i16> {
    let sum: f64 = exact.iter().sum();
    let scale = if sum.abs() > 1e-6 {
        f64::from(WHOLE) / sum
    } else {
        0.0
    };
    let mut weights: Vec<i32> = exact.iter().map(|weight| nearest(weight * scale)).collect();
    let left = WHOLE - weights.iter().sum::<i32>();
    if let Some(largest) = weights.iter_mut().max() {
        *largest += left;
    }
    weights
        .into_iter()
        .map(|weight| i16::try_from(weight).unwrap_or(i16::MAX))
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast ends at the bounds of its type"
)]
fn nearest(number: f64) -> i32 {
    number.round() as i32
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn checks() -> RgbImage {
        RgbImage::from_fn(80, 50, |x, y| {
            Rgb([if (x / 8 + y / 8) % 2 == 0 { 20 } else { 230 }; 3])
        })
    }

    fn view(x: f64, y: f64, width: f64) -> View {
        View {
            x,
            y,
            width,
            height: width * 0.625,
        }
    }

    #[test]
    fn the_whole_screen_as_large_as_it_is_needs_no_work() {
        assert!(seen(&checks(), view(0.0, 0.0, 80.0), (80, 50)).is_none());
    }

    #[test]
    fn a_view_twice_as_near_shows_each_square_twice_as_large() {
        let near = seen(&checks(), view(16.0, 8.0, 40.0), (80, 50)).unwrap();
        for (x, y) in [(8, 8), (24, 8), (40, 24), (56, 40)] {
            assert_eq!(
                near.get_pixel(x, y),
                checks().get_pixel(16 + x / 2, 8 + y / 2)
            );
        }
    }

    #[test]
    fn half_a_pixel_further_is_another_picture_and_no_edge_jumps() {
        let edge = |x: f64| {
            let near = seen(&checks(), view(x, 8.0, 40.0), (80, 50)).unwrap();
            (0..30).map(|x| u32::from(near.get_pixel(x, 10).0[0])).sum()
        };
        let rows: Vec<u32> = (0..9_u32)
            .map(|n| edge(16.0 + f64::from(n) / 8.0))
            .collect();
        // The light square comes in evenly.
        let steps: Vec<u32> = rows
            .windows(2)
            .map(|pair| pair[0].abs_diff(pair[1]))
            .collect();
        let (least, most) = (steps.iter().min().unwrap(), steps.iter().max().unwrap());
        assert!(*least > 0 && *most < least * 2, "{steps:?}");
    }

    #[test]
    fn one_colour_stays_one_colour_at_every_size_and_place() {
        let plain = RgbImage::from_pixel(30, 20, Rgb([7, 130, 255]));
        for (x, width) in [(0.0, 30.0), (3.3, 11.7), (29.0, 1.0), (17.9, 12.1)] {
            for size in [(30, 20), (1, 1), (64, 40), (7, 5)] {
                let part = View {
                    x,
                    y: 0.0,
                    width,
                    height: 20.0,
                };
                let near = seen(&plain, part, size).unwrap_or_else(|| plain.clone());
                assert_eq!(near.dimensions(), size);
                assert!(
                    near.pixels().all(|pixel| pixel == &Rgb([7, 130, 255])),
                    "{x} {size:?}"
                );
            }
        }
    }
}
