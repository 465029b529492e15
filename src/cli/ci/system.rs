//! How CI systems say that they are there, and where they keep the repository.

use crate::report::CiSystem;

/// A CI system.
pub(in crate::cli) struct System {
    /// A variable that it sets in every job, and nobody else does.
    pub(in crate::cli) variable: &'static str,
    /// The variable that names the folder of the repository. Others may use it with
    /// another meaning.
    pub(in crate::cli) root: &'static str,
    /// Whether it finds attachments by absolute paths alone.
    pub(in crate::cli) absolute_attachments: bool,
    /// How it is told things in the log, if that is known.
    pub(in crate::cli) log: Option<CiSystem>,
}

/// What GitLab sets in every job.
pub(in crate::cli) const GITLAB: &str = "GITLAB_CI";

/// All of them, in the order in which they count.
pub(in crate::cli) static SYSTEMS: [System; 5] = [
    System {
        variable: "GITHUB_ACTIONS",
        root: "GITHUB_WORKSPACE",
        absolute_attachments: false,
        log: Some(CiSystem::Github),
    },
    System {
        variable: GITLAB,
        root: "CI_PROJECT_DIR",
        absolute_attachments: false,
        log: Some(CiSystem::Gitlab),
    },
    System {
        variable: "TF_BUILD",
        root: "BUILD_SOURCESDIRECTORY",
        absolute_attachments: true,
        log: Some(CiSystem::Azure),
    },
    System {
        variable: "BUILDKITE",
        root: "BUILDKITE_BUILD_CHECKOUT_PATH",
        absolute_attachments: false,
        log: Some(CiSystem::Buildkite),
    },
    System {
        variable: "JENKINS_URL",
        root: "WORKSPACE",
        absolute_attachments: true,
        log: None,
    },
];
