//! What stands on a screen: letters, and all else that is small.

use super::{
    areas::things,
    blob::Blob,
    ground::{grounds, is_step},
    relief::Relief,
    rules::without_rules,
};
use crate::{
    geometry::Point,
    vision::frame::{CHANNELS, Frame},
};

/// A frame, taken apart into blobs and what they lie on.
pub(super) struct Scene<'f> {
    paint: Paint<'f>,
    width: usize,
    height: usize,
    /// For each pixel 0 where nothing stands, else one more than the index of its
    /// blob.
    owners: Vec<u32>,
    /// For each pixel whether it is of a frame or a rule, which belong to no blob.
    is_rule: Vec<bool>,
    pub(super) blobs: Vec<Blob>,
}

/// By what letters are told from what they lie on.
pub(super) enum Paint<'f> {
    /// By their colours, which differ from that of an even ground.
    Colours(&'f [[u8; CHANNELS]]),
    /// By how far each pixel stands out of what is around it, of 255.
    Relief(Vec<u8>),
}

impl<'f> Scene<'f> {
    /// What lies on the even grounds of a frame.
    pub(super) fn on_grounds(frame: &'f Frame) -> Self {
        let (colours, _) = frame.bytes().as_chunks::<CHANNELS>();
        let width = frame.size().width as usize;
        let same = |one: usize, other: usize| is_step(colours[one], colours[other]);
        let mut is_ground = grounds(colours, width);
        let is_rule = without_rules(&mut is_ground, width, same);
        Self::new(Paint::Colours(colours), width, &is_ground, is_rule)
    }

    /// What stands out of its surroundings, whatever they are.
    pub(super) fn in_relief(relief: Relief) -> Self {
        let Relief {
            width,
            heights,
            is_low,
            is_rule,
        } = relief;
        Self::new(Paint::Relief(heights), width, &is_low, is_rule)
    }

    fn new(paint: Paint<'f>, width: usize, is_empty: &[bool], is_rule: Vec<bool>) -> Self {
        let (owners, blobs) = things(width, is_empty);
        Self {
            paint,
            width,
            height: is_empty.len().checked_div(width).unwrap_or_default(),
            owners,
            is_rule,
            blobs,
        }
    }

    /// By what its letters are told from what they lie on.
    pub(super) const fn paint(&self) -> &Paint<'f> {
        &self.paint
    }

    /// The index of the blob of a pixel; `None` where nothing stands and outside.
    pub(super) fn owner(&self, x: usize, y: usize) -> Option<usize> {
        let owner = self.at(x, y).map(|at| self.owners[at])?;
        (owner as usize).checked_sub(1)
    }

    /// Whether a frame or a rule is between two blobs that stand side by side.
    pub(super) fn are_parted(&self, one: &Blob, other: &Blob) -> bool {
        let (left, right) = (one.right.min(other.right), one.left.max(other.left));
        let (top, bottom) = (one.top.max(other.top), one.bottom.min(other.bottom));
        let row = usize::midpoint(top, bottom.max(top)) * self.width;
        left < right && self.is_rule[row..][left..right].contains(&true)
    }

    /// The index of a pixel; `None` outside.
    pub(super) fn at(&self, x: usize, y: usize) -> Option<usize> {
        (x < self.width && y < self.height).then(|| y * self.width + x)
    }

    /// The points of the frame that are beside a box, `distance` pixels from it.
    pub(super) fn beside(&self, blob: &Blob, distance: usize) -> impl Iterator<Item = Point> {
        let (left, right) = (signed(blob.left) - signed(distance), signed(blob.right));
        let (top, bottom) = (signed(blob.top) - signed(distance), signed(blob.bottom));
        let (right, bottom) = (right + signed(distance) - 1, bottom + signed(distance) - 1);
        let rows = (left..=right).flat_map(move |x| [(x, top), (x, bottom)]);
        let columns = (top..=bottom).flat_map(move |y| [(left, y), (right, y)]);
        let (width, height) = (signed(self.width), signed(self.height));
        rows.chain(columns)
            .filter(move |(x, y)| (0..width).contains(x) && (0..height).contains(y))
            .map(|(x, y)| Point::new(x, y))
    }
}

fn signed(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::geometry::{Rect, Size};

    /// A white frame of 120 by 60 pixels with black boxes.
    pub(in crate::vision::text) fn boxed(boxes: &[Rect]) -> Frame {
        let size = Size::new(120, 60);
        let black = |x: i32, y: i32| boxes.iter().any(|each| each.contains(Point::new(x, y)));
        let points = (0..60).flat_map(|y| (0..120).map(move |x| (x, y)));
        let pixels = points.flat_map(|(x, y)| [if black(x, y) { 0 } else { 255 }; 3]);
        Frame::new(size, pixels.collect()).unwrap()
    }

    /// A frame drawn with letters: `.` is white, `#` black, `-` light grey.
    fn drawn(rows: &[&str]) -> Frame {
        let colour = |letter: char| match letter {
            '#' => [0; 3],
            '-' => [200; 3],
            _ => [255; 3],
        };
        let pixels = rows.iter().flat_map(|row| row.chars().flat_map(colour));
        let width = u32::try_from(rows[0].len()).unwrap();
        let height = u32::try_from(rows.len()).unwrap();
        Frame::new(Size::new(width, height), pixels.collect()).unwrap()
    }

    fn boxes(frame: &Frame) -> Vec<[usize; 5]> {
        let blobs = Scene::on_grounds(frame).blobs;
        blobs
            .iter()
            .map(|blob| [blob.left, blob.top, blob.right, blob.bottom, blob.pixels])
            .collect()
    }

    #[test]
    fn strokes_on_a_ground_are_blobs_and_touch_at_corners() {
        let frame = drawn(&[
            "............",
            "..#......##.",
            "...#.....##.",
            "............",
            "............",
        ]);
        assert_eq!(boxes(&frame), [[2, 1, 4, 3, 2], [9, 1, 11, 3, 4]]);
        let scene = Scene::on_grounds(&frame);
        assert_eq!((scene.owner(3, 2), scene.owner(9, 1)), (Some(0), Some(1)));
        assert_eq!((scene.owner(0, 0), scene.owner(40, 0)), (None, None));
    }

    #[test]
    fn what_a_letter_encloses_belongs_to_it() {
        let frame = drawn(&[
            "............",
            "...####.....",
            "...#..#.....",
            "...####.....",
            "............",
        ]);
        assert_eq!(boxes(&frame), [[3, 1, 7, 4, 12]]);
    }

    #[test]
    fn a_shaded_ground_is_one_ground() {
        let rows = (0..12_u8).flat_map(|y| [240 - y * 2; 36]);
        let frame = Frame::new(Size::new(12, 12), rows.collect()).unwrap();
        assert_eq!(boxes(&frame), [[0; 5]; 0]);
    }

    #[test]
    fn dark_and_light_grounds_stand_side_by_side() {
        let row = "..........##########";
        let mut rows = vec![row; 10];
        rows[4] = "...-......####.#####";
        assert_eq!(boxes(&drawn(&rows)), [[3, 4, 4, 5, 1], [14, 4, 15, 5, 1]]);
    }

    #[test]
    fn an_empty_picture_has_no_blobs() {
        for size in [Size::new(0, 0), Size::new(0, 5), Size::new(5, 0)] {
            assert!(
                Scene::on_grounds(&Frame::filled(size, [9; 3]))
                    .blobs
                    .is_empty()
            );
        }
    }
}
