//! Which blobs of a screen may be letters, and which of them stand on one line.

use super::{
    blob::Blob,
    scene::{Paint, Scene},
};

/// Letters are at most this high, in pixels.
const MAX_HEIGHT: usize = 56;

/// What is lower than this is a dot, an accent, a dash: it has no line of its
/// own where it stands beside letters.
const MIN_HEIGHT: usize = 5;

/// A stroke that is this thin and longer than `MAX_DASH` is no dash but a frame,
/// an underline, a separator or the groove of a slider.
const THIN: usize = 5;
const MAX_DASH: usize = 24;

/// Carets are at most this wide, in pixels.
const CARET: usize = 2;

/// Icons are at least this high, in pixels; below, it may be a `Q`.
const LEAST_ICON: usize = 14;

/// The gap between words of one line, in pixels, is at most that of letters 10
/// pixels high; between taller ones it grows with their height.
const LEAST_GAP: usize = 14;

/// Of what is around a line, this share in percent lies on a ground; around
/// parts of photographs it does not.
const LEAST_GROUND: usize = 60;

/// More lines than this are on no screen that somebody could read.
const MAX_LINES: usize = 2000;

/// Letters that follow each other.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The box around all of them.
    pub(super) around: Blob,
    /// Indices of the blobs.
    pub(super) blobs: Vec<usize>,
}

impl Line {
    fn of(blobs: Vec<usize>, scene: &Scene) -> Option<Self> {
        let boxes = blobs.iter().map(|index| scene.blobs[*index]);
        let around = boxes.reduce(|one, other| one.with(&other))?;
        Some(Self { around, blobs })
    }

    fn take(&mut self, index: usize, blob: &Blob) {
        self.around = self.around.with(blob);
        self.blobs.push(index);
    }
}

/// The lines of a scene, from top to bottom.
pub(super) fn lines(scene: &Scene) -> Vec<Line> {
    let mut letters = Vec::new();
    let mut specks = Vec::new();
    for (index, blob) in scene.blobs.iter().enumerate() {
        if !may_be_letter(blob) {
            continue;
        }
        let is_letter = blob.height() >= MIN_HEIGHT;
        if is_letter { &mut letters } else { &mut specks }.push(index);
    }
    let beside = |one: &Blob, other: &Blob| {
        gap(one, other) <= reach(one, other) && level(one, other) && !scene.are_parted(one, other)
    };
    let groups = grouped(&letters, scene, beside);
    let mut lines: Vec<Line> = groups
        .into_iter()
        .map(|group| without_icons(without_carets(group, scene), scene))
        .filter_map(|group| Line::of(group, scene))
        .collect();
    let specks = specks
        .into_iter()
        .filter(|speck| !attached(*speck, &mut lines, scene))
        .collect::<Vec<usize>>();
    let mut lines = lines_joined(lines, scene);
    let row = |one: &Blob, other: &Blob| {
        gap(one, other) <= LEAST_GAP / 2 && one.top.abs_diff(other.top) <= MIN_HEIGHT
    };
    let dashes = grouped(&specks, scene, row);
    lines.extend(
        dashes
            .into_iter()
            .filter_map(|group| Line::of(group, scene)),
    );
    lines.retain(|line| on_ground(&line.around, scene));
    if matches!(scene.paint(), Paint::Relief(_)) {
        lines.retain(|line| is_even(line, scene));
    }
    lines.sort_by_key(|line| (line.around.bottom, line.around.left));
    lines.truncate(MAX_LINES);
    lines
}

/// Whether a blob has the size of a letter, of some that touch, or of a part of
/// one. Frames of buttons are tall, wide and empty.
fn may_be_letter(blob: &Blob) -> bool {
    let (width, height) = (blob.width(), blob.height());
    let stroke = height <= THIN && width > MAX_DASH;
    let area = width * height;
    let frame = height > MAX_DASH / 2 && width > MAX_DASH / 2 && blob.pixels * 6 < area;
    // The soft edges of small letters touch each other, those of large ones do not.
    let longest = if height <= MAX_DASH / 2 + 4 { 15 } else { 5 };
    height <= MAX_HEIGHT && width <= height.max(MIN_HEIGHT) * longest && !stroke && !frame
}

/// The empty columns between two boxes; 0 where they overlap.
fn gap(one: &Blob, other: &Blob) -> usize {
    one.left
        .max(other.left)
        .saturating_sub(one.right.min(other.right))
}

/// How far letters of these heights may stand from each other.
fn reach(one: &Blob, other: &Blob) -> usize {
    let height = one.height().min(other.height());
    LEAST_GAP.max(height + height / 8)
}

/// Whether two letters stand on one line and are of one size.
fn level(one: &Blob, other: &Blob) -> bool {
    let (low, high) = (
        one.height().min(other.height()),
        one.height().max(other.height()),
    );
    let shared = one
        .bottom
        .min(other.bottom)
        .saturating_sub(one.top.max(other.top));
    shared * 2 >= low && high * 5 <= low * 11
}

/// Puts those together that are `beside` each other, directly or by others.
fn grouped(
    indices: &[usize],
    scene: &Scene,
    beside: impl Fn(&Blob, &Blob) -> bool,
) -> Vec<Vec<usize>> {
    let mut ordered = indices.to_vec();
    ordered.sort_by_key(|index| scene.blobs[*index].left);
    let mut group_of: Vec<usize> = (0..ordered.len()).collect();
    let farthest = MAX_HEIGHT + MAX_HEIGHT / 8;
    for (at, index) in ordered.iter().enumerate() {
        let blob = &scene.blobs[*index];
        for (other_at, other) in ordered.iter().enumerate().skip(at + 1) {
            let other = &scene.blobs[*other];
            if other.left > blob.right + farthest {
                break;
            }
            if beside(blob, other) {
                let (one, two) = (
                    first_of(&mut group_of, at),
                    first_of(&mut group_of, other_at),
                );
                group_of[one.max(two)] = one.min(two);
            }
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); ordered.len()];
    for (at, index) in ordered.iter().enumerate() {
        groups[first_of(&mut group_of, at)].push(*index);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn first_of(group_of: &mut [usize], mut at: usize) -> usize {
    while group_of[at] != at {
        group_of[at] = group_of[group_of[at]];
        at = group_of[at];
    }
    at
}

/// Leaves out an upright stroke that reaches above and below all letters beside it:
/// the caret of a text that is being written, which is read as `|`, `l` or a part of
/// a letter.
fn without_carets(mut group: Vec<usize>, scene: &Scene) -> Vec<usize> {
    let blob = |index: &usize| scene.blobs[*index];
    let is_stroke =
        |blob: &Blob| blob.width() <= CARET && blob.pixels == blob.width() * blob.height();
    let letters = group.iter().map(blob).filter(|blob| !is_stroke(blob));
    if let Some(all) = letters.reduce(|one, other| one.with(&other)) {
        group.retain(|index| {
            let stroke = blob(index);
            let beyond = stroke.top < all.top && stroke.bottom > all.bottom;
            !(is_stroke(&stroke) && beyond)
        });
    }
    group
}

/// Leaves out what stands at an end of its line, above and below all its letters,
/// and is about as wide as high: icons, check boxes and radio buttons beside
/// their labels.
fn without_icons(mut group: Vec<usize>, scene: &Scene) -> Vec<usize> {
    for from_the_left in [true, false] {
        let edge = if from_the_left { 0 } else { usize::MAX };
        group.sort_by_key(|index| scene.blobs[*index].left.abs_diff(edge));
        let boxed = |index: &usize| scene.blobs[*index];
        let Some(mut icon) = group.first().map(boxed) else {
            break;
        };
        // An icon has parts; all of them share columns.
        let parts = group.iter().map(boxed).take_while(|part| {
            let shared = gap(&icon, part) == 0;
            icon = if shared { icon.with(part) } else { icon };
            shared
        });
        let parts = parts.count();
        if is_icon(&icon, group[parts..].iter().map(boxed)) {
            group.drain(..parts);
        }
    }
    group
}

/// Whether this is an icon beside these letters.
fn is_icon(icon: &Blob, letters: impl Iterator<Item = Blob> + Clone) -> bool {
    let tallest = letters.clone().map(|letter| letter.height()).max();
    let rest = letters.reduce(|one, other| one.with(&other));
    let (Some(tallest), Some(rest)) = (tallest, rest) else {
        return false;
    };
    let (width, height) = (icon.width(), icon.height());
    let square = width * 4 >= height * 3 && width * 3 <= height * 4;
    let outside = icon.top < rest.top && icon.bottom >= rest.bottom;
    height >= LEAST_ICON && height * 10 > tallest * 11 && square && outside
}

/// Gives a dot, an accent or a dash to the nearest line that it may belong to.
/// The underlines of mnemonics are taken away by this as well: they belong to no
/// line.
fn attached(speck: usize, lines: &mut [Line], scene: &Scene) -> bool {
    let blob = &scene.blobs[speck];
    let middle = blob.top + blob.bottom;
    let near = lines.iter_mut().filter_map(|line| {
        let height = line.around.height();
        let (top, bottom) = (line.around.top * 2, line.around.bottom * 2);
        let fits = middle + height >= top && middle <= bottom + height / 2;
        let gap = gap(&line.around, blob);
        let fits = fits && !scene.are_parted(&line.around, blob);
        // Of lines close above each other, the one that it is within.
        let above = line.around.top.saturating_sub(blob.top);
        let outside = above.max(blob.bottom.saturating_sub(line.around.bottom));
        (fits && gap <= LEAST_GAP.max(height) * 2 / 3).then_some(((outside, gap), line))
    });
    let Some((_, line)) = near.min_by_key(|(distance, _)| *distance) else {
        return false;
    };
    let underlines = |index: &usize| {
        let letter = &scene.blobs[*index];
        let shared = letter
            .right
            .min(blob.right)
            .saturating_sub(letter.left.max(blob.left));
        letter.height() >= MIN_HEIGHT
            && shared * 2 >= blob.width()
            && (letter.bottom..letter.bottom + 4).contains(&blob.top)
    };
    if blob.height() > 2 || !line.blobs.iter().any(underlines) {
        line.take(speck, blob);
    }
    true
}

/// Puts lines together whose gap a dash or a dot has filled.
fn lines_joined(mut lines: Vec<Line>, scene: &Scene) -> Vec<Line> {
    lines.sort_by_key(|line| line.around.left);
    let mut joined: Vec<Line> = Vec::new();
    for line in lines {
        let before = joined.iter_mut().find(|before| {
            let (one, other) = (&before.around, &line.around);
            gap(one, other) <= reach(one, other).min(LEAST_GAP)
                && level(one, other)
                && !scene.are_parted(one, other)
        });
        match before {
            Some(before) => {
                before.around = before.around.with(&line.around);
                before.blobs.extend(line.blobs);
            }
            None => joined.push(line),
        }
    }
    joined
}

/// Whether most of what is around a box is even.
fn on_ground(around: &Blob, scene: &Scene) -> bool {
    let (mut even, mut all) = (0, 0);
    for point in scene.beside(around, 1) {
        let (x, y) = (
            point.x.unsigned_abs() as usize,
            point.y.unsigned_abs() as usize,
        );
        even += usize::from(scene.owner(x, y).is_none());
        all += 1;
    }
    even * 100 >= all * LEAST_GROUND
}

/// Whether what stands on a line is as even as letters are: as high as each other,
/// and on one line. Parts of pictures rarely are.
fn is_even(line: &Line, scene: &Scene) -> bool {
    let letters = line.blobs.iter().map(|index| scene.blobs[*index]);
    let letters: Vec<Blob> = letters.filter(|blob| blob.height() >= MIN_HEIGHT).collect();
    let middle = |mut of: Vec<usize>| {
        of.sort_unstable();
        of.get(of.len() / 2).copied().unwrap_or_default()
    };
    let bottom = middle(letters.iter().map(|blob| blob.bottom).collect());
    let standing = letters
        .iter()
        .filter(|blob| blob.bottom.abs_diff(bottom) <= 1);
    let standing = standing.count();
    let area = line.around.width() * line.around.height();
    let is_full = line.around.pixels * 10 >= area && line.around.pixels * 10 <= area * 9;
    match letters.len() {
        0 => line.blobs.len() <= 3 && line.around.width() >= MIN_HEIGHT,
        _ if is_one_icon(&line.around, &letters) => false,
        count => is_full && standing * 2 >= count,
    }
}

/// Whether these are the parts of one icon, above and beside each other.
fn is_one_icon(around: &Blob, parts: &[Blob]) -> bool {
    let widest = parts.iter().map(Blob::width).max().unwrap_or_default();
    let (width, height) = (around.width(), around.height());
    height >= LEAST_ICON && widest * 3 >= width * 2 && width * 4 >= height * 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{geometry::Rect, vision::text::scene::tests::boxed};

    /// A letter 4 pixels wide and 10 high.
    const fn letter(x: i32, y: i32) -> Rect {
        Rect::new(x, y, 4, 10)
    }

    /// The columns and the rows of each line.
    fn found(boxes: &[Rect]) -> Vec<[usize; 4]> {
        let frame = boxed(boxes);
        let scene = Scene::on_grounds(&frame);
        let lines = lines(&scene);
        lines
            .iter()
            .map(|line| {
                [
                    line.around.left,
                    line.around.right,
                    line.around.top,
                    line.around.bottom,
                ]
            })
            .collect()
    }

    #[test]
    fn letters_are_one_line_until_a_gap_wider_than_a_blank() {
        let boxes = [
            letter(10, 10),
            letter(16, 10),
            letter(30, 12),
            letter(60, 10),
        ];
        assert_eq!(found(&boxes), [[60, 64, 10, 20], [10, 34, 10, 22]]);
    }

    #[test]
    fn lines_close_above_each_other_stay_apart() {
        let boxes = [
            letter(10, 10),
            letter(16, 10),
            letter(10, 21),
            letter(16, 21),
        ];
        assert_eq!(found(&boxes), [[10, 20, 10, 20], [10, 20, 21, 31]]);
    }

    #[test]
    fn dots_and_dashes_belong_to_the_letters_beside_them() {
        let (dot, dash) = (Rect::new(10, 7, 2, 2), Rect::new(16, 14, 4, 1));
        assert_eq!(found(&[letter(10, 10), dot]), [[10, 14, 7, 20]]);
        // The dash fills a gap that is too wide for a blank.
        assert_eq!(
            found(&[letter(8, 10), dash, letter(24, 10)]),
            [[8, 28, 10, 20]]
        );
    }

    #[test]
    fn a_full_stop_belongs_to_its_line_and_not_to_the_one_below() {
        let stop = Rect::new(21, 18, 2, 2);
        let boxes = [
            letter(10, 10),
            letter(16, 10),
            stop,
            letter(10, 21),
            letter(20, 21),
        ];
        assert_eq!(found(&boxes), [[10, 23, 10, 20], [10, 24, 21, 31]]);
    }

    #[test]
    fn a_dash_alone_is_a_line() {
        assert_eq!(found(&[Rect::new(50, 30, 5, 2)]), [[50, 55, 30, 32]]);
    }

    #[test]
    fn the_underline_of_a_mnemonic_is_no_part_of_the_text() {
        let underline = Rect::new(10, 22, 5, 1);
        assert_eq!(
            found(&[letter(10, 10), letter(16, 10), underline]),
            [[10, 20, 10, 20]]
        );
    }

    #[test]
    fn an_icon_beside_a_label_is_left_out() {
        let sides = [
            Rect::new(10, 10, 16, 1),
            Rect::new(10, 25, 16, 1),
            Rect::new(10, 10, 1, 16),
            Rect::new(25, 10, 1, 16),
        ];
        let label = [letter(32, 13), letter(38, 13)];
        assert_eq!(
            found(&[&sides[..], &label[..]].concat()),
            [[32, 42, 13, 23]]
        );
    }

    #[test]
    fn a_caret_is_no_letter_wherever_it_stands_and_a_thin_letter_is_one() {
        let letters = [letter(20, 20), letter(26, 20)];
        for caret in [13, 17, 34] {
            let caret = Rect::new(caret, 18, 1, 15);
            let all = [&letters[..], &[caret]].concat();
            assert_eq!(found(&all), [[20, 30, 20, 30]]);
        }
        let thin = Rect::new(34, 20, 1, 10);
        let all = [&letters[..], &[thin]].concat();
        assert_eq!(found(&all), [[20, 35, 20, 30]]);
    }

    #[test]
    fn frames_and_separators_are_no_letters() {
        let frame = [
            Rect::new(10, 10, 80, 1),
            Rect::new(10, 39, 80, 1),
            Rect::new(10, 10, 1, 30),
            Rect::new(89, 10, 1, 30),
        ];
        let separator = Rect::new(5, 50, 100, 2);
        let label = [letter(40, 20), letter(46, 20)];
        let all = [&frame[..], &label[..], &[separator]].concat();
        assert_eq!(found(&all), [[40, 50, 20, 30]]);
    }
}
