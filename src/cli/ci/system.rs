//! How to recognize CI systems, where they keep the repository, what they show, and which
//! file tells them what to play: one row for each.

use std::iter;

use super::links::{self, Links, Variables};
use crate::report::CiSystem;

/// A CI system.
pub(in crate::cli) struct System {
    /// Its name for people.
    pub(in crate::cli) title: &'static str,
    /// A variable that it sets in every job, and that nobody else sets.
    pub(in crate::cli) variable: &'static str,
    /// The variable that names the folder of the repository. Others may use it with
    /// another meaning.
    pub(in crate::cli) root: &'static str,
    /// Whether it finds attachments by absolute paths alone.
    pub(in crate::cli) absolute_attachments: bool,
    /// The commands that it understands in the log, if they are known.
    pub(in crate::cli) log: Option<SystemLog>,
    /// Where its pages are, if that is known.
    pub(super) pages: Option<Pages>,
    /// What `deskhand init` writes for it, if it can.
    pub(in crate::cli) recipe: Option<Recipe>,
}

/// What a system is told in addition to the reports.
#[derive(Debug)]
pub(in crate::cli) struct SystemLog {
    /// The word for it after `--ci`.
    pub(super) name: &'static str,
    /// What it gets, as `groups and annotations`.
    pub(super) gets: &'static str,
    /// The system whose commands it understands.
    pub(super) commands: CiSystem,
    /// Where it shows a summary.
    pub(super) summary: Summary,
}

/// Where a system shows the summary of a run.
#[derive(Debug)]
pub(super) enum Summary {
    /// Nowhere.
    None,
    /// From the file that this variable names.
    Appended(&'static str),
    /// In a file that a command in the log names.
    Uploaded,
    /// On a page of its agent, which also shows the artifacts.
    Annotated,
}

/// How the variables of a job say where its pages are.
pub(super) struct Pages {
    /// The variable without which nothing is known.
    pub(super) variable: &'static str,
    /// The addresses, by its value and other variables.
    pub(super) links: fn(&str, Variables<'_>) -> Option<Links>,
}

/// The file that tells a system what to play.
#[derive(Debug)]
pub(in crate::cli) struct Recipe {
    /// The word for it after `init --ci`.
    pub(in crate::cli) name: &'static str,
    /// Its path from the root of the repository.
    pub(in crate::cli) path: &'static str,
    /// What is in it: what `deploy/` has.
    pub(in crate::cli) text: &'static str,
    /// What follows once the file is there, after `commit <file>`.
    pub(in crate::cli) then: &'static str,
    /// The domains of the hosts whose repositories have it.
    pub(in crate::cli) domains: &'static [&'static str],
    /// What companies call their own hosts that have it: a part of the host's name.
    pub(in crate::cli) host: Option<&'static str>,
}

/// What GitLab sets in every job.
pub(in crate::cli) const GITLAB: &str = "GITLAB_CI";

/// All of them, in the order in which they count.
pub(in crate::cli) static SYSTEMS: [System; 5] = [
    System {
        title: "GitHub Actions",
        variable: "GITHUB_ACTIONS",
        root: "GITHUB_WORKSPACE",
        absolute_attachments: false,
        log: Some(SystemLog {
            name: "github",
            gets: "groups, annotations and a step summary",
            commands: CiSystem::Github,
            summary: Summary::Appended("GITHUB_STEP_SUMMARY"),
        }),
        pages: Some(Pages {
            variable: "GITHUB_SERVER_URL",
            links: links::github,
        }),
        recipe: Some(Recipe {
            name: "github",
            path: ".github/workflows/desktop-tests.yml",
            text: include_str!("../../../deploy/github/workflow.yml"),
            then: ": it runs at the next push",
            domains: &[],
            host: Some("github"),
        }),
    },
    System {
        title: "GitLab CI",
        variable: GITLAB,
        root: "CI_PROJECT_DIR",
        absolute_attachments: false,
        log: Some(SystemLog {
            name: "gitlab",
            gets: "sections",
            commands: CiSystem::Gitlab,
            summary: Summary::None,
        }),
        pages: Some(Pages {
            variable: "CI_PROJECT_URL",
            links: links::gitlab,
        }),
        recipe: Some(Recipe {
            name: "gitlab",
            path: ".gitlab-ci.yml",
            text: include_str!("../../../deploy/gitlab/desktop-tests.yml"),
            then: ": its report is on each merge request",
            domains: &[],
            host: Some("gitlab"),
        }),
    },
    System {
        title: "Azure Pipelines",
        variable: "TF_BUILD",
        root: "BUILD_SOURCESDIRECTORY",
        absolute_attachments: true,
        log: Some(SystemLog {
            name: "azure",
            gets: "groups, issues and a summary",
            commands: CiSystem::Azure,
            summary: Summary::Uploaded,
        }),
        pages: Some(Pages {
            variable: "SYSTEM_COLLECTIONURI",
            links: links::azure,
        }),
        recipe: Some(Recipe {
            name: "azure",
            path: "azure-pipelines.yml",
            text: include_str!("../../../deploy/azure/azure-pipelines.yml"),
            then: ", and create a pipeline from it",
            domains: &["dev.azure.com", "visualstudio.com"],
            host: None,
        }),
    },
    System {
        title: "Buildkite",
        variable: "BUILDKITE",
        root: "BUILDKITE_BUILD_CHECKOUT_PATH",
        absolute_attachments: false,
        log: Some(SystemLog {
            name: "buildkite",
            gets: "groups and an annotation",
            commands: CiSystem::Buildkite,
            summary: Summary::Annotated,
        }),
        pages: Some(Pages {
            variable: "BUILDKITE_BUILD_URL",
            links: links::buildkite,
        }),
        recipe: Some(Recipe {
            name: "buildkite",
            path: ".buildkite/pipeline.yml",
            text: include_str!("../../../deploy/buildkite/pipeline.yml"),
            then: ", and have the pipeline upload it",
            domains: &[],
            host: None,
        }),
    },
    System {
        title: "Jenkins",
        variable: "JENKINS_URL",
        root: "WORKSPACE",
        absolute_attachments: true,
        log: None,
        pages: None,
        recipe: None,
    },
];

/// The variables by which what is written differs from one CI system to another, and from
/// a person's machine.
pub fn variables() -> impl Iterator<Item = &'static str> {
    let of_system = |system: &'static System| {
        let pages = system.pages.as_ref().map(|pages| pages.variable);
        let summary = match system.log.as_ref().map(|log| &log.summary) {
            Some(Summary::Appended(variable)) => Some(*variable),
            _ => None,
        };
        let own = [Some(system.variable), Some(system.root)];
        own.into_iter().chain([pages, summary]).flatten()
    };
    iter::once("CI").chain(SYSTEMS.iter().flat_map(of_system))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_whose_commands_are_known_can_be_chosen() {
        for commands in CiSystem::ALL {
            let logs = SYSTEMS.iter().filter_map(|system| system.log.as_ref());
            let of_it = logs.filter(|log| log.commands == *commands);
            assert_eq!(of_it.count(), 1, "{commands:?}");
        }
    }

    #[test]
    fn the_variables_are_all_by_which_a_system_is_known() {
        let all: Vec<&str> = variables().collect();
        for name in [
            "CI",
            "JENKINS_URL",
            "WORKSPACE",
            "CI_PROJECT_URL",
            "GITHUB_STEP_SUMMARY",
        ] {
            assert_eq!(all.iter().filter(|it| **it == name).count(), 1, "{name}");
        }
    }
}
