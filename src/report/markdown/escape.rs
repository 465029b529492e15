//! Foreign text in Markdown.
//!
//! A comment on a pull request is more than a page: whoever is mentioned in it as `@name` gets a
//! message, `#12` leaves a trace in another thread, a pipe ends the cell of a table, and a line of
//! backquotes ends a block. GitHub and GitLab look for names and numbers after everything is
//! rendered, so that writing them as character references does not hide them. They do not look
//! inside `<code>` and `<pre>`.

use std::fmt::Write as _;

use crate::plain::visible;

/// A zero-width space, which separates a sign from what comes after it.
const APART: &str = "&#8203;";

/// Text for the middle of a line: a paragraph, a cell, a heading, a `<summary>`. Nothing
/// in it is markup, a link, or a reference to somebody or something.
pub(super) fn text(text: &str) -> String {
    inert(&one_line(text))
}

fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        push(&mut out, c);
        let next = characters.peek();
        let goes_on = next.is_some_and(|next| !next.is_whitespace());
        // `@name`, `#12`, `!12`, `$12`, `~label`, `%name`, `&12`, `^alert`, `:smile:`,
        // `https://…`, `GH-12` and `www.…`.
        if goes_on && "@#!$~%&^:".contains(c) {
            out.push_str(APART);
        }
        let is_number = out.ends_with("GH-") || out.ends_with("gh-");
        if is_number || (matches!(c, 'w' | 'W') && next == Some(&'.')) {
            out.push_str(APART);
        }
    }
    out
}

/// The same as code, in which names and numbers are not looked for.
pub(super) fn code(text: &str) -> String {
    let mut out = "<code>".to_owned();
    for c in one_line(text).chars() {
        // `www.` begins a link here too.
        if c == '.' && out.ends_with(['w', 'W']) {
            out.push_str("&#46;");
        } else {
            push(&mut out, c);
        }
    }
    out + "</code>"
}

/// A sentence in which `` `words` `` between backquotes are code.
pub(super) fn prose(sentence: &str) -> String {
    let sentence = one_line(sentence);
    let mut parts = sentence.split('`').peekable();
    let mut out = inert(parts.next().unwrap_or_default());
    while let Some(part) = parts.next() {
        match (part, parts.peek()) {
            (_, None) => out += &inert(&format!("`{part}")),
            ("", Some(_)) => out += &inert("``"),
            (part, Some(_)) => out += &code(part),
        }
        // What stands between two pairs.
        out += &parts.next().map(inert).unwrap_or_default();
    }
    out
}

/// Lines as they are, in a block of their own.
pub(super) fn block(lines: &str) -> String {
    let lines = visible(&lines.replace("\r\n", "\n"));
    let mut longest = 0;
    for run in lines.split(|c: char| c != '`') {
        longest = longest.max(run.len());
    }
    let fence = "`".repeat(3.max(longest + 1));
    format!("{fence}text\n{}\n{fence}\n", lines.trim_end())
}

/// A link that reads as code; code alone, if there is nowhere to go.
pub(super) fn link(words: &str, address: Option<&str>) -> String {
    let words = code(words);
    match address {
        Some(address) => format!("<a href=\"{}\">{words}</a>", attribute(address)),
        None => words,
    }
}

/// An address in quotes.
pub(super) fn attribute(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:?#=%+".contains(&byte) {
            out.push(char::from(byte));
        } else if byte == b'&' {
            out.push_str("&amp;");
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A path as a part of an address.
pub(super) fn path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A character; by its number, if it means something to Markdown or HTML.
fn push(out: &mut String, c: char) {
    let is_harmless = !c.is_ascii_punctuation() || ".,;?-/()'\"=+".contains(c);
    if is_harmless {
        out.push(c);
    } else {
        let _ = write!(out, "&#{};", u32::from(c));
    }
}

/// Visible text on one line.
fn one_line(text: &str) -> String {
    let text = visible(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_called_and_nothing_is_referred_to() {
        assert_eq!(text("@octocat"), "&#64;&#8203;octocat");
        assert_eq!(text("a#12 GH-12"), "a&#35;&#8203;12 GH-&#8203;12");
        assert_eq!(
            text("https://a.example www.b.example"),
            "https&#58;&#8203;//a.example www&#8203;.b.example"
        );
        assert_eq!(text(":smile: a: b"), "&#58;&#8203;smile&#58; a&#58; b");
    }

    #[test]
    fn text_is_never_markup() {
        assert_eq!(
            text("a|b <img src=x>\n# *c* [d](e) `f` \\"),
            "a&#124;b &#60;img src=x&#62; &#35; &#42;c&#42; &#91;d&#93;(e) &#96;f&#96; &#92;"
        );
        assert_eq!(
            text("a\u{202e}b\u{1b}[1m"),
            "a&#91;U+202E&#93;b&#94;&#8203;&#91;&#91;1m"
        );
    }

    #[test]
    fn words_between_backquotes_are_code_and_cannot_leave_it() {
        assert_eq!(
            prose("the screen differs from `a|@b`"),
            "the screen differs from <code>a&#124;&#64;b</code>"
        );
        assert_eq!(
            prose("`a` and `@b"),
            "<code>a</code> and &#96;&#64;&#8203;b"
        );
        assert_eq!(prose("``@a"), "&#96;&#96;&#64;&#8203;a");
        assert_eq!(code("</code>"), "<code>&#60;/code&#62;</code>");
        assert_eq!(code("www.a.example"), "<code>www&#46;a.example</code>");
    }

    #[test]
    fn a_block_ends_only_at_its_own_end() {
        assert_eq!(
            block("one\n````\n@two</details>\n"),
            "`````text\none\n````\n@two</details>\n`````\n"
        );
    }

    #[test]
    fn an_address_stays_one() {
        assert_eq!(
            link("a b.yaml:1", Some("https://x.example/a\"><b>?c=d&e=1#L1")),
            "<a href=\"https://x.example/a%22%3E%3Cb%3E?c=d&amp;e=1#L1\"><code>a b.yaml&#58;1</code></a>"
        );
        assert_eq!(path("a b/#c?.yaml"), "a%20b/%23c%3F.yaml");
    }
}
