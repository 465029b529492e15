//! Texts as they are written in YAML.

use std::fmt::Write as _;

/// Where a text is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Context {
    /// Between brackets.
    Flow,
    /// On lines of their own, after a key that stands this far to the right.
    Block {
        indent: usize,
        line_end: &'static str,
    },
}

/// The possible ways to write a text, the one that a person would choose first. The caller finds
/// out which of them read back as the text.
pub(super) fn ways(text: &str, context: Context) -> Vec<String> {
    let mut ways = Vec::new();
    if is_plain(text, context) {
        ways.push(text.to_owned());
    }
    if let Context::Block { indent, line_end } = context
        && is_literal(text)
    {
        let margin = " ".repeat(indent + 2);
        let line = |line: &str| match line {
            "" => line_end.to_owned(),
            line => format!("{line_end}{margin}{line}"),
        };
        let lines: String = text.split('\n').map(line).collect();
        ways.push(format!("|-{lines}"));
    }
    let is_short = !text.chars().any(char::is_control);
    if is_short && (text.contains('"') || text.contains('\\')) {
        ways.push(format!("'{}'", text.replace('\'', "''")));
    }
    ways.push(in_quotes(text));
    ways
}

/// Whether a text needs no quotes.
fn is_plain(text: &str, context: Context) -> bool {
    let in_brackets = |char: char| matches!(char, ',' | '[' | ']' | '{' | '}' | ':');
    if matches!(context, Context::Flow) && text.contains(in_brackets) {
        return false;
    }
    text.starts_with(char::is_alphanumeric)
        && text.trim() == text
        && !text.chars().any(char::is_control)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
}

/// Whether a text can be written as lines.
fn is_literal(text: &str) -> bool {
    let is_control = |char: char| char.is_control() && char != '\n';
    text.contains('\n')
        && text.trim() == text
        && !text.chars().any(is_control)
        && !text.lines().any(|line| line.trim_end() != line)
}

/// A text between double quotes, in which every character can be written.
fn in_quotes(text: &str) -> String {
    let mut quoted = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            char if char.is_control() || matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(char));
            }
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}
