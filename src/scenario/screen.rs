//! Places on the screen as a scenario writes them: positions, rectangles,
//! areas.

use super::{
    field::{Field, Shape, not_yet},
    node::{Kind, Node},
    problem::{Code, Problem, shown, ticked},
    reader::Reader,
    source::{Span, Spanned},
    value,
};
use crate::geometry::{Point, Rect};

/// Where to point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Position {
    /// `[x, y]`, a pixel of the screen.
    Pixel(Point),
    /// `50%,50%`, shares of the screen's width and height, each 0 to 1.
    Share {
        /// From the left edge.
        x: f64,
        /// From the top edge.
        y: f64,
    },
}

/// A part of the screen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Area {
    /// The name of a region.
    Named(Spanned<String>),
    /// A rectangle that is written out.
    Rect(Spanned<Rect>),
}

/// No coordinate is further away; what is outside of the screen is said later,
/// with the screen's size.
const FAR: i64 = 1_000_000;

/// The fields of a rectangle.
pub(super) static RECT: Shape = Shape {
    owner: "a rectangle",
    fields: &[
        Field::new(
            "x",
            "a whole number of pixels",
            "0",
            "its left edge, from the left of the screen",
        ),
        Field::new(
            "y",
            "a whole number of pixels",
            "0",
            "its top edge, from the top of the screen",
        ),
        Field::new("width", "a whole number of pixels", "100", "how wide it is"),
        Field::new("height", "a whole number of pixels", "28", "how high it is"),
    ],
    later: &[],
};

/// Keys of targets that are planned.
const LATER_TARGETS: [&str; 8] = [
    "image",
    "text",
    "window",
    "any",
    "in",
    "nth",
    "offset",
    "threshold",
];

impl Reader {
    /// `[x, y]` or `50%,50%`.
    pub(super) fn position(&mut self, node: &Node, field: &Field) -> Option<Spanned<Position>> {
        let problem = match &node.kind {
            Kind::Sequence(items) => match pixel(items) {
                Some(point) => return Some(Spanned::new(Position::Pixel(point), node.span)),
                None => self.bad_position(node, field),
            },
            Kind::Scalar(_) => {
                let text = &self.scalar(node, field)?.text;
                match shares(text) {
                    Some(position) => return Some(Spanned::new(position, node.span)),
                    None if is_name(text) => not_yet(node.span, "pointing at a named target")
                        .help(format!("give a position: `{}`", field.line())),
                    None => self.bad_position(node, field),
                }
            }
            Kind::Mapping(pairs) => {
                let later = |key: &Spanned<String>| LATER_TARGETS.contains(&key.value.as_str());
                match pairs.iter().find(|(key, _)| later(key)) {
                    Some((key, _)) => not_yet(key.span, &format!("the target `{}`", key.value))
                        .help(format!("give a position: `{}`", field.line())),
                    None => self.bad_position(node, field),
                }
            }
        };
        self.add(problem);
        None
    }

    fn bad_position(&self, node: &Node, field: &Field) -> Problem {
        let line = self.source.first_line_of(node.span);
        let written = shown(self.source.slice(line), 40);
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
            node.span,
            format!("`{written}` is no position"),
        )
        .label("`[x, y]` in pixels, or `50%,50%` of the screen")
        .help(format!("write `{}: {meant}`", field.name))
    }

    /// A whole rectangle: `{ x, y, width, height }`.
    pub(super) fn rect(&mut self, node: &Node, span: Span) -> Option<Spanned<Rect>> {
        let fields = self.fields(node, &RECT, span)?;
        let before = self.seen();
        let mut number = |name: &str, least: i64| {
            fields.require(self, name, |reader, node, field| {
                reader.integer(node, field, (least, FAR))
            })
        };
        let (x, y) = (number("x", -FAR), number("y", -FAR));
        let (width, height) = (number("width", 0), number("height", 0));
        if self.seen() > before {
            return None;
        }
        let rect = Rect::new(
            i32::try_from(x?.value).ok()?,
            i32::try_from(y?.value).ok()?,
            u32::try_from(width?.value).ok()?,
            u32::try_from(height?.value).ok()?,
        );
        Some(Spanned::new(rect, node.span))
    }

    /// A region's name, or a rectangle.
    pub(super) fn area(&mut self, node: &Node, field: &Field) -> Option<Area> {
        match &node.kind {
            Kind::Mapping(_) => self.rect(node, node.span).map(Area::Rect),
            _ => self.line(node, field).map(Area::Named),
        }
    }

    /// A list of areas.
    pub(super) fn areas(&mut self, node: &Node, field: &Field) -> Option<Vec<Area>> {
        let items = self.list(node, field)?;
        let areas = items.iter().map(|item| self.area(item, field));
        // All are read before one that is bad spoils the list.
        areas.collect::<Vec<_>>().into_iter().collect()
    }
}

/// `[x, y]`, two whole numbers.
fn pixel(items: &[Node]) -> Option<Point> {
    let [x, y] = items else { return None };
    let number = |node: &Node| match &node.kind {
        Kind::Scalar(scalar) if scalar.plain => value::integer(&scalar.text),
        _ => None,
    };
    let coordinate = |node| i32::try_from(number(node)?.clamp(-FAR, FAR)).ok();
    Some(Point::new(coordinate(x)?, coordinate(y)?))
}

/// `50%,50%`, blanks around the comma allowed.
fn shares(text: &str) -> Option<Position> {
    let (x, y) = text.split_once(',')?;
    Some(Position::Share {
        x: value::percentage(x.trim()).ok()?,
        y: value::percentage(y.trim()).ok()?,
    })
}

/// Whether a text could be the name of a target.
fn is_name(text: &str) -> bool {
    text.starts_with(char::is_alphabetic)
}

/// An area as a message shows it.
impl std::fmt::Display for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Named(name) => f.write_str(&ticked(&name.value)),
            Self::Rect(rect) => write!(f, "{}", rect.value),
        }
    }
}
