//! The verbs of the language: a table, and one file for each verb.
//!
//! A new verb is one file and one line of [`VERBS`].

mod click;
mod hotkey;
mod launch;
mod press;
mod record;
mod screenshot_assert;
mod r#type;
mod wait_ready;

pub(super) use self::screenshot_assert::LIMITS;
pub use self::{
    click::Click,
    hotkey::Hotkey,
    launch::Launch,
    press::Press,
    record::Record,
    screenshot_assert::{Limits, ScreenshotAssert},
    r#type::Type,
};
use super::{
    field::{Field, Fields, Shape},
    node::{Kind, Node},
    problem::{Code, Problem},
    reader::{Reader, missing_value},
    source::{Span, Spanned},
};

/// What a verb needs of the desktop beside a screen, a pointer and a keyboard.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Need {
    /// Starting programs.
    Execute,
}

/// One verb of the language.
#[derive(Debug)]
pub struct Verb {
    /// The word for it.
    pub name: &'static str,
    /// What it does, in one sentence without a dot.
    pub doc: &'static str,
    /// Its fields.
    pub shape: &'static Shape,
    /// The field that a value alone fills: `click: [1, 2]` is
    /// `click: { target: [1, 2] }`.
    pub short: Option<&'static Field>,
    /// Whether it may stand alone: `- wait-ready`.
    pub bare: bool,
    /// A step with it, as YAML in one line.
    pub example: &'static str,
    /// What it needs of the desktop.
    pub needs: Option<Need>,
    /// Reads its argument.
    read: fn(&mut Reader, &Written<'_>) -> Option<Action>,
}

/// Every verb that can be played, in the order of the manual.
pub static VERBS: [&Verb; 10] = [
    &wait_ready::VERB,
    &launch::VERB,
    &click::VERB,
    &click::DOUBLE,
    &click::RIGHT,
    &r#type::VERB,
    &press::VERB,
    &hotkey::VERB,
    &screenshot_assert::VERB,
    &record::VERB,
];

/// Verbs of the language that this version cannot play yet.
pub static LATER: [&str; 16] = [
    "run",
    "move",
    "drag",
    "scroll",
    "wait",
    "assert",
    "screenshot",
    "resize",
    "restart",
    "upload",
    "download",
    "use",
    "if",
    "for-each",
    "repeat-until",
    "group",
];

/// What a step does, as it is written.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the types say it")]
pub enum Action {
    WaitReady,
    Launch(Launch),
    Click(Click),
    Type(Type),
    Press(Press),
    Hotkey(Hotkey),
    ScreenshotAssert(ScreenshotAssert),
    Record(Record),
}

/// A verb as it stands in a step.
pub(super) struct Written<'n> {
    pub(super) verb: &'static Verb,
    /// Where the word stands.
    pub(super) key: Span,
    /// What is written behind it, if anything is.
    pub(super) argument: Option<&'n Node>,
}

/// The argument of a verb, in one of its forms.
enum Argument<'n> {
    /// A value alone, and the field that it fills.
    Short(&'n Node, Field),
    /// A mapping of the verb's fields.
    Fields(Fields<'n>),
}

impl Written<'_> {
    /// Reads the argument.
    pub(super) fn read(&self, reader: &mut Reader) -> Option<Action> {
        (self.verb.read)(reader, self)
    }

    /// Reads the verb's field `name` from whichever form is written, and the
    /// rest of the fields with `rest`.
    fn field<T>(
        &self,
        reader: &mut Reader,
        name: &str,
        read: impl FnOnce(&mut Reader, &Node, &Field) -> Option<T>,
        rest: impl FnOnce(&mut Reader, &Fields<'_>),
    ) -> Option<T> {
        match self.form(reader)? {
            Argument::Short(node, field) => read(reader, node, &field),
            Argument::Fields(fields) => {
                rest(reader, &fields);
                fields.require(reader, name, read)
            }
        }
    }

    fn form(&self, reader: &mut Reader) -> Option<Argument<'_>> {
        let Some(node) = self.argument else {
            reader.add(self.no_argument(reader));
            return None;
        };
        match (&node.kind, self.verb.short) {
            (Kind::Scalar(_) | Kind::Sequence(_), Some(field)) => {
                // Messages show the line as it is written: `press: Return`.
                let name = self.verb.name;
                Some(Argument::Short(node, Field { name, ..*field }))
            }
            _ => reader
                .fields(node, self.verb.shape, self.key)
                .map(Argument::Fields),
        }
    }

    fn no_argument(&self, reader: &Reader) -> Problem {
        let nothing = Node {
            span: self.key,
            aliased: false,
            kind: Kind::Mapping(Vec::new()),
        };
        let takes = self.verb.short.map_or("a mapping", |field| field.takes);
        let field = Field::new(self.verb.name, takes, "", "");
        let problem = missing_value(&reader.source, &nothing, &field);
        match problem.help {
            Some(ref help) if help.starts_with("` #`") => problem,
            _ => problem.help(format!("write `- {}`", self.verb.example)),
        }
    }
}

/// How often something is done, at most `most` times.
fn count(reader: &mut Reader, node: &Node, field: &Field, most: u32) -> Option<Spanned<u32>> {
    let number = reader.integer(node, field, (1, i64::from(most)))?;
    let value = u32::try_from(number.value).ok()?;
    Some(Spanned::new(value, number.span))
}

/// The problem of a key of the keyboard that does not exist.
fn unknown_key_name(span: Span, name: &str, nearest: Option<&str>, field: &str) -> Problem {
    let problem = Problem::new(
        Code::UnknownKeyName,
        span,
        format!("there is no key named {}", super::problem::ticked(name)),
    );
    match nearest {
        Some(near) => problem
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{field}: {near}`")),
        None => problem.label("not a key").help(
            "keys have X11's names: `Return`, `Escape`, `Tab`, `Page_Down`, `F5`; a character \
             is a key too: `a`; to type a text use `type`",
        ),
    }
}
