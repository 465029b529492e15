//! What can be true apart from the screen.

use super::{
    Resolve, Resolver, Run, Verb as _,
    notation::{self, Fields, literal, map},
    written,
};
use crate::{
    input::Clipboard,
    plan::{Check, Need, Output, PROCESSES, Text},
};

/// What must be true apart from the screen.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fact {
    /// A process runs, or does not.
    Process {
        /// A process of the desktop, such as `xfce4`, or the name of a program of the desktop's session.
        name: String,
        /// Whether it has to be gone.
        gone: bool,
    },
    /// A command ends and writes as expected.
    Command(Run),
    /// A file of the desktop's machine exists with a content, or does not exist.
    File {
        /// Its path there.
        path: Text,
        /// What its text has to be like, all of them.
        checks: Vec<Check>,
        /// Whether it has to be gone.
        gone: bool,
    },
    /// A clipboard has a text.
    Clipboard {
        /// Which one.
        clipboard: Clipboard,
        /// What its text has to be like, all of them.
        checks: Vec<Check>,
    },
}

impl Fact {
    /// What stands after the verb in the step's title.
    pub(super) fn title(&self) -> String {
        let gone = |gone: &bool| if *gone { " gone" } else { "" };
        match self {
            Self::Process { name, gone: it } => format!("process {name}{}", gone(it)),
            Self::Command(run) => run.title(),
            Self::File {
                path,
                checks,
                gone: it,
            } => format!("file {path}{}{}", gone(it), listed(checks)),
            Self::Clipboard { clipboard, checks } => {
                format!("{}{}", clipboard.name(), listed(checks))
            }
        }
    }

    /// As the language writes it.
    pub(super) fn notation(&self) -> Fields {
        match self {
            Self::Process { name, gone } => {
                vec![("process", literal(name)), ("gone", (*gone).into())]
            }
            Self::Command(run) => run.notation(),
            Self::File { path, checks, gone } => {
                let mut fields = vec![("file", notation::text(path))];
                if checks.is_empty() {
                    fields.push(("gone", (*gone).into()));
                }
                fields.extend(checks.iter().map(Check::notation));
                fields
            }
            Self::Clipboard { clipboard, checks } => vec![
                ("clipboard", map(checks.iter().map(Check::notation))),
                ("selection", clipboard.name().into()),
            ],
        }
    }

    /// What can be captured of it, the usual one first.
    pub(super) fn outputs(&self) -> &'static [Output] {
        match self {
            Self::Command(run) => run.outputs(),
            Self::File { .. } | Self::Clipboard { .. } => &[Output::Text],
            Self::Process { .. } => &[],
        }
    }

    /// What it needs from the desktop.
    pub(super) fn needs(&self) -> Vec<Need> {
        match self {
            Self::Command(run) => run.needs(),
            Self::Process { name, .. } if !PROCESSES.contains(&&**name) => vec![Need::Execute],
            Self::Process { .. } => Vec::new(),
            Self::File { .. } => vec![Need::Files],
            Self::Clipboard { .. } => vec![Need::Clipboard],
        }
    }
}

/// Checks for people, with a blank before them.
fn listed(checks: &[Check]) -> String {
    let checks: Vec<String> = checks.iter().map(Check::to_string).collect();
    if checks.is_empty() {
        String::new()
    } else {
        format!(" {}", checks.join(", "))
    }
}

impl Resolve for written::Fact {
    type Meant = Fact;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Fact> {
        Some(match self {
            Self::Command(run) => Fact::Command(run.resolve(resolver)?),
            Self::Clipboard { checks, selection } => {
                let checks = resolver.checks(checks);
                let clipboard = resolver.clipboard(selection.as_ref());
                Fact::Clipboard {
                    clipboard: clipboard?,
                    checks: checks?,
                }
            }
            Self::File { path, checks, gone } => {
                let path = resolver.text(path);
                let checks = resolver.checks(checks);
                let gone = resolver.optional(gone.as_ref());
                Fact::File {
                    path: path?,
                    checks: checks?,
                    gone: gone?.unwrap_or(false),
                }
            }
            Self::Process { name, gone } => {
                let known = resolver.known(name);
                let gone = resolver.optional(gone.as_ref());
                Fact::Process {
                    name: known?,
                    gone: gone?.unwrap_or(false),
                }
            }
        })
    }
}
