//! `clipboard`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{self, Value, map},
    written,
};
use crate::{
    input::Clipboard,
    limits,
    plan::{Need, Part, Text},
    scenario::{Choice, Code, Problem, Span, Val, shown},
};

/// The longest text in a title, in characters.
const LONGEST: usize = 50;

/// Puts a text on a clipboard.
#[derive(Clone, Debug, PartialEq)]
pub struct SetClipboard {
    /// The text.
    pub text: Text,
    /// Where it goes.
    pub clipboard: Clipboard,
}

impl Verb for SetClipboard {
    fn title(&self) -> String {
        format!("\"{}\"", shown(&self.text.to_string(), LONGEST))
    }

    fn argument(&self, _: &Path) -> Value {
        map([
            ("text", notation::text(&self.text)),
            ("selection", self.clipboard.name().into()),
        ])
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Clipboard]
    }
}

impl Resolve for written::SetClipboard {
    type Meant = SetClipboard;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<SetClipboard> {
        let text = resolver.text(&self.text);
        let clipboard = resolver.clipboard(self.selection.as_ref());
        let text = text?;
        let plain = text.parts().iter().map(|part| match part {
            Part::Plain(text) => text.len(),
            Part::Secret(_) | Part::Captured { .. } => 0,
        });
        let length = plain.sum();
        if length > limits::CLIPBOARD {
            resolver.add(too_long(length, self.text.span));
            return None;
        }
        Some(SetClipboard {
            text,
            clipboard: clipboard?,
        })
    }
}

impl Resolver<'_, '_> {
    /// Which clipboard is meant.
    pub(super) fn clipboard(&mut self, written: Option<&Val<Choice>>) -> Option<Clipboard> {
        let choice = self.optional(written)?;
        let named = choice.and_then(|Choice(name)| Clipboard::from_name(name));
        Some(named.unwrap_or_default())
    }
}

fn too_long(length: usize, span: Span) -> Problem {
    let most = limits::CLIPBOARD;
    Problem::new(
        Code::OutOfRange,
        span,
        format!("a text of {length} bytes is too long for the clipboard"),
    )
    .label(format!("at most {most} bytes are possible"))
    .help("write it to a file and open that: `- upload: { from: text.txt, to: ~/text.txt }`")
}
