//! How a text is looked for: the text itself, or a regular expression between slashes.

use std::fmt;

use regex::Regex;

/// A text that is looked for, or a regular expression for it.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Exactly this text.
    Text(String),
    /// A text with a match of this expression. The syntax is that of the `regex` crate; matching
    /// takes time linear in the text.
    Regex(Regex),
}

/// The largest compiled expression, in bytes.
const MAX_COMPILED: usize = 1 << 20;

impl Pattern {
    /// Reads `/…/` as a regular expression and everything else as a text.
    ///
    /// # Errors
    ///
    /// What is wrong with the expression, in one line.
    pub fn parse(written: &str) -> Result<Self, String> {
        match expression(written) {
            Some(expression) => Self::regex(expression).map(Self::Regex),
            None => Ok(Self::Text(written.to_owned())),
        }
    }

    /// Compiles a regular expression, written without slashes.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in one line.
    pub fn regex(expression: &str) -> Result<Regex, String> {
        regex::RegexBuilder::new(expression)
            .size_limit(MAX_COMPILED)
            .build()
            .map_err(|error| reason(&error))
    }

    /// Whether a whole text is the wanted one, or the expression finds
    /// something in it.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Text(wanted) => wanted == text,
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// The expression between the slashes of `/…/`; `None` for any other text.
#[must_use]
pub(crate) fn expression(written: &str) -> Option<&str> {
    let inner = written.strip_prefix('/')?.strip_suffix('/')?;
    // `/` alone, and a path such as `/tmp/a/`, are texts.
    (!inner.is_empty() && !unescaped_slash(inner)).then_some(inner)
}

fn unescaped_slash(text: &str) -> bool {
    let mut escaped = false;
    text.chars().any(|char| {
        let found = char == '/' && !escaped;
        escaped = char == '\\' && !escaped;
        found
    })
}

/// The last line of the crate's message says what is wrong; those before draw
/// the expression, which ours draw by themselves.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    match last.trim().trim_start_matches("error: ") {
        "repetition operator missing expression" => NOTHING_TO_REPEAT.to_owned(),
        other => other.to_owned(),
    }
}

/// What is wrong with `*` alone.
pub(crate) const NOTHING_TO_REPEAT: &str = "a `*`, `+`, `?` or `{` has nothing to repeat";

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => one == two,
            (Self::Regex(one), Self::Regex(two)) => one.as_str() == two.as_str(),
            _ => false,
        }
    }
}

impl fmt::Display for Pattern {
    /// As it is written in a scenario.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Regex(regex) => write!(f, "/{}/", regex.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_make_an_expression_and_a_path_is_none() {
        assert_eq!(expression("/Save (As|as)/"), Some("Save (As|as)"));
        assert_eq!(expression(r"/a\/b/"), Some(r"a\/b"));
        for text in ["Save", "/", "//", "/tmp/a/", "/open"] {
            assert_eq!(expression(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_is_the_whole_and_an_expression_a_part() {
        let matches = |pattern: &str, text: &str| Pattern::parse(pattern).unwrap().matches(text);
        assert!(matches("Save", "Save") && !matches("Save", "Save As"));
        assert!(matches("/Save/", "Save As") && !matches("/^As/", "Save As"));
    }

    #[test]
    fn a_wrong_expression_is_told_in_one_line() {
        let error = Pattern::parse("/a(b/").unwrap_err();
        assert_eq!(error, "unclosed group");
        assert!(
            !Pattern::parse("/(a{999}){999}/")
                .unwrap_err()
                .contains('\n')
        );
    }
}
