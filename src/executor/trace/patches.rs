//! The parts of a picture that are not as in the one before.

use crate::{
    geometry::{Point, Rect, Size},
    vision::Frame,
};

/// The side of the squares that are compared, in pixels: small enough that a letter
/// costs little, large enough that a page is few pictures.
const TILE: u32 = 64;

/// The parts of `now` that differ from `before`, among those in `drawn`; all of it if there is no
/// `before`, or if its size differs.
pub(super) fn patches(before: Option<&Frame>, now: &Frame, drawn: Rect) -> Vec<Rect> {
    let whole = now.size().to_rect();
    let Some(before) = before.filter(|before| before.size() == now.size()) else {
        return vec![whole];
    };
    let Some(drawn) = drawn.intersection(whole) else {
        return Vec::new();
    };
    let mut found: Vec<Rect> = Vec::new();
    for row in tiles(drawn.y, drawn.height) {
        for run in runs(before, now, row, drawn) {
            let run = run.intersection(whole).unwrap_or_default();
            // The same columns in the row above are one part with these.
            let above = found.iter_mut().find(|above| {
                let is_below = above.bottom() == i64::from(run.y);
                above.x == run.x && above.width == run.width && is_below
            });
            match above {
                Some(above) => above.height += run.height,
                None => found.push(run),
            }
        }
    }
    found
}

/// The places of the squares that a length touches.
fn tiles(from: i32, length: u32) -> impl Iterator<Item = i32> {
    let first = from.div_euclid(tile());
    let last = (i64::from(from) + i64::from(length) - 1).div_euclid(i64::from(tile()));
    let last = i32::try_from(last).unwrap_or(first);
    (first..=last).map(|number| number * tile())
}

const fn tile() -> i32 {
    TILE.cast_signed()
}

/// The squares of a row that differ, those beside each other as one.
fn runs(before: &Frame, now: &Frame, y: i32, drawn: Rect) -> Vec<Rect> {
    let mut runs: Vec<Rect> = Vec::new();
    for x in tiles(drawn.x, drawn.width) {
        let tile = Rect::at(Point::new(x, y), Size::new(TILE, TILE));
        if !differs(before, now, tile) {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.right() == i64::from(x) => {
                run.width += TILE;
            }
            _ => runs.push(tile),
        }
    }
    runs
}

fn differs(before: &Frame, now: &Frame, tile: Rect) -> bool {
    let size = now.size();
    let Some(tile) = tile.intersection(size.to_rect()) else {
        return false;
    };
    let row = size.width as usize * 3;
    let (left, width) = (tile.x.unsigned_abs() as usize * 3, tile.width as usize * 3);
    let top = tile.y.unsigned_abs() as usize;
    (top..top + tile.height as usize).any(|y| {
        let at = y * row + left;
        before.bytes()[at..at + width] != now.bytes()[at..at + width]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size::new(200, 150);

    fn blank() -> Frame {
        Frame::filled(SIZE, [10, 20, 30])
    }

    fn with(spots: &[Rect]) -> Frame {
        let mut frame = blank();
        for spot in spots {
            frame.put(&Frame::filled(spot.size(), [200, 0, 0]), spot.corner());
        }
        frame
    }

    #[test]
    fn the_first_picture_is_whole_and_so_is_one_of_another_size() {
        let whole = SIZE.to_rect();
        assert_eq!(patches(None, &blank(), whole), [whole]);
        let small = Frame::filled(Size::new(50, 50), [0; 3]);
        assert_eq!(patches(Some(&small), &blank(), whole), [whole]);
    }

    #[test]
    fn only_squares_that_differ_are_parts_and_those_beside_each_other_are_one() {
        let whole = SIZE.to_rect();
        assert_eq!(patches(Some(&blank()), &blank(), whole), []);
        let word = with(&[Rect::new(60, 10, 10, 5)]);
        assert_eq!(
            patches(Some(&blank()), &word, whole),
            [Rect::new(0, 0, 128, 64)]
        );
        let window = with(&[Rect::new(70, 10, 40, 100)]);
        assert_eq!(
            patches(Some(&blank()), &window, whole),
            [Rect::new(64, 0, 64, 128)]
        );
    }

    #[test]
    fn a_part_ends_where_the_screen_ends() {
        let corner = with(&[Rect::new(195, 145, 5, 5)]);
        let parts = patches(Some(&blank()), &corner, SIZE.to_rect());
        assert_eq!(parts, [Rect::new(192, 128, 8, 22)]);
    }

    #[test]
    fn nothing_is_compared_where_nothing_was_drawn() {
        let two = with(&[Rect::new(5, 5, 5, 5), Rect::new(150, 100, 5, 5)]);
        let drawn = Rect::new(140, 90, 30, 30);
        let parts = patches(Some(&blank()), &two, drawn);
        assert_eq!(parts, [Rect::new(128, 64, 64, 64)]);
    }
}
