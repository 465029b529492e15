//! What is shown over the film for a while: words, keys, cards.

use std::sync::OnceLock;

use super::{cap::Caps, card::card, sprite::Sprite, words};
use crate::{
    film::{
        motion::ease::minimum_jerk,
        style::{Card, Ground},
    },
    geometry::{Point, Rect, Size},
    timeline::{CaptionPosition, Span},
};

/// Something that appears, stays for a while, and fades.
#[derive(Debug)]
pub(in crate::film) struct Board {
    /// When it is visible at all, in seconds of the film.
    pub(in crate::film) span: Span,
    /// How long it takes to appear and to fade, in seconds.
    pub(in crate::film) fade: Fade,
    /// Its place, without its shadow.
    pub(in crate::film) area: Rect,
    shadow: usize,
    drawing: Drawing,
    sprite: OnceLock<Sprite>,
}

/// How something appears and disappears.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::film) struct Fade {
    pub(in crate::film) comes: f64,
    pub(in crate::film) goes: f64,
}

/// What is on a board.
#[derive(Debug)]
pub(in crate::film) enum Drawing {
    /// A caption, or the title of a chapter.
    Words(words::Panel),
    /// Keys.
    Caps(Caps),
    /// All of the film.
    Card(Card, Option<Ground>),
}

impl Board {
    /// A board at a place in a film.
    pub(in crate::film) fn new(
        drawing: Drawing,
        span: Span,
        place: CaptionPosition,
        film: Size,
    ) -> Self {
        let (width, height, shadow) = match &drawing {
            Drawing::Words(words) => words.size(),
            Drawing::Caps(caps) => caps.size(),
            Drawing::Card(..) => (film.width as usize, film.height as usize, 0),
        };
        let [width, height] = [width, height].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        let area = placed(place, Size::new(width, height), film);
        let fade = Fade {
            comes: 0.22,
            goes: 0.28,
        };
        Self {
            span,
            fade,
            area,
            shadow,
            drawing,
            sprite: OnceLock::new(),
        }
    }

    /// How opaque it is, of 255.
    pub(in crate::film) fn seen(&self, time: f64) -> u8 {
        let Span { from, to } = self.span;
        if time < from || time >= to {
            return 0;
        }
        let way = |passed: f64, long: f64| {
            if long > 0.0 {
                minimum_jerk(passed / long)
            } else {
                1.0
            }
        };
        let seen = way(time - from, self.fade.comes).min(way(to - time, self.fade.goes));
        let seen = crate::film::number::rounded(seen * 255.0);
        u8::try_from(seen).unwrap_or(u8::MAX)
    }

    /// Whether nothing else is visible while it is shown.
    pub(in crate::film) const fn hides_all(&self) -> bool {
        matches!(self.drawing, Drawing::Card(..))
    }

    /// Moves it off another one that is visible at the same time, away from the edge that it is
    /// near.
    pub(in crate::film) fn avoid(&mut self, other: &Self, film: Size) {
        let at_once = self.span.from < other.span.to && other.span.from < self.span.to;
        if !at_once || self.area.intersection(other.area).is_none() {
            return;
        }
        let gap = (film.height / 60).max(4);
        let step = i64::from(gap + self.area.height);
        let is_low = self.area.y > i32::try_from(film.height / 2).unwrap_or(0);
        let y = if is_low {
            i64::from(other.area.y) - step
        } else {
            other.area.bottom() + i64::from(gap)
        };
        self.area.y = i32::try_from(y).unwrap_or(self.area.y);
    }

    /// Its picture, and the place of the picture's corner.
    pub(in crate::film) fn picture(&self, film: Size) -> (&Sprite, Point) {
        let sprite = self.sprite.get_or_init(|| match &self.drawing {
            Drawing::Words(words) => words.draw(),
            Drawing::Caps(caps) => caps.draw(),
            Drawing::Card(text, ground) => card(text, film, *ground),
        });
        let shadow = i32::try_from(self.shadow).unwrap_or(0);
        (
            sprite,
            Point::new(self.area.x - shadow, self.area.y - shadow),
        )
    }
}

/// Where something of a size is in a film.
fn placed(place: CaptionPosition, size: Size, film: Size) -> Rect {
    use CaptionPosition::{Bottom, BottomLeft, BottomRight, Center, Top, TopLeft, TopRight};

    let margin = film.height.min(film.width) / 22;
    let left = |n: u32| i32::try_from(n).unwrap_or(0);
    let middle = |whole: u32, part: u32| left(whole.saturating_sub(part) / 2);
    let end = |whole: u32, part: u32| left(whole.saturating_sub(part + margin));
    let x = match place {
        TopLeft | BottomLeft => left(margin),
        TopRight | BottomRight => end(film.width, size.width),
        Top | Center | Bottom => middle(film.width, size.width),
    };
    let y = match place {
        Top | TopLeft | TopRight => left(margin),
        Center => middle(film.height, size.height),
        Bottom | BottomLeft | BottomRight => end(film.height, size.height),
    };
    Rect::at(Point::new(x, y), size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_comes_is_seen_and_goes() {
        let caps = Caps::keys(&["s".to_owned()], 1, 20.0);
        let span = Span { from: 1.0, to: 3.0 };
        let film = Size::new(640, 400);
        let board = Board::new(Drawing::Caps(caps), span, CaptionPosition::Bottom, film);
        let seen = [0.9, 1.0, 1.11, 1.3, 2.7, 2.9, 3.0].map(|time| board.seen(time));
        assert_eq!(
            seen.map(|seen| seen > 0),
            [false, false, true, true, true, true, false]
        );
        assert_eq!((seen[3], seen[4]), (255, 255));
    }

    #[test]
    fn boards_are_inside_of_the_film_and_apart_from_each_other() {
        let film = Size::new(640, 400);
        let span = Span { from: 0.0, to: 1.0 };
        for place in <CaptionPosition as strum::VariantNames>::VARIANTS {
            let place: CaptionPosition = place.parse().unwrap();
            let make = |size| {
                let caps = Caps::keys(&["ctrl".to_owned(), "s".to_owned()], 1, size);
                Board::new(Drawing::Caps(caps), span, place, film)
            };
            let (mut one, other) = (make(20.0), make(30.0));
            one.avoid(&other, film);
            assert!(one.area.intersection(other.area).is_none(), "{place}");
            assert!(
                film.to_rect().covers(one.area) && film.to_rect().covers(other.area),
                "{place}"
            );
        }
    }
}
