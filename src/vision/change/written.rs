//! The text in a part, before and after.

use super::{ChangeKind, Reader, scene::widened};
use crate::{
    geometry::{Point, Rect},
    vision::{both, frame::Frame, text::Word},
};

/// Words of which the recogniser is less sure prove nothing.
const SURE: f32 = 0.8;

/// How far around a part its words may reach, in pixels.
const BESIDE: u32 = 120;
const ABOVE: u32 = 8;

/// Parts that are higher than this, in pixels, are not words.
const MOST_HEIGHT: u32 = 72;

/// Longer texts are not reported, in characters.
const LONGEST: usize = 60;

/// Whether other words are written in a part than expected; `None` if the same are, or
/// nothing that can be read for certain.
pub(super) fn changed(frames: [&Frame; 2], area: Rect, reader: Reader<'_>) -> Option<ChangeKind> {
    if area.height > MOST_HEIGHT {
        return None;
    }
    let [expected, actual] = frames;
    let (from, to) = both(
        || words(expected, area, reader),
        || words(actual, area, reader),
    );
    let (mut from, mut to) = (from?, to?);
    if let ([one], [other]) = (&mut from[..], &mut to[..])
        && !agree(one, other, frames)
    {
        return None;
    }
    let texts = |words: Vec<Word>| words.into_iter().map(|word| word.text).collect();
    let (mut from, mut to): (Vec<String>, Vec<String>) = (texts(from), texts(to));
    if from == to {
        return None;
    }
    // Only what differs is worth reporting, but in complete words.
    while from.len() > 1 && to.len() > 1 && from.last() == to.last() {
        from.pop();
        to.pop();
    }
    while from.len() > 1 && to.len() > 1 && from.first() == to.first() {
        from.remove(0);
        to.remove(0);
    }
    let (from, to) = (from.join(" "), to.join(" "));
    let is_short = |text: &String| text.chars().count() <= LONGEST;
    (is_short(&from) && is_short(&to)).then_some(ChangeKind::Text { from, to })
}

/// Whether the readings of one word in two frames can both be right: where the pixels are
/// equal, the letters must be the same. A reading that lost its first letters gets them from
/// the other one.
fn agree(from: &mut Word, to: &mut Word, frames: [&Frame; 2]) -> bool {
    let Some(area) = differing(frames, [from.bounds, to.bounds]) else {
        return true;
    };
    let width = letter_width(from).max(letter_width(to));
    let first = from.bounds.x.max(to.bounds.x);
    if area.x >= first {
        restore(from, to, width);
        restore(to, from, width);
    }
    // Letters differ in width, so only half of those that may have room must be the same.
    let letters = |pixels: i64| usize::try_from(pixels / (2 * i64::from(width))).unwrap_or(0);
    let before = letters(i64::from(area.x) - i64::from(first));
    let after = letters(from.bounds.right().min(to.bounds.right()) - area.right());
    let (from, to) = (&from.text, &to.text);
    let begin_alike = from.chars().take(before).eq(to.chars().take(before));
    begin_alike
        && from
            .chars()
            .rev()
            .take(after)
            .eq(to.chars().rev().take(after))
}

/// The smallest rectangle with all pixels in which two frames differ, in these rectangles;
/// `None` if there are none.
fn differing(frames: [&Frame; 2], within: [Rect; 2]) -> Option<Rect> {
    let mut all: Option<Rect> = None;
    for bounds in within {
        for (x, y) in (bounds.x..).take(bounds.width as usize).flat_map(|x| {
            let rows = (bounds.y..).take(bounds.height as usize);
            rows.map(move |y| (x, y))
        }) {
            let [one, other] = frames.map(|frame| frame.pixel(Point::new(x, y)));
            if one != other {
                let pixel = Rect::new(x, y, 1, 1);
                all = Some(all.map_or(pixel, |all| all.union(pixel)));
            }
        }
    }
    all
}

/// Gives `cut`, if it begins further right than the other reading of the same word, the
/// letters that it lost.
fn restore(whole: &Word, cut: &mut Word, width: i32) {
    let gap = cut.bounds.x.saturating_sub(whole.bounds.x);
    let lost = usize::try_from(gap.saturating_add(width / 2) / width).unwrap_or(0);
    let mut letters = whole.text.chars();
    let missing: String = letters.by_ref().take(lost).collect();
    if lost > 0 && letters.next() == cut.text.chars().next() {
        cut.text.insert_str(0, &missing);
    }
}

/// The average width of a word's letters, at least one pixel.
fn letter_width(word: &Word) -> i32 {
    let letters = word.text.chars().count().max(1);
    let width = usize::try_from(word.bounds.width).unwrap_or(0) / letters;
    i32::try_from(width).unwrap_or(i32::MAX).max(1)
}

/// The words that an area meets, if there are some and all of them are certain, where they
/// are in the frame.
fn words(frame: &Frame, area: Rect, reader: Reader<'_>) -> Option<Vec<Word>> {
    let around = widened(area, ABOVE);
    let more = BESIDE - ABOVE;
    let around = Rect::new(
        around.x.saturating_sub_unsigned(more),
        around.y,
        around.width + 2 * more,
        around.height,
    );
    let around = around.intersection(frame.size().to_rect())?;
    let met = widened(area.shifted(Point::new(-around.x, -around.y)), 1);
    let words = reader(frame, around);
    let met: Vec<&Word> = words
        .iter()
        .filter(|word| word.bounds.intersection(met).is_some())
        .collect();
    let is_sure = !met.is_empty() && met.iter().all(|word| word.confidence >= SURE);
    let in_frame = |word: &Word| Word {
        bounds: word.bounds.shifted(around.corner()),
        ..word.clone()
    };
    is_sure.then(|| met.into_iter().map(in_frame).collect())
}
