//! Names that become paths: a baseline's and a recording's. They must stay
//! inside their folder, on every file system.

use crate::scenario::{Code, Problem, Span, ticked};

/// The longest name, so that the file fits every file system with its ending.
const LONGEST: usize = 100;

/// The problem of a name, unless it is safe as the name of a file.
pub(super) fn check(text: &str, span: Span, what: &str) -> Option<Problem> {
    let allowed = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.');
    let wrong = if text.is_empty() {
        "it is empty"
    } else if text.starts_with('.') {
        "it begins with a dot"
    } else if text.chars().count() > LONGEST {
        "it is longer than 100 characters"
    } else if text.contains(char::is_whitespace) {
        "it contains a space"
    } else if text.contains(['/', '\\']) {
        "it contains the name of a folder"
    } else if !text.chars().all(allowed) {
        "it contains characters that are not allowed"
    } else {
        return None;
    };
    let message = if text.is_empty() {
        format!("an empty text cannot be the name of a {what}")
    } else {
        format!("{} cannot be the name of a {what}: {wrong}", ticked(text))
    };
    Some(
        Problem::new(Code::BadName, span, message)
            .label("use letters, digits, `-`, `_` and `.`")
            .help(format!(
                "this is also the name of a file; write `{}`",
                safe(text, what)
            )),
    )
}

/// A similar name that is allowed.
fn safe(text: &str, what: &str) -> String {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let words = last.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let name = words.join("-");
    let name = name.trim_start_matches('.');
    let name: String = name.chars().take(LONGEST / 2).collect();
    if name.is_empty() {
        what.to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_inside_of_its_folder() {
        let bad = |text: &str| check(text, Span::default(), "baseline").is_some();
        for text in [
            "../x",
            "a/b",
            "a\\b",
            ".hidden",
            "..",
            "a b",
            "a\u{202e}b",
            "a:b",
            "",
            &"x".repeat(101),
        ] {
            assert!(bad(text), "{text}");
        }
        for text in ["saved", "saved-2", "v1.0_final", "übersicht", "007"] {
            assert!(!bad(text), "{text}");
        }
    }

    #[test]
    fn the_name_that_help_shows_is_allowed() {
        assert_eq!(safe("../my note", "baseline"), "my-note");
        assert_eq!(safe("..", "recording"), "recording");
    }
}
