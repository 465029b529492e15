//! What each verb means: one type for each, in a file of its own, with every value
//! in place.
//!
//! A new verb is one file and one line of the table. Whatever others want to know of a
//! verb, they ask by [`Verb`]; nobody else tells verbs apart.

mod assert;
mod caption;
mod click;
mod clipboard;
mod download;
mod drag;
mod fact;
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
mod tree_assert;
mod r#type;
mod upload;
mod r#use;
mod wait;
mod wait_ready;
mod window;

use std::{path::Path, time::Duration};

pub use self::{fact::Fact, launch::Command, tree_assert::TreeOf, wait::Watched};
use super::{
    Need, Output, Step, Target,
    notation::{self, Fields, Value},
    resolve::Resolver,
};
use crate::scenario::verb as written;

/// What is common to the actions of all verbs.
pub trait Verb {
    /// What stands after the verb in the step's title; empty if the verb says it all.
    fn title(&self) -> String;

    /// What is written after the verb, in full; paths go from `folder`.
    fn argument(&self, folder: &Path) -> Value;

    /// What is written next to the verb and belongs to it, except its steps.
    fn beside(&self) -> Fields {
        Fields::new()
    }

    /// What it needs from the desktop in addition to a screen, a pointer and a keyboard, and to
    /// what its targets need.
    fn needs(&self) -> Vec<Need> {
        Vec::new()
    }

    /// What it looks for on the screen itself.
    fn targets(&self) -> Vec<&Target> {
        Vec::new()
    }

    /// What can be captured of it, the usual one first; nothing if it has no result.
    fn outputs(&self) -> &'static [Output] {
        &[]
    }

    /// The files of this machine that it uses, apart from pictures to look for.
    fn files(&self) -> Vec<&Path> {
        Vec::new()
    }

    /// The lists of steps inside it, each with its key.
    fn blocks(&self) -> Vec<(&'static str, &[Step])> {
        Vec::new()
    }

    /// How often the steps inside it can be played.
    fn rounds(&self) -> u32 {
        1
    }

    /// Whether it matters to it which window has the keyboard.
    fn is_about_windows(&self) -> bool {
        !self.targets().is_empty()
    }

    /// How many strokes a person makes to do it with pointer and keyboard, beside moving
    /// the pointer; `None` for what nobody does by hand.
    fn strokes(&self) -> Option<usize> {
        None
    }

    /// Whether an audience needs a moment afterwards to take in what has appeared.
    fn is_worth_a_look(&self) -> bool {
        false
    }

    /// How long it may take by default, if steps `usually` have that long.
    fn timeout(&self, usually: Duration) -> Duration {
        usually
    }
}

/// A verb as it is written, which can be turned into what it means.
pub(super) trait Resolve {
    /// The verb that it means.
    type Meant;

    /// What it means; `None` if a value of it is a problem, which has been reported.
    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Self::Meant>;
}

/// Makes `Action`, and the way to it, of the table of verbs. A line is the word for
/// a verb, its file and its type; then `checks` if it checks something and does nothing,
/// and other verbs that mean the same once they are resolved.
macro_rules! verbs {
    ($($name:literal $file:ident::$Verb:ident $($checks:ident)? $(, $Other:ident)*;)+) => {
        $(pub use self::$file::$Verb;)+

        /// What a step does.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "the types say it")]
        #[non_exhaustive]
        pub enum Action {
            $($Verb(Box<$Verb>),)+
        }

        impl Action {
            /// It as a verb.
            #[must_use]
            pub fn verb(&self) -> &dyn Verb {
                match self {
                    $(Self::$Verb(verb) => &**verb,)+
                }
            }

            /// The word for it. Several verbs may mean the same: a `double-click` is
            /// a `click`.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$Verb(_) => $name,)+
                }
            }
        }

        /// The verbs that check something and do nothing.
        pub(super) const CHECKS: &[&str] = &[$($(checked!($checks $name),)?)+];

        impl Resolve for written::Action {
            type Meant = Action;

            fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Action> {
                Some(match self {
                    $(
                        Self::$Verb(it) => Action::$Verb(Box::new(it.resolve(resolver)?)),
                        $(Self::$Other(it) => Action::$Verb(Box::new(it.resolve(resolver)?)),)*
                    )+
                })
            }
        }
    };
}

macro_rules! checked {
    (checks $name:literal) => {
        $name
    };
}

verbs! {
    "wait-ready" wait_ready::WaitReady;
    "launch" launch::Launch;
    "run" run::Run;
    "click" click::Click;
    "move" r#move::Move;
    "drag" drag::Drag;
    "scroll" scroll::Scroll;
    "type" r#type::Type;
    "press" press::Press;
    "hotkey" hotkey::Hotkey;
    "clipboard" clipboard::SetClipboard;
    "fill" fill::Fill;
    "select" select::Select;
    "wait" wait::Wait checks;
    "assert" assert::Assert checks;
    "screenshot" screenshot::Screenshot;
    "screenshot-assert" screenshot_assert::ScreenshotAssert checks;
    "tree-assert" tree_assert::TreeAssert checks;
    "record" record::Record;
    "caption" caption::Caption;
    "resize" resize::Resize;
    "window" window::Window;
    "restart" restart::Restart;
    "upload" upload::Upload;
    "download" download::Download;
    "if" r#if::If;
    "repeat-until" repeat_until::RepeatUntil;
    "hold" hold::Hold;
    "group" group::Group, Use, ForEach;
}

/// ` x3`; nothing for once.
fn times(count: u32) -> String {
    if count > 1 {
        format!(" x{count}")
    } else {
        String::new()
    }
}
