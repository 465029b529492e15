//! `type`.

use std::{path::Path, time::Duration};

use super::{
    Resolve, Resolver, Verb,
    notation::{self, Value, duration, map},
    written,
};
use crate::{
    plan::{Need, Part, Text, resolve::standard},
    scenario::{Code, Problem, Span, shown},
};

/// The longest text in a title, in characters.
const LONGEST: usize = 52;

/// Types a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// The text, which may have several lines.
    pub text: Text,
    /// The pause after each character; `None` is as fast as it goes.
    pub speed: Option<Duration>,
    /// Whether to look at what arrived.
    pub verify: bool,
}

impl Verb for Type {
    fn title(&self) -> String {
        format!("\"{}\"", shown(&self.text.to_string(), LONGEST))
    }

    fn argument(&self, _: &Path) -> Value {
        let mut fields = vec![("text", notation::text(&self.text))];
        fields.extend(self.speed.map(|speed| ("speed", duration(speed))));
        fields.push(("verify", self.verify.into()));
        map(fields)
    }

    fn needs(&self) -> Vec<Need> {
        if self.verify {
            vec![Need::Clipboard]
        } else {
            Vec::new()
        }
    }

    fn is_about_windows(&self) -> bool {
        true
    }

    fn timeout(&self, usually: Duration) -> Duration {
        let pauses = self.speed.unwrap_or_default();
        let requests = u32::from(self.speed.is_some()) + u32::from(self.verify);
        usually + pauses.saturating_mul(length(&self.text)) + typing(&self.text, requests)
    }

    fn strokes(&self) -> Option<usize> {
        Some(self.text.to_string().chars().count())
    }
}

/// How long a text takes to type beyond what a step usually may take, where each
/// character takes this many requests of its own.
pub(super) fn typing(text: &Text, requests: u32) -> Duration {
    let each = standard::TYPED + standard::REQUEST * requests;
    each.saturating_mul(length(text).saturating_sub(standard::SHORT_TEXT))
}

/// How many characters a text has.
fn length(text: &Text) -> u32 {
    u32::try_from(text.to_string().chars().count()).unwrap_or(u32::MAX)
}

impl Resolve for written::Type {
    type Meant = Type;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Type> {
        let text = resolver.text(&self.text);
        let speed = resolver.optional(self.speed.as_ref());
        let verify = resolver.optional(self.verify.as_ref());
        let (text, verify) = (text?, verify?.unwrap_or(false));
        check_typable(&text, self.text.span, resolver);
        if verify && text.is_secret() {
            resolver.add(verified_secret(self.text.span));
        }
        Some(Type {
            text,
            speed: speed?,
            verify,
        })
    }
}

/// Says so where a text has a character that no key types.
pub(super) fn check_typable(text: &Text, span: Span, resolver: &mut Resolver<'_, '_>) {
    if let Some(char) = untypable(text) {
        resolver.add(untypable_text(char, span));
    }
}

/// A character that no key types.
fn untypable(text: &Text) -> Option<char> {
    let plain = text.parts().iter().filter_map(|part| match part {
        Part::Plain(text) => Some(text.as_str()),
        _ => None,
    });
    let untypable = |c: &char| c.is_control() && !matches!(c, '\n' | '\t');
    plain.flat_map(str::chars).find(untypable)
}

fn untypable_text(char: char, span: Span) -> Problem {
    let code = u32::from(char);
    Problem::new(
        Code::UntypableText,
        span,
        format!("no key types the character U+{code:04X}"),
    )
    .label("this text contains a control character")
    .help(match char {
        '\r' => "end lines with `\\n`",
        '\u{8}' => "write `- press: BackSpace`",
        '\u{1b}' => "write `- press: Escape`",
        '\u{7f}' => "write `- press: Delete`",
        _ => "press keys that are not characters: `- press: Return`, `- hotkey: ctrl+c`",
    })
}

fn verified_secret(span: Span) -> Problem {
    Problem::new(
        Code::ExposedSecret,
        span,
        "a secret cannot be verified, because a password field does not let its text be \
         selected and read",
    )
    .label("this types a secret")
    .help("remove `verify`")
}
