//! A text on the screen.

use std::path::Path;

use super::{Beside, Fields, Finds, Kind, Look, Meaning, Need, Resolver};
use crate::{
    plan::{Wording, notation},
    scenario::Txt,
};

/// A word or a phrase that is written on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLook {
    /// What is written there.
    pub wording: Wording,
}

impl Kind for TextLook {
    fn title(&self) -> String {
        format!("text: {}", self.wording)
    }

    fn notation(&self, _folder: &Path) -> Fields {
        vec![("text", notation::wording(&self.wording))]
    }

    fn finds(&self) -> Finds<'_> {
        Finds::Likeness
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::TextRecognition]
    }
}

impl Meaning for TextLook {
    type Written = Txt;

    fn resolve(
        written: &Self::Written,
        _beside: &mut Beside<'_>,
        resolver: &mut Resolver<'_, '_>,
    ) -> Option<Look> {
        let wording = resolver.wording(written)?;
        Some(Look::Text(Self { wording }))
    }
}
