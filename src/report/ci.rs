//! The commands for CI systems in the log of a job: they fold a part of it, and show what went
//! wrong at the line of a file.
//!
//! One file and one row for each system: each says how its commands are written, and
//! nothing else does.

mod azure;
mod buildkite;
mod github;
mod gitlab;
mod groups;

use chrono::{DateTime, Utc};

pub(crate) use self::groups::Groups;

macro_rules! systems {
    ($($(#[doc = $about:literal])+ $name:ident $file:ident)*) => {
        /// A CI system whose commands are known here.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum CiSystem {
            $(
                $(#[doc = $about])+
                $name,
            )*
        }

        impl CiSystem {
            /// All of them.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$name),*];

            const fn commands(self) -> &'static dyn Commands {
                match self {
                    $(Self::$name => &$file::$name,)*
                }
            }
        }
    };
}

systems! {
    /// GitHub Actions, and systems with the same commands: Gitea, Forgejo.
    Github github
    /// GitLab CI.
    Gitlab gitlab
    /// Azure Pipelines.
    Azure azure
    /// Buildkite.
    Buildkite buildkite
}

/// The commands of a system in the log of a job, each with the end of its line; empty if the
/// system has none.
trait Commands: Sync {
    /// Comes before the output of a scenario.
    fn open(&self, group: &Group<'_>) -> String;

    /// Comes after it.
    fn close(&self, group: &Group<'_>) -> String;

    /// Comes before the end of the run.
    fn result(&self) -> &'static str {
        ""
    }

    /// Shows what is wrong at a place of a file.
    fn annotation(&self, _what: &Annotation) -> String {
        String::new()
    }

    /// Shows a file of Markdown, by its absolute path, on the page of the job.
    fn upload_summary(&self, _path: &str) -> Option<String> {
        None
    }

    /// Whether it would obey a line of a log, whoever wrote it. What a tested program
    /// writes must have no such line: see [`plain`](crate::plain).
    #[cfg(test)]
    fn obeys(&self, line: &str) -> bool;
}

/// The part of a log that belongs to one scenario.
struct Group<'a> {
    /// The name of the scenario, on one line.
    title: &'a str,
    /// A name that no other group of the job has, also of another run: letters, digits and
    /// dashes.
    name: &'a str,
    /// A token that no tested program can guess.
    token: &'a str,
    began: DateTime<Utc>,
    ended: DateTime<Utc>,
    /// Whether the scenario was over before its group was opened.
    is_over: bool,
    /// Whether it did not pass. While it is not over, nobody knows yet.
    is_bad: bool,
}

impl Group<'_> {
    /// Whether it was known from the start that it did not pass, so that it is not folded.
    const fn is_known_as_bad(&self) -> bool {
        self.is_over && self.is_bad
    }
}

/// How bad something is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Level {
    /// It fails the job.
    Error,
    /// It does not.
    Warning,
}

impl Level {
    /// Its word, which GitHub and Azure have in common.
    const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Something that is wrong at a place of a file.
#[derive(Clone, Debug)]
pub(crate) struct Annotation {
    /// How bad it is.
    pub level: Level,
    /// The file, from the root of the repository.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in its line, from 1.
    pub column: usize,
    /// The last line, and the character after the end, if that is known.
    pub end: Option<(usize, usize)>,
    /// A few words above the message.
    pub title: String,
    /// The message; it may have several lines.
    pub message: String,
}

impl Annotation {
    /// The command to show it, with the end of its line; empty where the system has none.
    #[must_use]
    pub(crate) fn command(&self, system: CiSystem) -> String {
        system.commands().annotation(self)
    }
}

impl CiSystem {
    /// The command to show a file of Markdown on the page of the job, with the end of its
    /// line; `None` where there is none.
    #[must_use]
    pub fn upload_summary(self, path: &str) -> Option<String> {
        self.commands().upload_summary(path)
    }
}

#[cfg(test)]
mod tests;
