//! The part of a screen that a needle is compared with.

use super::{
    super::frame::{CHANNELS, Frame},
    exact::pixels,
    plane::{Plane, brightness},
    sight::Corner,
};
use crate::geometry::Size;

/// The directions in which a picture may lie half a pixel away.
const HALFWAY: [(isize, isize); 8] = [
    (-1, 0),
    (1, 0),
    (0, -1),
    (0, 1),
    (-1, -1),
    (1, -1),
    (-1, 1),
    (1, 1),
];

/// The pixels of a part of a screen, row by row.
pub(super) struct Patch {
    colours: Vec<[u8; CHANNELS]>,
    width: usize,
}

impl Patch {
    /// The pixels at a place, which lies on the screen.
    pub(super) fn of(screen: &Frame, (x, y): Corner, size: Size) -> Self {
        let width = size.width as usize;
        let rows = y..y + size.height as usize;
        Self {
            colours: rows
                .flat_map(|y| &pixels(screen, y)[x..x + width])
                .copied()
                .collect(),
            width,
        }
    }

    pub(super) fn colours(&self) -> &[[u8; CHANNELS]] {
        &self.colours
    }

    pub(super) fn brightness(&self) -> Plane {
        let values = self.colours.iter().map(|colour| brightness(*colour));
        Plane::new(self.width, values.collect())
    }

    /// The pictures half a pixel away, and the same one smoothed.
    pub(super) fn redrawn(&self) -> impl Iterator<Item = Self> {
        let halfway = HALFWAY.iter().map(|by| self.halfway_to(*by));
        let smoothed = || self.halfway_to((1, 1)).halfway_to((-1, -1));
        halfway.chain(std::iter::once_with(smoothed))
    }

    /// The picture half a pixel away, to each side by the sign: each pixel is the
    /// mean of itself and of those there. Beyond the edge are the same once more.
    fn halfway_to(&self, (right, down): (isize, isize)) -> Self {
        let height = self.colours.len() / self.width;
        let beside = |n: usize, by: isize, count: usize| n.saturating_add_signed(by).min(count - 1);
        let colour = |x: usize, y: usize| self.colours[y * self.width + x].map(u16::from);
        let places = (0..height).flat_map(|y| (0..self.width).map(move |x| (x, y)));
        let colours = places.map(|(x, y)| {
            let (other_x, other_y) = (beside(x, right, self.width), beside(y, down, height));
            let four = [
                colour(x, y),
                colour(other_x, y),
                colour(x, other_y),
                colour(other_x, other_y),
            ];
            std::array::from_fn(|channel| {
                let sum: u16 = four.iter().map(|colour| colour[channel]).sum();
                ((sum + 2) / 4).to_le_bytes()[0]
            })
        });
        Self {
            colours: colours.collect(),
            width: self.width,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halfway_to_the_next_pixel_is_the_mean_of_both() {
        let colours = [0, 100, 40, 80].map(|grey| [grey; CHANNELS]);
        let patch = Patch {
            colours: colours.to_vec(),
            width: 2,
        };
        let greys = |by| patch.halfway_to(by).colours.map_greys();
        assert_eq!(greys((1, 0)), [50, 100, 60, 80]);
        assert_eq!(greys((0, -1)), [0, 100, 20, 90]);
        assert_eq!(greys((1, 1)), [55, 90, 60, 80]);
    }

    trait Greys {
        fn map_greys(&self) -> Vec<u8>;
    }

    impl Greys for Vec<[u8; CHANNELS]> {
        fn map_greys(&self) -> Vec<u8> {
            self.iter().map(|colour| colour[0]).collect()
        }
    }
}
