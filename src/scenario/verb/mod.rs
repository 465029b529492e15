//! The verbs of the language: a table, and one file for each verb.
//!
//! A new verb is one file and one line of the table.

mod assert;
mod caption;
mod click;
mod clipboard;
mod download;
mod drag;
pub(super) mod fact;
mod fill;
mod for_each;
mod group;
mod hold;
mod hotkey;
mod r#if;
mod launch;
mod r#move;
mod press;
mod record;
mod repeat_until;
mod resize;
mod restart;
mod run;
mod screenshot;
mod screenshot_assert;
mod scroll;
mod select;
pub(super) mod step;
mod tree_assert;
mod r#type;
mod upload;
mod r#use;
mod wait;
mod wait_ready;
mod window;

pub use self::screenshot_assert::LIMITS;
pub(crate) use self::{
    fact::Fact, hotkey::Keys, launch::Command, restart::PROCESSES, screenshot_assert::Limits,
    step::Step, wait::Awaited,
};
use super::{
    fields::{Fields, fields},
    node::{Kind, Node},
    problem::{Code, Problem},
    reader::{Reader, missing_value},
    shape::{Field, Form, Shape},
    source::Span,
    template::Val,
};
use crate::{input::Key, limits};

/// What a step needs of the desktop beside a screen, a pointer and a keyboard.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Need {
    /// Running commands on the desktop's machine.
    Execute,
    /// Moving files to and from the desktop's machine.
    Files,
    /// Holding keys down during a click.
    HeldKeys,
    /// Keeping keys and buttons down from one step to another.
    Hold,
    /// Reading and writing the clipboard.
    Clipboard,
    /// Reading text in pictures, which this machine does.
    TextRecognition,
    /// Moving, resizing and closing windows.
    Windows,
    /// Finding widgets by role and name.
    Widgets,
}

impl Need {
    /// The word for it in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Execute => "exec",
            Self::Files => "files",
            Self::HeldKeys => "held keys",
            Self::Hold => "hold",
            Self::Clipboard => "clipboard",
            Self::TextRecognition => "text recognition",
            Self::Windows => "window control",
            Self::Widgets => "widgets",
        }
    }
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
    /// The field that a value alone fills: `click: save` is
    /// `click: { target: save }`.
    pub short: Option<Field>,
    /// Whether it may stand alone: `- wait-ready`.
    pub bare: bool,
    /// The keys that stand beside it, such as the steps of a block.
    pub beside: &'static Shape,
    /// A step with it, as YAML.
    pub example: &'static str,
    /// What it needs of the desktop, whatever its fields say.
    pub needs: &'static [Need],
    /// Reads its argument.
    read: fn(&mut Reader, &Written<'_>) -> Option<Action>,
}

/// No keys, for a verb that takes none, or that none stand beside.
static NOTHING: Shape = Shape::new("a verb", &[]);

/// Makes of one table what everybody else knows of the verbs. A line is a verb's file,
/// the type of its argument, and the verbs that have it.
macro_rules! verbs {
    ($($file:ident::$Argument:ident $($VERB:ident)+;)+) => {
        $(pub(crate) use self::$file::$Argument;)+

        /// Every verb, in the order of the manual.
        pub static VERBS: &[&Verb] = &[$($(&$file::$VERB,)+)+];

        /// What a step does, as it is written.
        #[derive(Clone, Debug)]
        pub enum Action {
            $($Argument(Box<$Argument>),)+
        }
    };
}

verbs! {
    wait_ready::WaitReady VERB;
    launch::Launch VERB;
    run::Run VERB;
    click::Click VERB DOUBLE RIGHT;
    r#move::Move VERB;
    drag::Drag VERB;
    scroll::Scroll VERB;
    r#type::Type VERB;
    press::Press VERB;
    hotkey::Hotkey VERB;
    clipboard::SetClipboard VERB;
    fill::Fill VERB;
    select::Select VERB;
    wait::Wait VERB;
    assert::Assert VERB;
    screenshot::Screenshot VERB;
    screenshot_assert::ScreenshotAssert VERB;
    tree_assert::TreeAssert VERB;
    record::Record VERB;
    caption::Caption VERB;
    resize::Resize VERB;
    window::Window VERB;
    restart::Restart VERB;
    upload::Upload VERB;
    download::Download VERB;
    r#use::Use VERB;
    r#if::If VERB;
    for_each::ForEach VERB;
    repeat_until::RepeatUntil VERB;
    group::Group VERB;
    hold::Hold VERB;
}

impl Action {
    /// The lists of steps inside it.
    pub fn blocks(&self) -> impl Iterator<Item = &[Step]> {
        let (first, second): (&[Step], &[Step]) = match self {
            Self::If(block) => (&block.then, &block.otherwise),
            Self::ForEach(block) => (&block.steps, &[]),
            Self::RepeatUntil(block) => (&block.steps, &[]),
            Self::Group(block) => (&block.steps, &[]),
            Self::Hold(block) => (&block.steps, &[]),
            _ => (&[], &[]),
        };
        [first, second].into_iter()
    }
}

/// A verb as it stands in a step.
pub(super) struct Written<'n> {
    pub(super) verb: &'static Verb,
    /// Where the word stands.
    pub(super) key: Span,
    /// What is written after it, if anything is.
    pub(super) argument: Option<&'n Node>,
    /// What stands beside it.
    pub(super) beside: Fields<'n>,
}

impl Written<'_> {
    /// Reads the argument.
    pub(super) fn read(&self, reader: &mut Reader) -> Option<Action> {
        (self.verb.read)(reader, self)
    }

    /// Reads the argument as the fields of a type.
    fn read_as<T>(
        &self,
        reader: &mut Reader,
        read: fn(&mut Reader, &Fields<'_>) -> Option<T>,
        action: fn(Box<T>) -> Action,
    ) -> Option<Action> {
        let before = reader.seen();
        let fields = self.fields(reader)?;
        let argument = read(reader, &fields)?;
        (reader.seen() == before).then(|| action(Box::new(argument)))
    }

    /// The argument, in whichever form it is written.
    fn fields(&self, reader: &mut Reader) -> Option<Fields<'_>> {
        let Some(node) = self.argument else {
            reader.add(self.no_argument(reader));
            return None;
        };
        match (&node.kind, self.verb.short) {
            (Kind::Scalar(_) | Kind::Sequence(_), Some(field)) => {
                Some(Fields::short(self.verb.shape, field, node))
            }
            _ => reader.fields(node, self.verb.shape, self.key),
        }
    }

    /// The steps beside the verb.
    fn steps(&self, reader: &mut Reader, field: &Field) -> Vec<Step> {
        let read = |reader: &mut Reader, node: &Node, field: &Field| {
            Some(step::read_all(reader, node, field))
        };
        self.beside.read(reader, field, read).unwrap_or_default()
    }

    fn no_argument(&self, reader: &Reader) -> Problem {
        let nothing = Node {
            span: self.key,
            aliased: false,
            anchored: false,
            flow: false,
            kind: Kind::Mapping(Vec::new()),
        };
        let takes = self.verb.short.map_or("a mapping", |field| field.takes);
        let field = Field::new(self.verb.name, Form::Text, takes, "", "");
        let problem = missing_value(&reader.source, &nothing, &field);
        match problem.help {
            Some(ref help) if help.starts_with("` #`") => problem,
            _ => problem.help(format!("write `- {}`", self.verb.example)),
        }
    }
}

/// How often something is done.
const fn times(most: u32) -> Form {
    Form::Integer {
        least: 1,
        most: most as i64,
    }
}

/// The steps of a block.
const STEPS: Field = Field::new(
    "steps",
    Form::Steps,
    "a list of steps",
    "[wait-ready]",
    "the steps to play",
);

/// Keys that are held down meanwhile.
const HELD: Field = Field::new(
    "modifiers",
    Form::Keys,
    "a list of keys",
    "[shift]",
    "keys of the keyboard to hold down during it, at most 4",
);

fn held(reader: &mut Reader, node: &Node, field: &Field) -> Option<Vec<Val<Key>>> {
    let keys = reader.entries(node, field, Reader::value)?;
    if keys.len() > limits::HELD_KEYS {
        reader.add(
            Problem::new(
                Code::OutOfRange,
                node.span,
                format!("{} keys are held down here", keys.len()),
            )
            .label(format!("expected at most {}", limits::HELD_KEYS))
            .help(format!("write `{}`", field.line())),
        );
        return None;
    }
    Some(keys)
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
        None => problem.label("unknown key").help(
            "use X11 key names such as `Return`, `Escape`, `Tab`, `Page_Down` and `F5`, or a \
             single character such as `a`; to type text, use `type`",
        ),
    }
}
