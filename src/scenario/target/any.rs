//! The first of several targets that is visible.

use super::{Look, Target, TargetKind, image::THRESHOLD};
use crate::scenario::{
    node::Node,
    reader::Reader,
    shape::{Field, Form},
};

const ANY: Field = Field::new(
    "any",
    Form::TargetList,
    "a list of targets",
    "[save-button, { text: Save }]",
    "the first of these targets that is visible",
);

/// Its row in the table of kinds.
pub(super) const KIND: TargetKind = TargetKind {
    field: ANY,
    takes: &[THRESHOLD],
    read: |reader, _, node, field| reader.targets(node, field).map(Look::Any),
};

impl Reader {
    /// A list of targets with something in it.
    pub(in crate::scenario) fn targets(
        &mut self,
        node: &Node,
        field: &Field,
    ) -> Option<Vec<Target>> {
        self.filled(node, field)?;
        let entry = field.named("target");
        self.entries(node, &entry, Self::target)
    }
}
