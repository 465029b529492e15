//! Pieces to lines: where a line ends, and how far it is indented.
//!
//! Lines end where they ended before, but for three places: what follows a
//! dash stands after it, brackets over several lines have one entry a line,
//! and brackets over one line stay on it.

use super::{
    lines::{Lines, spelled},
    piece::{Comment, Kind, Piece, explicit_indent},
};

/// A level is this many blanks deeper than the one around it.
const STEP: usize = 2;

/// A block list or mapping that is open.
#[derive(Clone, Copy)]
struct Level {
    /// Its column in the text as written.
    column: usize,
    /// Its column in the standard form.
    indent: usize,
    shape: Shape,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Shape {
    Map,
    List,
    /// A list whose dashes stand below the first letter of its key.
    FlushList,
}

/// Brackets that are open.
struct Brackets {
    /// The indentation of the closing one.
    close: usize,
    /// The indentation of the entries.
    entries: usize,
    /// Whether each entry has its line.
    spread: bool,
}

/// Where a piece goes.
struct Placement {
    breaks: bool,
    indent: usize,
    /// Whether blank lines above it are kept.
    airy: bool,
}

struct Layout<'p, 'a> {
    pieces: &'p [Piece<'a>],
    levels: Vec<Level>,
    brackets: Vec<Brackets>,
    /// Where comments may belong that stand between the last piece and the
    /// next: column as written and indentation, the deepest first.
    ended: Vec<(usize, usize)>,
    lines: Lines,
}

/// The standard form.
pub(super) fn lay_out(pieces: &[Piece<'_>]) -> String {
    let spread = spread(pieces);
    let mut layout = Layout {
        pieces,
        levels: Vec::new(),
        brackets: Vec::new(),
        ended: Vec::new(),
        lines: Lines::default(),
    };
    for (at, piece) in pieces.iter().enumerate() {
        layout.put(at, piece, spread[at]);
    }
    layout.lines.finish()
}

/// For each opening bracket, whether its entries get lines of their own.
fn spread(pieces: &[Piece<'_>]) -> Vec<bool> {
    let mut spread = vec![false; pieces.len()];
    let mut open = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece.kind {
            Kind::Open => open.push(at),
            Kind::Close => {
                if let Some(start) = open.pop() {
                    let empty = start + 1 == at && !piece.gap.has_comments();
                    spread[start] = pieces[start].line != piece.line && !empty;
                }
            }
            _ => {}
        }
    }
    spread
}

impl Layout<'_, '_> {
    fn put(&mut self, at: usize, piece: &Piece<'_>, spread: bool) {
        let before = at.checked_sub(1).map(|at| &self.pieces[at]);
        let place = match self.brackets.last() {
            Some(brackets) => in_brackets(brackets, before, piece),
            None => self.in_block(before, piece),
        };
        if let Some(comment) = &piece.gap.trailing {
            self.lines.comment(comment);
        }
        for comment in &piece.gap.own {
            let indent = self.comment_indent(comment, piece, &place);
            self.lines.begin(indent, comment.blank && place.airy);
            self.lines.add(&spelled(comment.text));
        }
        if piece.kind == Kind::End {
            return;
        }
        if place.breaks {
            let blank = piece.gap.blank && (place.airy || !piece.gap.own.is_empty());
            let blank = blank && (piece.kind != Kind::Close || self.brackets.is_empty());
            self.lines.begin(place.indent, blank);
        } else if let Some(before) = before {
            self.lines.add(between(before, piece));
        }
        self.write(piece);
        match piece.kind {
            Kind::Open => {
                let close = self.inside();
                let entries = close + STEP;
                self.brackets.push(Brackets {
                    close,
                    entries,
                    spread,
                });
            }
            Kind::Close => drop(self.brackets.pop()),
            _ => {}
        }
    }

    /// The indentation of what belongs to the innermost level.
    fn inside(&self) -> usize {
        match (self.brackets.last(), self.levels.last()) {
            (Some(brackets), _) => brackets.entries,
            (None, Some(level)) => level.indent + STEP,
            (None, None) => 0,
        }
    }

    fn in_block(&mut self, before: Option<&Piece<'_>>, piece: &Piece<'_>) -> Placement {
        self.follow_levels(before, piece);
        let apart = matches!(piece.kind, Kind::Marker | Kind::Directive | Kind::End);
        let own_line = apart || before.is_none();
        let joined = before.is_some_and(|before| {
            let introduces = matches!(before.kind, Kind::Dash | Kind::Question)
                || (before.kind == Kind::Colon && before.key);
            // A list may begin right below the colon that it is the value of.
            let deeper = piece.column > before.column;
            let flush = piece.kind == Kind::Dash
                && before.kind == Kind::Colon
                && piece.column == before.column;
            introduces && (deeper || flush) && !piece.gap.has_comments()
        });
        let indent = if apart {
            0
        } else if piece.kind == Kind::Dash || piece.key || piece.kind == Kind::Question {
            self.levels.last().map_or(0, |level| level.indent)
        } else {
            self.inside()
        };
        Placement {
            breaks: own_line || (piece.gap.breaks && (!joined || apart)),
            indent,
            airy: true,
        }
    }

    /// Ends and begins the block levels that this piece ends and begins.
    fn follow_levels(&mut self, before: Option<&Piece<'_>>, piece: &Piece<'_>) {
        self.ended.clear();
        let apart = matches!(piece.kind, Kind::Marker | Kind::Directive | Kind::End);
        let begins_key = piece.key || piece.kind == Kind::Question;
        if let (Some(before), Some(top)) = (before, self.levels.last()) {
            let introduces = matches!(
                before.kind,
                Kind::Dash | Kind::Colon | Kind::Question | Kind::Property
            );
            if introduces && (apart || piece.column <= top.column) {
                self.ended.push((top.column + 1, top.indent + STEP));
            }
        }
        while let Some(top) = self.levels.last() {
            let flush = top.shape == Shape::FlushList && top.column == piece.column && begins_key;
            if !(apart || top.column > piece.column || flush) {
                break;
            }
            if top.column > piece.column {
                self.ended.push((top.column, top.indent));
            }
            self.levels.pop();
        }
        let top = self.levels.last().copied();
        let deeper = top.is_none_or(|top| top.column < piece.column);
        let below_key =
            top.is_some_and(|top| top.shape == Shape::Map && top.column == piece.column);
        let shape = match piece.kind {
            Kind::Dash if below_key => Shape::FlushList,
            Kind::Dash if deeper => Shape::List,
            _ if begins_key && deeper => Shape::Map,
            _ => return,
        };
        self.levels.push(Level {
            column: piece.column,
            indent: self.inside(),
            shape,
        });
    }

    /// A comment is indented like what follows it, or like the level that
    /// ended above it where it was written as a part of that: a step that is
    /// commented out stays among the steps.
    fn comment_indent(&self, comment: &Comment<'_>, piece: &Piece<'_>, place: &Placement) -> usize {
        if let Some(brackets) = self.brackets.last() {
            return brackets.entries;
        }
        let mut ended = self.ended.iter();
        let belongs = ended.find(|(column, _)| comment.column >= *column);
        belongs
            .filter(|_| piece.kind == Kind::End || place.breaks)
            .map_or(place.indent, |(_, indent)| *indent)
    }

    fn write(&mut self, piece: &Piece<'_>) {
        let mut lines = piece.text.split('\n').peekable();
        let mut first = true;
        let inside = match self.brackets.last() {
            Some(brackets) => brackets.entries + STEP,
            None => self.inside().max(STEP),
        };
        while let Some(line) = lines.next() {
            let mut line = line;
            if !first {
                line = line.trim_start_matches([' ', '\t']);
            }
            if lines.peek().is_some() {
                line = without_blanks(line);
            }
            if first {
                self.lines.add(line);
            } else {
                self.lines.whole(inside, line);
            }
            first = false;
        }
        if piece.kind != Kind::Block {
            return;
        }
        if let Some(comment) = &piece.header_comment {
            self.lines.comment(comment);
        }
        let indent = match explicit_indent(piece.text) {
            Some(number) => self.levels.last().map_or(0, |level| level.indent) + number,
            None => inside,
        };
        for line in &piece.body {
            self.lines.whole(indent, line);
        }
    }
}

/// A line of a scalar without the blanks at its end, which mean nothing but
/// where a backslash makes the first of them a part of the text.
fn without_blanks(line: &str) -> &str {
    let bare = line.trim_end_matches([' ', '\t']);
    let slashes = bare.len() - bare.trim_end_matches('\\').len();
    if slashes % 2 == 1 && bare.len() < line.len() {
        &line[..=bare.len()]
    } else {
        bare
    }
}

fn in_brackets(brackets: &Brackets, before: Option<&Piece<'_>>, piece: &Piece<'_>) -> Placement {
    let before = before.map(|before| before.kind);
    let after_sign = matches!(before, Some(Kind::Open | Kind::Comma));
    let closes = piece.kind == Kind::Close;
    let commented = piece.gap.has_comments();
    let indent = if closes {
        brackets.close
    } else if after_sign || piece.kind == Kind::Comma {
        brackets.entries
    } else {
        brackets.entries + STEP
    };
    Placement {
        breaks: commented || (brackets.spread && (closes || after_sign)),
        indent,
        airy: before == Some(Kind::Comma) && !closes,
    }
}

/// What stands between two pieces of one line.
fn between(before: &Piece<'_>, piece: &Piece<'_>) -> &'static str {
    let blank_if = |blank| if blank { " " } else { "" };
    match (before.kind, piece.kind) {
        (Kind::Open, Kind::Close) | (Kind::Scalar | Kind::Close, Kind::Colon) => "",
        (Kind::Open, _) => blank_if(before.text == "{"),
        (_, Kind::Close) => blank_if(piece.text == "}"),
        // A name may have a comma or a colon in it, for some readers.
        (Kind::Property | Kind::Colon | Kind::Alias, Kind::Comma) => blank_if(piece.gap.some),
        (_, Kind::Comma) => "",
        _ => " ",
    }
}
