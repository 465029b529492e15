//! A window.

use super::{Look, TargetKind};
use crate::scenario::{
    node::{Kind, Node},
    reader::{Reader, not_of_type},
    shape::{Field, Form, Shape},
    template::Txt,
};

const WINDOW_FIELD: Field = Field::new(
    "window",
    Form::Window,
    "the title of a window",
    "/Save As/",
    "a window by its title, or a regular expression between slashes; `{ title, class }` also \
     checks its class",
);

/// Its row in the table of kinds.
pub(super) const KIND: TargetKind = TargetKind {
    field: WINDOW_FIELD,
    takes: &[],
    read: |reader, _, node, field| reader.window(node, field).map(Look::Window),
};

/// What identifies a window.
#[derive(Clone, Debug)]
pub struct WindowLook {
    /// Its title.
    pub title: Option<Txt>,
    /// Its class.
    pub class: Option<Txt>,
}

const TITLE: Field = Field::new(
    "title",
    Form::Text,
    "the title of a window",
    "/Save As/",
    "its title, or a regular expression between slashes",
);

const CLASS: Field = Field::new(
    "class",
    Form::Text,
    "the class of a window",
    "Mousepad",
    "its class or instance, or a regular expression between slashes",
);

/// What identifies a window, in full.
pub static WINDOW: Shape = Shape::new("`window`", &[TITLE, CLASS]);

impl Reader {
    pub(in crate::scenario) fn window(&mut self, node: &Node, field: &Field) -> Option<WindowLook> {
        if !matches!(node.kind, Kind::Mapping(_)) {
            return Some(WindowLook {
                title: Some(self.filled_text(node, field)?),
                class: None,
            });
        }
        let fields = self.fields(node, &WINDOW, node.span)?;
        let before = self.seen();
        let look = WindowLook {
            title: fields.read(self, &TITLE, Self::filled_text),
            class: fields.read(self, &CLASS, Self::filled_text),
        };
        if self.seen() == before && look.title.is_none() && look.class.is_none() {
            self.add(not_of_type(node, field, field.example));
        }
        (self.seen() == before).then_some(look)
    }
}
