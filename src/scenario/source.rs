//! The text of a scenario's file, and places in it.
//!
//! Every later message points into this text, even long after it was read: a step that fails on the
//! desktop underlines its line. So the complete text is kept and shared, and a place is two
//! numbers.
//!
//! Files come from people and from the net, so a source is made of bytes, not
//! of a string: what is wrong with the bytes is kept as a [`Defect`], and is
//! shown like every other problem of the file.

use std::ops::Range;

/// A part of a source: bytes `start..start + length`, on character bounds.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Span {
    /// The first byte's number, from 0.
    pub start: usize,
    /// The number of bytes; 0 is a place between two characters.
    pub length: usize,
}

impl Span {
    /// The bytes `range`.
    #[must_use]
    pub const fn new(range: Range<usize>) -> Self {
        Self {
            start: range.start,
            length: range.end.saturating_sub(range.start),
        }
    }

    /// The number of the byte after it.
    #[must_use]
    pub const fn end(self) -> usize {
        self.start + self.length
    }

    /// From the start of the one to the end of the other.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start)..self.end().max(other.end()))
    }
}

/// A value, and where it is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// Another value at the same place.
    pub fn map<U>(self, to: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned::new(to(self.value), self.span)
    }
}

/// Why the bytes of a file are not text that YAML allows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Defect {
    /// More than [`Source::MAX_BYTES`].
    TooLarge,
    /// A byte order mark says that it is UTF-16 or UTF-32.
    OtherEncoding,
    /// The byte at this offset is not UTF-8.
    NotUtf8(usize),
    /// A control character at this offset.
    Control(usize, char),
}

/// A few lines around a place, ready to be drawn. Columns count characters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ExcerptLines {
    /// The number of the first line, from 1.
    pub first_line: usize,
    /// The lines without their ends; control characters are made visible, and
    /// long lines are cut around the place.
    pub lines: Vec<String>,
    /// The number of the line with the place.
    pub line: usize,
    /// The first character of the place in its line as drawn, from 1.
    pub column: usize,
    /// How many characters of that line belong to the place, at least 1.
    pub length: usize,
}

/// The text of one file.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    line_starts: Vec<usize>,
    defect: Option<Defect>,
}

impl Source {
    /// A larger file is refused: a scenario of 10,000 steps has a tenth of it.
    pub const MAX_BYTES: usize = 4 << 20;

    /// The longest part of a line that is ever drawn, in characters.
    const MAX_DRAWN: usize = 160;

    /// The file called `name` (its path as given, with `/`) with this content.
    /// A byte order mark of UTF-8 is skipped and counts nowhere.
    #[must_use]
    pub fn new(name: impl Into<String>, bytes: &[u8]) -> Self {
        let (text, defect) = decode(bytes);
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        let line_starts = std::iter::once(0).chain(ends.map(|end| end + 1)).collect();
        Self {
            name: name.into(),
            text,
            line_starts,
            defect,
        }
    }

    /// The path of the file, as it was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text, without a byte order mark. Bytes that are not UTF-8 are replaced; a file that is
    /// too large or in another encoding has none.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is wrong with the bytes, if anything is.
    #[must_use]
    pub const fn defect(&self) -> Option<Defect> {
        self.defect
    }

    /// The text of `span`; empty where the span lies outside.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end()).unwrap_or_default()
    }

    /// Line and column of a byte, both from 1, the column in characters.
    /// An offset after the text stands for its end.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.line_index(offset);
        let start = self.line_starts[line];
        let before = self.text.get(start..offset).unwrap_or(&self.text[start..]);
        (line + 1, before.chars().count() + 1)
    }

    /// The number of lines, at least 1.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// The number of the last line with something in it, for drawing: after
    /// the last line end an empty line begins, which nobody wrote.
    pub(super) fn last_line(&self) -> usize {
        let empty = self.line_starts.last() == Some(&self.text.len());
        self.line_count() - usize::from(empty && self.line_count() > 1)
    }

    /// The bytes of line `number` (from 1) without its end; empty for a line
    /// that does not exist.
    #[must_use]
    pub fn line_range(&self, number: usize) -> Range<usize> {
        let end_of_text = self.text.len();
        let index = number.saturating_sub(1);
        let start = self.line_starts.get(index).copied().unwrap_or(end_of_text);
        let next = self.line_starts.get(index + 1).copied();
        let line = &self.text[start..next.unwrap_or(end_of_text)];
        start..start + line.trim_end_matches(['\n', '\r']).len()
    }

    /// The part of `span` in its first line, without blanks at its end: what a
    /// drawing underlines.
    #[must_use]
    pub fn first_line_of(&self, span: Span) -> Span {
        let start = span.start.min(self.text.len());
        let line = self.line_range(self.line_index(start) + 1);
        let end = span.end().min(line.end).max(start);
        let part = self.text.get(start..end).unwrap_or_default();
        match part.trim_end().len() {
            // The place may be the blanks themselves: a tab.
            0 => Span::new(start..end),
            length => Span::new(start..start + length),
        }
    }

    /// The lines around `span`, two before and one after its first line.
    #[must_use]
    pub fn excerpt_lines(&self, span: Span) -> ExcerptLines {
        let underlined = self.first_line_of(span);
        let line = self.line_index(underlined.start) + 1;
        let first_line = line.saturating_sub(2).max(1);
        let start = self.line_range(line).start;
        let before = self.text[start..underlined.start].chars().count();
        let skip = Self::skipped(before);
        let last_line = (line + 1).min(self.last_line()).max(line);
        let lines: Vec<String> = (first_line..=last_line)
            .map(|number| self.drawn_line(number, if number == line { skip } else { 0 }))
            .collect();
        let column = before - skip + 1;
        let room = Self::MAX_DRAWN + 1 - column;
        ExcerptLines {
            first_line,
            lines,
            line,
            column,
            length: self.slice(underlined).chars().count().clamp(1, room),
        }
    }

    /// Line `number` as it is drawn: without its first `skip` characters, cut,
    /// control characters visible. One character stays one character.
    #[must_use]
    pub(super) fn drawn_line(&self, number: usize, skip: usize) -> String {
        let mut rest = self.text[self.line_range(number)].chars().skip(skip);
        let mut drawn: String = rest.by_ref().take(Self::MAX_DRAWN).map(visible).collect();
        if skip > 0 {
            drawn = std::iter::once('…').chain(drawn.chars().skip(1)).collect();
        }
        if rest.next().is_some() {
            drawn.push('…');
        }
        drawn
    }

    /// How many characters of a line are left out before one that is the
    /// `column`th (from 0), so that it is seen.
    #[must_use]
    pub(super) const fn skipped(column: usize) -> usize {
        let seen = Self::MAX_DRAWN * 3 / 4;
        if column > seen {
            column - Self::MAX_DRAWN / 2
        } else {
            0
        }
    }

    fn line_index(&self, offset: usize) -> usize {
        self.line_starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }
}

/// A control character is shown as one that a terminal draws.
fn visible(char: char) -> char {
    match char {
        '\t' => '\t',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(char)).unwrap_or('?'),
        '\u{7f}' => '␡',
        _ if is_invisible(char) => '\u{fffd}',
        _ => char,
    }
}

/// Whether a character has no picture of its own, or turns the direction in
/// which others are drawn.
pub(crate) fn is_invisible(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(char, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn decode(bytes: &[u8]) -> (String, Option<Defect>) {
    if bytes.len() > Source::MAX_BYTES {
        return (String::new(), Some(Defect::TooLarge));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return (String::new(), Some(Defect::OtherEncoding));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), first_control(text)),
        Err(error) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            (text, Some(Defect::NotUtf8(error.valid_up_to())))
        }
    }
}

/// The first character that YAML 1.2 allows only as an escape (its production
/// `c-printable`).
fn first_control(text: &str) -> Option<Defect> {
    text.char_indices()
        .find(|(_, char)| match char {
            '\t' | '\n' | '\r' | '\u{85}' => false,
            '\u{fffe}' | '\u{ffff}' => true,
            char => char.is_control(),
        })
        .map(|(offset, char)| Defect::Control(offset, char))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let source = Source::new("a.yaml", "\u{feff}é: 1\r\nñandú: 2\n".as_bytes());
        assert_eq!(source.text(), "é: 1\r\nñandú: 2\n");
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(2), (1, 2));
        assert_eq!(source.position(7), (2, 1));
        assert_eq!(source.position(source.text().find('2').unwrap()), (2, 8));
        assert_eq!(source.position(9999), (3, 1));
        assert_eq!(&source.text()[source.line_range(1)], "é: 1");
    }

    #[test]
    fn an_excerpt_has_the_line_and_its_neighbours() {
        let source = Source::new("a.yaml", b"one\ntwo\nthree\n- click: here\nfive\n");
        let start = source.text().find("click").unwrap();
        let drawn = source.excerpt_lines(Span::new(start..start + 11));
        assert_eq!((drawn.first_line, drawn.line), (2, 4));
        assert_eq!(drawn.lines, ["two", "three", "- click: here", "five"]);
        assert_eq!((drawn.column, drawn.length), (3, 11));
    }

    #[test]
    fn a_line_of_a_million_characters_is_cut_around_the_place() {
        let text = format!("{}here{}", "a".repeat(500_000), "b".repeat(500_000));
        let source = Source::new("a.yaml", text.as_bytes());
        let drawn = source.excerpt_lines(Span::new(500_000..500_004));
        let line: Vec<char> = drawn.lines[0].chars().collect();
        assert!(line.len() < 200);
        let seen: String = line[drawn.column - 1..].iter().take(drawn.length).collect();
        assert_eq!(seen, "here");
    }

    #[test]
    fn characters_that_a_terminal_obeys_are_drawn_not_obeyed() {
        let source = Source::new("a.yaml", b"a\x1b[2Jb");
        assert_eq!(source.defect(), Some(Defect::Control(1, '\u{1b}')));
        assert_eq!(source.excerpt_lines(Span::default()).lines, ["a␛[2Jb"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_a_defect_with_its_place() {
        let defect = |bytes: &[u8]| Source::new("a.yaml", bytes).defect();
        assert_eq!(defect(b"ab\xff"), Some(Defect::NotUtf8(2)));
        assert_eq!(defect(b"ab\0"), Some(Defect::Control(2, '\0')));
        assert_eq!(defect(b"\xff\xfea\0"), Some(Defect::OtherEncoding));
        assert_eq!(defect(&vec![b'a'; 5 << 20]), Some(Defect::TooLarge));
        assert_eq!(defect("tab\t, \u{85} and é are text\r\n".as_bytes()), None);
    }
}
