//! Characters to bytes: the YAML parser counts characters, everything else
//! here counts bytes.

/// Finds the byte of a character. There is a mark every few characters, so any place is found with
/// a short walk.
pub(super) struct CharIndex {
    /// The byte of every [`CharIndex::STRIDE`]th character; none if the text
    /// is ASCII, where both counts are the same.
    marks: Option<Vec<usize>>,
}

impl CharIndex {
    const STRIDE: usize = 16;

    pub(super) fn new(text: &str) -> Self {
        let offsets = || text.char_indices().map(|(offset, _)| offset);
        Self {
            marks: (!text.is_ascii()).then(|| offsets().step_by(Self::STRIDE).collect()),
        }
    }

    /// The byte of the `char`th character; the end of the text for a later one.
    pub(super) fn byte(&self, text: &str, char: usize) -> usize {
        let Some(marks) = &self.marks else {
            return char.min(text.len());
        };
        let mark = marks.get(char / Self::STRIDE).copied();
        let mark = mark.unwrap_or(text.len());
        let mut walk = text[mark..].char_indices();
        walk.nth(char % Self::STRIDE)
            .map_or(text.len(), |(offset, _)| mark + offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_is_found_and_the_end_behind_the_last() {
        for text in ["abc", "é漢x", &"aé漢".repeat(100)] {
            let index = CharIndex::new(text);
            for (number, (offset, _)) in text.char_indices().enumerate() {
                assert_eq!(index.byte(text, number), offset);
            }
            assert_eq!(index.byte(text, text.chars().count() + 5), text.len());
        }
    }
}
