//! Where a wanted text is among the words of the screen.

use std::collections::HashMap;

use super::{
    Reading, TextSearch, Word,
    alike::{folded, has_other_marks, is_distinct, is_sign},
};
use crate::{geometry::Rect, pattern::Pattern};

/// More misses than this are of no use to anybody.
const MAX_MISSES: usize = 3;

/// Only what is more alike than this is a miss.
const LEAST: f64 = 0.5;

/// The score of a text that differs from the wanted one only by signs that look
/// like those of it.
const ALIKE: f32 = 0.9;

/// What may follow a word without being part of it.
const TRAILING: [char; 7] = [':', ';', ',', '.', '…', '!', '?'];

/// Looks for a word, a phrase or an expression among the words of each line.
///
/// A text is one or more whole words that follow each other, upper and lower
/// case as wanted. What follows a word (`:`, `…`, `...` and the like) and the
/// underscores of mnemonics do not matter, and punctuation may take the place
/// of a blank at either end: `Save` is found in `Save/Load`. But dots that are
/// wanted have to be there: `Save...` is not found in `Save`.
///
/// Where that is nowhere, a text counts that differs only by signs that are
/// misread for each other (`l`, `I`, `1` and `|`; `O` and `0`; `rn` and `m`; `vv`
/// and `w`; kinds of quotes and dashes), with a score of 0.9. The wanted text
/// must have two letters beside those to be known by: `10` is never found in
/// `IO`.
///
/// An expression is compared with the words of a line with one blank between
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
            let dotted = ends_with_dots(text);
            let phrase: Vec<&str> = text.split_whitespace().collect();
            let phrase: Vec<String> = phrase.into_iter().map(plain).collect();
            if phrase.is_empty() {
                return search;
            }
            for line in &lines {
                search.found.extend(phrases(line, &phrase));
            }
            search
                .found
                .retain(|found| !dotted || ends_with_dots(&found.text));
            let whole = phrase.join(" ");
            if search.found.is_empty() && (is_distinct(&whole) || is_sign(&whole)) {
                let phrase: Vec<String> = phrase.iter().map(|word| folded(word)).collect();
                search.found = lines.iter().flat_map(|line| alike(line, &phrase)).collect();
                search.found.retain(|found| {
                    (!dotted || ends_with_dots(&found.text))
                        && !has_other_marks(&found.text, &whole)
                });
            }
            search.misses = misses(&lines, &phrase, &search.found);
        }
    }
    search.found = in_reading_order(search.found);
    search
}

/// What is written on each line, from top to bottom: its score is how sure the
/// recogniser is of its letters.
#[must_use]
pub(crate) fn texts(words: &[Word]) -> Vec<Reading> {
    let lines = lines(words).into_iter();
    let texts = lines.filter_map(|line| {
        let letters = line
            .iter()
            .map(|word| word.text.chars().map(|_| word.confidence));
        let (sum, count) = letters
            .flatten()
            .fold((0.0, 0.0_f32), |(sum, count), sure| {
                (sum + sure, count + 1.0)
            });
        Some(Reading {
            text: joined(&line).0,
            bounds: around(&line)?,
            score: sum / count.max(1.0),
        })
    });
    in_reading_order(texts.collect())
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

/// Whether a text ends with the dots of a menu entry that asks for more: `...` or
/// `…`. Of three dots one is easily lost.
fn ends_with_dots(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with("..") || text.ends_with('…')
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
            // Dots that were given as a word of their own belong to it.
            let dots = line
                .get(at + phrase.len())
                .filter(|next| is_dots(&next.text));
            let words = &line[at..at + phrase.len() + usize::from(dots.is_some())];
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
            text: format!("{whole}{}", span.dots(line[at])),
            bounds: cut(line[at], span),
            score: 1.0,
        }));
        at += 1;
    }
    found
}

/// The places on a line of what looks like a phrase, which is given folded.
fn alike(line: &[&Word], phrase: &[String]) -> Vec<Reading> {
    let shapes = line.iter().map(|word| Word {
        text: folded(&word.text),
        ..(*word).clone()
    });
    let shapes: Vec<Word> = shapes.collect();
    let shapes: Vec<&Word> = shapes.iter().collect();
    let found = phrases(&shapes, phrase).into_iter();
    found
        .map(|reading| {
            let words = line.iter().copied();
            let read = words.filter(|word| word.bounds.intersection(reading.bounds).is_some());
            Reading {
                text: joined(&read.collect::<Vec<&Word>>()).0,
                score: ALIKE,
                ..reading
            }
        })
        .collect()
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
    Some(inner.chain([last]).fold(first, Rect::union))
}

/// Letters of a word, counted from its first one.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    length: usize,
    /// Whether nothing but punctuation follows.
    reaches_end: bool,
}

impl Span {
    /// The dots that follow it in its word.
    fn dots(self, word: &Word) -> String {
        let after = plain_letters(&word.text).skip(self.start + self.length);
        after
            .take_while(|letter| matches!(letter, '.' | '…'))
            .collect()
    }
}

/// The letters of a word without the underscores of mnemonics.
fn plain_letters(text: &str) -> impl Iterator<Item = char> {
    text.trim().chars().filter(|letter| *letter != '_')
}

/// Whether a word is nothing but dots.
fn is_dots(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| matches!(letter, '.' | '…'))
}

/// Where in a word a text stands on its own, with punctuation at both sides.
fn part(word: &Word, wanted: &str) -> Option<Span> {
    let text: String = plain_letters(&word.text).collect();
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
    words.iter().map(|word| word.bounds).reduce(Rect::union)
}

/// The texts that are nearest to a phrase: as many words as it has, or one more
/// or less, as blanks are lost and made by mistake.
fn misses(lines: &[Vec<&Word>], phrase: &[String], found: &[Reading]) -> Vec<Reading> {
    let wanted = phrase.join(" ");
    let mut near: Vec<(f64, Reading)> = Vec::new();
    let lengths = (phrase.len().saturating_sub(1).max(1)..=phrase.len() + 1).rev();
    let windows = |length: usize| lines.iter().flat_map(move |line| line.windows(length));
    for words in lengths.flat_map(windows) {
        let seen: Vec<String> = words.iter().map(|word| plain(&word.text)).collect();
        let score = strsim::normalized_levenshtein(&seen.join(" "), &wanted);
        if let Some(bounds) = around(words).filter(|_| score > LEAST) {
            let reading = Reading {
                text: joined(words).0,
                bounds,
                // What lacks nothing but dots is near, and no hit.
                score: single(if score < 1.0 { score } else { f64::from(ALIKE) }),
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
mod tests;
