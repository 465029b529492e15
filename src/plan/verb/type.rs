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
        let length = self.text.to_string().chars().count();
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        let pauses = self.speed.unwrap_or_default().saturating_mul(length);
        let requests = u32::from(self.speed.is_some()) + u32::from(self.verify);
        let each = standard::TYPED + standard::REQUEST * requests;
        let more = length.saturating_sub(standard::SHORT_TEXT);
        usually + pauses + each.saturating_mul(more)
    }
}

impl Resolve for written::Type {
    type Meant = Type;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Type> {
        let text = resolver.text(&self.text);
        let speed = resolver.optional(self.speed.as_ref());
        let verify = resolver.optional(self.verify.as_ref());
        let (text, verify) = (text?, verify?.unwrap_or(false));
        if let Some(char) = untypable(&text) {
            resolver.add(untypable_text(char, self.text.span));
        }
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
