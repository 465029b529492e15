//! The tables that tesseract writes.

use super::{Word, mend::mended, strip::StripPicture, tiff::scale};

/// A word of one or two signs has to be this sure, of 100; icons are taken for such.
const SURE: f32 = 70.0;

/// The dashes of `--` are at most so far from each other, in pixels.
const DASH_GAP: usize = 4;

/// Letters and digits are at least so high, in pixels. What is lower is the edge of
/// something that is covered.
const LEAST_HEIGHT: u32 = 4;

/// The words of each line, from a table that tesseract wrote (`tesseract in out
/// tsv`) for a file of these pages. Places are counted from the corner of the
/// line's picture, in pixels of the screen, and go closely around what is drawn
/// there. Rows that are not words, or broken, are left out.
#[must_use]
pub(crate) fn parse_tsv(tsv: &str, pictures: &[&StripPicture]) -> Vec<Vec<Word>> {
    let mut lines: Vec<Vec<Row>> = pictures.iter().map(|_| Vec::new()).collect();
    for row in tsv.lines() {
        let columns: Vec<&str> = row.splitn(12, '\t').collect();
        if let Some((page, row)) = row_of(&columns, pictures) {
            lines[page].push(row);
        }
    }
    let lines = lines.into_iter().zip(pictures);
    lines.map(|(rows, picture)| words(rows, picture)).collect()
}

/// A word where tesseract saw it.
struct Row<'t> {
    text: &'t str,
    /// Its columns in pixels of the screen, counted from those of the picture.
    left: usize,
    right: usize,
    /// 0 to 100.
    confidence: f32,
}

/// The words of a line, from left to right.
fn words(mut rows: Vec<Row>, picture: &StripPicture) -> Vec<Word> {
    rows.sort_by_key(|row| row.left);
    // A word may be given the columns of those after it as well.
    for at in 1..rows.len() {
        let next = rows[at].left;
        let row = &mut rows[at - 1];
        if row.left < next {
            row.right = row.right.min(next);
        }
    }
    // Two dashes are often given as two words.
    rows.dedup_by(|next, row| {
        let is_dash = row.text == "-" && next.text.starts_with('-');
        if is_dash && next.left <= row.right + DASH_GAP {
            row.right = next.right;
            row.text = next.text;
            row.confidence = next.confidence;
            return true;
        }
        false
    });
    let words = rows.into_iter().flat_map(|row| {
        let seen = mended(row.text, picture, row.left, row.right).into_iter();
        seen.filter_map(move |seen| {
            Some(Word {
                text: seen.text,
                bounds: picture.inked(seen.left, seen.right)?,
                line: 0,
                confidence: (row.confidence / 100.0).min(1.0),
            })
        })
    });
    words.filter(is_word).collect()
}

/// Whether a word is as high as its letters need.
fn is_word(word: &Word) -> bool {
    let letters = word.text.chars().filter(|letter| letter.is_alphanumeric());
    letters.count() == 0 || word.bounds.height >= LEAST_HEIGHT
}

/// A row, if it is a word, and the index of its page.
fn row_of<'t>(columns: &[&'t str], pictures: &[&StripPicture]) -> Option<(usize, Row<'t>)> {
    let [level, page, _, _, _, _, left, _, width, _, confidence, text] = columns else {
        return None;
    };
    let number = |text: &str| text.trim().parse::<usize>().ok();
    if number(level)? != 5 || text.trim().is_empty() {
        return None;
    }
    let page = number(page)?.checked_sub(1)?;
    let picture = pictures.get(page)?;
    let confidence: f32 = confidence.trim().parse().ok()?;
    let short = text.trim().chars().count() <= 2;
    let least = if short { SURE } else { 0.0 };
    if !confidence.is_finite() || confidence < least {
        return None;
    }
    let scale = scale(picture);
    let (left, width) = (number(left)?, number(width)?);
    let row = Row {
        text: text.trim(),
        left: left / scale,
        right: left.checked_add(width)?.div_ceil(scale),
        confidence,
    };
    Some((page, row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{geometry::Rect, vision::text::strip::tests::drawn};

    const TABLE: &str = "\
level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
1\t1\t0\t0\t0\t0\t0\t0\t900\t300\t-1\t
5\t1\t1\t1\t1\t1\t24\t3\t18\t9\t96.06\tAs…
5\t1\t1\t1\t1\t2\t0\t3\t20\t9\t88\t Save\r
5\t2\t1\t1\t2\t1\t0\t0\t90\t24\t-1\tghost
5\t2\t1\t1\t1\t1\t0\t0\t90\t24\t69.5\tQu
5\t2\t1\t1\t1\t1\t0\t0\t90\t24\t71.5\tA
5\t2\t1\t1\t1\t2\t0\t0\t90\t24\t95\t \r
";

    #[test]
    fn words_go_closely_around_what_is_drawn_and_from_left_to_right() {
        let (blank, letters) = ("...............", ".#####...####..");
        let one = drawn(&[blank, letters, letters, letters, letters, blank]);
        let other = drawn(&["..##."; 4]);
        let lines = parse_tsv(TABLE, &[&one, &other]);
        let line = |page: usize| -> Vec<(&str, Rect, u32)> {
            let hundredths = |word: &Word| format!("{:.0}", word.confidence * 100.0);
            let words = lines[page].iter();
            words
                .map(|word| (&*word.text, word.bounds, hundredths(word).parse().unwrap()))
                .collect()
        };
        let expected = [
            ("Save", Rect::new(1, 1, 5, 4), 88),
            ("As…", Rect::new(9, 1, 4, 4), 96),
        ];
        assert_eq!(line(0), expected);
        // Of short words only the sure ones, and each of its own page.
        assert_eq!(line(1), [("A", Rect::new(2, 0, 2, 4), 72)]);
    }

    #[test]
    fn a_word_that_was_given_the_columns_of_the_next_one_ends_before_it() {
        let table =
            "5\t1\t1\t1\t1\t1\t0\t0\t45\t9\t95\tSave\n5\t1\t1\t1\t1\t2\t24\t0\t18\t9\t95\tAs";
        let picture = drawn(&[".#####...####.."; 5]);
        let words = &parse_tsv(table, &[&picture])[0];
        let places: Vec<Rect> = words.iter().map(|word| word.bounds).collect();
        assert_eq!(places, [Rect::new(1, 0, 5, 5), Rect::new(9, 0, 4, 5)]);
    }

    #[test]
    fn what_is_lower_than_letters_is_no_word() {
        let table = "5\t1\t1\t1\t1\t1\t0\t0\t45\t9\t95\tann\n5\t2\t1\t1\t1\t1\t0\t0\t45\t9\t95\t--";
        let edge = drawn(&[".##.##.##......"; 3]);
        let lines = parse_tsv(table, &[&edge, &edge]);
        assert_eq!((lines[0].len(), lines[1].len()), (0, 1));
    }

    #[test]
    fn garbage_is_left_out() {
        let picture = drawn(&["##########", "##########"]);
        for row in [
            "",
            "5",
            "five\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\tword",
            "5\t0\t1\t1\t1\t1\t0\t0\t9\t9\t90\tword",
            "5\t2\t1\t1\t1\t1\t0\t0\t9\t9\t90\tword",
            "5\t1\t1\t1\t1\t1\t-4\t0\t9\t9\t90\tword",
            "5\t1\t1\t1\t1\t1\t0\t0\t0\t9\t90\tword",
            "5\t1\t1\t1\t1\t1\t900\t0\t9\t9\t90\tword",
            "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\tNaN\tword",
            "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90",
            "5\t1\t1\t1\t1\t1\t18446744073709551615\t0\t9\t9\t90\tword",
            "5\t1\t1\t1\t1\t1\t9\t0\t18446744073709551615\t9\t90\tword",
            "\u{0}\t\t\t\t\t\t\t\t\t\t\t\t\t",
        ] {
            assert_eq!(parse_tsv(row, &[&picture]), [vec![]], "{row:?}");
        }
    }
}
