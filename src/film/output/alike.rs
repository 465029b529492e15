//! Whether two pictures of a film show the same thing, although one went through a codec.
//!
//! Codecs and palettes change every pixel a little, and edges more. They keep the means of small
//! squares; what a person would call a different picture changes those: a button that moved, a
//! different word, a different colour.

use crate::{
    geometry::{Point, Rect, Size},
    vision::Frame,
};

/// The side of the squares whose means are compared, in pixels.
const SMALL: usize = 4;

/// How far off the mean of a small square may be, of 255 in any channel. Letters differ by
/// 50 and more; H.264, VP9, `WebP` and palettes stay below at the qualities that films have.
const FAR: u32 = 26;

/// The side of the squares in which fine differences of colour count.
const LARGE: usize = 16;

/// How far off the mean of a large square may be.
const FINE: u32 = 9;

/// How many small squares that touch each other count as a visible difference.
const LEAST: usize = 3;

/// The blinking line in a text field is at most so wide and high, in small squares.
const CARET: (u32, u32) = (2, 12);

/// What is ignored in a picture, in its pixels.
#[derive(Debug, Default)]
pub(super) struct Ignored {
    /// Where pointers are.
    pub(super) pointers: Vec<Point>,
    /// How far around them.
    pub(super) around: u32,
    /// What the film lays over the screen, which appears and fades at its own times.
    pub(super) boards: Vec<Rect>,
}

impl Ignored {
    fn has(&self, area: Rect) -> bool {
        let around = i64::from(self.around);
        let near = |point: &Point| {
            let x = i64::from(point.x).clamp(area.x.into(), area.right()) - i64::from(point.x);
            let y = i64::from(point.y).clamp(area.y.into(), area.bottom()) - i64::from(point.y);
            x * x + y * y <= around * around
        };
        let mut boards = self.boards.iter();
        self.pointers.iter().any(near) || boards.any(|board| board.intersection(area).is_some())
    }
}

/// Where two pictures differ; none if they are alike. Within `around` pixels of `pointers`
/// they may differ: a pointer is never at the same place twice.
pub(super) fn difference(kept: &Frame, now: &Frame, ignored: &Ignored) -> Option<Rect> {
    let size = kept.size();
    if now.size() != size {
        return Some(size.to_rect());
    }
    let small = Squares::of(size, SMALL);
    let differs = |squares: &Squares, far: u32| -> Vec<bool> {
        let means = squares.means(kept).into_iter().zip(squares.means(now));
        let areas = (0..).map(|index| squares.area(index));
        means
            .zip(areas)
            .map(|((kept, now), area)| apart(kept, now) > far && !ignored.has(area))
            .collect()
    };
    let coarse = groups(&small, &differs(&small, FAR))
        .into_iter()
        .find(|group| group.count >= LEAST && !group.is_caret());
    if let Some(group) = coarse {
        return Some(small.pixels(group.area));
    }
    let large = Squares::of(size, LARGE);
    let fine = groups(&large, &differs(&large, FINE)).into_iter();
    // At sharp edges, the mean of a large square is off without anybody seeing it.
    let fine = fine
        .filter(|group| group.count >= LEAST)
        .max_by_key(|group| group.count);
    fine.map(|group| large.pixels(group.area))
}

/// How far apart two colours are in the channel in which they differ most.
fn apart(a: [u32; 3], b: [u32; 3]) -> u32 {
    let channels = a.iter().zip(b);
    channels.map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
}

/// A picture in squares.
struct Squares {
    size: Size,
    side: usize,
    columns: usize,
    rows: usize,
}

impl Squares {
    fn of(picture: Size, side: usize) -> Self {
        Self {
            size: picture,
            side,
            columns: (picture.width as usize).div_ceil(side),
            rows: (picture.height as usize).div_ceil(side),
        }
    }

    /// The mean colour of each, row by row.
    fn means(&self, frame: &Frame) -> Vec<[u32; 3]> {
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let mut means = Vec::with_capacity(self.columns * self.rows);
        let stride = width * 3;
        let mut sums = vec![[0_u32; 3]; self.columns];
        for row in 0..self.rows {
            sums.fill([0; 3]);
            let lines = row * self.side..((row + 1) * self.side).min(height);
            let count = lines.len();
            for line in lines {
                let pixels = frame.bytes()[line * stride..][..stride].chunks_exact(3);
                for (column, pixel) in pixels.enumerate() {
                    let sum = &mut sums[column / self.side];
                    for channel in 0..3 {
                        sum[channel] += u32::from(pixel[channel]);
                    }
                }
            }
            for (column, sum) in sums.iter().enumerate() {
                let wide = ((column + 1) * self.side).min(width) - column * self.side;
                let pixels = u32::try_from(count * wide).unwrap_or(1).max(1);
                means.push(sum.map(|sum| sum / pixels));
            }
        }
        means
    }

    /// The pixels of a square.
    fn area(&self, index: usize) -> Rect {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (column, row) = (index % self.columns, index / self.columns);
        self.pixels(Rect::new(
            number(column).cast_signed(),
            number(row).cast_signed(),
            1,
            1,
        ))
    }

    /// The pixels of some squares.
    fn pixels(&self, squares: Rect) -> Rect {
        let side = u32::try_from(self.side).unwrap_or(1);
        let whole = side.cast_signed();
        let area = Rect::new(
            squares.x * whole,
            squares.y * whole,
            squares.width * side,
            squares.height * side,
        );
        let right = self.size.width.saturating_sub(area.x.cast_unsigned());
        let bottom = self.size.height.saturating_sub(area.y.cast_unsigned());
        Rect::new(
            area.x,
            area.y,
            area.width.min(right),
            area.height.min(bottom),
        )
    }
}

/// Squares that touch each other.
struct Group {
    area: Rect,
    count: usize,
}

impl Group {
    fn is_caret(&self) -> bool {
        let (width, height) = CARET;
        self.area.width <= width && self.area.height <= height && self.area.height >= 3
    }
}

/// The groups of squares that are marked, the largest first.
fn groups(squares: &Squares, marked: &[bool]) -> Vec<Group> {
    let mut left = marked.to_vec();
    let mut groups = Vec::new();
    for start in 0..left.len() {
        if !left[start] {
            continue;
        }
        left[start] = false;
        let mut next = vec![start];
        let (mut columns, mut rows) = ((usize::MAX, 0), (usize::MAX, 0));
        let mut count = 0;
        while let Some(at) = next.pop() {
            let (column, row) = (at % squares.columns, at / squares.columns);
            columns = (columns.0.min(column), columns.1.max(column));
            rows = (rows.0.min(row), rows.1.max(row));
            count += 1;
            for y in row.saturating_sub(1)..=(row + 1).min(squares.rows - 1) {
                for x in column.saturating_sub(1)..=(column + 1).min(squares.columns - 1) {
                    let near = y * squares.columns + x;
                    if std::mem::take(&mut left[near]) {
                        next.push(near);
                    }
                }
            }
        }
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let area = Rect::new(
            number(columns.0).cast_signed(),
            number(rows.0).cast_signed(),
            number(columns.1 - columns.0 + 1),
            number(rows.1 - rows.0 + 1),
        );
        groups.push(Group { area, count });
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size::new(160, 96);
    const FREE: &Ignored = &Ignored {
        pointers: Vec::new(),
        around: 0,
        boards: Vec::new(),
    };

    /// A grey window with black strokes, as letters are, from a column on.
    fn window(left: u32) -> Frame {
        let mut bytes = vec![230; SIZE.width as usize * SIZE.height as usize * 3];
        for y in 40..52 {
            for x in (left..left + 40).step_by(4) {
                let at = (y * SIZE.width + x) as usize * 3;
                bytes[at..at + 6].fill(20);
            }
        }
        Frame::new(SIZE, bytes).unwrap()
    }

    /// The same as a codec keeps it: a little off everywhere.
    fn coded(frame: &Frame) -> Frame {
        let mut noise = 7_u32;
        let bytes: Vec<u8> = frame
            .bytes()
            .iter()
            .map(|byte| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                byte.saturating_add_signed(noise.to_be_bytes()[0].cast_signed() / 10)
            })
            .collect();
        Frame::new(SIZE, bytes).unwrap()
    }

    #[test]
    fn what_a_codec_changes_is_no_difference() {
        let frame = window(40);
        assert_eq!(difference(&coded(&frame), &frame, FREE), None);
    }

    #[test]
    fn words_that_moved_are_found_where_they_are() {
        let found = difference(&coded(&window(40)), &window(60), FREE).unwrap();
        assert!(found.y >= 36 && found.bottom() <= 56, "{found:?}");
    }

    #[test]
    fn an_area_of_another_colour_is_found() {
        let (mut kept, now) = (window(40), window(40));
        kept.put(
            &Frame::filled(Size::new(60, 30), [243, 230, 230]),
            Point::new(4, 4),
        );
        assert!(difference(&kept, &now, FREE).is_some());
    }

    #[test]
    fn a_blinking_caret_is_no_difference_but_a_letter_is() {
        let (kept, mut caret, mut letter) = (window(40), window(40), window(40));
        caret.put(
            &Frame::filled(Size::new(1, 16), [0; 3]),
            Point::new(101, 38),
        );
        assert_eq!(difference(&kept, &caret, FREE), None);
        letter.put(
            &Frame::filled(Size::new(9, 12), [40; 3]),
            Point::new(101, 40),
        );
        assert!(difference(&kept, &letter, FREE).is_some());
    }

    #[test]
    fn around_the_pointer_everything_may_differ() {
        let (kept, mut now) = (window(40), window(40));
        now.put(
            &Frame::filled(Size::new(20, 20), [0; 3]),
            Point::new(110, 60),
        );
        assert!(difference(&kept, &now, FREE).is_some());
        let free = Ignored {
            pointers: vec![Point::new(120, 70)],
            around: 24,
            ..Ignored::default()
        };
        assert_eq!(difference(&kept, &now, &free), None);
        let laid_over = Ignored {
            boards: vec![Rect::new(100, 50, 60, 40)],
            ..Ignored::default()
        };
        assert_eq!(difference(&kept, &now, &laid_over), None);
    }
}
