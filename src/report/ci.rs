//! What CI systems obey in the log of a job: they fold a part of it, and show what went
//! wrong at the line of a file.
//!
//! One file for each system; each says how its commands are written, and nothing else
//! does.

mod azure;
mod buildkite;
mod github;
mod gitlab;
mod groups;

pub(crate) use self::groups::Groups;

/// A CI system whose commands are known here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CiSystem {
    /// GitHub Actions, and what obeys the same commands: Gitea, Forgejo.
    Github,
    /// GitLab CI.
    Gitlab,
    /// Azure Pipelines.
    Azure,
    /// Buildkite.
    Buildkite,
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
    /// The word for it, which GitHub and Azure have in common.
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
        match system {
            CiSystem::Github => github::annotation(self),
            CiSystem::Azure => azure::annotation(self),
            // GitLab reads them from JUnit, and Buildkite has pages instead.
            CiSystem::Gitlab | CiSystem::Buildkite => String::new(),
        }
    }
}

impl CiSystem {
    /// The command to show a file of Markdown on the page of the job, with the end of its
    /// line; `None` where there is none.
    #[must_use]
    pub fn upload_summary(self, path: &str) -> Option<String> {
        match self {
            Self::Azure => Some(azure::upload_summary(path)),
            Self::Github | Self::Gitlab | Self::Buildkite => None,
        }
    }
}

#[cfg(test)]
mod tests;
