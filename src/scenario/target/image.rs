//! A picture, or several of the same thing.

use super::{Look, TargetKind};
use crate::scenario::{
    node::{Kind, Node},
    problem::{Code, Problem},
    reader::Reader,
    shape::{Field, Form},
    source::Spanned,
    template::Txt,
};

const IMAGE: Field = Field::new(
    "image",
    Form::Paths,
    "the path of a picture",
    "images/save.png",
    "a picture, by its path relative to this file; `*` matches any characters of its name, and \
     a list names several pictures of the same thing; transparent pixels are ignored",
);

/// How like a picture a place has to be.
pub(super) const THRESHOLD: Field = Field::new(
    "threshold",
    Form::Percentage,
    "a percentage",
    "90%",
    "how similar to the picture a match has to be",
);

/// Which part of a picture counts.
pub(super) const IGNORE_BACKGROUND: Field = Field::new(
    "ignore-background",
    Form::Boolean,
    "`true` or `false`",
    "true",
    "whether to ignore the background of the picture: the pixels that have the colour of its \
     edge and are connected with the edge",
);

/// Its row in the table of kinds.
pub(super) const KIND: TargetKind = TargetKind {
    field: IMAGE,
    takes: &[THRESHOLD, IGNORE_BACKGROUND],
    read: |reader, _, node, field| reader.paths(node, field).map(Look::Image),
};

impl Reader {
    fn paths(&mut self, node: &Node, field: &Field) -> Option<Vec<Txt>> {
        if let Kind::Sequence(_) = &node.kind {
            self.filled(node, field)?;
            return self.entries(node, field, Self::line);
        }
        Some(vec![self.line(node, field)?])
    }
}

/// The problem of `threshold` beside something else.
pub(super) fn of_no_picture(key: &Spanned<String>) -> Problem {
    Problem::new(
        Code::UnknownKey,
        key.span,
        "`threshold` is for pictures, and this target has none",
    )
    .label("only pictures are compared by similarity")
    .help("remove it, or look for an `image`")
}

/// The problem of `ignore-background` beside something else.
pub(super) fn of_no_background(key: &Spanned<String>) -> Problem {
    Problem::new(
        Code::UnknownKey,
        key.span,
        "`ignore-background` is for pictures, and this target has none",
    )
    .label("this target has no background")
    .help("remove it, or write it next to an `image`")
}
