//! Where a wanted text is among the words of the screen.

use std::collections::HashMap;

use super::{Reading, TextSearch, Word};
use crate::{geometry::Rect, pattern::Pattern};

/// More misses than this tell nobody anything.
const MAX_MISSES: usize = 3;

/// Only what is more alike than this is a miss.
const LEAST: f64 = 0.5;

/// What may follow a word without being part of it.
const TRAILING: [char; 7] = [':', ';', ',', '.', '…', '!', '?'];

/// Looks for a word, a phrase or an expression among the words of each line.
///
/// A text is one or more whole words that follow each other, upper and lower
/// case as wanted. What follows a word (`:`, `…`, `...` and the like) and the
/// underscores of mnemonics do not matter, and punctuation may take the place
/// of a blank at either end: `Save` is found in `Save/Load`.
///
/// An expression is held against the words of a line with one blank between
/// them; what it finds covers all words that it touches.
#[must_use]
pub fn find_text(words: &[Word], wanted: &Pattern) -> TextSearch {
    let lines = lines(words);
    let mut search = TextSearch::default();
    match wanted {
        Pattern::Regex(regex) => {
            for line in &lines {
                let (text, ends) = joined(line);
                for found in regex.find_iter(&text).filter(|found| !found.is_empty()) {
                    let first = ends.partition_point(|end| *end <= found.start());
                    let last = ends.partition_point(|end| *end < found.end());
                    let bounds = line.get(first..=last.min(line.len() - 1)).and_then(around);
                    search.found.extend(bounds.map(|bounds| Reading {
                        text: found.as_str().to_owned(),
                        bounds,
                        score: 1.0,
                    }));
                }
            }
        }
        Pattern::Text(text) => {
            let phrase: Vec<&str> = text.split_whitespace().collect();
            let phrase: Vec<String> = phrase.into_iter().map(plain).collect();
            if phrase.is_empty() {
                return search;
            }
            for line in &lines {
                search.found.extend(phrases(line, &phrase));
            }
            search.misses = misses(&lines, &phrase, &search.found);
        }
    }
    search.found = in_reading_order(search.found);
    search
}

/// The words by lines, as the first word of each comes.
fn lines(words: &[Word]) -> Vec<Vec<&Word>> {
    let mut lines: Vec<Vec<&Word>> = Vec::new();
    let mut of_line = HashMap::new();
    for word in words.iter().filter(|word| !word.text.trim().is_empty()) {
        let index = *of_line.entry(word.line).or_insert_with(|| {
            lines.push(Vec::new());
            lines.len() - 1
        });
        lines[index].push(word);
    }
    lines
}

/// The text of a line, and where in it each word ends.
fn joined(line: &[&Word]) -> (String, Vec<usize>) {
    let (mut text, mut ends) = (String::new(), Vec::new());
    for word in line {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word.text.trim());
        ends.push(text.len());
    }
    (text, ends)
}

/// A word without what does not matter; as it is where nothing else is left.
fn plain(word: &str) -> String {
    let without: String = word.trim().chars().filter(|c| *c != '_').collect();
    let rest = without.trim_end_matches(TRAILING);
    let rest = if rest.is_empty() { word.trim() } else { rest };
    rest.to_owned()
}

/// The places of a phrase on a line.
fn phrases(line: &[&Word], phrase: &[String]) -> Vec<Reading> {
    let whole = phrase.join(" ");
    let mut found: Vec<Reading> = Vec::new();
    let mut at = 0;
    while at < line.len() {
        if let Some(bounds) = from_here(&line[at..], phrase) {
            let words = &line[at..at + phrase.len()];
            found.push(Reading {
                text: joined(words).0,
                bounds,
                score: 1.0,
            });
            at += phrase.len();
            continue;
        }
        // A recogniser may also give several words as one.
        found.extend(part(line[at], &whole).map(|span| Reading {
            text: whole.clone(),
            bounds: cut(line[at], span),
            score: 1.0,
        }));
        at += 1;
    }
    found
}

/// The bounds of a phrase that begins with the first of these words.
fn from_here(words: &[&Word], phrase: &[String]) -> Option<Rect> {
    let words = words.get(..phrase.len())?;
    let is = |(word, wanted): (&&Word, &String)| plain(&word.text) == *wanted;
    let ([first, inner @ .., last], [wanted_first, wanted_inner @ .., wanted_last]) =
        (words, phrase)
    else {
        return words
            .iter()
            .zip(phrase)
            .all(is)
            .then(|| around(words))
            .flatten();
    };
    if !inner.iter().zip(wanted_inner).all(is) {
        return None;
    }
    let first = if is((first, wanted_first)) {
        first.bounds
    } else {
        let span = part(first, wanted_first).filter(|span| span.reaches_end)?;
        cut(first, span)
    };
    let last = if is((last, wanted_last)) {
        last.bounds
    } else {
        let span = part(last, wanted_last).filter(|span| span.start == 0)?;
        cut(last, span)
    };
    let inner = inner.iter().map(|word| word.bounds);
    Some(inner.chain([last]).fold(first, united))
}

/// Letters of a word, counted from its first one.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    length: usize,
    /// Whether nothing but punctuation follows.
    reaches_end: bool,
}

/// Where in a word a text stands by itself, with punctuation at both sides.
fn part(word: &Word, wanted: &str) -> Option<Span> {
    let text: String = word.text.trim().chars().filter(|c| *c != '_').collect();
    text.match_indices(wanted).find_map(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + wanted.len()..]);
        let apart = !goes_on(before.chars().rev()) && !goes_on(after.chars());
        apart.then(|| Span {
            start: before.chars().count(),
            length: wanted.chars().count(),
            reaches_end: !after.chars().any(char::is_alphanumeric),
        })
    })
}

/// Whether the letters beside a text belong to it: the rest of a word, of a
/// number such as `1.5`, or of `don't`.
fn goes_on(mut beside: impl Iterator<Item = char>) -> bool {
    let (next, after) = (beside.next(), beside.next());
    let binds = |c: char| matches!(c, '\'' | '’');
    let in_number = |c: char| matches!(c, '.' | ',');
    next.is_some_and(|c| {
        c.is_alphanumeric()
            || (binds(c) && after.is_some_and(char::is_alphanumeric))
            || (in_number(c) && after.is_some_and(|c| c.is_ascii_digit()))
    })
}

/// About where letters of a word are: as if all were of one width.
fn cut(word: &Word, span: Span) -> Rect {
    let letters = word
        .text
        .trim()
        .chars()
        .filter(|c| *c != '_')
        .count()
        .max(1);
    let column = |letter: usize| {
        let part = u64::from(word.bounds.width) * letter as u64 / letters as u64;
        u32::try_from(part).unwrap_or(word.bounds.width)
    };
    let (start, end) = (column(span.start), column(span.start + span.length));
    Rect {
        x: word.bounds.x.saturating_add_unsigned(start),
        width: (end - start).max(1),
        ..word.bounds
    }
}

fn around(words: &[&Word]) -> Option<Rect> {
    words.iter().map(|word| word.bounds).reduce(united)
}

/// The smallest rectangle around two.
fn united(one: Rect, other: Rect) -> Rect {
    let (x, y) = (one.x.min(other.x), one.y.min(other.y));
    let length = |end: i64, start: i32| u32::try_from(end - i64::from(start)).unwrap_or(u32::MAX);
    Rect::new(
        x,
        y,
        length(one.right().max(other.right()), x),
        length(one.bottom().max(other.bottom()), y),
    )
}

/// The texts of as many words as the phrase that are nearest to it.
fn misses(lines: &[Vec<&Word>], phrase: &[String], found: &[Reading]) -> Vec<Reading> {
    let wanted = phrase.join(" ");
    let mut near: Vec<(f64, Reading)> = Vec::new();
    for words in lines.iter().flat_map(|line| line.windows(phrase.len())) {
        let seen: Vec<String> = words.iter().map(|word| plain(&word.text)).collect();
        let score = strsim::normalized_levenshtein(&seen.join(" "), &wanted);
        if let Some(bounds) = around(words).filter(|_| score > LEAST) {
            let reading = Reading {
                text: joined(words).0,
                bounds,
                score: single(score),
            };
            near.push((score, reading));
        }
    }
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let mut misses: Vec<Reading> = Vec::new();
    for (_, reading) in near {
        let overlaps = |other: &Reading| other.bounds.intersection(reading.bounds).is_some();
        if misses.len() < MAX_MISSES && !found.iter().chain(&misses).any(overlaps) {
            misses.push(reading);
        }
    }
    misses
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a score is shown with two digits"
)]
fn single(score: f64) -> f32 {
    score as f32
}

/// From top to bottom, and from left to right what stands side by side: what
/// has its middle above the other's lower quarter.
fn in_reading_order(mut readings: Vec<Reading>) -> Vec<Reading> {
    let middle =
        |reading: &Reading| i64::from(reading.bounds.y) * 2 + i64::from(reading.bounds.height);
    readings.sort_by_key(|reading| (middle(reading), reading.bounds.x));
    let mut rest = &mut readings[..];
    while let Some(first) = rest.first() {
        let limit = middle(first) + i64::from(first.bounds.height / 2).max(1);
        let row = rest.partition_point(|reading| middle(reading) < limit);
        let (beside, below) = rest.split_at_mut(row);
        beside.sort_by_key(|reading| reading.bounds.x);
        rest = below;
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of some lines, each letter 10 pixels wide and each line 20 high.
    fn screen(lines: &[&str]) -> Vec<Word> {
        let mut words = Vec::new();
        for (line, text) in (0..).zip(lines) {
            let mut column = 0;
            for part in text.split(' ') {
                let letters = u32::try_from(part.chars().count()).unwrap();
                let [x, y] = [column * 10, line * 20].map(|n| i32::try_from(n).unwrap());
                words.push(Word {
                    text: part.to_owned(),
                    bounds: Rect::new(x, y, letters * 10, 16),
                    line,
                    confidence: 0.9,
                });
                column += letters + 1;
            }
        }
        words
    }

    fn search(lines: &[&str], wanted: &str) -> TextSearch {
        find_text(&screen(lines), &Pattern::parse(wanted).unwrap())
    }

    /// What is found, with the first column, the line and the number of columns.
    fn found(lines: &[&str], wanted: &str) -> Vec<(String, i32, i32, u32)> {
        let found = search(lines, wanted).found.into_iter();
        found
            .map(|Reading { text, bounds, .. }| {
                (text, bounds.x / 10, bounds.y / 20, bounds.width / 10)
            })
            .collect()
    }

    #[test]
    fn a_word_is_found_on_every_line_in_reading_order() {
        let lines = ["File Edit View", "Edit the File"];
        let places = [("File".to_owned(), 0, 0, 4), ("File".to_owned(), 9, 1, 4)];
        assert_eq!(found(&lines, "File"), places);
    }

    #[test]
    fn a_phrase_is_words_of_one_line_that_follow_each_other() {
        let lines = ["Save Save As PDF", "Save", "As"];
        assert_eq!(found(&lines, "Save As"), [("Save As".to_owned(), 5, 0, 7)]);
        assert!(found(&lines, "As Save").is_empty());
    }

    #[test]
    fn case_matters_and_a_part_of_a_word_is_no_word() {
        for text in ["save", "SAVE", "Saved", "AutoSave", "Save's", "Save2"] {
            assert!(found(&[text], "Save").is_empty(), "{text}");
        }
        assert!(found(&["1.5 2,000"], "1").is_empty());
        assert!(found(&["1.5 2,000"], "000").is_empty());
    }

    #[test]
    fn what_follows_a_word_and_mnemonics_do_not_matter() {
        for (seen, wanted) in [
            ("Name:", "Name"),
            ("Open…", "Open..."),
            ("Open...", "Open"),
            ("Open", "_Open"),
            ("_Open", "Open"),
            ("Save As…", "Save _As..."),
            ("Name: Size", "Name Size:"),
        ] {
            assert_eq!(found(&[seen], wanted).len(), 1, "{wanted} in {seen}");
        }
        assert_eq!(found(&["Select ..."], "..."), [("...".to_owned(), 7, 0, 3)]);
    }

    #[test]
    fn punctuation_may_stand_where_a_blank_might() {
        assert_eq!(
            found(&["File|Edit"], "Edit"),
            [("Edit".to_owned(), 5, 0, 4)]
        );
        assert_eq!(found(&["(Save)"], "Save"), [("Save".to_owned(), 1, 0, 4)]);
        let phrase = found(&["x (Save As) y"], "Save As");
        assert_eq!(phrase, [("(Save As)".to_owned(), 3, 0, 7)]);
    }

    #[test]
    fn an_expression_finds_parts_of_a_line_and_covers_their_words() {
        let lines = ["3 of 12 files", "no files"];
        let counted = found(&lines, r"/\d+ of \d+/");
        assert_eq!(counted, [("3 of 12".to_owned(), 0, 0, 7)]);
        assert_eq!(found(&lines, "/ile/").len(), 2);
        assert_eq!(found(&lines, "/2 f/"), [("2 f".to_owned(), 5, 0, 8)]);
        assert!(found(&lines, "/x*/").is_empty());
    }

    #[test]
    fn the_nearest_texts_of_as_many_words_are_misses() {
        let search = search(
            &["Save As Svae Quit", "save Save-a5 Sav", "Seve all"],
            "Saves",
        );
        assert!(search.found.is_empty());
        let misses: Vec<&str> = search.misses.iter().map(|miss| &*miss.text).collect();
        assert_eq!(misses, ["Save", "save", "Sav"]);
        assert!(
            search
                .misses
                .iter()
                .all(|miss| miss.score > 0.5 && miss.score < 1.0)
        );
    }

    #[test]
    fn misses_of_a_phrase_do_not_overlap() {
        let search = search(&["Save as Save as Save"], "Save As");
        let misses: Vec<&str> = search.misses.iter().map(|miss| &*miss.text).collect();
        assert_eq!(misses, ["Save as", "Save as"]);
    }

    #[test]
    fn words_side_by_side_go_from_left_to_right_even_if_one_stands_a_little_higher() {
        let word = |x, y, line| Word {
            text: "ok".to_owned(),
            bounds: Rect::new(x, y, 20, 16),
            line,
            confidence: 1.0,
        };
        let words = [word(300, 9, 0), word(10, 12, 1), word(5, 40, 2)];
        let search = find_text(&words, &Pattern::Text("ok".to_owned()));
        let columns: Vec<i32> = search.found.iter().map(|found| found.bounds.x).collect();
        assert_eq!(columns, [10, 300, 5]);
    }

    #[test]
    fn an_empty_text_is_nowhere() {
        assert_eq!(search(&["a b"], " "), TextSearch::default());
        assert_eq!(search(&[], "a"), TextSearch::default());
    }
}
