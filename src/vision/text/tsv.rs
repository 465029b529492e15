//! The tables that tesseract writes.

use super::{Word, mend::mended, strip::StripPicture, tiff::scale};

/// A word of one or two signs has to be this sure, of 100; icons are taken for such.
const SURE: f32 = 70.0;

/// The words of each line, from a table that tesseract wrote (`tesseract in out
/// tsv`) for a file of these pages. Places are counted from the corner of the
/// line's picture, in pixels of the screen, and go closely around what is drawn
/// there. Rows that are no words, or broken, are left out.
#[must_use]
pub fn parse_tsv(tsv: &str, pictures: &[&StripPicture]) -> Vec<Vec<Word>> {
    let mut lines = vec![Vec::new(); pictures.len()];
    for row in tsv.lines() {
        let columns: Vec<&str> = row.splitn(12, '\t').collect();
        if let Some((page, words)) = words_of_row(&columns, pictures) {
            lines[page].extend(words);
        }
    }
    for line in &mut lines {
        line.sort_by_key(|word| word.bounds.x);
    }
    lines
}

/// The words of a row, most often one, and the index of its page.
fn words_of_row(columns: &[&str], pictures: &[&StripPicture]) -> Option<(usize, Vec<Word>)> {
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
    let right = left.checked_add(width)?.div_ceil(scale);
    let seen = mended(text.trim(), picture, left / scale, right);
    let words = seen.into_iter().filter_map(|seen| {
        Some(Word {
            text: seen.text,
            bounds: picture.inked(seen.left, seen.right)?,
            line: 0,
            confidence: (confidence / 100.0).min(1.0),
        })
    });
    Some((page, words.collect()))
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
        let one = drawn(&[
            "...............",
            ".#####...####..",
            "...............",
            "...............",
        ]);
        let other = drawn(&["..##.", "..##."]);
        let lines = parse_tsv(TABLE, &[&one, &other]);
        let line = |page: usize| -> Vec<(&str, Rect, u32)> {
            let hundredths = |word: &Word| format!("{:.0}", word.confidence * 100.0);
            let words = lines[page].iter();
            words
                .map(|word| (&*word.text, word.bounds, hundredths(word).parse().unwrap()))
                .collect()
        };
        let expected = [
            ("Save", Rect::new(1, 1, 5, 1), 88),
            ("As…", Rect::new(9, 1, 4, 1), 96),
        ];
        assert_eq!(line(0), expected);
        // Of short words only the sure ones, and each of its own page.
        assert_eq!(line(1), [("A", Rect::new(2, 0, 2, 2), 72)]);
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
