//! What a recogniser gets wrong again and again, and the picture tells better.

use super::strip::{Glyph, StripPicture};

/// Words are at least this far from each other, in pixels of the screen.
const LEAST_BLANK: usize = 5;

/// What the arrow of a drop-down list is read as.
const ARROWS: [char; 6] = ['v', 'V', 'y', 'Y', '¥', '~'];

/// A word as it stands in the picture of its line: its letters and the columns
/// from the first to after the last.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Seen {
    pub(super) text: String,
    pub(super) left: usize,
    pub(super) right: usize,
}

/// A word that was read in some columns, compared with what is drawn there:
///
/// - an `i` that is one stroke, without a dot, is an `l`;
/// - one letter that was read twice, as in `Cc`, is one;
/// - what stands as far from the other letters as another word would is one: the
///   arrow beside the text of a button, and the unit after a number.
pub(super) fn mended(text: &str, picture: &StripPicture, left: usize, right: usize) -> Vec<Seen> {
    let glyphs = picture.glyphs(left, right);
    let mut letters: Vec<char> = text.chars().collect();
    dots_seen(&mut letters, picture, left, right);
    // Letters that touch are one glyph; an arrow after them still stands apart.
    if let [.., before, last] = glyphs[..]
        && letters.len() > glyphs.len()
        && reads_as_arrow(&letters)
        && ends_apart(&glyphs, &letters)
    {
        let arrow = letters.pop().map(String::from).unwrap_or_default();
        let text = letters.into_iter().collect();
        return [(text, left, before.right), (arrow, last.left, right)]
            .map(|(text, left, right)| Seen { text, left, right })
            .into();
    }
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
    let seen = |from: usize, to: usize| {
        let (first, last) = (glyphs.get(from)?, glyphs.get(to.checked_sub(1)?)?);
        Some(Seen {
            text: letters[from..to].iter().collect(),
            left: first.left,
            right: last.right,
        })
    };
    let mut parts = Vec::new();
    let mut from = 0;
    for to in cuts(&glyphs, &letters).into_iter().chain([letters.len()]) {
        parts.extend(seen(from, to));
        from = to;
    }
    parts
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

/// Before which glyphs a word falls apart: the gaps there are far wider than others.
fn cuts(glyphs: &[Glyph], letters: &[char]) -> Vec<usize> {
    let mut gaps: Vec<usize> = (1..glyphs.len()).map(|at| gap(glyphs, at)).collect();
    gaps.sort_unstable();
    let usual = gaps.get(gaps.len().saturating_sub(1) / 3);
    let usual = usual.copied().unwrap_or_default();
    let mut steps: Vec<usize> = (1..glyphs.len()).map(|at| step(glyphs, at)).collect();
    steps.sort_unstable();
    let usual_step = steps.get(steps.len().saturating_sub(1) / 3);
    let step_before_blank = usual_step.map_or(0, |usual| usual * 4 / 3);
    let is_blank = |at: &usize| {
        let gap = gap(glyphs, *at);
        // In a font of equally wide letters it is the narrow ones that stand far
        // from others, but their middles do not.
        let wide = glyphs[*at].width() > gap && glyphs[at - 1].width() > gap;
        let wide = wide && step(glyphs, *at) >= step_before_blank;
        let is_arrow = glyphs.len() > 2 && at + 1 == glyphs.len() && ends_apart(glyphs, letters);
        is_arrow || gap + 1 >= LEAST_BLANK && wide && gap >= usual * 2
    };
    (1..glyphs.len()).filter(is_blank).collect()
}

/// Whether the last letter may be an arrow.
fn reads_as_arrow(letters: &[char]) -> bool {
    letters.last().is_some_and(|letter| ARROWS.contains(letter))
}

/// Whether the last glyph stands apart from the others, and is wide: an arrow.
fn ends_apart(glyphs: &[Glyph], letters: &[char]) -> bool {
    let (Some(last), Some(at)) = (glyphs.last(), glyphs.len().checked_sub(1)) else {
        return false;
    };
    let others = (1..at).map(|at| gap(glyphs, at));
    let widest = others.max().unwrap_or_default();
    let gap = if at > 0 { gap(glyphs, at) } else { 0 };
    let apart = if reads_as_arrow(letters) {
        gap > widest
    } else {
        gap * 3 >= widest * 5
    };
    gap >= LEAST_BLANK && apart && last.width() > gap
}

/// Twice the distance of a glyph's middle from that of the one before it.
fn step(glyphs: &[Glyph], at: usize) -> usize {
    (glyphs[at].left + glyphs[at].right) - (glyphs[at - 1].left + glyphs[at - 1].right)
}

/// The empty columns before a glyph that is not the first.
fn gap(glyphs: &[Glyph], at: usize) -> usize {
    glyphs[at].left - glyphs[at - 1].right
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

    #[test]
    fn a_gap_far_wider_than_others_is_a_blank() {
        let rows = ["######.######.....######.######"; 2];
        assert_eq!(texts("ab€d", &rows), ["ab", "€d"]);
        // A narrow letter of a font whose letters are equally wide.
        let narrow = ["########....######..########..########"; 2];
        assert_eq!(texts("Grab", &narrow), ["Grab"]);
        // Letters that are spaced stay together.
        let spaced = ["######....######....######"; 2];
        assert_eq!(texts("abc", &spaced), ["abc"]);
    }

    #[test]
    fn the_arrow_of_a_list_is_no_letter_of_a_word_whose_letters_touch() {
        let rows = ["######.###.......########", "######.###........######."];
        assert_eq!(texts("undv", &rows), ["und", "v"]);
        assert_eq!(texts("unda", &rows), ["unda"]);
    }
}
