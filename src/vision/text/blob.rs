//! Connected pixels of a screen.

/// Pixels that touch each other and stand out, and the box around them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Blob {
    pub(super) left: usize,
    pub(super) top: usize,
    /// The column after the last one.
    pub(super) right: usize,
    /// The row after the last one.
    pub(super) bottom: usize,
    /// How many pixels belong to it.
    pub(super) pixels: usize,
}

impl Blob {
    /// One pixel.
    pub(super) const fn pixel(x: usize, y: usize) -> Self {
        Self {
            left: x,
            top: y,
            right: x + 1,
            bottom: y + 1,
            pixels: 1,
        }
    }

    /// The points of its box, row by row.
    pub(super) fn points(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (rows, columns) = (self.top..self.bottom, self.left..self.right);
        rows.flat_map(move |y| columns.clone().map(move |x| (x, y)))
    }

    pub(super) const fn width(&self) -> usize {
        self.right - self.left
    }

    pub(super) const fn height(&self) -> usize {
        self.bottom - self.top
    }

    /// The smallest box around both.
    pub(super) fn with(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
            pixels: self.pixels + other.pixels,
        }
    }
}
