//! What lies on the even grounds of a screen: letters, and all else that is
//! small.

use crate::{
    geometry::Point,
    vision::frame::{CHANNELS, Frame},
};

/// The most by which neighbours on one ground differ, in each channel: buttons
/// and title bars are shaded from row to row.
const STEP: u8 = 3;

/// A ground has room for a square of this side somewhere, in pixels; the strokes
/// of letters as tall as 50 pixels have not.
const ROOM: u8 = 7;

/// Pixels that touch each other and are no ground, and the box around them.
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

/// A frame, taken apart into grounds and blobs.
pub(super) struct Scene<'f> {
    colours: &'f [[u8; CHANNELS]],
    width: usize,
    height: usize,
    /// For each pixel 0 on a ground, else one more than the index of its blob.
    owners: Vec<u32>,
    pub(super) blobs: Vec<Blob>,
}

impl<'f> Scene<'f> {
    pub(super) fn of(frame: &'f Frame) -> Self {
        let size = frame.size();
        let (width, height) = (size.width as usize, size.height as usize);
        let (colours, _) = frame.bytes().as_chunks::<CHANNELS>();
        let is_ground = grounds(colours, width);
        let mut owners = connected(width, is_ground.len(), true, |one, other| {
            !is_ground[one] && !is_ground[other]
        });
        // Every pixel of a ground is an area by itself; only the others count.
        let mut blobs: Vec<Blob> = Vec::new();
        let mut index_of = vec![0_u32; owners.iter().max().map_or(0, |last| *last as usize + 1)];
        for (at, owner) in owners.iter_mut().enumerate() {
            if is_ground[at] {
                *owner = 0;
                continue;
            }
            let (left, top) = (at % width, at / width);
            let pixel = Blob {
                left,
                top,
                right: left + 1,
                bottom: top + 1,
                pixels: 1,
            };
            let index = &mut index_of[*owner as usize];
            if *index == 0 {
                blobs.push(pixel);
                *index = u32::try_from(blobs.len()).unwrap_or(u32::MAX);
            } else {
                let blob = &mut blobs[*index as usize - 1];
                *blob = blob.with(&pixel);
            }
            *owner = *index;
        }
        Self {
            colours,
            width,
            height,
            owners,
            blobs,
        }
    }

    /// The index of the blob of a pixel; `None` on a ground and outside.
    pub(super) fn owner(&self, x: usize, y: usize) -> Option<usize> {
        let inside = x < self.width && y < self.height;
        let owner = inside.then(|| self.owners[y * self.width + x])?;
        (owner as usize).checked_sub(1)
    }

    /// The colour of a pixel inside.
    pub(super) fn colour(&self, x: usize, y: usize) -> [u8; CHANNELS] {
        self.colours[y * self.width + x]
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

/// For each pixel whether it is on a ground: an area of nearly one colour with
/// some room in it. What lies outside of the picture is taken to go on as the
/// edge does, so that a picture may be cut closely around its letters.
fn grounds(colours: &[[u8; CHANNELS]], width: usize) -> Vec<bool> {
    let areas = connected(width, colours.len(), false, |one, other| {
        let pairs = colours[one].iter().zip(&colours[other]);
        pairs.fold(0, |most, (one, other)| most.max(one.abs_diff(*other))) <= STEP
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

/// Numbers the areas of pixels that are connected: for each pixel that of its
/// area. Two pixels, given by their indices, are connected where they are
/// neighbours and `same`.
fn connected(
    width: usize,
    count: usize,
    diagonally: bool,
    same: impl Fn(usize, usize) -> bool,
) -> Vec<u32> {
    let mut parents: Vec<u32> = Vec::new();
    let mut areas: Vec<u32> = Vec::with_capacity(count);
    let mut x = 0;
    for at in 0..count {
        let neighbours = [
            (x > 0).then(|| at - 1),
            at.checked_sub(width),
            (diagonally && x > 0)
                .then(|| at.checked_sub(width + 1))
                .flatten(),
            (diagonally && x + 1 < width)
                .then(|| at.checked_sub(width - 1))
                .flatten(),
        ];
        let mut area = None;
        for there in neighbours
            .into_iter()
            .flatten()
            .filter(|there| same(at, *there))
        {
            area = Some(match area {
                None => areas[there],
                Some(area) if area == areas[there] => area,
                Some(area) => joined(&mut parents, area, areas[there]),
            });
        }
        areas.push(area.unwrap_or_else(|| {
            let new = u32::try_from(parents.len()).unwrap_or(u32::MAX);
            parents.push(new);
            new
        }));
        x = if x + 1 == width { 0 } else { x + 1 };
    }
    for area in &mut areas {
        *area = root(&mut parents, *area);
    }
    areas
}

/// Makes two areas one, and gives the number that stands for both.
fn joined(parents: &mut [u32], one: u32, other: u32) -> u32 {
    let (one, other) = (root(parents, one), root(parents, other));
    let (low, high) = (one.min(other), one.max(other));
    parents[high as usize] = low;
    low
}

/// The number that stands for an area, with the way to it made shorter.
fn root(parents: &mut [u32], mut area: u32) -> u32 {
    while parents[area as usize] != area {
        let above = parents[parents[area as usize] as usize];
        parents[area as usize] = above;
        area = above;
    }
    area
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
        let blobs = Scene::of(frame).blobs;
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
        let scene = Scene::of(&frame);
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
            assert!(Scene::of(&Frame::filled(size, [9; 3])).blobs.is_empty());
        }
    }
}
