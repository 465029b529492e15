//! Shapes with smooth edges: how much of each pixel they cover.

use ab_glyph::{Point, point};
use ab_glyph_rasterizer::Rasterizer;

use crate::film::number;

/// How much of each pixel is covered, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::film) struct Mask {
    pub(in crate::film) width: usize,
    pub(in crate::film) height: usize,
    pub(in crate::film) cover: Vec<u8>,
}

/// A shape that is being drawn.
pub(in crate::film) struct Shape {
    width: usize,
    height: usize,
    rasterizer: Rasterizer,
}

/// A rectangle whose edges may lie between pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::film) struct Plane {
    pub(in crate::film) x: f32,
    pub(in crate::film) y: f32,
    pub(in crate::film) width: f32,
    pub(in crate::film) height: f32,
}

impl Plane {
    /// The same rectangle, smaller on all sides; larger, if `by` is negative.
    pub(in crate::film) fn inset(self, by: f32) -> Self {
        Self {
            x: self.x + by,
            y: self.y + by,
            width: (self.width - by * 2.0).max(0.0),
            height: (self.height - by * 2.0).max(0.0),
        }
    }
}

/// How far the handles of a Bézier curve that is a quarter of a circle are from its ends, as a part
/// of the radius.
const QUARTER: f32 = 0.552_284_8;

impl Shape {
    /// An empty sheet.
    pub(in crate::film) fn new(width: usize, height: usize) -> Self {
        let rasterizer = Rasterizer::new(width, height);
        Self {
            width,
            height,
            rasterizer,
        }
    }

    /// Adds the inside of a polygon, whose corners are given clockwise.
    pub(in crate::film) fn polygon(&mut self, corners: &[(f32, f32)]) {
        let corners: Vec<Point> = corners.iter().map(|(x, y)| self.on_sheet(*x, *y)).collect();
        let ends = corners.iter().cycle().skip(1);
        for (from, to) in corners.iter().zip(ends) {
            self.rasterizer.draw_line(*from, *to);
        }
    }

    /// Adds a rectangle with round corners.
    pub(in crate::film) fn rounded(&mut self, plane: Plane, radius: f32) {
        self.outline(plane, radius, false);
    }

    /// Takes a rectangle with round corners out of what was added around it.
    pub(in crate::film) fn hole(&mut self, plane: Plane, radius: f32) {
        self.outline(plane, radius, true);
    }

    /// Adds a disc.
    pub(in crate::film) fn disc(&mut self, x: f32, y: f32, radius: f32) {
        self.rounded(disc(x, y, radius), radius);
    }

    /// Takes a disc out of what was added around it.
    pub(in crate::film) fn disc_hole(&mut self, x: f32, y: f32, radius: f32) {
        self.hole(disc(x, y, radius), radius);
    }

    fn outline(&mut self, plane: Plane, radius: f32, backwards: bool) {
        let Plane {
            x,
            y,
            width,
            height,
        } = plane;
        let radius = radius.min(width / 2.0).min(height / 2.0).max(0.0);
        let handle = radius * (1.0 - QUARTER);
        let (right, bottom) = (x + width, y + height);
        // Each corner: the start of its curve, its two handles, and its end.
        let corners = [
            [
                (right - radius, y),
                (right - handle, y),
                (right, y + handle),
                (right, y + radius),
            ],
            [
                (right, bottom - radius),
                (right, bottom - handle),
                (right - handle, bottom),
                (right - radius, bottom),
            ],
            [
                (x + radius, bottom),
                (x + handle, bottom),
                (x, bottom - handle),
                (x, bottom - radius),
            ],
            [
                (x, y + radius),
                (x, y + handle),
                (x + handle, y),
                (x + radius, y),
            ],
        ];
        let corners = corners.map(|corner| corner.map(|(x, y)| self.on_sheet(x, y)));
        for (index, corner) in corners.iter().enumerate() {
            let next = corners[(index + 1) % corners.len()];
            let [a, b, c, d] = *corner;
            if backwards {
                self.rasterizer.draw_line(next[0], d);
                self.rasterizer.draw_cubic(d, c, b, a);
            } else {
                self.rasterizer.draw_cubic(a, b, c, d);
                self.rasterizer.draw_line(d, next[0]);
            }
        }
    }

    /// What is drawn outside the sheet would appear at the other side.
    fn on_sheet(&self, x: f32, y: f32) -> Point {
        let edge = |n: usize| short(n);
        point(
            x.clamp(0.0, edge(self.width)),
            y.clamp(0.0, edge(self.height)),
        )
    }

    /// How much of each pixel the shape covers.
    pub(in crate::film) fn mask(&self) -> Mask {
        let mut cover = vec![0; self.width * self.height];
        self.rasterizer.for_each_pixel(|index, part| {
            if let Some(pixel) = cover.get_mut(index) {
                *pixel = byte(part);
            }
        });
        Mask {
            width: self.width,
            height: self.height,
            cover,
        }
    }
}

fn disc(x: f32, y: f32, radius: f32) -> Plane {
    Plane {
        x: x - radius,
        y: y - radius,
        width: radius * 2.0,
        height: radius * 2.0,
    }
}

impl Mask {
    /// The same with soft edges: three means over `radius` pixels to each side are close to a
    /// Gaussian.
    pub(in crate::film) fn blurred(&self, radius: usize) -> Self {
        let mut soft = self.clone();
        for _ in 0..3 {
            soft = soft.mean_of_rows(radius).turned();
            soft = soft.mean_of_rows(radius).turned();
        }
        soft
    }

    fn mean_of_rows(&self, radius: usize) -> Self {
        let width = self.width;
        let each = u32::try_from(radius * 2 + 1).unwrap_or(u32::MAX);
        let mut cover = vec![0; self.cover.len()];
        for (to, from) in cover
            .chunks_exact_mut(width)
            .zip(self.cover.chunks_exact(width))
        {
            let mut sum: u32 = from
                .iter()
                .take(radius)
                .map(|pixel| u32::from(*pixel))
                .sum();
            for (x, pixel) in to.iter_mut().enumerate() {
                sum += from.get(x + radius).map_or(0, |next| u32::from(*next));
                *pixel = u8::try_from((sum + each / 2) / each).unwrap_or(u8::MAX);
                if let Some(left) = x.checked_sub(radius) {
                    sum -= u32::from(from[left]);
                }
            }
        }
        Self { cover, ..*self }
    }

    fn turned(&self) -> Self {
        let (width, height) = (self.height, self.width);
        let mut cover = Vec::with_capacity(self.cover.len());
        for x in 0..self.width {
            cover.extend((0..self.height).map(|y| self.cover[y * self.width + x]));
        }
        Self {
            width,
            height,
            cover,
        }
    }
}

/// A part of a whole as a byte.
pub(in crate::film) fn byte(part: f32) -> u8 {
    let byte = number::rounded(f64::from(part.clamp(0.0, 1.0)) * 255.0);
    u8::try_from(byte).unwrap_or(u8::MAX)
}

/// Numbers of pixels fit.
pub(in crate::film) fn short(n: usize) -> f32 {
    f32::from(u16::try_from(n).unwrap_or(u16::MAX))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same sums give the same numbers")]
mod tests {
    use super::*;

    fn area(mask: &Mask) -> f32 {
        mask.cover
            .iter()
            .map(|cover| f32::from(*cover) / 255.0)
            .sum()
    }

    #[test]
    fn a_disc_covers_as_much_as_it_should_wherever_it_is() {
        for shift in [0.0, 0.25, 0.7] {
            let mut shape = Shape::new(40, 40);
            shape.disc(20.0 + shift, 20.0 - shift, 10.0);
            shape.disc_hole(20.0 + shift, 20.0 - shift, 5.0);
            let expected = std::f32::consts::PI * (100.0 - 25.0);
            assert!((area(&shape.mask()) - expected).abs() < 1.0);
        }
    }

    #[test]
    fn a_blur_spreads_what_is_there() {
        let mut shape = Shape::new(60, 40);
        shape.rounded(
            Plane {
                x: 25.0,
                y: 15.0,
                width: 10.0,
                height: 10.0,
            },
            2.0,
        );
        let (sharp, soft) = (shape.mask(), shape.mask().blurred(3));
        assert!((area(&sharp) - area(&soft)).abs() < 4.0);
        assert!(soft.cover[20 * 60 + 30] < sharp.cover[20 * 60 + 30]);
        assert!(soft.cover[20 * 60 + 22] > 0);
    }

    #[test]
    fn what_is_outside_of_the_sheet_is_cut_off() {
        let mut shape = Shape::new(10, 10);
        shape.rounded(
            Plane {
                x: -50.0,
                y: -50.0,
                width: 500.0,
                height: 55.0,
            },
            3.0,
        );
        assert_eq!(area(&shape.mask()), 50.0);
    }
}
