//! A text on the screen.

use super::{Look, TargetKind};
use crate::scenario::shape::{Field, Form};

const TEXT: Field = Field::new(
    "text",
    Form::Text,
    "a text",
    "Save",
    "a word or phrase on the screen, or a regular expression between slashes",
);

/// Its row in the table of kinds.
pub(super) const KIND: TargetKind = TargetKind {
    field: TEXT,
    takes: &[],
    read: |reader, _, node, field| reader.filled_text(node, field).map(Look::Text),
};
