//! What JSON allows but the YAML parser does not know.
//!
//! Every JSON text is YAML, so programs that write JSON can write scenarios. The parser refuses two
//! things that they may write: a character beyond U+FFFF as two escapes, `"\ud83d\ude39"`, and a
//! tab right after the colon of a key. Both are replaced before the parser sees them, by as many
//! characters as they have, so that every place stays the same.

use std::{borrow::Cow, ops::Range};

use super::char_index::CharIndex;

/// Stands for the backslash of an escape that is half of a character. No source
/// has it: it is a defect of the text.
const HALF: char = '\u{ffff}';

/// The length of `\ud83d`.
const ESCAPE: usize = 6;

/// The text as the parser reads it; each character stands for that at the same
/// place of `text`. `scalars` tells the parser's places, in characters, of all
/// scalars in a text.
pub(super) fn prepared(
    text: &str,
    scalars: impl FnOnce(&str) -> Vec<Range<usize>>,
) -> Cow<'_, str> {
    let pairs = pairs(text);
    let tabs: Vec<usize> = text.match_indices(":\t").map(|(at, _)| at + 1).collect();
    if pairs.is_empty() && tabs.is_empty() {
        return Cow::Borrowed(text);
    }
    let tabs = outside_of_scalars(text, tabs, scalars);
    let mut prepared = String::with_capacity(text.len() + pairs.len() * 4);
    let halves = pairs.iter().flat_map(|at| [*at, at + ESCAPE]);
    let mut places: Vec<(usize, char)> = halves.map(|at| (at, HALF)).collect();
    places.extend(tabs.into_iter().map(|at| (at, ' ')));
    places.sort_unstable();
    let mut done = 0;
    for (at, char) in places {
        prepared.push_str(&text[done..at]);
        prepared.push(char);
        // A backslash or a tab is one byte.
        done = at + 1;
    }
    prepared.push_str(&text[done..]);
    Cow::Owned(prepared)
}

/// A scalar of a prepared text as it was meant; `escaped` if it stands in double
/// quotes.
pub(super) fn restored(scalar: Cow<'_, str>, escaped: bool) -> Cow<'_, str> {
    if !scalar.contains(HALF) {
        return scalar;
    }
    if !escaped {
        return Cow::Owned(scalar.replace(HALF, "\\"));
    }
    // The text has no escapes any more, so what is left of them are those that
    // were replaced; a backslash of its own stands where no HALF was.
    let mut text = String::with_capacity(scalar.len());
    let mut rest = &*scalar;
    while let Some(at) = rest.find(HALF) {
        text.push_str(&rest[..at]);
        let half = |at: usize| {
            let digits = rest.get(at + HALF.len_utf8() + 1..at + HALF.len_utf8() + 5)?;
            u32::from_str_radix(digits, 16).ok()
        };
        let length = HALF.len_utf8() + 5;
        let whole = half(at).zip(half(at + length)).and_then(|(high, low)| {
            char::from_u32(0x1_0000 + ((high & 0x3ff) << 10) + (low & 0x3ff))
        });
        text.extend(whole);
        rest = rest.get(at + length * 2..).unwrap_or_default();
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Where two escapes in a row are the halves of one character, if they stand in
/// double quotes.
fn pairs(text: &str) -> Vec<usize> {
    let mut pairs = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find('\\') {
        let at = from + found;
        let halves = half(&text[at..]).zip(text.get(at + ESCAPE..).and_then(half));
        if halves == Some((Half::High, Half::Low)) {
            pairs.push(at);
            from = at + ESCAPE * 2;
        } else {
            // What follows a backslash is no beginning of an escape.
            let next = text[at + 1..].chars().next();
            from = at + 1 + next.map_or(0, char::len_utf8);
        }
    }
    pairs
}

/// Which half of a character an escape is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Half {
    /// The first, D800 to DBFF.
    High,
    /// The second, DC00 to DFFF.
    Low,
}

/// The half of a character that a text begins with as an escape.
pub(super) fn half(text: &str) -> Option<Half> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match u32::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(Half::High),
        0xdc00..=0xdfff => Some(Half::Low),
        _ => None,
    }
}

/// Those of the tabs that are not a part of some text: there a tab is what was
/// meant. A blank in its place does not change where a text begins or ends.
fn outside_of_scalars(
    text: &str,
    tabs: Vec<usize>,
    scalars: impl FnOnce(&str) -> Vec<Range<usize>>,
) -> Vec<usize> {
    if tabs.is_empty() {
        return tabs;
    }
    let scalars = scalars(&text.replace(":\t", ": "));
    let index = CharIndex::new(text);
    let within = |tab: usize| {
        let next = scalars.partition_point(|scalar| index.byte(text, scalar.start) <= tab);
        let last = next.checked_sub(1).map(|last| &scalars[last]);
        last.is_some_and(|scalar| tab < index.byte(text, scalar.end))
    };
    tabs.into_iter().filter(|tab| !within(*tab)).collect()
}
