//! Frames, separators and underlines, which letters touch.

use super::{areas::things, blob::Blob};

/// A straight line of pixels is a rule where it is at least so long, in pixels:
/// longer than any bar of a letter.
const LEAST: usize = 32;

/// Upright ones that are one pixel thin are rules from this height: the strokes of
/// letters so high are thicker.
const LEAST_THIN: usize = 20;

/// Of the pixels of a rule, this share in percent has nothing above or nothing
/// below it. What is crossed more often is text.
const FREE: usize = 70;

/// Frames are at least so wide and so high, in pixels.
const LEAST_FRAME: (usize, usize) = (20, 10);

/// Each side of a frame is drawn along this share of its length, in percent: its
/// corners may be round.
const DRAWN: usize = 60;

/// A frame is at most so thick, in pixels, and its corners reach so far inwards.
const THICK: usize = 2;
const CORNER: usize = 5;

/// Takes frames and rules away from what is not empty, but for the pixels where
/// something crosses them. `same` tells whether pixels side by side, given by their
/// indices, can belong to one rule. Gives for each pixel whether it was taken away.
pub(super) fn without_rules(
    is_empty: &mut [bool],
    width: usize,
    same: impl Fn(usize, usize) -> bool,
) -> Vec<bool> {
    let (owners, blobs) = things(width, is_empty);
    let mut is_rule = vec![false; is_empty.len()];
    for (number, blob) in (1..).zip(blobs) {
        if is_frame(&owners, width, number, &blob) {
            let is_edge = |x: usize, y: usize, depth: usize| {
                (x < blob.left + depth || x + depth >= blob.right)
                    && (y < blob.top + depth || y + depth >= blob.bottom)
            };
            let inner = |x: usize, y: usize| {
                (blob.left + THICK..blob.right - THICK).contains(&x)
                    && (blob.top + THICK..blob.bottom - THICK).contains(&y)
            };
            for (x, y) in blob.points() {
                let at = y * width + x;
                is_rule[at] |= owners[at] == number && (!inner(x, y) || is_edge(x, y, CORNER));
            }
        }
    }
    let rows = Lines {
        width,
        step: 1,
        aside: width,
        least: LEAST,
    };
    let columns = Lines {
        width,
        step: width,
        aside: 1,
        least: LEAST_THIN,
    };
    for lines in [rows, columns] {
        lines.each_run(is_empty, &same, |run| {
            run.mark(is_empty, lines.aside, &mut is_rule);
        });
    }
    for (is_empty, is_rule) in is_empty.iter_mut().zip(&is_rule) {
        *is_empty |= is_rule;
    }
    is_rule
}

/// Whether a blob is drawn along all four sides of its box.
fn is_frame(owners: &[u32], width: usize, number: u32, blob: &Blob) -> bool {
    if blob.width() < LEAST_FRAME.0 || blob.height() < LEAST_FRAME.1 {
        return false;
    }
    let drawn = |x: usize, y: usize| owners[y * width + x] == number;
    let row = |y: usize| (blob.left..blob.right).filter(|x| drawn(*x, y)).count();
    let column = |x: usize| (blob.top..blob.bottom).filter(|y| drawn(x, *y)).count();
    let mut rows = [blob.top, blob.bottom - 1].into_iter();
    let mut columns = [blob.left, blob.right - 1].into_iter();
    columns.all(|x| column(x) * 100 >= blob.height() * DRAWN)
        && rows.all(|y| row(y) * 100 >= blob.width() * DRAWN)
}

/// All rows of a picture, or all its columns.
#[derive(Clone, Copy)]
struct Lines {
    /// Pixels of a row of the picture.
    width: usize,
    /// From one pixel of a line to the next.
    step: usize,
    /// From a pixel to those beside the line.
    aside: usize,
    /// Runs are at least so long.
    least: usize,
}

/// Pixels of a line that follow each other and are not empty.
#[derive(Clone, Copy, Default)]
struct Run {
    last: usize,
    count: usize,
    step: usize,
}

impl Lines {
    /// Shows every run that may be a rule.
    fn each_run(
        self,
        is_empty: &[bool],
        same: impl Fn(usize, usize) -> bool,
        mut see: impl FnMut(Run),
    ) {
        let mut runs = vec![
            Run {
                step: self.step,
                ..Run::default()
            };
            self.width
        ];
        // Pixels are visited as they lie in memory, so all columns grow at once.
        for (at, empty) in is_empty.iter().enumerate() {
            let x = at % self.width;
            let run = &mut runs[if self.step == 1 { 0 } else { x }];
            let begins = self.step == 1 && x == 0;
            if run.count > 0 && (begins || *empty || !same(run.last, at)) {
                if run.count >= self.least {
                    see(*run);
                }
                run.count = 0;
            }
            if !empty {
                run.last = at;
                run.count += 1;
            }
        }
        runs.retain(|run| run.count >= self.least);
        runs.into_iter().for_each(see);
    }
}

impl Run {
    fn pixels(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |nth| self.last - nth * self.step)
    }

    /// Marks what belongs to a rule, if it is one. What lies beside it is `aside`
    /// indices away.
    fn mark(self, is_empty: &[bool], aside: usize, is_rule: &mut [bool]) {
        let empty = |at: Option<usize>| {
            at.and_then(|at| is_empty.get(at))
                .is_none_or(|empty| *empty)
        };
        let is_free = |at: &usize| {
            let (before, after) = (empty(at.checked_sub(aside)), empty(at.checked_add(aside)));
            if self.count < LEAST {
                before && after
            } else {
                before || after
            }
        };
        let free = self.pixels().filter(is_free).count();
        if free * 100 >= self.count * FREE {
            for at in self.pixels().filter(is_free) {
                is_rule[at] = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of a drawing in which `#` is something, row by row.
    fn left(rows: &[String]) -> Vec<String> {
        let width = rows[0].len();
        let bytes = rows.iter().flat_map(|row| row.bytes());
        let mut is_empty: Vec<bool> = bytes.map(|byte| byte != b'#').collect();
        without_rules(&mut is_empty, width, |_, _| true);
        let letter = |empty: &bool| if *empty { '.' } else { '#' };
        let rows = is_empty.chunks_exact(width);
        rows.map(|row| row.iter().map(letter).collect()).collect()
    }

    fn wide(row: &str) -> String {
        format!("{row:.<40}")
    }

    #[test]
    fn a_letter_that_crosses_a_rule_stays() {
        let rows = [
            wide("....##..."),
            wide("....#.#.."),
            wide("....##..."),
            wide("....#...."),
            "#".repeat(40),
            wide("....#...."),
        ];
        let expected = [
            &rows[0],
            &rows[1],
            &rows[2],
            &rows[3],
            &wide("....#"),
            &rows[5],
        ];
        assert_eq!(left(&rows).iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_frame_is_taken_away_with_its_round_corners_and_what_is_in_it_stays() {
        let side = |inner: &str| format!(".#{inner:.<36}#.");
        let edge = format!("...{}...", "#".repeat(34));
        let corner = format!("..#{}#..", ".".repeat(34));
        let mut rows = vec![edge.clone(), corner.clone()];
        rows.extend((0..8).map(|row| side(if row > 2 { "......#.#" } else { "" })));
        rows.extend([corner, edge]);
        let left = left(&rows);
        let expected = wide("........#.#");
        for (row, seen) in left.iter().enumerate() {
            let is_letter = (5..10).contains(&row);
            let expected = if is_letter {
                expected.clone()
            } else {
                wide("")
            };
            assert_eq!(*seen, expected, "row {row}");
        }
    }

    #[test]
    fn strokes_of_letters_are_no_rules() {
        // As thick and as long as those of letters 30 pixels high.
        let rows: Vec<String> = (0..30).map(|_| wide("...###...######")).collect();
        assert_eq!(left(&rows), rows);
    }
}
