//! A window.

use std::path::Path;

use super::{Beside, Fields, Finds, Kind, Look, Meaning, Resolver, map};
use crate::{
    plan::{Wording, notation},
    scenario::{self, Txt},
};

/// What identifies a window; at least one of them.
#[derive(Clone, Debug, PartialEq)]
pub struct WindowLook {
    /// Its title.
    pub title: Option<Wording>,
    /// Its instance and class, or one of the two: `Mousepad`.
    pub class: Option<Wording>,
}

impl Kind for WindowLook {
    fn title(&self) -> String {
        match self {
            Self {
                title: Some(title), ..
            } => format!("window: {title}"),
            Self { class, .. } => {
                let class = class.as_ref().map_or_else(String::new, Wording::to_string);
                format!("window of class {class}")
            }
        }
    }

    fn notation(&self, _folder: &Path) -> Fields {
        let parts = [("title", &self.title), ("class", &self.class)].into_iter();
        let parts =
            parts.filter_map(|(key, wording)| Some((key, notation::wording(wording.as_ref()?))));
        vec![("window", map(parts))]
    }

    fn finds(&self) -> Finds<'_> {
        Finds::Window
    }
}

impl Meaning for WindowLook {
    type Written = scenario::WindowLook;

    fn resolve(
        written: &Self::Written,
        _beside: &mut Beside<'_>,
        resolver: &mut Resolver<'_, '_>,
    ) -> Option<Look> {
        let mut wording = |text: Option<&Txt>| match text {
            Some(text) => resolver.wording(text).map(Some),
            None => Some(None),
        };
        let (title, class) = (
            wording(written.title.as_ref()),
            wording(written.class.as_ref()),
        );
        Some(Look::Window(Self {
            title: title?,
            class: class?,
        }))
    }
}
