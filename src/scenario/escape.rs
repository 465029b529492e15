//! Plain words for an escape in double quotes that is none.

use super::{
    json,
    problem::{Code, Problem},
    source::{Source, Span},
};

/// What follows the backslash of an escape without digits.
const PLAIN: &str = "0abtnvfre \"/\\N_LP\t\r\n";

/// The problem of the first bad escape of the text in double quotes that begins
/// at a byte.
pub(super) fn explain(source: &Source, offset: usize) -> Problem {
    let text = &source.text()[offset..];
    let mut at = 0;
    while let Some(found) = text[at..].find('\\') {
        at += found;
        let escape = Escape::of(&text[at..]);
        let span = Span::new(offset + at..offset + at + escape.length);
        if let Some(problem) = escape.problem(source.slice(span), span) {
            return problem;
        }
        // Both halves of a character are one escape.
        let halves = [
            json::half(&text[at..]),
            json::half(&text[at + escape.length..]),
        ];
        let whole = halves == [Some(json::Half::High), Some(json::Half::Low)];
        at += escape.length * if whole { 2 } else { 1 };
    }
    unknown(Span::new(offset..offset + 1))
}

/// An escape as it is written.
struct Escape<'t> {
    /// The text from its backslash on.
    text: &'t str,
    /// Its own bytes.
    length: usize,
    /// How many digits it needs, and those that it has.
    digits: Option<(usize, &'t str)>,
}

impl<'t> Escape<'t> {
    fn of(text: &'t str) -> Self {
        let kind = text[1..].chars().next();
        let needed = match kind {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            kind => {
                return Self {
                    text,
                    length: 1 + kind.map_or(0, char::len_utf8),
                    digits: None,
                };
            }
        };
        let rest = &text[2..];
        let is_digit = |char: &char| char.is_ascii_hexdigit();
        let count = rest.chars().take(needed).take_while(is_digit).count();
        Self {
            text,
            length: 2 + count,
            digits: Some((needed, &rest[..count])),
        }
    }

    /// What is wrong with it, if anything is.
    fn problem(&self, written: &str, span: Span) -> Option<Problem> {
        let Some((needed, digits)) = self.digits else {
            let is_known = written[1..].chars().all(|kind| PLAIN.contains(kind));
            return (!is_known || written.len() < 2).then(|| unknown(span));
        };
        if digits.len() < needed {
            let begin = &written[..2];
            let message = format!("`{begin}` must be followed by {needed} hexadecimal digits");
            let example = format!("{begin}{:0>needed$}", "41");
            return Some(
                Problem::new(Code::YamlSyntax, span, message)
                    .label(format!("this has {}", digits.len()))
                    .help(format!(
                        "write `\\\\` for a backslash, or use single quotes: 'C:\\users'; a \
                         complete escape is `{example}`"
                    )),
            );
        }
        let code = u32::from_str_radix(digits, 16).unwrap_or(u32::MAX);
        if let Some(half) = json::half(self.text) {
            let other = self.text.get(self.length..).and_then(json::half);
            let is_whole = half == json::Half::High && other == Some(json::Half::Low);
            return (!is_whole).then(|| lone(written, half, span));
        }
        char::from_u32(code).is_none().then(|| {
            let message = format!("`{written}` is not a character");
            Problem::new(Code::YamlSyntax, span, message)
                .label("there is no character with this number")
                .help("the largest number is `\\U0010ffff`, and d800 to dfff are not characters")
        })
    }
}

fn unknown(span: Span) -> Problem {
    let message = "in double quotes `\\` begins an escape, and this escape does not exist";
    Problem::new(Code::YamlSyntax, span, message)
        .label("an unknown escape")
        .help("write `\\\\` for the character itself, or use single quotes: 'C:\\notes'")
}

fn lone(written: &str, half: json::Half, span: Span) -> Problem {
    let (which, missing) = match half {
        json::Half::High => ("first", "the second half is missing after it"),
        json::Half::Low => ("second", "the first half is missing before it"),
    };
    let message = format!("`{written}` is only the {which} half of a character");
    Problem::new(Code::YamlSyntax, span, message)
        .label(missing)
        .help(
            "write both halves, such as `\\ud83d\\ude39`, or one escape, `\\U0001f639`, or the \
             character itself",
        )
}
