//! `assert`.

use std::path::Path;

use super::{
    Resolve, Resolver, Run, Verb,
    notation::{Value, literal, map},
    written,
};
use crate::{
    input::Clipboard,
    plan::{Check, Need, PROCESSES, Sight, Target},
};

/// What must hold now.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Assert {
    /// A target is there, or is not.
    Sight(Sight),
    /// A process runs, or does not.
    Process {
        /// One of [`PROCESSES`], or the name of a program on the desktop's
        /// machine.
        name: String,
        /// Whether it has to be gone.
        gone: bool,
    },
    /// A command ends and writes as expected.
    Command(Run),
    /// A clipboard has a text.
    Clipboard {
        /// Which one.
        clipboard: Clipboard,
        /// What its text has to be like, all of them.
        checks: Vec<Check>,
    },
}

impl Verb for Assert {
    fn title(&self) -> String {
        match self {
            Self::Sight(sight) => sight.to_string(),
            Self::Process { name, gone } => {
                format!("process {name}{}", if *gone { " gone" } else { "" })
            }
            Self::Command(run) => run.title(),
            Self::Clipboard { clipboard, checks } => {
                let checks: Vec<String> = checks.iter().map(Check::to_string).collect();
                format!("{} {}", clipboard.name(), checks.join(", "))
            }
        }
    }

    fn argument(&self, folder: &Path) -> Value {
        map(match self {
            Self::Sight(sight) => sight.notation(folder),
            Self::Process { name, gone } => {
                vec![("process", literal(name)), ("gone", (*gone).into())]
            }
            Self::Command(run) => run.notation(),
            Self::Clipboard { clipboard, checks } => vec![
                ("clipboard", map(checks.iter().map(Check::notation))),
                ("selection", clipboard.name().into()),
            ],
        })
    }

    fn needs(&self) -> Vec<Need> {
        match self {
            Self::Command(run) => run.needs(),
            Self::Process { name, .. } if !PROCESSES.contains(&&**name) => vec![Need::Execute],
            Self::Clipboard { .. } => vec![Need::Clipboard],
            Self::Process { .. } | Self::Sight(_) => Vec::new(),
        }
    }

    fn targets(&self) -> Vec<&Target> {
        match self {
            Self::Sight(sight) => vec![&sight.target],
            Self::Process { .. } | Self::Command(_) | Self::Clipboard { .. } => Vec::new(),
        }
    }
}

impl Resolve for written::Assert {
    type Meant = Assert;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Assert> {
        Some(match self {
            Self::Sight(sight) => Assert::Sight(resolver.sight(sight)?),
            Self::Command(run) => Assert::Command(run.resolve(resolver)?),
            Self::Clipboard { checks, selection } => {
                let checks = resolver.checks(checks);
                let clipboard = resolver.clipboard(selection.as_ref());
                Assert::Clipboard {
                    clipboard: clipboard?,
                    checks: checks?,
                }
            }
            Self::Process { name, gone } => {
                let known = resolver.known(name);
                let gone = resolver.optional(gone.as_ref());
                Assert::Process {
                    name: known?,
                    gone: gone?.unwrap_or(false),
                }
            }
        })
    }
}
