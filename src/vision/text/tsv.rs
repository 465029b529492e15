//! The tables that tesseract writes.

use std::collections::HashMap;

use super::Word;
use crate::geometry::{Point, Rect};

/// The words in a table of tesseract (`tesseract in out tsv`), which was made
/// from a picture `scale` times as large as the screen (0 is taken as 1) whose
/// corner lies at `origin` of the screen. Rows that are no words, or broken,
/// are left out.
#[must_use]
pub fn parse_tsv(tsv: &str, scale: u32, origin: Point) -> Vec<Word> {
    let mut lines: HashMap<[u32; 4], u32> = HashMap::new();
    let mut words = Vec::new();
    for row in tsv.lines() {
        let columns: Vec<&str> = row.splitn(12, '\t').collect();
        let Some((line, mut word)) = word_of_row(&columns, scale.max(1), origin) else {
            continue;
        };
        let next = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        word.line = *lines.entry(line).or_insert(next);
        words.push(word);
    }
    words
}

/// The word of a row, without the number of its line, and what tells its line
/// from others: the numbers of its page, block, paragraph and line.
fn word_of_row(columns: &[&str], scale: u32, origin: Point) -> Option<([u32; 4], Word)> {
    let [
        level,
        page,
        block,
        paragraph,
        line,
        _,
        left,
        top,
        width,
        height,
        confidence,
        text,
    ] = columns
    else {
        return None;
    };
    let number = |text: &str| text.trim().parse::<u32>().ok();
    if number(level)? != 5 || text.trim().is_empty() {
        return None;
    }
    let confidence: f32 = confidence.trim().parse().ok()?;
    let valid = confidence >= 0.0 && confidence.is_finite();
    // From the pixel where it begins to the one where it ends, on the screen.
    let place = |start: u32, length: u32, origin: i32| {
        let begin = start / scale;
        let end = start.checked_add(length)?.div_ceil(scale);
        Some((origin.checked_add_unsigned(begin)?, end - begin))
    };
    let (x, width) = place(number(left)?, number(width)?, origin.x)?;
    let (y, height) = place(number(top)?, number(height)?, origin.y)?;
    let bounds = Rect::new(x, y, width, height);
    let word = Word {
        text: text.trim().to_owned(),
        bounds,
        line: 0,
        confidence: (confidence / 100.0).min(1.0),
    };
    let line = [
        number(page)?,
        number(block)?,
        number(paragraph)?,
        number(line)?,
    ];
    (valid && !bounds.is_empty()).then_some((line, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
1\t1\t0\t0\t0\t0\t0\t0\t900\t300\t-1\t
4\t1\t1\t1\t1\t0\t60\t30\t300\t24\t-1\t
5\t1\t1\t1\t1\t1\t60\t30\t90\t24\t96.06\tSave
5\t1\t1\t1\t1\t2\t160\t31\t61\t24\t88\tAs…
5\t1\t1\t1\t2\t1\t60\t90\t90\t24\t-1\tghost
5\t1\t2\t1\t1\t1\t60\t150\t90\t24\t71.5\tQuit
5\t1\t2\t1\t1\t2\t160\t150\t90\t24\t95\t \r
";

    #[test]
    fn words_get_their_place_on_the_screen_and_their_line() {
        let words = parse_tsv(TABLE, 3, Point::new(100, 200));
        let word = |text: &str, bounds, line, confidence| Word {
            text: text.to_owned(),
            bounds,
            line,
            confidence,
        };
        let expected = [
            word("Save", Rect::new(120, 210, 30, 8), 0, 0.9606),
            word("As…", Rect::new(153, 210, 21, 9), 0, 0.88),
            word("Quit", Rect::new(120, 250, 30, 8), 1, 0.715),
        ];
        assert_eq!(words.len(), expected.len());
        for (word, expected) in words.iter().zip(expected) {
            assert!((word.confidence - expected.confidence).abs() < 1e-6);
            let confidence = word.confidence;
            assert_eq!(
                *word,
                Word {
                    confidence,
                    ..expected
                }
            );
        }
    }

    #[test]
    fn garbage_is_left_out() {
        for row in [
            "",
            "5",
            "five\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\tword",
            "5\t1\t1\t1\t1\t1\t-4\t0\t9\t9\t90\tword",
            "5\t1\t1\t1\t1\t1\t0\t0\t0\t9\t90\tword",
            "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\tNaN\tword",
            "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90",
            "5\t1\t1\t1\t1\t1\t4294967295\t0\t4294967295\t9\t90\tword",
            "5\t1\t1\t1\t1\t1\t4294967290\t0\t1\t9\t90\tword",
            "\u{0}\t\t\t\t\t\t\t\t\t\t\t\t\t",
        ] {
            assert_eq!(parse_tsv(row, 1, Point::default()), [], "{row:?}");
        }
        assert_eq!(parse_tsv(TABLE, 0, Point::default()).len(), 3);
    }
}
