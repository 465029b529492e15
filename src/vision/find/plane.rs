//! One number for each pixel of a picture, and the same picture at half size.

use super::super::frame::{CHANNELS, Frame};

/// So many pixels side by side are worked on at once.
pub(super) const LANES: usize = 16;

/// One number for each pixel of a picture, about 0 in the middle of its range.
#[derive(Clone)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Row by row; followed by [`LANES`] more numbers, so that as many may be
    /// read from any pixel on.
    values: Vec<f32>,
}

/// The red, green and blue of a pixel from -128 to 127.
pub(super) fn channels(colour: [u8; CHANNELS]) -> [f32; CHANNELS] {
    colour.map(|channel| f32::from(channel) - 128.0)
}

/// The brightness of a pixel from -128 to 127, by the weights of BT.601.
pub(super) fn brightness([red, green, blue]: [u8; CHANNELS]) -> f32 {
    let [r, g, b] = [red, green, blue].map(u16::from);
    f32::from((r * 77 + g * 150 + b * 29) >> 8) - 128.0
}

impl Plane {
    /// The plane of these numbers, `width` of them a row.
    pub(super) fn new(width: usize, mut values: Vec<f32>) -> Self {
        let height = values.len() / width.max(1);
        values.truncate(width * height);
        values.resize(width * height + LANES, 0.0);
        Self {
            width,
            height,
            values,
        }
    }

    /// What `number` makes of the pixels of a frame.
    pub(super) fn of(frame: &Frame, number: impl Fn([u8; CHANNELS]) -> f32) -> Self {
        let (colours, _) = frame.bytes().as_chunks::<CHANNELS>();
        let mut values = Vec::with_capacity(colours.len() + LANES);
        values.extend(colours.iter().map(|colour| number(*colour)));
        Self::new(frame.size().width as usize, values)
    }

    /// The numbers of all pixels.
    pub(super) fn values(&self) -> &[f32] {
        &self.values[..self.width * self.height]
    }

    /// The numbers from a pixel on, to the end of its row and on into the next.
    pub(super) fn from(&self, x: usize, y: usize) -> &[f32] {
        &self.values[y * self.width + x..]
    }

    /// The same picture at half the width and height. Each number is the mean
    /// of four by four, those in the middle weighing three times as much as
    /// those around them, so that it matters little where the halving begins.
    pub(super) fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut values = Vec::with_capacity(width * height + LANES);
        let mut sums = vec![0.0; self.width];
        for y in 0..height {
            let rows = [
                (2 * y).saturating_sub(1),
                2 * y,
                2 * y + 1,
                (2 * y + 2).min(self.height - 1),
            ];
            let [above, upper, lower, below] = rows.map(|y| &self.from(0, y)[..self.width]);
            for (x, sum) in sums.iter_mut().enumerate() {
                *sum = above[x] + below[x] + 3.0 * (upper[x] + lower[x]);
            }
            values.extend((0..width).map(|x| {
                let outer = sums[(2 * x).saturating_sub(1)] + sums[(2 * x + 2).min(self.width - 1)];
                (outer + 3.0 * (sums[2 * x] + sums[2 * x + 1])) / 64.0
            }));
        }
        Self::new(width, values)
    }

    /// Number by number, what `join` makes of two planes of one size.
    pub(super) fn with(&self, other: &Self, join: impl Fn(f32, f32) -> f32) -> Self {
        let pairs = self.values().iter().zip(other.values());
        Self::new(
            self.width,
            pairs.map(|(one, two)| join(*one, *two)).collect(),
        )
    }

    /// The sums of all rectangles of `width` by `height`, a row for each row of
    /// their corners, made from the numbers as `number` takes them.
    pub(super) fn box_sums(
        &self,
        (width, height): (usize, usize),
        number: impl Fn(f32) -> f32,
    ) -> Plane {
        let columns = self.width - width + 1;
        let mut of_columns = vec![0.0_f64; self.width];
        let mut values = Vec::with_capacity(columns * (self.height - height + 1) + LANES);
        for y in 0..self.height {
            for (sum, seen) in of_columns.iter_mut().zip(self.from(0, y)) {
                *sum += f64::from(number(*seen));
            }
            if y + 1 < height {
                continue;
            }
            let mut sum: f64 = of_columns[..width - 1].iter().sum();
            for x in 0..columns {
                sum += of_columns[x + width - 1];
                values.push(single(sum));
                sum -= of_columns[x];
            }
            for (sum, seen) in of_columns.iter_mut().zip(self.from(0, y + 1 - height)) {
                *sum -= f64::from(number(*seen));
            }
        }
        Self::new(columns, values)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "rounded to the precision that the numbers came with"
)]
fn single(sum: f64) -> f32 {
    sum as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_plane_stays_even_at_half_size() {
        let half = Plane::new(5, vec![8.0; 15]).halved();
        assert_eq!((half.width, half.height), (2, 1));
        assert_eq!(half.values(), [8.0; 2]);
    }

    #[test]
    fn box_sums_are_those_of_every_place() {
        let plane = Plane::new(3, (1_u8..=9).map(f32::from).collect());
        let sums = plane.box_sums((2, 2), |n| n);
        assert_eq!(sums.values(), [12.0, 16.0, 24.0, 28.0]);
    }
}
