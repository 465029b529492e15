//! Which places are one and the same.

use std::collections::HashMap;

use crate::geometry::{Point, Rect, Size};

/// Whether two places of one size are the same: they overlap by more than half.
/// Rows of a list that share their border are two places.
pub(super) fn is_same_place(one: Rect, other: Rect) -> bool {
    one.intersection(other)
        .is_some_and(|common| common.size().area() * 2 > one.size().area())
}

/// Places of one size, of which no two are the same.
pub(super) struct Taken {
    size: Size,
    /// The corners by the cell of a grid of that size, so that a place can be
    /// the same only as those of the nine cells about it.
    cells: HashMap<(i32, i32), Vec<Point>>,
}

impl Taken {
    pub(super) fn new(size: Size) -> Self {
        Self {
            size,
            cells: HashMap::new(),
        }
    }

    /// The place that is the same as the one with this corner, if there is one.
    pub(super) fn same_as(&self, corner: Point) -> Option<Point> {
        if self.cells.is_empty() {
            return None;
        }
        let place = Rect::at(corner, self.size);
        let (column, row) = self.cell(corner);
        let about = (row - 1..=row + 1)
            .flat_map(|row| (column - 1..=column + 1).map(move |column| (column, row)));
        about
            .filter_map(|cell| self.cells.get(&cell))
            .flatten()
            .find(|taken| is_same_place(Rect::at(**taken, self.size), place))
            .copied()
    }

    /// Takes a place, unless it is the same as one that is taken already.
    pub(super) fn take(&mut self, corner: Point) -> bool {
        let is_free = self.same_as(corner).is_none();
        if is_free {
            let cell = self.cell(corner);
            self.cells.entry(cell).or_default().push(corner);
        }
        is_free
    }

    fn cell(&self, corner: Point) -> (i32, i32) {
        let of = |n: i32, side: u32| n.div_euclid(side.max(1).cast_signed());
        (
            of(corner.x, self.size.width),
            of(corner.y, self.size.height),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_places_are_the_same_only_if_they_overlap_by_more_than_half() {
        let place = Rect::new(10, 10, 24, 26);
        for (x, y, same) in [
            (10, 10, true),
            (10, 35, false),
            (10, 23, false),
            (10, 22, true),
            (22, 10, false),
            (21, 10, true),
            (17, 17, true),
            (18, 18, false),
        ] {
            assert_eq!(
                is_same_place(place, Rect::new(x, y, 24, 26)),
                same,
                "{x},{y}"
            );
        }
    }

    #[test]
    fn a_place_is_taken_once_wherever_the_other_one_lies() {
        let size = Size::new(4, 4);
        for (x, y) in (0..9).flat_map(|y| (0..9).map(move |x| (x, y))) {
            let mut taken = Taken::new(size);
            assert!(taken.take(Point::new(4, 4)));
            let (one, other) = (Rect::new(4, 4, 4, 4), Rect::new(x, y, 4, 4));
            assert_eq!(taken.take(Point::new(x, y)), !is_same_place(one, other));
        }
    }
}
