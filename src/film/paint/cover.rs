//! What covers places that must not be visible.

use image::{Rgb, RgbImage};

use crate::{film::style::CoverLook, geometry::Rect};

/// The colour of a box.
const BOX: Rgb<u8> = Rgb([0x2a, 0x2d, 0x35]);

/// The smallest size of a square of which only the mean is left, in pixels: larger than letters are
/// high and wide.
const CELL: u32 = 28;

/// How many of 256 steps of each mean are merged into one, so that nobody can find out by trial
/// which text has these means.
const STEP: u8 = 24;

/// Covers places of a screen.
pub(in crate::film) fn cover(screen: &mut RgbImage, places: &[Rect], look: CoverLook) {
    let whole = Rect::new(0, 0, screen.width(), screen.height());
    for place in places.iter().filter_map(|place| place.intersection(whole)) {
        match look {
            CoverLook::Blur => blur(screen, place),
            CoverLook::Box => fill(screen, place, BOX),
            CoverLook::None => {}
        }
    }
}

fn fill(screen: &mut RgbImage, place: Rect, colour: Rgb<u8>) {
    let [left, top] = corner(place);
    for y in top..top + place.height {
        for x in left..left + place.width {
            screen.put_pixel(x, y, colour);
        }
    }
}

fn corner(place: Rect) -> [u32; 2] {
    [place.x, place.y].map(i32::unsigned_abs)
}

/// The means of the cells of a place.
struct Cells {
    columns: u32,
    rows: u32,
    means: Vec<[u8; 3]>,
}

impl Cells {
    fn of(screen: &RgbImage, place: Rect) -> Self {
        let [columns, rows] = [place.width, place.height].map(|n| (n / CELL).max(1));
        let [left, top] = corner(place);
        let edge = |index: u32, whole: u32, count: u32| index * whole / count;
        let mut means = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                let mut sums = [0_u64; 3];
                let mut count = 0;
                for y in edge(row, place.height, rows)..edge(row + 1, place.height, rows) {
                    for x in
                        edge(column, place.width, columns)..edge(column + 1, place.width, columns)
                    {
                        let Rgb(pixel) = screen.get_pixel(left + x, top + y);
                        for (sum, channel) in sums.iter_mut().zip(pixel) {
                            *sum += u64::from(*channel);
                        }
                        count += 1;
                    }
                }
                means.push(sums.map(|sum| coarse(sum / u64::max(count, 1))));
            }
        }
        Self {
            columns,
            rows,
            means,
        }
    }

    fn mean(&self, column: u32, row: u32) -> [u8; 3] {
        let index = row.min(self.rows - 1) * self.columns + column.min(self.columns - 1);
        self.means.get(index as usize).copied().unwrap_or_default()
    }
}

fn coarse(mean: u64) -> u8 {
    let mean = u8::try_from(mean).unwrap_or(u8::MAX);
    (mean / STEP * STEP).saturating_add(STEP / 2)
}

/// The cell whose middle comes before a pixel, and how far the pixel is on the way to the next one,
/// of 256.
fn on_way(at: u32, whole: u32, count: u32) -> (u32, u32) {
    let fine = (u64::from(at) * 2 + 1) * u64::from(count) * 128 / u64::from(whole.max(1));
    let fine = fine.saturating_sub(128).min(u64::from(count - 1) * 256);
    let fine = u32::try_from(fine).unwrap_or(0);
    (fine / 256, fine % 256)
}

/// Leaves nothing of a place but the means of its cells, with smooth transitions between them.
fn blur(screen: &mut RgbImage, place: Rect) {
    let cells = Cells::of(screen, place);
    let [left, top] = corner(place);
    for y in 0..place.height {
        let (row, down) = on_way(y, place.height, cells.rows);
        for x in 0..place.width {
            let (column, right) = on_way(x, place.width, cells.columns);
            let [a, b, c, d] = [(0, 0), (1, 0), (0, 1), (1, 1)]
                .map(|(more, below)| cells.mean(column + more, row + below));
            let soft = std::array::from_fn(|channel| {
                let mix =
                    |one: u8, other: u8| u32::from(one) * (256 - right) + u32::from(other) * right;
                let mixed =
                    mix(a[channel], b[channel]) * (256 - down) + mix(c[channel], d[channel]) * down;
                u8::try_from(mixed >> 16).unwrap_or(u8::MAX)
            });
            screen.put_pixel(left + x, top + y, Rgb(soft));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A screen with black bars that are as wide as letters, on white.
    fn written(shift: u32) -> RgbImage {
        RgbImage::from_fn(300, 100, |x, _| {
            Rgb([if (x + shift) % 8 < 4 { 0 } else { 255 }; 3])
        })
    }

    #[test]
    fn nothing_as_fine_as_letters_is_left_and_nothing_around_is_changed() {
        let place = Rect::new(20, 30, 240, 32);
        for (look, coarsest) in [(CoverLook::Blur, 4), (CoverLook::Box, 0)] {
            let mut screen = written(0);
            cover(&mut screen, &[place], look);
            let gray = |x: u32, y: u32| screen.get_pixel(x, y).0[0];
            for (x, y) in (0..300).flat_map(|x| (0..100).map(move |y| (x, y))) {
                let is_inside = (20..260).contains(&x) && (30..62).contains(&y);
                if !is_inside {
                    assert_eq!(screen.get_pixel(x, y), written(0).get_pixel(x, y));
                } else if x > 20 {
                    let step = gray(x, y).abs_diff(gray(x - 1, y));
                    assert!(step <= coarsest, "{look:?} at {x},{y}: {step}");
                }
            }
        }
    }

    #[test]
    fn a_place_at_the_edge_or_outside_is_no_mistake() {
        for look in [CoverLook::Blur, CoverLook::Box, CoverLook::None] {
            let places = [
                Rect::new(-5, -5, 10, 10),
                Rect::new(299, 99, 50, 50),
                Rect::new(900, 9, 1, 1),
                Rect::new(5, 5, 0, 3),
            ];
            cover(&mut written(0), &places, look);
        }
    }
}
