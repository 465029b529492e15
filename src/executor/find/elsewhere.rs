//! Where else a picture is that has to disappear.
//!
//! A picture is gone when it is nowhere, and searching a whole screen for something that is not
//! there takes longest of all. So this is done beforehand: while the picture is still there and its
//! step waits, the rest of the screen is searched. Once the screen changes, only the changed part
//! and the place of the picture are searched.

use tokio::task::JoinHandle;

use super::apart::apart;
use crate::{
    executor::fault::Fault,
    geometry::{Point, Rect},
    vision::{Frame, Match, Needle, Search, find, find_again},
};

/// A search of a smaller area ends before this one has begun.
const WORTH_IT: u64 = 1 << 17;

/// A picture that was looked for.
#[derive(Clone, PartialEq)]
pub(super) struct Sought {
    pub(super) needle: Needle,
    pub(super) area: Rect,
    pub(super) threshold: f32,
}

/// A search of everything but the places where the picture was.
pub(super) struct Elsewhere {
    sought: Sought,
    hidden: Vec<Hidden>,
    searching: JoinHandle<(Frame, Search)>,
}

/// A place that is painted over, so that nothing is found there.
#[derive(Clone)]
struct Hidden {
    rect: Rect,
    paint: Frame,
}

impl Elsewhere {
    /// Begins to search, where that is worth it.
    pub(super) fn begin(sought: &Sought, screen: &Frame, found: &[Match]) -> Option<Self> {
        if found.is_empty() || sought.area.size().area() < WORTH_IT {
            return None;
        }
        let hidden = found.iter().map(|place| Hidden::at(place.rect, screen));
        let hidden: Vec<Hidden> = hidden.collect::<Option<_>>()?;
        let (wanted, seen) = (sought.clone(), painted(screen, &hidden));
        let searching = tokio::task::spawn_blocking(move || {
            let search = find(&seen, &wanted.needle, Some(wanted.area), wanted.threshold);
            // What was not similar enough does not matter, and a change at such a place would cause
            // the whole screen to be searched again.
            let found = Search {
                misses: Vec::new(),
                ..search
            };
            (seen, found)
        });
        Some(Self {
            sought: sought.clone(),
            hidden,
            searching,
        })
    }

    /// Whether this is about that picture.
    pub(super) fn is_of(&self, sought: &Sought) -> bool {
        self.sought == *sought
    }

    /// Whether the picture is nowhere on a later screen. `false` may also mean that
    /// this has to be found out in another way.
    pub(super) async fn finds_nothing(self, screen: &Frame) -> Result<bool, Fault> {
        let Ok((before, known)) = self.searching.await else {
            return Ok(false);
        };
        let (screen, sought, hidden) = (screen.clone(), self.sought, self.hidden);
        apart(move || {
            let Sought {
                needle,
                area,
                threshold,
            } = &sought;
            // A place that overlaps one of those is searched on its own.
            let overlaps = |place: &Match| {
                let mut hidden = hidden.iter();
                hidden.any(|hidden| hidden.rect.intersection(place.rect).is_some())
            };
            let now = painted(&screen, &hidden);
            let others = find_again((&before, &known), &now, needle, Some(*area), *threshold);
            others.found.iter().all(overlaps)
                && hidden.iter().all(|hidden| {
                    let around = around(hidden.rect).intersection(*area);
                    let search = around.map(|part| find(&screen, needle, Some(part), *threshold));
                    search.is_none_or(|search| search.found.is_empty())
                })
        })
        .await
    }
}

impl Hidden {
    /// A place, and what to paint there: all channels half of their range away from
    /// what they are, which is like nothing that was there.
    fn at(rect: Rect, screen: &Frame) -> Option<Self> {
        let part = screen.crop(rect).ok()?;
        let bytes = part.bytes().iter().map(|channel| channel ^ 0x80).collect();
        let paint = Frame::new(part.size(), bytes).ok()?;
        Some(Self { rect, paint })
    }
}

fn painted(screen: &Frame, hidden: &[Hidden]) -> Frame {
    let mut painted = screen.clone();
    for Hidden { rect, paint } in hidden {
        painted.put(paint, rect.corner());
    }
    painted
}

/// All that a picture of this size covers, wherever it overlaps this place.
fn around(place: Rect) -> Rect {
    let Rect { width, height, .. } = place;
    let corner = Point::new(
        place.x.saturating_sub_unsigned(width),
        place.y.saturating_sub_unsigned(height),
    );
    Rect::new(
        corner.x,
        corner.y,
        width.saturating_mul(3),
        height.saturating_mul(3),
    )
}
