//! Looking again on a screen of which only a part has changed.

use super::{
    super::{
        frame::{CHANNELS, Frame},
        needle::Needle,
    },
    Match, Search, find, is_near, sort_out,
};
use crate::geometry::{Point, Rect, Size};

/// What [`find`] gives for `screen`, from what it gave `before` on another
/// screen, with the same needle, area and threshold. Where little has changed,
/// only that is looked at: a spinner beside does not have the whole screen
/// searched ten times a second.
#[must_use]
pub(crate) fn find_again(
    (before, known): (&Frame, &Search),
    screen: &Frame,
    needle: &Needle,
    within: Option<Rect>,
    threshold: f32,
) -> Search {
    let whole = screen.size().to_rect();
    let area = within.map_or(Some(whole), |part| whole.intersection(part));
    let anew = || find(screen, needle, within, threshold);
    let Some(area) = area.filter(|_| before.size() == screen.size()) else {
        return anew();
    };
    let Some(changed) = changed_part(before, screen, area) else {
        return known.clone();
    };
    let Some(near) = reach(changed, needle.size()).intersection(area) else {
        return known.clone();
    };
    let meets = |place: &Match| place.rect.intersection(near).is_some();
    if near.size().area() * 2 > area.size().area()
        || known.found.iter().chain(&known.misses).any(meets)
    {
        // Of what lay below or behind a known place nothing is known.
        return anew();
    }
    joined(
        known.clone(),
        find(screen, needle, Some(near), threshold),
        threshold,
    )
}

/// The results of two searches of different places.
fn joined(one: Search, other: Search, threshold: f32) -> Search {
    let is_exact = |place: &Match| place.score >= 1.0;
    // Of what is only alike nothing is told where there is nearly the same.
    let (one, other) = match (is_near(&one), is_near(&other)) {
        (true, false) => (one, Search::default()),
        (false, true) => (Search::default(), other),
        _ => (one, other),
    };
    let mut found = [one.found, other.found].concat();
    if found.iter().any(is_exact) {
        found.retain(is_exact);
        found.sort_by_key(|place| (place.rect.y, place.rect.x));
        return Search {
            found,
            misses: Vec::new(),
        };
    }
    found.extend(one.misses);
    found.extend(other.misses);
    sort_out(found, threshold)
}

/// All that a needle covers, wherever it lies on some of a part.
fn reach(part: Rect, needle: Size) -> Rect {
    let [more, higher] = [needle.width, needle.height].map(|side| side.saturating_sub(1));
    let corner = Point::new(
        part.x.saturating_sub_unsigned(more),
        part.y.saturating_sub_unsigned(higher),
    );
    Rect::new(
        corner.x,
        corner.y,
        part.width.saturating_add(more.saturating_mul(2)),
        part.height.saturating_add(higher.saturating_mul(2)),
    )
}

/// The smallest rectangle around all that differs in an area of two frames of
/// one size.
fn changed_part(one: &Frame, other: &Frame, area: Rect) -> Option<Rect> {
    let left = area.x.unsigned_abs() as usize * CHANNELS;
    let bytes = left..left + area.width as usize * CHANNELS;
    let top = area.y.unsigned_abs();
    let changed = (top..top + area.height).filter_map(|y| {
        let [one, other] = [one, other].map(|frame| &frame.row(y)[bytes.clone()]);
        // Most rows are the same, which is soon known.
        if one == other {
            return None;
        }
        let mut pairs = one.iter().zip(other);
        let first = pairs.clone().position(|(one, other)| one != other)?;
        let last = pairs.rposition(|(one, other)| one != other)?;
        let column = |byte: usize| i32::try_from(byte / CHANNELS).unwrap_or(i32::MAX);
        let corner = Point::new(area.x + column(first), i32::try_from(y).ok()?);
        let width = column(last) - column(first) + 1;
        Some(Rect::at(corner, Size::new(width.unsigned_abs(), 1)))
    });
    changed.reduce(Rect::union)
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{one_by_one, speckled},
        *,
    };
    use proptest::prelude::*;

    /// A grey screen with these blocks.
    fn screen(blocks: &[(i32, i32, [u8; 3])]) -> Frame {
        let mut frame = Frame::filled(Size::new(400, 300), [90; 3]);
        for (x, y, colour) in blocks {
            frame.put(&Frame::filled(Size::new(6, 8), *colour), Point::new(*x, *y));
        }
        frame
    }

    fn needle() -> Needle {
        let place = Rect::new(98, 98, 12, 12);
        Needle::from(&screen(&[(100, 100, [250; 3])]).crop(place).unwrap())
    }

    fn again(before: &Frame, known: &Search, now: &Frame) -> Search {
        find_again((before, known), now, &needle(), None, 0.9)
    }

    #[test]
    fn only_what_changed_is_looked_at() {
        let before = screen(&[(100, 100, [250; 3])]);
        let now = screen(&[(100, 100, [250; 3]), (300, 200, [250; 3])]);
        // What nobody would find: it says whether it was asked for.
        let trusted = Search {
            found: Vec::new(),
            misses: vec![Match {
                rect: Rect::new(10, 10, 12, 12),
                score: 0.5,
            }],
        };
        let search = again(&before, &trusted, &now);
        assert_eq!(search.found.len(), 1);
        assert_eq!(search.found[0].rect, Rect::new(298, 198, 12, 12));
        assert_eq!(again(&before, &trusted, &before), trusted);
    }

    #[test]
    fn a_place_that_changed_is_looked_for_everywhere() {
        let before = screen(&[(100, 100, [250; 3]), (300, 200, [200; 3])]);
        let known = find(&before, &needle(), None, 0.9);
        assert_eq!(known.found[0].score.to_bits(), 1.0_f32.to_bits());
        let now = screen(&[(100, 100, [91; 3]), (300, 200, [200; 3])]);
        let search = again(&before, &known, &now);
        assert_eq!(search, find(&now, &needle(), None, 0.9));
        assert!(!search.found.is_empty() || !search.misses.is_empty());
    }

    #[test]
    fn a_screen_of_another_size_is_another_screen() {
        let before = screen(&[(100, 100, [250; 3])]);
        let known = find(&before, &needle(), None, 0.9);
        let now = before.crop(Rect::new(50, 50, 200, 200)).unwrap();
        let search = again(&before, &known, &now);
        assert_eq!(search.found[0].rect, Rect::new(48, 48, 12, 12));
    }

    proptest! {
        #[test]
        fn the_same_pixels_are_found_as_if_nothing_was_known(
            before in speckled(24),
            drawn in speckled(3),
            part in speckled(4),
            corner in (0..24_i32, 0..24_i32),
        ) {
            let wanted = Needle::from(&drawn);
            let mut now = before.clone();
            now.put(&part, Point::new(corner.0, corner.1));
            let known = find(&before, &wanted, None, 2.0);
            let search = find_again((&before, &known), &now, &wanted, None, 2.0);
            let there = one_by_one(&now, &drawn, |_, _| true);
            prop_assert_eq!(search.found.is_empty(), there.is_empty());
            for place in &search.found {
                prop_assert_eq!(place.rect.size(), drawn.size());
                let seen = now.crop(place.rect).unwrap();
                prop_assert_eq!(seen, drawn.clone());
            }
        }
    }
}
