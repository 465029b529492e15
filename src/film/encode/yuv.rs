//! Colours as videos have them: BT.709, limited range, one colour for four pixels.
//!
//! ffmpeg could do it, but would take twice the bytes through the pipe, and would do it
//! again for each frame that repeats the one before; it also takes the matrix of BT.601
//! unless told otherwise, which players of HD video do not expect.

use crate::geometry::Size;

/// Fixed point: how many bits follow the point.
const BITS: i32 = 16;
const HALF: i32 = 1 << (BITS - 1);

/// The rows of the matrix in ITU-R BT.709-6, items 3.2 to 3.4, for 16..235 and 16..240.
const LUMA: [i32; 3] = [11_966, 40_254, 4064];
const BLUE: [i32; 3] = [-6596, -22_189, 28_785];
const RED: [i32; 3] = [28_785, -26_145, -2640];

/// The size of a video: even, because two columns and two rows share their colours.
pub(crate) const fn even(size: Size) -> Size {
    Size::new(
        size.width.next_multiple_of(2),
        size.height.next_multiple_of(2),
    )
}

/// The planes of a picture, one after another, as `yuv420p`. The last column and row of
/// an odd size are repeated.
pub(crate) fn convert(rgb: &[u8], size: Size, planes: &mut Vec<u8>) {
    let (width, height) = (size.width as usize, size.height as usize);
    let whole = even(size);
    let (columns, rows) = (whole.width as usize, whole.height as usize);
    planes.resize(columns * rows * 3 / 2, 0);
    let (luma, colours) = planes.split_at_mut(columns * rows);
    let (blue, red) = colours.split_at_mut(columns * rows / 4);
    let stride = width * 3;
    let pairs = luma.chunks_exact_mut(columns * 2);
    let halves = blue
        .chunks_exact_mut(columns / 2)
        .zip(red.chunks_exact_mut(columns / 2));
    for (pair, (luma, (blue, red))) in pairs.zip(halves).enumerate() {
        let first = pair * 2;
        let second = (first + 1).min(height - 1);
        let upper = &rgb[first * stride..][..stride];
        let lower = &rgb[second * stride..][..stride];
        let (above, below) = luma.split_at_mut(columns);
        brightness(upper, above);
        brightness(lower, below);
        colour([upper, lower], blue, red);
    }
}

fn brightness(row: &[u8], luma: &mut [u8]) {
    for (pixel, luma) in row.chunks_exact(3).zip(luma.iter_mut()) {
        let sum = dot(LUMA, [0, 1, 2].map(|at| i32::from(pixel[at])));
        *luma = byte(((sum + HALF) >> BITS) + 16);
    }
    if let Some((last, before)) = luma.split_last_mut()
        && row.len() < (before.len() + 1) * 3
    {
        *last = before.last().copied().unwrap_or(16);
    }
}

fn colour([upper, lower]: [&[u8]; 2], blue: &mut [u8], red: &mut [u8]) {
    let quads = upper.chunks(6).zip(lower.chunks(6));
    for ((above, below), (blue, red)) in quads.zip(blue.iter_mut().zip(red)) {
        let right = above.len() - 3;
        let sum = [0, 1, 2].map(|at| {
            i32::from(above[at])
                + i32::from(above[right + at])
                + i32::from(below[at])
                + i32::from(below[right + at])
        });
        // The mean of four is two bits more after the point.
        let of = |row| byte(((dot(row, sum) + (HALF << 2)) >> (BITS + 2)) + 128);
        *blue = of(BLUE);
        *red = of(RED);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is from 16 to 240, as the matrix has it"
)]
const fn byte(value: i32) -> u8 {
    value as u8
}

const fn dot(row: [i32; 3], colour: [i32; 3]) -> i32 {
    row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(size: Size, rgb: &[u8]) -> Vec<u8> {
        let mut planes = Vec::new();
        convert(rgb, size, &mut planes);
        planes
    }

    #[test]
    fn colours_are_those_of_the_standard() {
        for (rgb, yuv) in [
            ([0, 0, 0], [16, 128, 128]),
            ([255, 255, 255], [235, 128, 128]),
            ([255, 0, 0], [63, 102, 240]),
            ([0, 255, 0], [173, 42, 26]),
            ([0, 0, 255], [32, 240, 118]),
        ] {
            let planes = of(Size::new(2, 2), &rgb.repeat(4));
            assert_eq!(
                planes,
                [yuv[0], yuv[0], yuv[0], yuv[0], yuv[1], yuv[2]],
                "{rgb:?}"
            );
        }
    }

    #[test]
    fn four_pixels_share_their_mean_colour() {
        let planes = of(
            Size::new(2, 2),
            &[255, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255],
        );
        assert_eq!(planes, [63, 16, 16, 235, 122, 156]);
    }

    #[test]
    fn an_odd_size_repeats_its_last_column_and_row() {
        let white = of(Size::new(3, 3), &[255; 27]);
        assert_eq!(white[..16], [235; 16]);
        assert_eq!(white[16..], [128; 8]);
    }
}
