//! A text cut into the pieces that its standard form is laid out with.
//!
//! The parser says where plain scalars begin and end, which is the hard part
//! of YAML; between them stand only signs, names, blanks and comments, which
//! are read here. What is not understood gives no pieces at all, and the text
//! is left as it is.

use crate::scenario::yaml::{Style, Told};

/// What a piece is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// `[` or `{`.
    Open,
    /// `]` or `}`.
    Close,
    Comma,
    Dash,
    Question,
    Colon,
    /// An anchor or a tag.
    Property,
    Alias,
    /// A plain or quoted scalar.
    Scalar,
    /// The header of a block scalar, with its body.
    Block,
    /// `---` or `...`.
    Marker,
    /// A line that begins with `%`.
    Directive,
    /// The end of the text.
    End,
}

/// A comment, from its `#` to its last character that is not a blank.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment<'a> {
    pub(super) text: &'a str,
    pub(super) column: usize,
    /// Whether a blank line stands above it.
    pub(super) blank: bool,
}

/// What stands between a piece and the one before.
#[derive(Clone, Debug, Default)]
pub(super) struct Gap<'a> {
    /// The comment in the line of the piece before.
    pub(super) trailing: Option<Comment<'a>>,
    /// The comments in lines of their own.
    pub(super) own: Vec<Comment<'a>>,
    /// Whether a line ends.
    pub(super) breaks: bool,
    /// Whether a blank line stands right before the piece.
    pub(super) blank: bool,
    /// Whether there is anything at all.
    pub(super) some: bool,
}

impl Gap<'_> {
    pub(super) const fn has_comments(&self) -> bool {
        self.trailing.is_some() || !self.own.is_empty()
    }
}

/// A sign, a name or a scalar.
#[derive(Clone, Debug)]
pub(super) struct Piece<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Its first character's number in its line, from 0.
    pub(super) column: usize,
    /// The number of its first line, from 0.
    pub(super) line: usize,
    pub(super) gap: Gap<'a>,
    /// Whether a key of a block mapping begins with it.
    pub(super) key: bool,
    /// The comment after the header of a block scalar.
    pub(super) header_comment: Option<Comment<'a>>,
    /// The lines of a block scalar without their indentation.
    pub(super) body: Vec<&'a str>,
}

/// Cuts a text with LF line ends, the last line's too; `None` where something
/// is not understood.
pub(super) fn cut<'a>(text: &'a str, told: &[Told]) -> Option<Vec<Piece<'a>>> {
    let scalars = told
        .iter()
        .filter_map(|told| Some((told.style?, told.span.start, told.span.end())))
        .collect();
    let mut cutter = Cutter {
        text,
        at: 0,
        line: 0,
        column: 0,
        scalars,
        next: 0,
        pieces: Vec::new(),
        depth: 0,
        parent: None,
    };
    while cutter.piece()? {}
    (cutter.next == cutter.scalars.len()).then_some(cutter.pieces)
}

struct Cutter<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    column: usize,
    /// Style, start and end of each scalar that is written.
    scalars: Vec<(Style, usize, usize)>,
    /// The first of them that is not reached.
    next: usize,
    pieces: Vec<Piece<'a>>,
    /// How many brackets are open.
    depth: usize,
    /// The column of the key or dash that the next value belongs to.
    parent: Option<usize>,
}

impl<'a> Cutter<'a> {
    /// Takes the next gap and piece; false after the last.
    fn piece(&mut self) -> Option<bool> {
        let gap = self.gap();
        let (line, column) = (self.line, self.column);
        let (kind, end) = self.kind()?;
        let text = &self.text[self.at..end];
        self.advance(end);
        self.pieces.push(Piece {
            kind,
            text,
            column,
            line,
            gap,
            key: false,
            header_comment: None,
            body: Vec::new(),
        });
        match kind {
            Kind::Open => self.depth += 1,
            Kind::Close => self.depth = self.depth.checked_sub(1)?,
            Kind::Dash | Kind::Question => self.parent = Some(column),
            Kind::Colon if self.depth == 0 => self.mark_key(),
            Kind::Marker => self.parent = None,
            Kind::Block => self.block()?,
            _ => {}
        }
        Some(kind != Kind::End)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn advance(&mut self, to: usize) {
        let passed = &self.text[self.at..to];
        let lines = passed.bytes().filter(|byte| *byte == b'\n').count();
        self.line += lines;
        if let Some(last) = passed.rfind('\n') {
            self.column = passed[last + 1..].chars().count();
        } else {
            self.column += passed.chars().count();
        }
        self.at = to;
    }

    fn gap(&mut self) -> Gap<'a> {
        let mut gap = Gap::default();
        let start = self.at;
        let first = self.pieces.is_empty();
        // Behind a block scalar the cursor stands at the start of a line.
        let mut breaks = usize::from(self.column == 0);
        gap.breaks = breaks > 0;
        loop {
            let rest = self.rest();
            match rest.as_bytes().first() {
                Some(b' ' | b'\t') => self.advance(self.at + 1),
                Some(b'\n') => {
                    breaks += 1;
                    gap.breaks = true;
                    self.advance(self.at + 1);
                }
                Some(b'#') => {
                    let end = rest.find('\n').unwrap_or(rest.len());
                    let comment = Comment {
                        text: rest[..end].trim_end_matches([' ', '\t']),
                        column: self.column,
                        blank: breaks > 1,
                    };
                    if gap.breaks || first {
                        gap.own.push(comment);
                    } else {
                        gap.trailing = Some(comment);
                    }
                    breaks = 0;
                    self.advance(self.at + end);
                }
                _ => break,
            }
        }
        gap.blank = breaks > 1;
        gap.some = self.at > start;
        gap
    }

    /// The kind of the piece that begins here, and its end.
    fn kind(&mut self) -> Option<(Kind, usize)> {
        let rest = self.rest();
        let Some(char) = rest.chars().next() else {
            return Some((Kind::End, self.at));
        };
        let one = |kind| Some((kind, self.at + 1));
        let blank =
            |at: usize| matches!(rest.as_bytes().get(at), None | Some(b' ' | b'\t' | b'\n'));
        if self.column == 0 && (rest.starts_with("---") || rest.starts_with("...")) && blank(3) {
            return Some((Kind::Marker, self.at + 3));
        }
        let at = self.at;
        let name_end = |extra: &[char]| {
            let ends = |c: char| matches!(c, ' ' | '\t' | '\n') || extra.contains(&c);
            at + 1 + rest[1..].find(ends).unwrap_or(rest.len() - 1)
        };
        match char {
            '*' => Some((Kind::Alias, name_end(&[',', '[', ']', '{', '}']))),
            '!' if rest.starts_with("!<") => Some((Kind::Property, self.at + rest.find('>')? + 1)),
            '&' | '!' => Some((Kind::Property, name_end(&[',', '[', ']', '{', '}']))),
            '%' if self.column == 0 => {
                let line = &rest[..rest.find('\n')?];
                let line = line.split_once(" #").map_or(line, |(text, _)| text);
                let length = line.trim_end_matches([' ', '\t']).len();
                Some((Kind::Directive, self.at + length))
            }
            '[' | '{' => one(Kind::Open),
            ']' | '}' => one(Kind::Close),
            ',' => one(Kind::Comma),
            '|' | '>' => {
                self.scalar(Style::Block)?;
                Some((Kind::Block, name_end(&[])))
            }
            '\'' | '"' => {
                self.scalar(Style::Quoted)?;
                Some((Kind::Scalar, self.at + quoted(rest)?))
            }
            _ if self.plain_begins() => {
                let end = self.scalar(Style::Plain)?;
                Some((Kind::Scalar, end))
            }
            '-' if blank(1) => one(Kind::Dash),
            '?' => one(Kind::Question),
            ':' => one(Kind::Colon),
            _ => None,
        }
    }

    /// Whether the next scalar is a plain one that begins here. Its place
    /// begins with its anchor and tag, which are behind the cursor then.
    fn plain_begins(&self) -> bool {
        let next = self.scalars.get(self.next);
        next.is_some_and(|(style, start, end)| {
            *style == Style::Plain && *start <= self.at && self.at < *end
        })
    }

    /// Takes the next scalar, which must be of this style, and gives its end.
    fn scalar(&mut self, style: Style) -> Option<usize> {
        let (found, _, end) = *self.scalars.get(self.next)?;
        self.next += 1;
        (found == style).then_some(end)
    }

    /// Finds where the key begins whose colon was just taken.
    fn mark_key(&mut self) {
        let colon = self.pieces.len() - 1;
        let line = self.pieces[colon].line;
        let mut first = colon;
        while let Some(before) = first.checked_sub(1).map(|at| &self.pieces[at]) {
            let belongs = match before.kind {
                Kind::Scalar | Kind::Alias => first == colon,
                Kind::Property => true,
                _ => false,
            };
            if !belongs || before.line != line {
                break;
            }
            first -= 1;
        }
        self.pieces[first].key = true;
        self.parent = Some(self.pieces[first].column);
    }

    /// Takes the rest of a block scalar, whose header was just taken.
    fn block(&mut self) -> Option<()> {
        let scalar_end = self.scalars[self.next - 1].2;
        let header = self.gap_in_line();
        let start = self.at + 1;
        let mut lines = Vec::new();
        let mut at = start;
        while at < self.text.len() {
            let end = at + self.text[at..].find('\n')?;
            if end + 1 > scalar_end {
                break;
            }
            lines.push(&self.text[at..end]);
            at = end + 1;
        }
        let piece = self.pieces.last_mut()?;
        let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let is_blank = |line: &&str| line.trim_start_matches(' ').is_empty();
        let indent = match explicit_indent(piece.text) {
            Some(number) => self.parent.unwrap_or(0) + number,
            None => match lines.iter().find(|line| !is_blank(line)) {
                Some(first) => spaces(first),
                None => lines.iter().map(|line| line.len()).max().unwrap_or(0),
            },
        };
        let nothing = |line: &&str| is_blank(line) && line.len() <= indent;
        if !piece.text.contains('+') {
            while lines.last().is_some_and(nothing) {
                lines.pop();
            }
        }
        let length: usize = lines.iter().map(|line| line.len() + 1).sum();
        piece.header_comment = header;
        for line in lines {
            if nothing(&line) {
                piece.body.push("");
            } else {
                (spaces(line) >= indent).then_some(())?;
                piece.body.push(&line[indent..]);
            }
        }
        self.advance(start + length);
        Some(())
    }

    /// Goes to the end of a header's line, past its comment.
    fn gap_in_line(&mut self) -> Option<Comment<'a>> {
        let rest = self.rest();
        let end = rest.find('\n').unwrap_or(rest.len());
        let comment = rest[..end].find('#').map(|at| Comment {
            text: rest[at..end].trim_end_matches([' ', '\t']),
            column: self.column + at,
            blank: false,
        });
        self.advance(self.at + end);
        comment
    }
}

/// The number in the header of a block scalar.
pub(super) fn explicit_indent(header: &str) -> Option<usize> {
    let digit = header.chars().find_map(|char| char.to_digit(10))?;
    usize::try_from(digit).ok()
}

/// The length of the quoted text that begins here.
fn quoted(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = bytes[0];
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            // Two single quotes are one quote of the text.
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}
