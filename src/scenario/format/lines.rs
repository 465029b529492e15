//! The lines of the standard form while it grows.

use std::fmt::Write;

use super::piece::Comment;

/// Lines, each with the comment after it.
#[derive(Default)]
pub(super) struct Lines(Vec<Line>);

#[derive(Default)]
struct Line {
    text: String,
    /// The comment, and the column in which it was written.
    trailing: Option<(usize, String)>,
}

impl Lines {
    /// Begins a line; at the start of the file there is no blank line above.
    pub(super) fn begin(&mut self, indent: usize, blank: bool) {
        if blank && !self.0.is_empty() {
            self.0.push(Line::default());
        }
        let text = " ".repeat(indent);
        self.0.push(Line {
            text,
            trailing: None,
        });
    }

    /// A whole line.
    pub(super) fn whole(&mut self, indent: usize, text: &str) {
        self.begin(if text.is_empty() { 0 } else { indent }, false);
        self.add(text);
    }

    /// Adds to the last line.
    pub(super) fn add(&mut self, text: &str) {
        if self.0.is_empty() {
            self.begin(0, false);
        }
        if let Some(line) = self.0.last_mut() {
            line.text.push_str(text);
        }
    }

    /// Puts a comment after the last line.
    pub(super) fn comment(&mut self, comment: &Comment<'_>) {
        if let Some(line) = self.0.last_mut() {
            line.trailing = Some((comment.column, spelled(comment.text)));
        }
    }

    /// The text. Comments of lines that follow each other, written in one
    /// column, get one column.
    pub(super) fn finish(self) -> String {
        let mut text = String::new();
        let column = |line: &Line| line.trailing.as_ref().map(|(column, _)| *column);
        for group in self
            .0
            .chunk_by(|a, b| column(a).is_some() && column(a) == column(b))
        {
            let width = group.iter().map(|line| line.text.chars().count()).max();
            let width = width.unwrap_or_default();
            for line in group {
                text.push_str(&line.text);
                if let Some((_, comment)) = &line.trailing {
                    let blanks = width - line.text.chars().count() + 2;
                    // Writing to a string cannot fail.
                    let _ = write!(text, "{:blanks$}{comment}", "");
                }
                text.push('\n');
            }
        }
        text
    }
}

/// A comment with a blank after its `#`; rows of `#`, and `#!`, stay.
pub(super) fn spelled(comment: &str) -> String {
    match comment[1..].chars().next() {
        None | Some(' ' | '\t' | '#' | '!') => comment.to_owned(),
        Some(_) => format!("# {}", &comment[1..]),
    }
}
