//! `fill`.

use std::{path::Path, time::Duration};

use super::{
    Resolve, Resolver, Verb,
    notation::{self, Value, map},
    r#type::{check_typable, typing},
    written,
};
use crate::{
    plan::{Need, Target, Text},
    scenario::shown,
};

/// The longest text in a title, in characters.
const LONGEST: usize = 30;

/// Replaces what is in a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Fill {
    /// The field.
    pub target: Target,
    /// What it then contains.
    pub text: Text,
}

impl Verb for Fill {
    fn title(&self) -> String {
        let text = shown(&self.text.to_string(), LONGEST);
        format!("{} with \"{text}\"", self.target)
    }

    fn argument(&self, folder: &Path) -> Value {
        map([
            ("target", self.target.notation(folder)),
            ("text", notation::text(&self.text)),
        ])
    }

    fn needs(&self) -> Vec<Need> {
        // What other targets contain is read through the clipboard.
        if self.target.needs().contains(&Need::Widgets) {
            Vec::new()
        } else {
            vec![Need::Clipboard]
        }
    }

    fn targets(&self) -> Vec<&Target> {
        vec![&self.target]
    }

    fn timeout(&self, usually: Duration) -> Duration {
        usually + typing(&self.text, 0)
    }

    fn strokes(&self) -> Option<usize> {
        Some(self.text.to_string().chars().count())
    }
}

impl Resolve for written::Fill {
    type Meant = Fill;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Fill> {
        let target = resolver.target(&self.target);
        let text = resolver.text(&self.text)?;
        check_typable(&text, self.text.span, resolver);
        Some(Fill {
            target: target?,
            text,
        })
    }
}
