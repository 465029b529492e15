//! What each verb means: one type for each, in a file of its own, with every value
//! in place.
//!
//! A new verb is one file and one line of the table.

mod assert;
mod click;
mod download;
mod drag;
mod for_each;
mod group;
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
mod r#type;
mod upload;
mod r#use;
mod wait;
mod wait_ready;

use std::time::Duration;

pub use self::{
    assert::Assert,
    click::Click,
    download::Download,
    drag::Drag,
    group::Group,
    hotkey::Hotkey,
    r#if::If,
    launch::{Command, Launch},
    r#move::Move,
    press::Press,
    record::Record,
    repeat_until::RepeatUntil,
    resize::Resize,
    restart::Restart,
    run::Run,
    screenshot::Screenshot,
    screenshot_assert::ScreenshotAssert,
    scroll::Scroll,
    r#type::Type,
    upload::Upload,
    wait::{Wait, Watched},
    wait_ready::WaitReady,
};
use super::{Need, Step, Target, resolve::Resolver};
use crate::scenario::verb as written;

/// What everybody may ask of a step's action, whatever its verb.
pub trait Verb {
    /// What stands after the verb in the step's title; empty if the verb says it all.
    fn title(&self) -> String;

    /// What it needs of the desktop beside a screen, a pointer and a keyboard, and
    /// beside what its targets need.
    fn needs(&self) -> Vec<Need> {
        Vec::new()
    }

    /// What it looks for on the screen by itself.
    fn targets(&self) -> Vec<&Target> {
        Vec::new()
    }

    /// The lists of steps inside of it.
    fn blocks(&self) -> Vec<&[Step]> {
        Vec::new()
    }

    /// Whether it matters to it which window has the keyboard.
    fn is_about_windows(&self) -> bool {
        !self.targets().is_empty()
    }

    /// How long it may take where the step does not say so, when steps `usually`
    /// have so long.
    fn timeout(&self, usually: Duration) -> Duration {
        usually
    }
}

/// A verb as it is written, which can be turned into what it means.
pub(super) trait Resolve {
    /// The verb that it means.
    type Meant;

    /// What it means; `None` where a value of it is a problem, which was told.
    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Self::Meant>;
}

/// Makes `Action`, and the way to it, of the table of verbs. A line is a verb, after it
/// other verbs that mean the same once they are resolved.
macro_rules! verbs {
    ($($Verb:ident $(from $Other:ident, $Another:ident)?;)+) => {
        /// What a step does.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "the types say it")]
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
        }

        impl Resolve for written::Action {
            type Meant = Action;

            fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Action> {
                Some(match self {
                    $(
                        Self::$Verb(it) => Action::$Verb(Box::new(it.resolve(resolver)?)),
                        $(
                            Self::$Other(it) => Action::$Verb(Box::new(it.resolve(resolver)?)),
                            Self::$Another(it) => Action::$Verb(Box::new(it.resolve(resolver)?)),
                        )?
                    )+
                })
            }
        }
    };
}

verbs! {
    WaitReady;
    Launch;
    Run;
    Click;
    Move;
    Drag;
    Scroll;
    Type;
    Press;
    Hotkey;
    Wait;
    Assert;
    Screenshot;
    ScreenshotAssert;
    Record;
    Resize;
    Restart;
    Upload;
    Download;
    If;
    RepeatUntil;
    Group from Use, ForEach;
}

/// ` x3`; nothing for once.
fn times(count: u32) -> String {
    if count > 1 {
        format!(" x{count}")
    } else {
        String::new()
    }
}
