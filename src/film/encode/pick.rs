//! Fewer frames per second than the film has.

use super::super::compose::Shot;
use crate::vision::Frame;

/// Picks frames so that a lower rate is kept on average.
pub(super) struct Pick {
    film: u64,
    wanted: u64,
    next: u64,
    /// What was drawn since the last frame that was picked.
    waiting: Option<Frame>,
}

impl Pick {
    /// Of `film` frames per second, picks `wanted`, or all if that is more.
    pub(super) fn new(film: u32, wanted: u32) -> Self {
        Self {
            film: film.into(),
            wanted: wanted.min(film).into(),
            next: 0,
            waiting: None,
        }
    }

    /// What to take of the next frame: nothing, or what has changed since the last frame taken.
    pub(super) fn of(&mut self, shot: &Shot) -> Option<Shot> {
        let before = (self.next * self.wanted).div_ceil(self.film);
        self.next += 1;
        let is_picked = (self.next * self.wanted).div_ceil(self.film) > before;
        if let Shot::New(frame) = shot {
            self.waiting = Some(frame.clone());
        }
        is_picked.then(|| self.waiting.take().map_or(Shot::Same, Shot::New))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn every_second_frame_shows_what_changed_before_it() {
        let mut pick = Pick::new(30, 15);
        let frame = |shade| Shot::New(Frame::filled(Size::new(1, 1), [shade; 3]));
        let shots = [frame(0), frame(1), Shot::Same, Shot::Same, Shot::Same];
        let picked: Vec<Option<u8>> = shots
            .iter()
            .filter_map(|shot| pick.of(shot))
            .map(|shot| match shot {
                Shot::New(frame) => Some(frame.bytes()[0]),
                Shot::Same => None,
            })
            .collect();
        assert_eq!(picked, [Some(0), Some(1), None]);
    }

    #[test]
    fn a_rate_that_does_not_divide_is_kept_on_average() {
        let mut pick = Pick::new(30, 12);
        let picked = (0..300).filter(|_| pick.of(&Shot::Same).is_some());
        assert_eq!(picked.count(), 120);
        let mut all = Pick::new(30, 50);
        assert!((0..30).all(|_| all.of(&Shot::Same).is_some()));
    }
}
