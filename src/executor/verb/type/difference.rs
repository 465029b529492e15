//! Where what arrived differs from what was typed, and how to show it.

/// How much of a text is shown before and after the place where it differs, in
/// characters.
const CONTEXT: usize = 20;

/// How many characters may be missing before their number is no longer made out.
const MOST_LOST: usize = 200;

/// The first difference of two texts.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Difference {
    /// `character 5`, or `line 2, column 5`.
    pub(super) place: String,
    /// What was typed there.
    pub(super) expected: String,
    /// What arrived there.
    pub(super) seen: String,
}

impl Difference {
    /// The first difference between `typed` and the same number of characters
    /// before the caret, `selected`, which is not the same text.
    ///
    /// Where characters were lost, the selection begins with what was in the
    /// field before; so it is moved to where it fits best.
    pub(super) fn between(typed: &str, selected: &str) -> Self {
        let typed: Vec<char> = typed.chars().collect();
        let selected: Vec<char> = selected.chars().collect();
        let most = selected.len().min(MOST_LOST);
        let fits = (0..=most).map(|lost| (alike(&typed, &selected[lost..]), lost));
        let best = fits.max_by_key(|(alike, lost)| (*alike, std::cmp::Reverse(*lost)));
        let (at, lost) = best.unwrap_or_default();
        Self {
            place: place(&typed, at),
            expected: around(&typed, at),
            seen: around(&selected[lost..], at),
        }
    }
}

/// How many characters two texts have in common, from the first.
fn alike(one: &[char], other: &[char]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}

fn place(text: &[char], at: usize) -> String {
    let before = &text[..at];
    let line = before.iter().filter(|char| **char == '\n').count() + 1;
    let column = before
        .iter()
        .rev()
        .take_while(|char| **char != '\n')
        .count()
        + 1;
    if text.contains(&'\n') {
        format!("line {line}, column {column}")
    } else {
        format!("character {column}")
    }
}

/// The part of a text around a place, in quotes; dots where it goes on.
fn around(text: &[char], at: usize) -> String {
    let begin = at.saturating_sub(CONTEXT);
    let end = (at + CONTEXT).min(text.len());
    let part: String = text[begin.min(end)..end].iter().collect();
    let before = if begin > 0 { "... " } else { "" };
    let after = if end < text.len() { " ..." } else { "" };
    format!("{before}{part:?}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expect(typed: &str, selected: &str, [place, expected, seen]: [&str; 3]) {
        let difference = Difference {
            place: place.to_owned(),
            expected: expected.to_owned(),
            seen: seen.to_owned(),
        };
        assert_eq!(Difference::between(typed, selected), difference);
    }

    #[test]
    fn short_texts_are_shown_whole() {
        expect("abc", "aXc", ["character 2", "\"abc\"", "\"aXc\""]);
        expect("abc", "ac", ["character 2", "\"abc\"", "\"ac\""]);
    }

    #[test]
    fn what_was_there_before_is_not_taken_for_typed() {
        expect("hello", "xhelo", ["character 4", "\"hello\"", "\"helo\""]);
    }

    #[test]
    fn long_texts_are_shown_around_the_difference() {
        let typed = format!(
            "{}\n{}z{}",
            "a".repeat(700),
            "b".repeat(30),
            "c".repeat(700)
        );
        let selected = typed.replace('z', "y");
        let b = "b".repeat(20);
        let c = "c".repeat(19);
        expect(
            &typed,
            &selected,
            [
                "line 2, column 31",
                &format!("... \"{b}z{c}\" ..."),
                &format!("... \"{b}y{c}\" ..."),
            ],
        );
    }

    #[test]
    fn a_text_that_ends_early_differs_where_it_ends() {
        expect(
            "ab\ncd",
            "ab\nc",
            ["line 2, column 2", "\"ab\\ncd\"", "\"ab\\nc\""],
        );
    }
}
