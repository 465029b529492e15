//! Two readings of one place made one.

use super::{Word, seen::Seen};

/// A second reading counts where its words are this much surer than those of the
/// first.
const SURER: f32 = 0.08;

/// What was found only at a second look has to be this sure: around it lies no
/// even ground, and pictures are full of shapes.
const ALONE: f32 = 0.7;

/// And where it is one or two signs, this sure.
const SHORT: f32 = 0.9;

/// The words of all lines; those of a line follow each other. Where both looks
/// saw something, the surer one counts.
pub(super) fn merged(first: Vec<Seen>, second: Vec<Seen>) -> Vec<Word> {
    let mut lines: Vec<Vec<Word>> = first.into_iter().map(|seen| seen.words).collect();
    for seen in second {
        let is_near = |line: &Vec<Word>| {
            let pairs = |one: &Word| seen.words.iter().any(|other| is_beside(one, other));
            line.iter().any(pairs)
        };
        let (near, far): (Vec<_>, Vec<_>) = lines.into_iter().partition(is_near);
        lines = far;
        let near: Vec<Word> = near.into_iter().flatten().collect();
        lines.push(surest(near, seen.words));
    }
    lines.sort_by_key(|line| line.first().map(|word| (word.bounds.y, word.bounds.x)));
    let numbered = (0..).zip(lines);
    numbered
        .flat_map(|(number, line)| {
            line.into_iter().map(move |word| Word {
                line: number,
                ..word
            })
        })
        .collect()
}

/// Whether two words stand at one place, at least in part.
fn is_beside(one: &Word, other: &Word) -> bool {
    one.bounds
        .intersection(other.bounds)
        .is_some_and(|shared| shared.height * 2 >= one.bounds.height.min(other.bounds.height))
}

/// The words of one line that was read twice. Words of both that lie over each
/// other are judged together.
fn surest(first: Vec<Word>, second: Vec<Word>) -> Vec<Word> {
    let first = first.into_iter().map(|word| (false, word));
    let second = second.into_iter().map(|word| (true, word));
    let mut all: Vec<(bool, Word)> = first.chain(second).collect();
    all.sort_by_key(|(again, word)| (word.bounds.x, *again));
    let mut words: Vec<Word> = Vec::new();
    let mut place: Vec<(bool, Word)> = Vec::new();
    let mut end = i32::MIN;
    for (again, word) in all {
        if word.bounds.x >= end {
            words.extend(chosen(std::mem::take(&mut place)));
        }
        end = end.max(word.bounds.x.saturating_add_unsigned(word.bounds.width));
        place.push((again, word));
    }
    words.extend(chosen(place));
    words
}

/// Of the words at one place, those of the surer look.
fn chosen(place: Vec<(bool, Word)>) -> Vec<Word> {
    let (second, first): (Vec<_>, Vec<_>) = place.into_iter().partition(|(again, _)| *again);
    let words = |of: Vec<(bool, Word)>| of.into_iter().map(|(_, word)| word).collect::<Vec<Word>>();
    let (first, second) = (words(first), words(second));
    let again = match (sureness(&first), sureness(&second)) {
        (_, None) => false,
        (None, Some(sure)) => {
            let signs: usize = second.iter().map(|word| word.text.chars().count()).sum();
            sure >= if signs > 2 { ALONE } else { SHORT }
        }
        (Some(one), Some(other)) => {
            // Parts of a text are often read surely, and are less than all of it.
            let (narrow, wide) = (width(&first), width(&second));
            other > one + SURER && wide * 5 >= narrow * 2
                || other + SURER > one && wide * 2 >= narrow * 3
        }
    };
    if again { second } else { first }
}

/// How sure words are, each letter counted; `None` if there are none.
fn sureness(words: &[Word]) -> Option<f32> {
    let letters = words
        .iter()
        .flat_map(|word| word.text.chars().map(|_| word.confidence));
    let (sum, count) = letters.fold((0.0, 0.0), |(sum, count), sure| (sum + sure, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// How wide words are together, in pixels.
fn width(words: &[Word]) -> u32 {
    words.iter().map(|word| word.bounds.width).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::{Point, Rect},
        vision::text::strip::{Strip, tests::drawn},
    };

    /// A line of words: the text, the first column, the last one and how sure it is.
    fn line(words: &[(&str, i32, i32, f32)]) -> Seen {
        let words = words.iter().map(|(text, from, to, confidence)| Word {
            text: (*text).to_owned(),
            bounds: Rect::new(*from, 10, (to - from).unsigned_abs(), 12),
            line: 0,
            confidence: *confidence,
        });
        Seen {
            strip: Strip {
                corner: Point::new(0, 0),
                contrast: 255,
                picture: drawn(&["#"]),
            },
            words: words.collect(),
        }
    }

    fn texts(first: Vec<Seen>, second: Vec<Seen>) -> Vec<String> {
        let words = merged(first, second);
        let lines = words.chunk_by(|one, other| one.line == other.line);
        let text = |line: &[Word]| {
            let texts: Vec<&str> = line.iter().map(|word| word.text.as_str()).collect();
            texts.join(" ")
        };
        lines.map(text).collect()
    }

    #[test]
    fn of_two_readings_of_a_word_the_surer_one_counts() {
        let first = line(&[("Crelp", 0, 60, 0.5), ("me", 70, 90, 0.9)]);
        let second = line(&[("Help", 30, 60, 0.95), ("rne", 70, 90, 0.6)]);
        assert_eq!(texts(vec![first], vec![second]), ["Help me"]);
    }

    #[test]
    fn a_text_counts_before_its_parts() {
        let first = line(&[("O", 0, 8, 0.9), ("ns", 40, 52, 0.95)]);
        let second = line(&[("Options", 0, 52, 0.95)]);
        assert_eq!(texts(vec![first], vec![second]), ["Options"]);
        let whole = line(&[("Options", 0, 52, 0.95)]);
        let part = line(&[("O", 0, 8, 0.97)]);
        assert_eq!(texts(vec![whole], vec![part]), ["Options"]);
    }

    #[test]
    fn an_arrow_that_was_told_from_its_word_stays_apart() {
        let first = line(&[("M+", 0, 20, 0.75), ("v", 26, 35, 0.75)]);
        let second = line(&[("M+v", 0, 35, 0.75)]);
        assert_eq!(texts(vec![first], vec![second]), ["M+ v"]);
    }

    #[test]
    fn what_only_the_second_look_saw_has_to_be_sure() {
        let seen = |sure| vec![line(&[("Home", 0, 40, sure)])];
        assert_eq!(texts(Vec::new(), seen(0.8)), ["Home"]);
        assert_eq!(texts(Vec::new(), seen(0.6)), [""; 0]);
        assert_eq!(texts(Vec::new(), vec![line(&[("a", 0, 8, 0.8)])]), [""; 0]);
    }

    #[test]
    fn words_that_were_missing_join_their_line() {
        let first = vec![line(&[("to", 50, 60, 0.95)])];
        let second = vec![line(&[("Letter", 0, 40, 0.9), ("to", 50, 60, 0.9)])];
        assert_eq!(texts(first, second), ["Letter to"]);
    }
}
