//! What was read and searched on the screen, so that nothing is done twice.

use super::elsewhere::{Elsewhere, Sought};
use crate::{
    executor::fault::Fault,
    geometry::Rect,
    vision::{Frame, Match, Search, Word},
};

/// How many areas of the screen are remembered with what was read there.
const SIGHTS: usize = 8;

/// How many bytes their pictures have together, unless one alone has more: four
/// screens of 1440x900 pixels.
const MAX_SEEN: usize = 16 << 20;

/// How many searches are remembered, each with its screen.
const SEARCHES: usize = 4;

/// What was read on the screen, and what was looked for, the latest last. Reading
/// takes a part of a second, and most pictures are looked at more than once, often
/// two areas by turns.
#[derive(Default)]
pub(in crate::executor) struct SearchCache {
    read: Vec<((Frame, Rect), Vec<Word>)>,
    searched: Vec<(Sought, Frame, Search)>,
    elsewhere: Option<Elsewhere>,
}

impl SearchCache {
    /// The words in an area of a picture that was read not long ago.
    pub(super) fn known(&mut self, picture: &Frame, area: Rect) -> Option<&[Word]> {
        let same = |(seen, there): &(Frame, Rect)| *there == area && seen == picture;
        let at = self.read.iter().position(|(seen, _)| same(seen))?;
        self.read[at..].rotate_left(1);
        self.read.last().map(|(_, words)| &words[..])
    }

    /// What was read last, as one line.
    pub(in crate::executor) fn last_read(&self) -> Option<String> {
        let (_, words) = self.read.last()?;
        let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        Some(words.join(" "))
    }

    pub(super) fn keep(&mut self, seen: (Frame, Rect), words: Vec<Word>) {
        self.read.push((seen, words));
        let too_many = |read: &[((Frame, Rect), Vec<Word>)]| {
            let bytes: usize = read.iter().map(|((seen, _), _)| seen.bytes().len()).sum();
            read.len() > SIGHTS || (read.len() > 1 && bytes > MAX_SEEN)
        };
        while too_many(&self.read) {
            self.read.remove(0);
        }
    }

    /// The screen that was searched for this last, and the result.
    pub(super) fn searched(&self, sought: &Sought) -> Option<(Frame, Search)> {
        let mut known = self.searched.iter().filter(|(known, ..)| known == sought);
        let (_, screen, search) = known.next()?;
        Some((screen.clone(), search.clone()))
    }

    pub(super) fn keep_search(&mut self, sought: Sought, screen: Frame, search: Search) {
        self.searched.retain(|(known, ..)| *known != sought);
        self.searched.push((sought, screen, search));
        if self.searched.len() > SEARCHES {
            self.searched.remove(0);
        }
    }
}

impl SearchCache {
    /// Looks beforehand where else a picture is that has to disappear.
    pub(super) fn look_elsewhere(&mut self, sought: &Sought, screen: &Frame, found: &[Match]) {
        self.elsewhere = Elsewhere::begin(sought, screen, found);
    }

    /// Whether a picture that was looked for beforehand is nowhere now; `false` also
    /// where that is not known.
    pub(super) async fn is_gone(&mut self, sought: &Sought, screen: &Frame) -> Result<bool, Fault> {
        match self.elsewhere.take_if(|elsewhere| elsewhere.is_of(sought)) {
            Some(elsewhere) => elsewhere.finds_nothing(screen).await,
            None => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    const AREA: Rect = Rect::new(0, 0, 4, 4);

    fn picture(side: u32, colour: u8) -> Frame {
        Frame::filled(Size::new(side, side), [colour; 3])
    }

    #[test]
    fn what_was_not_looked_at_for_longest_is_forgotten() {
        let mut sight = SearchCache::default();
        for colour in 0..8 {
            sight.keep((picture(4, colour), AREA), Vec::new());
        }
        assert!(sight.known(&picture(4, 0), AREA).is_some());
        sight.keep((picture(4, 8), AREA), Vec::new());
        assert!(sight.known(&picture(4, 0), AREA).is_some());
        assert_eq!(sight.known(&picture(4, 1), AREA), None);
    }

    #[test]
    fn large_pictures_are_few_and_the_latest_is_always_known() {
        let mut sight = SearchCache::default();
        for colour in 0..3 {
            sight.keep((picture(2000, colour), AREA), Vec::new());
        }
        let known = [0, 1, 2].map(|colour| sight.known(&picture(2000, colour), AREA).is_some());
        assert_eq!(known, [false, false, true]);
        sight.keep((picture(3000, 0), AREA), Vec::new());
        assert!(sight.known(&picture(3000, 0), AREA).is_some());
    }
}
