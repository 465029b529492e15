//! Parts of the screen as a scenario writes them: rectangles, regions, areas.

use super::{
    node::{Kind, Node},
    reader::Reader,
    shape::{Field, Form, Shape},
    source::Span,
    template::{Txt, Val},
};

/// A part of the screen.
#[derive(Clone, Debug)]
pub enum Area {
    /// The name of a region.
    Named(Txt),
    /// A rectangle that is written out.
    Rect(RectWritten),
}

/// A rectangle as it is written.
#[derive(Clone, Debug)]
pub struct RectWritten {
    /// Where.
    pub span: Span,
    /// Its left edge, from the left of the screen.
    pub x: Val<i32>,
    /// Its top edge, from the top of the screen.
    pub y: Val<i32>,
    /// How wide it is.
    pub width: Val<u32>,
    /// How high it is.
    pub height: Val<u32>,
}

/// The largest coordinate; what is outside the screen is reported later, when its size is known.
pub(super) const FAR: i64 = 1_000_000;

const PLACE: Form = Form::Integer {
    least: -FAR,
    most: FAR,
};

const EXTENT: Form = Form::Integer {
    least: 0,
    most: FAR,
};

const X: Field = Field::new(
    "x",
    PLACE,
    "a whole number of pixels",
    "0",
    "its left edge, from the left of the screen",
)
.required();

const Y: Field = Field::new(
    "y",
    PLACE,
    "a whole number of pixels",
    "0",
    "its top edge, from the top of the screen",
)
.required();

const WIDTH: Field = Field::new(
    "width",
    EXTENT,
    "a whole number of pixels",
    "100",
    "its width",
)
.required();

const HEIGHT: Field = Field::new(
    "height",
    EXTENT,
    "a whole number of pixels",
    "28",
    "its height",
)
.required();

/// The fields of a rectangle.
pub static RECT: Shape = Shape::new("a rectangle", &[X, Y, WIDTH, HEIGHT]);

impl Reader {
    /// A whole rectangle: `{ x, y, width, height }`.
    pub(super) fn rect(&mut self, node: &Node, span: Span) -> Option<RectWritten> {
        let before = self.seen();
        let fields = self.fields(node, &RECT, span)?;
        let (x, y) = (
            fields.read(self, &X, Self::value),
            fields.read(self, &Y, Self::value),
        );
        let (width, height) = (
            fields.read(self, &WIDTH, Self::value),
            fields.read(self, &HEIGHT, Self::value),
        );
        if self.seen() > before {
            return None;
        }
        Some(RectWritten {
            span: node.span,
            x: x?,
            y: y?,
            width: width?,
            height: height?,
        })
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
        self.entries(node, field, Self::area)
    }
}
