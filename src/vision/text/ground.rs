//! The even grounds of a screen: what most letters lie on.

use super::areas::areas;
use crate::vision::frame::CHANNELS;

/// The most by which neighbours on one ground differ, in each channel: buttons
/// and title bars are shaded from row to row.
const STEP: u8 = 3;

/// A ground has room for a square of this side somewhere, in pixels; the strokes
/// of letters as tall as 50 pixels have not.
const ROOM: u8 = 7;

/// Whether two neighbours may be on one ground.
pub(super) fn is_step(one: [u8; CHANNELS], other: [u8; CHANNELS]) -> bool {
    let pairs = one.into_iter().zip(other);
    pairs.fold(0, |most, (one, other)| most.max(one.abs_diff(other))) <= STEP
}

/// For each pixel whether it is on a ground: an area of nearly one colour with
/// some room in it. What lies outside the picture is taken to go on as the
/// edge does, so that a picture may be cut closely around its letters.
pub(super) fn grounds(colours: &[[u8; CHANNELS]], width: usize) -> Vec<bool> {
    let areas = areas(width, colours.len(), |one, other| {
        is_step(colours[one], colours[other])
    });
    let mut roomy = vec![false; areas.iter().max().map_or(0, |last| *last as usize + 1)];
    // The side of the largest square of one area that ends at each pixel of the
    // row above and of this row.
    let (mut above, mut sides) = (vec![ROOM; width], vec![0; width]);
    for (row, areas_of_row) in areas.chunks_exact(width.max(1)).enumerate() {
        let upper = row.checked_sub(1).map(|row| &areas[row * width..][..width]);
        for x in 0..width {
            let area = areas_of_row[x];
            let reach = |area_there: Option<u32>, side: u8| match area_there {
                Some(there) if there != area => 0,
                _ => side,
            };
            let before = x.checked_sub(1);
            let up = reach(upper.map(|upper| upper[x]), above[x]);
            let left = before.map_or(ROOM, |x| reach(Some(areas_of_row[x]), sides[x]));
            let corner = before.map_or(ROOM, |x| reach(upper.map(|upper| upper[x]), above[x]));
            sides[x] = (up.min(left).min(corner) + 1).min(ROOM);
            roomy[area as usize] |= sides[x] == ROOM;
        }
        std::mem::swap(&mut above, &mut sides);
    }
    areas.iter().map(|area| roomy[*area as usize]).collect()
}
