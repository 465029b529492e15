//! One number for each pixel of a picture, and the same picture at half size.

use super::{
    super::frame::{CHANNELS, Frame},
    bands,
};

/// This many pixels side by side are worked on at once.
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
pub(super) fn brightness(colour: [u8; CHANNELS]) -> f32 {
    f32::from(i16::from(grey_of(colour)) - 128)
}

/// The brightness of a pixel from 0 to 255, by the weights of BT.601.
pub(super) fn grey_of([red, green, blue]: [u8; CHANNELS]) -> u8 {
    let [r, g, b] = [red, green, blue].map(u16::from);
    ((r * 77 + g * 150 + b * 29) >> 8).to_le_bytes()[0]
}

/// The brightness of all pixels of a frame, row by row, followed by this many zeros.
pub(super) fn grey(frame: &Frame, more: usize) -> Vec<u8> {
    let (colours, _) = frame.bytes().as_chunks::<CHANNELS>();
    let width = frame.size().width as usize;
    let mut greys = vec![0; colours.len() + more];
    let all = &mut greys[..colours.len()];
    bands::draw(all, width, colours.len(), |first, band| {
        for (grey, colour) in band.iter_mut().zip(&colours[first * width..]) {
            *grey = grey_of(*colour);
        }
    });
    greys
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

    /// A plane of so many columns and rows that `draw` fills: it is given the
    /// number of a row and its numbers, all 0. `steps` is about how many
    /// additions or multiplications each number takes.
    pub(super) fn drawn(
        (width, height): (usize, usize),
        steps: usize,
        draw: impl Fn(usize, &mut [f32]) + Sync,
    ) -> Self {
        let mut values = vec![0.0; width * height + LANES];
        let all = steps.saturating_mul(width * height);
        bands::draw(
            &mut values[..width * height],
            width,
            all,
            |first, band: &mut [f32]| {
                for (y, row) in (first..).zip(band.chunks_exact_mut(width.max(1))) {
                    draw(y, row);
                }
            },
        );
        Self {
            width,
            height,
            values,
        }
    }

    /// What `number` makes of the pixels of a frame.
    pub(super) fn of(frame: &Frame, number: impl Fn([u8; CHANNELS]) -> f32 + Sync) -> Self {
        let (width, height) = (frame.size().width as usize, frame.size().height as usize);
        let (colours, _) = frame.bytes().as_chunks::<CHANNELS>();
        Self::drawn((width, height), 4, |y, row| {
            for (value, colour) in row.iter_mut().zip(&colours[y * width..]) {
                *value = number(*colour);
            }
        })
    }

    /// The numbers of all pixels.
    pub(super) fn values(&self) -> &[f32] {
        &self.values[..self.width * self.height]
    }

    /// The numbers from a pixel on, to the end of its row and on into the next.
    pub(super) fn from(&self, x: usize, y: usize) -> &[f32] {
        &self.values[y * self.width + x..]
    }

    /// The numbers of a row.
    pub(super) fn row(&self, y: usize) -> &[f32] {
        &self.from(0, y)[..self.width]
    }

    /// The same without the first columns and rows, of which there must be more.
    pub(super) fn without(&self, (columns, rows): (usize, usize)) -> Self {
        let kept = (rows..self.height).flat_map(|y| &self.row(y)[columns..]);
        Self::new(self.width - columns, kept.copied().collect())
    }

    /// The same picture at half the width and height. Each number is the mean
    /// of four by four, those in the middle weighing three times as much as
    /// those around them, so that it matters little where the halving begins.
    pub(super) fn halved(&self) -> Self {
        Self::drawn((self.width / 2, self.height / 2), 16, |y, row| {
            let rows = [
                (2 * y).saturating_sub(1),
                2 * y,
                2 * y + 1,
                (2 * y + 2).min(self.height - 1),
            ];
            let [above, upper, lower, below] = rows.map(|y| self.row(y));
            // The outermost columns once more, at either end.
            let mut sums = vec![0.0; self.width + 3];
            for (x, sum) in sums[1..=self.width].iter_mut().enumerate() {
                *sum = above[x] + below[x] + 3.0 * (upper[x] + lower[x]);
            }
            sums[0] = sums[1];
            sums[self.width + 1] = sums[self.width];
            let pairs = sums.as_chunks::<2>().0;
            for ((value, [left, middle]), [next, right]) in
                row.iter_mut().zip(pairs).zip(&pairs[1..])
            {
                *value = (left + right + 3.0 * (middle + next)) / 64.0;
            }
        })
    }

    /// Each number as the sum of three by three, those outside being 0.
    pub(super) fn blurred(&self) -> Self {
        Self::drawn((self.width, self.height), 9, |y, row| {
            // A column of 0 at either end.
            let mut sums = vec![0.0; self.width + 2];
            for seen in (y.saturating_sub(1)..(y + 2).min(self.height)).map(|y| self.row(y)) {
                for (sum, value) in sums[1..].iter_mut().zip(seen) {
                    *sum += value;
                }
            }
            for (value, three) in row.iter_mut().zip(sums.windows(3)) {
                *value = three[0] + three[1] + three[2];
            }
        })
    }

    /// Number by number, what `join` makes of two planes of one size.
    pub(super) fn with(&self, other: &Self, join: impl Fn(f32, f32) -> f32 + Sync) -> Self {
        Self::drawn((self.width, self.height), 2, |y, row| {
            for ((value, one), two) in row.iter_mut().zip(self.row(y)).zip(other.row(y)) {
                *value = join(*one, *two);
            }
        })
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
        // The sums of all columns to the left.
        let mut before = vec![0.0_f64; self.width + 1];
        let mut values = Vec::with_capacity(columns * (self.height - height + 1) + LANES);
        for y in 0..self.height {
            for (sum, seen) in of_columns.iter_mut().zip(self.from(0, y)) {
                *sum += f64::from(number(*seen));
            }
            if y + 1 < height {
                continue;
            }
            let mut all = 0.0;
            for (before, sum) in before[1..].iter_mut().zip(&of_columns) {
                all += sum;
                *before = all;
            }
            let ends = before.iter().zip(&before[width..]);
            values.extend(ends.map(|(start, end)| single(end - start)));
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
    fn a_half_leans_on_the_pixels_in_the_middle_of_each_four() {
        let plane = Plane::new(4, [0.0, 8.0, 0.0, 0.0].repeat(2));
        assert_eq!(plane.halved().values(), [3.0, 1.0]);
    }

    #[test]
    fn box_sums_are_those_of_every_place() {
        let plane = Plane::new(3, (1_u8..=9).map(f32::from).collect());
        let sums = plane.box_sums((2, 2), |n| n);
        assert_eq!(sums.values(), [12.0, 16.0, 24.0, 28.0]);
    }

    #[test]
    fn a_blurred_plane_has_the_sums_of_three_by_three() {
        let plane = Plane::new(3, (1_u8..=9).map(f32::from).collect());
        let sums = plane.blurred();
        assert_eq!(
            sums.values(),
            [12.0, 21.0, 16.0, 27.0, 45.0, 33.0, 24.0, 39.0, 28.0]
        );
    }
}
