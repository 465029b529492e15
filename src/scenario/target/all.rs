//! Several targets that appear together.

use super::{Look, TARGET, TOGETHER, Target, TargetKind, relation::DISTANCE};
use crate::scenario::{
    node::Node,
    reader::Reader,
    shape::{Field, Form},
};

const ALL: Field = Field::new(
    "all",
    Form::Together,
    "a list of targets",
    "[{ image: images/icon.png }, { text: Ready }]",
    "all of these targets, visible at once: the rectangle around a match of the first and the \
     nearest match of each of the others",
);

/// Its row in the table of kinds.
pub(super) const KIND: TargetKind = TargetKind {
    field: ALL,
    takes: &[DISTANCE],
    read: |reader, _, node, field| reader.all(node, field).map(Look::All),
};

impl Reader {
    fn all(&mut self, node: &Node, field: &Field) -> Option<Vec<Target>> {
        self.filled(node, field)?;
        let entry = field.named("target");
        let mut shape = &TARGET;
        self.entries(node, &entry, |reader, node, field| {
            let target = reader.target_as(shape, node, field);
            shape = &TOGETHER;
            target
        })
    }
}
