//! What a recogniser gets wrong again and again, and the picture tells better.

use super::strip::{Glyph, StripPicture};

/// Words are at least this far from each other, in pixels of the screen.
const LEAST_BLANK: usize = 5;

/// A word as it stands in the picture of its line: its letters and the columns
/// from the first to after the last.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Seen {
    pub(super) text: String,
    pub(super) left: usize,
    pub(super) right: usize,
}

/// A word that was read in some columns, held against what is drawn there:
///
/// - an `i` that is one stroke, without a dot, is an `l`;
/// - one letter that was read twice, as in `Cc`, is one;
/// - what stands as far from the other letters as another word would is one: the
///   arrow beside the text of a button.
pub(super) fn mended(text: &str, picture: &StripPicture, left: usize, right: usize) -> Vec<Seen> {
    let glyphs = picture.glyphs(left, right);
    let mut letters: Vec<char> = text.chars().collect();
    dots_seen(&mut letters, picture, left, right);
    if glyphs.len() != letters.len() {
        if let [one, other] = letters[..]
            && glyphs.len() == 1
            && one.to_lowercase().eq(other.to_lowercase())
        {
            letters.pop();
        }
        let text = letters.into_iter().collect();
        return vec![Seen { text, left, right }];
    }
    let cut = cut(&glyphs);
    let seen = |from: usize, to: usize| {
        let (first, last) = (glyphs.get(from)?, glyphs.get(to.checked_sub(1)?)?);
        Some(Seen {
            text: letters[from..to].iter().collect(),
            left: first.left,
            right: last.right,
        })
    };
    let parts = [seen(0, cut), seen(cut, letters.len())];
    parts.into_iter().flatten().collect()
}

/// Makes each `i` an `l` that has a whole stroke where it stands, and no dot
/// anywhere near.
fn dots_seen(letters: &mut [char], picture: &StripPicture, left: usize, right: usize) {
    let Some(height) = picture
        .inked(left, right)
        .map(|inked| inked.height as usize)
    else {
        return;
    };
    let whole: usize = letters.iter().map(|letter| breadth(*letter)).sum();
    let width = right.min(picture.width).saturating_sub(left);
    let column = |breadths: usize| left + width * breadths / whole.max(1);
    let near = width * breadth('n') / whole.max(1);
    let mut before = 0;
    for letter in letters {
        let (from, to) = (column(before), column(before + breadth(*letter)) + 1);
        before += breadth(*letter);
        let range = |slack: usize| {
            (
                from.saturating_sub(slack).max(left),
                (to + slack).min(right),
            )
        };
        let ((from, to), (first, last)) = (range(near / 2), range(near));
        if *letter == 'i' && picture.has_stroke(from, to, height) && !picture.has_dot(first, last) {
            *letter = 'l';
        }
    }
}

/// About how wide a letter is, in sixths of an `m`.
const fn breadth(letter: char) -> usize {
    match letter {
        'i' | 'j' | 'l' | 'I' | '|' | '.' | ',' | ':' | ';' | '\'' | '!' => 2,
        't' | 'f' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' | '"' => 3,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 6,
        _ => 4,
    }
}

/// Before which glyph a word falls into two; their number if nowhere. The gap
/// there is far wider than all others.
fn cut(glyphs: &[Glyph]) -> usize {
    let gaps = glyphs.windows(2).map(|pair| pair[1].left - pair[0].right);
    let mut gaps: Vec<(usize, usize)> = gaps.zip(1..).collect();
    gaps.sort_unstable();
    match gaps[..] {
        // In a font of equally wide letters it is the narrow ones that stand far
        // from others; arrows are wide.
        [.., (next, _), (widest, at)]
            if widest >= LEAST_BLANK
                && widest * 3 >= next * 5
                && at + 1 == glyphs.len()
                && glyphs[at].right - glyphs[at].left > widest =>
        {
            at
        }
        _ => glyphs.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::text::strip::tests::drawn;

    fn texts(text: &str, rows: &[&str]) -> Vec<String> {
        let picture = drawn(rows);
        let seen = mended(text, &picture, 0, picture.width);
        seen.into_iter().map(|seen| seen.text).collect()
    }

    #[test]
    fn an_i_without_a_dot_is_an_l() {
        let rows = [
            "...................",
            "####..#.......#.###",
            "#..#..#.........#..",
            "#..#..#..###..#.###",
            "#..#..#..#.#..#.#..",
            "#..#..#..#.#..#.#..",
            "####..#..###..#.###",
        ];
        assert_eq!(texts("oioiE", &rows), ["oloiE"]);
        assert_eq!(texts("oloiE", &rows), ["oloiE"]);
    }

    #[test]
    fn one_letter_that_was_read_twice_is_one() {
        let rows = ["####", "#...", "#...", "####"];
        assert_eq!(texts("Cc", &rows), ["C"]);
        assert_eq!(texts("Ca", &rows), ["Ca"]);
    }

    #[test]
    fn an_arrow_far_from_the_letters_is_a_word_by_itself() {
        let rows = ["##.##.##......#######", "##.##.##.......#####."];
        assert_eq!(texts("MSRv", &rows), ["MSR", "v"]);
        let near = ["##.##.##...#######", "##.##.##....#####."];
        assert_eq!(texts("MSRv", &near), ["MSRv"]);
        // A narrow letter of a font whose letters are equally wide.
        let narrow = ["####.####.......##", "####.####.......##"];
        assert_eq!(texts("MMl", &narrow), ["MMl"]);
    }
}
