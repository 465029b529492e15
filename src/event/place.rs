//! Where something is written in a scenario's file, and how that is drawn.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place in a file, as editors and CI systems count: from 1, in characters.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct SourceLocation {
    /// The file, as it was named on the command line, with `/`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in its line, from 1.
    pub column: usize,
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Some lines of a scenario with one part of them underlined.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The number of the first line, from 1.
    pub first_line: usize,
    /// The lines, without their line ends.
    pub lines: Vec<String>,
    /// The underlined line's number.
    pub line: usize,
    /// The first underlined character, from 1.
    pub column: usize,
    /// How many characters are underlined, at least 1.
    pub length: usize,
}

impl fmt::Display for Excerpt {
    /// Draws it for every report alike:
    ///
    /// ```text
    ///  11 |   - type: Hello
    ///  12 |   - screenshot-assert: saved
    ///     |     ^^^^^^^^^^^^^^^^^
    /// ```
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.first_line + self.lines.len().saturating_sub(1);
        let width = last.to_string().len().max(3);
        for (number, line) in (self.first_line..).zip(&self.lines) {
            writeln!(f, "{number:>width$} | {}", line.trim_end())?;
            if number == self.line {
                // Tabs keep their width only if the underline repeats them.
                let indent: String = line
                    .chars()
                    .take(self.column.saturating_sub(1))
                    .map(|c| if c == '\t' { '\t' } else { ' ' })
                    .collect();
                writeln!(
                    f,
                    "{:>width$} | {indent}{}",
                    "",
                    "^".repeat(self.length.max(1))
                )?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_underlines_one_part_of_one_line() {
        let excerpt = Excerpt {
            first_line: 99,
            lines: vec!["\t- type: hello".into(), "\t- click: [1, 2]".into()],
            line: 100,
            column: 4,
            length: 5,
        };
        let drawn = " 99 | \t- type: hello\n100 | \t- click: [1, 2]\n    | \t  ^^^^^\n";
        assert_eq!(excerpt.to_string(), drawn);
    }
}
