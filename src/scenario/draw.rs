//! Draws problems with the lines that they are in.
//!
//! miette does the drawing. It gets copies of the few lines that it shows, not the file: so a line
//! of a megabyte is cut, and a file cannot give commands to the terminal.

use std::{collections::BTreeSet, fmt, sync::Arc};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents,
};

use super::{
    problem::{Findings, Problem},
    source::{Source, Span},
};
use crate::plain::plain;

/// All problems of one file, in the order of their places.
#[derive(Debug)]
pub struct Problems {
    source: Arc<Source>,
    drawn: Vec<Drawn>,
}

impl Problems {
    /// These problems of this file.
    #[must_use]
    pub fn new(source: Arc<Source>, problems: Vec<Problem>) -> Self {
        let draw = |problem| Drawn::new(&source, problem);
        let drawn = problems.into_iter().map(draw).collect();
        Self { source, drawn }
    }

    /// The file.
    #[must_use]
    pub const fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The problems.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.drawn.iter().map(|drawn| &drawn.problem)
    }

    /// How many they are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.drawn.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.drawn.is_empty()
    }

    /// Whether the file may have more than these: reading ended at a few
    /// hundred.
    #[must_use]
    pub fn are_cut(&self) -> bool {
        self.len() >= Findings::MOST
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.len() == 1 { "" } else { "s" };
        let more = if self.are_cut() { " or more" } else { "" };
        let name = self.source.name();
        write!(f, "{}{more} problem{plural} in {name}", self.len())
    }
}

impl std::error::Error for Problems {}

impl Diagnostic for Problems {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let drawn = self.drawn.iter().map(|drawn| drawn as &dyn Diagnostic);
        Some(Box::new(drawn))
    }
}

/// Draws every problem of every file, for a terminal of `width` columns.
#[must_use]
pub fn render<'a>(
    problems: impl IntoIterator<Item = &'a Problems>,
    width: usize,
    colour: bool,
) -> String {
    let theme = if colour {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .without_syntax_highlighting()
        .with_links(false)
        .with_width(width);
    let mut out = String::new();
    for file in problems {
        for drawn in &file.drawn {
            if !out.is_empty() {
                out.push('\n');
            }
            let kept = out.len();
            // Writing to a string fails only where miette cannot draw a
            // label; the message alone is better than nothing then.
            if handler.render_report(&mut out, &Unbroken(drawn)).is_err() {
                out.truncate(kept);
                out.push_str(&drawn.to_string());
                out.push('\n');
            }
            let drawn = together(&out[kept..], false);
            out.replace_range(kept.., &drawn);
        }
        if file.are_cut() {
            out.push_str("\nThere may be more problems in this file; these are the first.\n");
        }
    }
    out
}

/// A problem and the lines to draw it with.
#[derive(Debug)]
struct Drawn {
    problem: Problem,
    sheet: Sheet,
    labels: Vec<LabeledSpan>,
}

impl Drawn {
    fn new(source: &Source, problem: Problem) -> Self {
        let places = std::iter::once((problem.span, &problem.label))
            .chain(problem.related.iter().map(|(span, label)| (*span, label)))
            .map(|(span, label)| (source.first_line_of(span), label));
        let places: Vec<_> = places.collect();
        let sheet = Sheet::new(source, &places.iter().map(|p| p.0).collect::<Vec<_>>());
        let labels = places.iter().enumerate().map(|(index, (span, label))| {
            let label = Some(plain(label)).filter(|label| !label.is_empty());
            let span = sheet.find(source, *span);
            if index == 0 {
                LabeledSpan::new_primary_with_span(label, span)
            } else {
                LabeledSpan::new_with_span(label, span)
            }
        });
        Self {
            labels: labels.collect(),
            problem,
            sheet,
        }
    }
}

impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&plain(&self.problem.message))
    }
}

impl std::error::Error for Drawn {}

impl Diagnostic for Drawn {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.problem.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(if self.problem.code.is_warning() {
            Severity::Warning
        } else {
            Severity::Error
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.problem.help.as_ref()?;
        Some(Box::new(plain(help)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.sheet)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// The same with code that no line break tears apart: `parts/first.yaml` can be
/// copied only from one line.
#[derive(Debug)]
struct Unbroken<'a>(&'a Drawn);

impl fmt::Display for Unbroken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bound(&self.0.to_string()))
    }
}

impl std::error::Error for Unbroken<'_> {}

impl Diagnostic for Unbroken<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.0.code()
    }

    fn severity(&self) -> Option<Severity> {
        self.0.severity()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.0.help()?;
        Some(Box::new(bound(&help.to_string())))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.0.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.0.labels()
    }
}

/// The characters of code in backticks, unless it is longer than most lines are
/// wide, in their bound form.
fn bound(text: &str) -> String {
    const LONGEST: usize = 60;
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(index, part)| {
        if index % 2 == 1 && part.chars().count() <= LONGEST {
            together(part, true)
        } else {
            part.to_owned()
        }
    });
    parts.collect::<Vec<_>>().join("`")
}

/// Replaces the characters at which miette breaks a line by private ones at which it
/// does not, or these by those.
fn together(text: &str, bind: bool) -> String {
    const BOUND: u32 = 0x0010_f000;
    let ascii = u32::from(b' ')..=u32::from(b'~');
    let other = |char: char| {
        let code = u32::from(char);
        let code = if bind && ascii.contains(&code) && !char.is_ascii_alphanumeric() {
            code + BOUND
        } else if !bind && ascii.contains(&code.wrapping_sub(BOUND)) {
            code - BOUND
        } else {
            code
        };
        char::from_u32(code).unwrap_or(char)
    };
    text.chars().map(other).collect()
}

/// Copies of some lines of a file, which know their numbers.
#[derive(Debug)]
struct Sheet {
    name: String,
    text: String,
    lines: Vec<SheetLine>,
}

#[derive(Debug)]
struct SheetLine {
    /// Its number in the file, from 1.
    number: usize,
    /// Its first byte in the sheet's text.
    start: usize,
    /// How many of its characters are left out at its start.
    skip: usize,
}

impl Sheet {
    /// The lines of these places, each with its neighbours.
    fn new(source: &Source, places: &[Span]) -> Self {
        let at: Vec<(usize, usize)> = places.iter().map(|p| source.position(p.start)).collect();
        let numbers: BTreeSet<usize> = at
            .iter()
            .flat_map(|(line, _)| line.saturating_sub(1).max(1)..=line + 1)
            .filter(|number| {
                *number <= source.last_line() || at.iter().any(|(line, _)| line == number)
            })
            .collect();
        let mut text = String::new();
        let mut lines = Vec::new();
        for number in numbers {
            let columns = at.iter().filter(|(line, _)| *line == number);
            let skip = columns.map(|(_, column)| Source::skipped(column - 1)).min();
            let skip = skip.unwrap_or(0);
            lines.push(SheetLine {
                number,
                start: text.len(),
                skip,
            });
            text.push_str(&source.drawn_line(number, skip));
            text.push('\n');
        }
        Self {
            name: plain(source.name()),
            text,
            lines,
        }
    }

    /// Where a place of the source, within one line, is in the sheet.
    fn find(&self, source: &Source, place: Span) -> SourceSpan {
        let (number, column) = source.position(place.start);
        let length = source.slice(place).chars().count();
        let Some(line) = self.lines.iter().find(|line| line.number == number) else {
            return SourceSpan::from((0, 0));
        };
        let rest = &self.text[line.start..];
        let rest = rest.split('\n').next().unwrap_or_default();
        let byte = |char: usize| rest.char_indices().nth(char).map_or(rest.len(), |c| c.0);
        let first = (column - 1).saturating_sub(line.skip);
        let start = byte(first);
        SourceSpan::from((line.start + start, byte(first + length) - start))
    }

    fn line_of(&self, offset: usize) -> usize {
        self.lines
            .partition_point(|line| line.start <= offset)
            .saturating_sub(1)
    }

    fn line_end(&self, index: usize) -> usize {
        let next = self.lines.get(index + 1);
        next.map_or(self.text.len(), |line| line.start)
    }
}

impl SourceCode for Sheet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let first = self.line_of(span.offset());
        let last = self.line_of(span.offset() + span.len().saturating_sub(1));
        let follows = |index: &usize| self.lines[*index].number + 1 == self.lines[index + 1].number;
        // Lines between two places that are far apart are not on the sheet.
        if span.offset() + span.len() > self.text.len() || !(first..last).all(|i| follows(&i)) {
            return Err(MietteError::OutOfBounds);
        }
        let top = (0..first).rev().take(before).take_while(follows).last();
        let top = top.unwrap_or(first);
        let ends = (last..self.lines.len().saturating_sub(1)).take(after);
        let bottom = ends.take_while(follows).last().map_or(last, |i| i + 1);
        let line = &self.lines[first];
        let (start, column) = if before == 0 {
            let left = &self.text[line.start..span.offset()];
            (span.offset(), line.skip + left.chars().count())
        } else {
            (self.lines[top].start, 0)
        };
        let end = self.line_end(bottom);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            &self.text.as_bytes()[start..end],
            (start, end - start).into(),
            self.lines[top].number - 1,
            column,
            bottom - top + 1,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::problem::Code;

    fn drawn(text: &str, places: &[&str]) -> String {
        let source = Arc::new(Source::new("a.yaml", text.as_bytes()));
        let span = |part: &&str| {
            let start = text.find(*part).expect("it is there");
            Span::new(start..start + part.len())
        };
        let mut spans = places.iter().map(span);
        let first = spans.next().expect("a place");
        let problem = Problem::new(Code::DuplicateKey, first, "it is wrong").label("here");
        let problem = spans.fold(problem, |p, span| p.related(span, "and there"));
        render(&[Problems::new(source, vec![problem])], 80, false)
    }

    #[test]
    fn a_problem_is_drawn_with_its_line_and_both_neighbours() {
        let expected = "\
duplicate-key

  × it is wrong
   ╭─[a.yaml:3:3]
 2 │ b
 3 │ - wrong
   ·   ──┬──
   ·     ╰── here
 4 │ d
   ╰────
";
        assert_eq!(drawn("a\nb\n- wrong\nd\ne\n", &["wrong"]), expected);
    }

    #[test]
    fn places_that_are_far_apart_are_drawn_apart() {
        let text = "first\nb\nc\nd\ne\nf\ng\nsecond\n";
        let out = drawn(text, &["second", "first"]);
        assert!(out.contains("[a.yaml:8:1]"), "{out}");
        assert!(out.contains("[a.yaml:1:1]"), "{out}");
        assert!(!out.contains(" d\n"), "{out}");
    }

    #[test]
    fn a_place_far_to_the_right_is_drawn_with_its_true_column() {
        let text = format!("{}wrong", "x".repeat(300_000));
        let out = drawn(&text, &["wrong"]);
        assert!(out.contains("[a.yaml:1:300001]"), "{out}");
        assert!(out.len() < 2000, "{out}");
    }
}
