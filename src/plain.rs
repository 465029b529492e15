//! Untrusted text that stays text wherever a person or a CI system reads it.
//!
//! What a tested program writes, the title of its window, the name of a file and
//! the text of a scenario may hold characters that steer a terminal, hide, or turn
//! the text around them. They may also hold lines that a CI runner obeys:
//!
//! | runner | obeys | where in a line |
//! | --- | --- | --- |
//! | GitHub, Gitea, Forgejo | `::name …::…` | at its start, blanks before it aside |
//! | GitHub, Azure | `##[name …]…` | anywhere |
//! | Azure | `##vso[…]…` | anywhere |
//! | `TeamCity` | `##teamcity[…]` | anywhere |
//! | GitLab | `section_start:…` with a carriage return and an escape | anywhere |
//! | Buildkite | `--- …`, `+++ …`, `~~~ …`, and `^^^ +++` | at its start, colours aside |
//!
//! Here the characters become visible, and a blank breaks the commands, so that a
//! reader still sees what was written.

use std::fmt::Write as _;

/// What is shown in place of a character that steers, hides, or turns the text
/// around it; `None` for all others, for line ends and for tabs.
///
/// Controls are shown as terminals do it, `^[`, for few fonts have pictures of
/// them; everything else by its number, `[U+202E]`.
#[must_use]
pub(crate) fn stand_in(c: char) -> Option<String> {
    match c {
        '\n' | '\t' => None,
        '\0'..='\x1f' | '\x7f' => Some(format!("^{}", char::from(c as u8 ^ 0x40))),
        _ if is_unseen(c) => Some(format!("[U+{:04X}]", u32::from(c))),
        _ => None,
    }
}

/// Whether a character has no shape of its own, or turns the text around it. The
/// joiners stay: emoji and several scripts need them.
const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{80}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Text for a terminal or a log, without commands.
#[must_use]
pub(crate) fn plain(text: &str) -> String {
    harmless(text, false)
}

/// The same for text that was coloured here: escape sequences that choose colours
/// stay.
#[must_use]
pub(crate) fn styled(text: &str) -> String {
    harmless(text, true)
}

/// The text with every control or invisible character made visible; its lines may still be commands
/// to a CI runner.
#[must_use]
pub(crate) fn visible(text: &str) -> String {
    seen(text, false)
}

/// The same text in lines that are not commands to any CI runner; its characters stay.
#[must_use]
pub(crate) fn without_commands(text: &str) -> String {
    text.split('\n').map(broken).collect::<Vec<_>>().join("\n")
}

/// JSON, or YAML without commands, for a terminal or a log: the same document, in which whatever
/// would be a command is written as `\uXXXX`.
#[must_use]
pub(crate) fn document(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let number = u32::from(c);
        // Only what stands in quotes can be written in another way, and characters
        // beyond four digits cannot be written alike in both languages.
        let is_obeyed = begins_command(&text[at..]) || stand_in(c).is_some();
        if is_obeyed && c != '\r' && number <= 0xffff {
            let _ = write!(out, "\\u{number:04x}");
        } else {
            out.push(c);
        }
    }
    out
}

fn harmless(text: &str, keeps_styles: bool) -> String {
    let text = text.replace("\r\n", "\n");
    without_commands(&seen(&text, keeps_styles))
}

fn seen(text: &str, keeps_styles: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match style(rest) {
            0 => c.len_utf8(),
            style if keeps_styles => style,
            _ => c.len_utf8(),
        };
        let (head, tail) = rest.split_at(length);
        match stand_in(c) {
            Some(shown) if length == c.len_utf8() => out.push_str(&shown),
            _ => out.push_str(head),
        }
        rest = tail;
    }
    out
}

/// How many bytes at the start of a text choose a colour (ECMA-48's SGR); 0 if none
/// does.
fn style(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\x1b[") else {
        return 0;
    };
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':');
    match end {
        Some(end) if rest[end..].starts_with('m') => "\x1b[".len() + end + 1,
        _ => 0,
    }
}

/// A line in which a blank is inserted into everything that is a command to a runner.
fn broken(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut start = line;
    loop {
        let trimmed = start.trim_start();
        let after = &trimmed[style(trimmed)..];
        if after.len() == start.len() {
            break;
        }
        start = after;
    }
    let is_command = start.strip_prefix("::").is_some_and(|it| it.contains("::"));
    let command = is_command.then(|| line.len() - start.len());
    let group = group(line);
    for (at, c) in line.char_indices() {
        out.push(c);
        if [command, group].contains(&Some(at)) || begins_command(&line[at..]) {
            out.push(' ');
        }
    }
    out
}

/// Where in a line Buildkite finds a group, or the sign that unfolds one; `None` if it
/// finds none.
fn group(line: &str) -> Option<usize> {
    let mut start = line;
    while style(start) > 0 {
        start = &start[style(start)..];
    }
    let blank = |rest: &str| rest.starts_with(|c: char| c.is_ascii_whitespace());
    // Something else may come after a text that ends with the sign.
    let begins = ["---", "+++", "~~~"].iter().any(|sign| {
        let rest = start.strip_prefix(sign);
        rest.is_some_and(|rest| rest.is_empty() || blank(rest))
    });
    let unfolds = start
        .strip_prefix("^^^")
        .is_some_and(|rest| blank(rest) && rest.trim_start().starts_with("+++"));
    (begins || unfolds).then(|| line.len() - start.len())
}

/// Whether a text starts with `##[`, or with a word between the two parts.
fn begins_command(text: &str) -> bool {
    text.strip_prefix("##").is_some_and(|rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric())
            .starts_with('[')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_a_runner_would_obey_is_broken_by_a_blank() {
        for (command, shown) in [
            ("::error::boom", ": :error::boom"),
            (
                "  \t\u{a0}::set-output name=a::b",
                "  \t\u{a0}: :set-output name=a::b",
            ),
            (
                "one\n  ::stop-commands::x\r\nthree",
                "one\n  : :stop-commands::x\nthree",
            ),
            ("said ##[error]boom", "said # #[error]boom"),
            ("said ##vso[task.complete]", "said # #vso[task.complete]"),
            ("###teamcity[x]", "## #teamcity[x]"),
            ("section_start:1:a\r\x1b[0K", "section_start:1:a^M^[[0K"),
            ("one\n--- two\n+++\tthree", "one\n- -- two\n+ ++\tthree"),
            ("~~~ four\n^^^ +++\n---", "~ ~~ four\n^ ^^ +++\n- --"),
        ] {
            assert_eq!(plain(command), shown);
        }
    }

    #[test]
    fn what_no_runner_obeys_stays_as_it_is() {
        let text = "::1 is loopback\nstd::fs::read and ::std\n## heading [1]\n# [a]\tb\n \
                    --- a\n----\n+++a\n^^^ here";
        assert_eq!(plain(text), text);
        let text = "Größe 字 👩\u{200d}💻 עברית";
        assert_eq!(plain(text), text);
    }

    #[test]
    fn characters_that_steer_or_hide_are_seen() {
        assert_eq!(plain("a\0b\x1b[31m\rc\x7f"), "a^@b^[[31m^Mc^?");
        assert_eq!(
            plain("x\u{202e}gnp.exe\u{85}\u{9b}2J\u{2067}\u{200b}\u{ffff}"),
            "x[U+202E]gnp.exe[U+0085][U+009B]2J[U+2067][U+200B][U+FFFF]"
        );
    }

    #[test]
    fn our_own_colours_hide_no_command() {
        let line = " \x1b[1m\x1b[38;5;1m ::error::boom\x1b[0m \x1b[2J";
        let shown = " \x1b[1m\x1b[38;5;1m : :error::boom\x1b[0m ^[[2J";
        assert_eq!(styled(line), shown);
        assert!(!plain(line).contains('\x1b'));
        let line = "\x1b[1m\x1b[31m+++ boom\x1b[0m";
        assert_eq!(styled(line), "\x1b[1m\x1b[31m+ ++ boom\x1b[0m");
    }

    #[test]
    fn a_document_stays_the_same_document() {
        let texts = [
            "##vso[a]",
            "##[error]x",
            "\u{202e}\u{9b}",
            "##",
            "a\r\nb",
            "🙂",
        ];
        let json = serde_json::to_string_pretty(&texts).unwrap();
        let shown = document(&json);
        assert!(!shown.contains("##vso[") && !shown.contains("##[") && !shown.contains('\u{202e}'));
        assert_eq!(serde_json::from_str::<Vec<String>>(&shown).unwrap(), texts);
    }
}
