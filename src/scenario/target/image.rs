//! A picture, or several of the same thing.

use super::{Look, TargetKind};
use crate::scenario::{
    node::{Kind, Node},
    reader::Reader,
    shape::{Field, Form},
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

/// Its row in the table of kinds.
pub(super) const KIND: TargetKind = TargetKind {
    field: IMAGE,
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
