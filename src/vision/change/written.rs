//! What is written in a part, before and after.

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

/// Parts that are higher than this, in pixels, are no words.
const MOST_HEIGHT: u32 = 72;

/// Longer texts are not told, in characters.
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
    if from == to {
        return None;
    }
    // Only what differs is worth to be told, but not without its words.
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

/// The words that an area meets, if there are some and all of them are certain.
fn words(frame: &Frame, area: Rect, reader: Reader<'_>) -> Option<Vec<String>> {
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
    is_sure.then(|| met.iter().map(|word| word.text.clone()).collect())
}
