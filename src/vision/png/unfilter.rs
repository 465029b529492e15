//! Undoes the filters of PNG, which write each byte as its distance from what
//! its neighbours let one expect.

/// Undoes filter `kind` of a row of pixels of `N` bytes each, `row`, given the
/// pixels of the row `above` it (zeros for the first). Returns whether there is
/// such a filter.
pub(super) fn unfilter<const N: usize>(
    kind: u8,
    above: &[u8],
    row: &[u8],
    pixels: &mut [u8],
) -> bool {
    match kind {
        0 => pixels.copy_from_slice(row),
        1 => sub::<N>(row, pixels),
        2 => up(above, row, pixels),
        3 => average::<N>(above, row, pixels),
        4 => paeth::<N>(above, row, pixels),
        _ => return false,
    }
    true
}

fn sub<const N: usize>(row: &[u8], pixels: &mut [u8]) {
    let (row, pixels) = (row.as_chunks::<N>().0, pixels.as_chunks_mut::<N>().0);
    let mut left = [0; N];
    for (pixel, row) in pixels.iter_mut().zip(row) {
        left = added(*row, left);
        *pixel = left;
    }
}

fn up(above: &[u8], row: &[u8], pixels: &mut [u8]) {
    for ((pixel, row), above) in pixels.iter_mut().zip(row).zip(above) {
        *pixel = row.wrapping_add(*above);
    }
}

fn average<const N: usize>(above: &[u8], row: &[u8], pixels: &mut [u8]) {
    let (row, pixels) = (row.as_chunks::<N>().0, pixels.as_chunks_mut::<N>().0);
    let mut left = [0_u8; N];
    for ((pixel, row), above) in pixels.iter_mut().zip(row).zip(above.as_chunks::<N>().0) {
        let mut middle = left;
        for (middle, above) in middle.iter_mut().zip(above) {
            *middle = middle.midpoint(*above);
        }
        left = added(*row, middle);
        *pixel = left;
    }
}

fn paeth<const N: usize>(above: &[u8], row: &[u8], pixels: &mut [u8]) {
    let (row, pixels) = (row.as_chunks::<N>().0, pixels.as_chunks_mut::<N>().0);
    let [mut left, mut corner] = [[0; N]; 2];
    for ((pixel, row), above) in pixels.iter_mut().zip(row).zip(above.as_chunks::<N>().0) {
        // On screens most neighbours are equal, and then there is nothing to
        // weigh: twice as fast as always weighing.
        let near = if *above == corner {
            left
        } else if left == corner {
            *above
        } else {
            nearest(left, *above, corner)
        };
        left = added(*row, near);
        *pixel = left;
        corner = *above;
    }
}

/// Of each channel the neighbour that is nearest to left + above - corner; of
/// equals the first in this order (PNG, section 9.4).
fn nearest<const N: usize>(left: [u8; N], above: [u8; N], corner: [u8; N]) -> [u8; N] {
    let mut near = left;
    for ((near, above), corner) in near.iter_mut().zip(above).zip(corner) {
        let [a, b, c] = [*near, above, corner].map(i16::from);
        let (pa, pb, pc) = ((b - c).abs(), (a - c).abs(), (a + b - c - c).abs());
        if pb < pa && pb <= pc {
            *near = above;
        } else if pc < pa && pc < pb {
            *near = corner;
        }
    }
    near
}

fn added<const N: usize>(mut one: [u8; N], other: [u8; N]) -> [u8; N] {
    if N == 4 {
        // One word: half of the time that four bytes take. The highest bit of
        // each byte is added apart, so that nothing is carried out of it.
        const HIGH: u32 = 0x8080_8080;
        let [a, b] = [one, other].map(|bytes| {
            let mut four = [0; 4];
            four.copy_from_slice(&bytes);
            u32::from_le_bytes(four)
        });
        let sum = ((a & !HIGH) + (b & !HIGH)) ^ ((a ^ b) & HIGH);
        one.copy_from_slice(&sum.to_le_bytes());
        return one;
    }
    for (one, other) in one.iter_mut().zip(other) {
        *one = one.wrapping_add(other);
    }
    one
}
