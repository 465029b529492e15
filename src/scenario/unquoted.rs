//! Texts between brackets that need quotes: within `{ }` and `[ ]`, many more characters have a
//! meaning in YAML than elsewhere.
//!
//! Where such a text ends can only be guessed, by what people write: a regular
//! expression ends with its slash, any other text before the next `, ` or
//! before the brackets that close its list or mapping.

use std::ops::Range;

/// Characters with which a text cannot begin.
const RESERVED: [char; 8] = ['@', '`', '%', '*', '&', '!', '|', '>'];

/// A text that YAML does not take for one.
#[derive(Debug, PartialEq)]
pub(super) struct Unquoted {
    /// Where it is in its line.
    pub(super) place: Range<usize>,
    /// What YAML takes it for.
    pub(super) why: String,
    /// The same with quotes, after its key.
    pub(super) corrected: String,
    /// Whether it can be nothing else, such as two parts without their comma.
    pub(super) sure: bool,
}

/// The first one in a line.
pub(super) fn find(line: &str) -> Option<Unquoted> {
    let mut at = first_bracket(line)?;
    while at < line.len() {
        let rest = line[at..].trim_start_matches([' ', ',', '{', '[', '}', ']']);
        let start = line.len() - rest.len();
        let key = key(rest);
        let value = &rest[key.len()..];
        at = start + key.len();
        match value.chars().next() {
            None | Some('#') => return None,
            Some('{' | '[') => continue,
            Some(quote @ ('"' | '\'')) => {
                at += 2 + value[1..].find(quote)?;
                continue;
            }
            Some(_) => {}
        }
        let text = &value[..end(value)];
        // Without a key this may be one whose blank or comma is missing.
        let alone = key.is_empty() && !text.starts_with('/') && !text.starts_with(RESERVED);
        if let Some(why) = why(text).filter(|_| !alone) {
            return Some(Unquoted {
                place: at..at + text.len(),
                why,
                corrected: format!("{key}{}", quoted(text)),
                sure: text.starts_with('/') || !text.contains(": "),
            });
        }
        at += text.len().max(1);
    }
    None
}

/// The bracket that begins the first value in flow style.
fn first_bracket(line: &str) -> Option<usize> {
    let begins = |(at, _): &(usize, _)| {
        let before = line[..*at].trim_end();
        before.is_empty() || before.ends_with([':', '-'])
    };
    line.match_indices(['{', '['])
        .find(begins)
        .map(|(at, _)| at)
}

/// `text: `, if the entry begins with a key.
fn key(entry: &str) -> &str {
    let word = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let length = entry.find(|c| !word(c)).unwrap_or(entry.len());
    if length > 0 && entry[length..].starts_with(": ") {
        &entry[..length + 2]
    } else {
        ""
    }
}

/// Where a text without quotes ends, as a person would say.
fn end(value: &str) -> usize {
    if value.starts_with('/') {
        let closes = |(at, _): &(usize, _)| {
            let after = value[at + 1..].trim_start();
            *at > 0 && (after.is_empty() || after.starts_with([',', '}', ']']))
        };
        if let Some((at, _)) = value.match_indices('/').find(closes) {
            return at + 1;
        }
    }
    let part = &value[..value.find(", ").unwrap_or(value.len())];
    let mut end = part.trim_end_matches([' ', '}', ']']).len();
    // Those that it opens itself belong to it.
    while let Some(close @ ('}' | ']')) = part[end..].chars().next() {
        let open = if close == '}' { '{' } else { '[' };
        let text = &part[..end];
        if text.matches(open).count() <= text.matches(close).count() {
            break;
        }
        end += 1;
    }
    end
}

/// What YAML takes a text for, if not for a text.
fn why(text: &str) -> Option<String> {
    let first = text.chars().next()?;
    if first == '`' {
        return Some("text that begins with a backtick needs quotes".to_owned());
    }
    if RESERVED.contains(&first) {
        return Some(format!("text that begins with `{first}` needs quotes"));
    }
    let why = if text.contains(": ") {
        "this text needs quotes, because `: ` ends a key inside `{ }` and `[ ]`"
    } else if text.contains(" #") {
        "this text needs quotes, because `#` after a space begins a comment"
    } else if text.contains(['{', '}', '[', ']', ',']) {
        "this text needs quotes, because its brackets and commas are read as part of the list \
         or mapping around it"
    } else {
        return None;
    };
    Some(why.to_owned())
}

/// In the quotes in which it needs no escapes.
fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_needs_quotes_is_found_whole() {
        for (line, corrected) in [
            (
                "- wait: { text: /legacy: not found/, in: x }",
                r#"text: "/legacy: not found/""#,
            ),
            (
                "- wait: { text: note #1, in: [0, 0] }",
                r#"text: "note #1""#,
            ),
            ("- wait: { text: /a, b/ }", r#"text: "/a, b/""#),
            (
                "- wait: { in: [0, 0], text: /[a-z]+ b/ }",
                r#"text: "/[a-z]+ b/""#,
            ),
            ("- wait: { text: /\\d{2}/, nth: 2 }", r"text: '/\d{2}/'"),
            ("- wait: { a: { text: a{2} } }", r#"text: "a{2}""#),
            ("- wait: { text: a] b }", r#"text: "a] b""#),
            ("- for-each: { in: [a, @b], as: c }", r#""@b""#),
            ("- wait: { text: it's \"a\": b }", r#"text: 'it''s "a": b'"#),
        ] {
            let found = find(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(found.corrected, corrected, "{line}");
        }
        for line in [
            "- click: { target: [1, 2], modifiers: [shift] }",
            "- click: { target: { text: \"a: b\", in: { window: /Save/ } }, offset: [1, -2] }",
            "- type: Dear Ann: {x: y}",
            "- type: a [b",
            "- click: {target:[1, 2]}",
            "- click: { target: [1, 2] button: right }",
        ] {
            assert_eq!(find(line), None, "{line}");
        }
    }
}
