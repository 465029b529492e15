//! `caption`.

use std::{path::Path, time::Duration};

use super::{
    Resolve, Resolver, Verb,
    notation::{self, Value, duration, map},
    written,
};
use crate::{plan::Text, scenario::shown, timeline::CaptionPosition};

/// The longest text in a title, in characters.
const LONGEST: usize = 50;

/// Words over a film.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// The words; an empty text removes the previous caption.
    pub text: Text,
    /// Where they are.
    pub position: CaptionPosition,
    /// How long they are shown; until the next ones if it is `None`.
    pub lasting: Option<Duration>,
}

impl Caption {
    /// It as it is written.
    #[must_use]
    pub fn notation(&self) -> Value {
        let mut fields = vec![
            ("text", notation::text(&self.text)),
            ("position", self.position.to_string().as_str().into()),
        ];
        fields.extend(self.lasting.map(|lasting| ("for", duration(lasting))));
        map(fields)
    }
}

impl Verb for Caption {
    fn title(&self) -> String {
        format!("\"{}\"", shown(&self.text.to_string(), LONGEST))
    }

    fn argument(&self, _: &Path) -> Value {
        self.notation()
    }
}

impl Resolve for written::Caption {
    type Meant = Caption;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Caption> {
        let text = resolver.text(&self.text);
        let position = resolver.optional(self.position.as_ref());
        let lasting = resolver.optional(self.lasting.as_ref());
        Some(Caption {
            text: text?,
            position: position?
                .and_then(|word| word.0.parse().ok())
                .unwrap_or_default(),
            lasting: lasting?,
        })
    }
}
