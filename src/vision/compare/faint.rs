//! Faint differences, which do not count alone, added up over small windows: squares and lines.

use super::Pixel;
use crate::vision::frame::CHANNELS;

/// The side of a cell, and of the largest window. Larger windows see no more:
/// what they average is already even.
pub(super) const CELL: u32 = 8;

/// The side of a tile, the smallest square window.
pub(super) const TILE: u32 = CELL / 2;

/// The length of a line, a window that is one pixel wide.
const LINE: u32 = CELL * 2;

/// Sums of differences of some pixels, actual less expected, by channel.
pub(super) type Sum = [i16; CHANNELS];

/// The faint differences of a square of eight by eight pixels.
#[derive(Clone, Copy, Default)]
struct Cell {
    /// By quarters, from left to right and from top to bottom.
    tiles: [Sum; 4],
    rows: [Sum; CELL as usize],
    columns: [Sum; CELL as usize],
}

/// The faint differences of some rows of two frames.
pub(super) struct Faint {
    across: usize,
    first: u32,
    /// For each place one more than the index of its cell; 0 where nothing
    /// differs.
    places: Vec<u32>,
    cells: Vec<Cell>,
}

impl Faint {
    /// None yet. The first row must be a multiple of [`CELL`].
    pub(super) fn new(width: u32, first: u32) -> Self {
        debug_assert!(first.is_multiple_of(CELL), "cells begin at row {first}");
        Self {
            across: width.div_ceil(CELL) as usize,
            first,
            places: Vec::new(),
            cells: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, (x, y): (u32, u32), expected: Pixel, actual: Pixel) {
        let row = y - self.first;
        let place = (row / CELL) as usize * self.across + (x / CELL) as usize;
        if place >= self.places.len() {
            self.places.resize(place + 1, 0);
        }
        let index = &mut self.places[place];
        if *index == 0 {
            self.cells.push(Cell::default());
            *index = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
        }
        let cell = &mut self.cells[*index as usize - 1];
        let (column, row) = ((x % CELL) as usize, (row % CELL) as usize);
        let tile = row / TILE as usize * 2 + column / TILE as usize;
        let sums = [
            &mut cell.tiles[tile],
            &mut cell.rows[row],
            &mut cell.columns[column],
        ];
        for sum in sums {
            for channel in 0..CHANNELS {
                sum[channel] += i16::from(actual[channel]) - i16::from(expected[channel]);
            }
        }
    }

    /// Takes up the differences of the rows below.
    pub(super) fn append(&mut self, below: Self) {
        let rows = ((below.first - self.first) / CELL) as usize;
        let before = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
        self.places.resize(rows * self.across, 0);
        let moved = |index: u32| if index == 0 { 0 } else { index + before };
        self.places.extend(below.places.into_iter().map(moved));
        self.cells.extend(below.cells);
    }

    fn cell(&self, column: usize, row: usize) -> Cell {
        let place = (column < self.across).then_some(row * self.across + column);
        let index = place.and_then(|place| self.places.get(place)).copied();
        let index = index.and_then(|index| (index as usize).checked_sub(1));
        index.map_or_else(Cell::default, |index| self.cells[index])
    }

    /// Calls `see` with each window in which something differs faintly, and the
    /// sum of its differences.
    pub(super) fn windows(&self, mut see: impl FnMut(Window, Sum)) {
        let places = self.places.iter().enumerate();
        for (place, _) in places.filter(|(_, index)| **index > 0) {
            let (column, row) = (place % self.across, place / self.across);
            let here = self.cell(column, row);
            let (right, below) = (self.cell(column + 1, row), self.cell(column, row + 1));
            let corner = self.cell(column + 1, row + 1);
            let [left, top] =
                [column, row].map(|index| u32::try_from(index).unwrap_or(u32::MAX) * CELL);
            let top = self.first + top;
            // The tiles of this cell and of those beside it.
            let tile = |x: usize, y: usize| {
                let cell = match (x / 2, y / 2) {
                    (0, 0) => &here,
                    (1, 0) => &right,
                    (0, _) => &below,
                    _ => &corner,
                };
                cell.tiles[y % 2 * 2 + x % 2]
            };
            for (x, y) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let at = (left + x * TILE, top + y * TILE);
                let (x, y) = (x as usize, y as usize);
                see(Window::new(at, TILE, TILE), tile(x, y));
                let four = [
                    tile(x, y),
                    tile(x + 1, y),
                    tile(x, y + 1),
                    tile(x + 1, y + 1),
                ];
                see(
                    Window::new(at, CELL, CELL),
                    four.into_iter().fold([0; 3], plus),
                );
            }
            for (index, offset) in (0..CELL as usize).zip(0..) {
                let across = plus(here.rows[index], right.rows[index]);
                see(Window::new((left, top + offset), LINE, 1), across);
                let down = plus(here.columns[index], below.columns[index]);
                see(Window::new((left + offset, top), 1, LINE), down);
            }
        }
    }
}

fn plus(one: Sum, other: Sum) -> Sum {
    std::array::from_fn(|channel| one[channel] + other[channel])
}

/// A part of both frames whose mean colours are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Window {
    const fn new((left, top): (u32, u32), width: u32, height: u32) -> Self {
        Self {
            left,
            top,
            width,
            height,
        }
    }

    pub(super) const fn area(&self) -> u32 {
        self.width * self.height
    }

    pub(super) fn places(self) -> impl Iterator<Item = (u32, u32)> {
        let rows = self.top..self.top + self.height;
        rows.flat_map(move |y| (self.left..self.left + self.width).map(move |x| (x, y)))
    }
}
