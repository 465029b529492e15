//! Work on the rows of a picture, shared out between two threads.

use super::super::both;

/// What takes fewer steps than this is done before a thread has begun.
const LEAST_STEPS: usize = 400_000;

/// Has `draw` fill or change all rows of `values`, `width` numbers each: it is
/// given the number of the first row of a band and the band. `steps` is about
/// how many additions or multiplications that takes in all.
pub(super) fn draw<T: Send>(
    values: &mut [T],
    width: usize,
    steps: usize,
    draw: impl Fn(usize, &mut [T]) + Sync,
) {
    let rows = values.len() / width.max(1);
    if steps < LEAST_STEPS || rows < 2 {
        return draw(0, values);
    }
    let (upper, lower) = values.split_at_mut(rows / 2 * width);
    both(|| draw(rows / 2, lower), || draw(0, upper));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_drawn_once_and_knows_its_number() {
        for (rows, steps) in [(0, 0), (1, 0), (5, 0), (1, usize::MAX), (5, usize::MAX)] {
            let mut values = vec![0; rows * 3];
            draw(&mut values, 3, steps, |first, band| {
                for (row, values) in (first..).zip(band.chunks_exact_mut(3)) {
                    for value in values {
                        *value += row;
                    }
                }
            });
            let expected: Vec<usize> = (0..rows).flat_map(|row| [row; 3]).collect();
            assert_eq!(values, expected);
        }
    }
}
