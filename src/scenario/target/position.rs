//! A position: `[x, y]` in pixels, or `50%,50%`; a word in its place may also be the
//! name of a target.

use super::{Look, TargetKind, is_name};
use crate::scenario::{
    node::{Kind, Node},
    notation::{Notation, Word, wrong_type},
    problem::{Code, Problem, shown},
    reader::Reader,
    screen::FAR,
    shape::{Field, Form},
    source::{Span, Spanned},
    template::Val,
    value,
};

const POSITION: Field = Field::new(
    "position",
    Form::Position,
    "a position",
    "\"50%,50%\"",
    "a position on the screen, or within `in`: `[x, y]` in pixels, or `50%,50%`",
);

/// Its row in the table of kinds.
pub(super) const KIND: TargetKind = TargetKind {
    field: POSITION,
    takes: &[],
    read: |reader, _, node, field| reader.position(node, field).map(Look::Position),
};

/// Where a position is.
#[derive(Clone, Debug)]
pub enum PositionWritten {
    /// `[x, y]`.
    Pixel([Val<i32>; 2]),
    /// `50%,50%`, or the name of a target.
    Word(Val<Pointed>),
}

/// A single word in place of a target.
#[derive(Clone, Debug, PartialEq)]
pub enum Pointed {
    /// `50%,50%`, shares of the width and the height, each 0 to 1.
    Share {
        /// From the left edge.
        x: f64,
        /// From the top edge.
        y: f64,
    },
    /// The name of a target.
    Name(String),
}

impl Notation for Pointed {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let text = word.text.trim();
        if let Some((x, y)) = text.split_once(',')
            && let (Ok(x), Ok(y)) = (value::percentage(x.trim()), value::percentage(y.trim()))
        {
            return Ok(Self::Share { x, y });
        }
        if is_name(text) {
            Ok(Self::Name(text.to_owned()))
        } else if value::percentage(text).is_ok() {
            Err(cut_by_comma(text, word))
        } else {
            Err(bad_position(text, word.span, word.field))
        }
    }
}

impl Reader {
    /// A position, or the name of a target.
    pub(super) fn position(&mut self, node: &Node, field: &Field) -> Option<PositionWritten> {
        Some(match &node.kind {
            Kind::Sequence(items) => PositionWritten::Pixel(self.pixel(node, items, field)?),
            _ => PositionWritten::Word(self.value(node, field)?),
        })
    }

    pub(in crate::scenario) fn offset(
        &mut self,
        node: &Node,
        field: &Field,
    ) -> Option<[Val<i32>; 2]> {
        if let Kind::Sequence(items) = &node.kind
            && items.len() == 2
        {
            return self.pixel(node, items, field);
        }
        let described = match &node.kind {
            Kind::Sequence(items) if !items.is_empty() => format!("a list of {}", items.len()),
            _ => node.describe(),
        };
        self.add(wrong_type(field, node.span, &described, field.example));
        None
    }

    /// `[x, y]`.
    fn pixel(&mut self, node: &Node, items: &[Node], field: &Field) -> Option<[Val<i32>; 2]> {
        let number = |node: &Node| match &node.kind {
            Kind::Scalar(scalar) => {
                value::has_interpolation(&scalar.text)
                    || scalar.plain && value::integer(&scalar.text).is_some()
            }
            _ => false,
        };
        let [x, y] = items else {
            self.add(self.bad_position(node, field));
            return None;
        };
        if !number(x) || !number(y) {
            self.add(self.bad_position(node, field));
            return None;
        }
        let coordinate = Field {
            form: Form::Integer {
                least: -FAR,
                most: FAR,
            },
            takes: "a whole number of pixels",
            ..*field
        };
        let (x, y) = (self.value(x, &coordinate), self.value(y, &coordinate));
        Some([x?, y?])
    }

    /// `{ x: 1, y: 2 }`, which other tools write.
    pub(super) fn position_keys(&self, node: &Node, field: &Field) -> Option<Problem> {
        let Kind::Mapping(pairs) = &node.kind else {
            return None;
        };
        let is_xy = |key: &Spanned<String>| matches!(key.value.as_str(), "x" | "y");
        (!pairs.is_empty() && pairs.iter().all(|(key, _)| is_xy(key)))
            .then(|| self.bad_position(node, field))
    }

    fn bad_position(&self, node: &Node, field: &Field) -> Problem {
        let line = self.source.first_line_of(node.span);
        bad_position(self.source.slice(line), node.span, field)
    }
}

fn bad_position(text: &str, span: Span, field: &Field) -> Problem {
    let written = shown(text, 40);
    let numbers: Vec<&str> = written
        .split(|c: char| !c.is_ascii_digit() && c != '-' && c != '.' && c != '%')
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let whole = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let share = |word: &str| value::percentage(word).is_ok();
    let meant = match numbers[..] {
        [x, y] if whole(x) && whole(y) => format!("[{x}, {y}]"),
        [x, y] if share(x) && share(y) => format!("{x},{y}"),
        _ => field.example.to_owned(),
    };
    Problem::new(
        Code::BadPosition,
        span,
        format!("`{written}` is neither a position nor the name of a target"),
    )
    .label("expected `[x, y]` in pixels, `50%,50%` of the screen, or a name from `targets`")
    .help(format!("write `{}: {meant}`", field.name))
}

/// `{ target: 50%,50% }`: within braces a comma ends the value.
fn cut_by_comma(text: &str, word: &Word<'_>) -> Problem {
    Problem::new(
        Code::BadPosition,
        word.span,
        format!("`{text}` is half of a position"),
    )
    .label("inside `{ }` and `[ ]` a comma ends the value")
    .help(format!(
        "put both numbers in quotes: `{}: \"{text},50%\"`",
        word.field.name
    ))
}
