//! What does not count.

use crate::geometry::{Point, Rect};

/// Rectangles whose pixels are not compared.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Mask(Vec<Rect>);

impl Mask {
    /// The mask of these rectangles; they may overlap and leave the picture.
    #[must_use]
    pub fn new(rects: Vec<Rect>) -> Self {
        Self(rects.into_iter().filter(|rect| !rect.is_empty()).collect())
    }

    /// Its rectangles.
    #[must_use]
    pub fn rects(&self) -> &[Rect] {
        &self.0
    }

    /// Whether it covers nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the pixel at `point` does not count.
    #[must_use]
    pub fn covers(&self, point: Point) -> bool {
        self.0.iter().any(|rect| rect.contains(point))
    }

    /// Those of its rectangles that row `y` meets.
    pub(super) fn of_row(&self, y: i32) -> Self {
        let meets = |rect: &&Rect| rect.y <= y && i64::from(y) < rect.bottom();
        Self(self.0.iter().filter(meets).copied().collect())
    }
}
