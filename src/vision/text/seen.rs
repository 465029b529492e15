//! What was read on a line.

use super::{Word, strip::Strip};

/// A word of which the recogniser is less sure than this is looked at again.
pub(super) const SURE: f32 = 0.85;

/// A line with what was read on it, in pixels of the band.
pub(super) struct Seen {
    pub(super) strip: Strip,
    pub(super) words: Vec<Word>,
}

impl Seen {
    pub(super) fn new(strip: Strip, words: &[Word]) -> Self {
        Self {
            words: words.iter().map(|word| strip.placed(word)).collect(),
            strip,
        }
    }

    /// Whether something on the line may have been misread.
    pub(super) fn is_doubtful(&self) -> bool {
        let signs = self.words.iter().map(|word| word.text.chars().count());
        signs.sum::<usize>() > 1 && self.words.iter().any(|word| word.confidence < SURE)
    }
}
