//! How a run works: what the command line says, or else the project's settings.

use clap::ValueEnum;

use super::{Arguments, jobs::Jobs};
use crate::{
    cli::{Exit, ProcessEnvironment, complain, host::RunTarget, project, reports::Reports},
    executor::{KeepTrace, UpdateBaselines},
    scenario::{Choice, Project, Txt},
};

pub(super) struct Way {
    pub(super) target: RunTarget,
    pub(super) reports: Reports,
    pub(super) update_baselines: UpdateBaselines,
    pub(super) trace: KeepTrace,
    pub(super) jobs: Jobs,
    /// If it is `None`, each scenario decides.
    pub(super) retries: Option<u32>,
}

/// The words for [`UpdateBaselines`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Which {
    /// Every baseline
    All,
    /// Missing baselines, and those that the screen differs from
    Changed,
    /// Only missing baselines
    Missing,
    /// No baseline; a missing one is a failure
    None,
}

impl Which {
    const fn mode(self) -> UpdateBaselines {
        match self {
            Self::All => UpdateBaselines::All,
            Self::Changed => UpdateBaselines::Changed,
            Self::Missing => UpdateBaselines::Missing,
            Self::None => UpdateBaselines::None,
        }
    }
}

/// The words for [`KeepTrace`].
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum TraceWhen {
    /// Always
    On,
    /// If a scenario does not pass
    #[default]
    OnFailure,
    /// Never
    Off,
}

impl TraceWhen {
    const fn keep(self) -> KeepTrace {
        match self {
            Self::On => KeepTrace::On,
            Self::OnFailure => KeepTrace::OnFailure,
            Self::Off => KeepTrace::Off,
        }
    }
}

impl Way {
    pub(super) fn new(
        arguments: &Arguments,
        project: Option<&Project>,
        environment: &ProcessEnvironment,
    ) -> Result<Self, Exit> {
        let setting = |text: fn(&Project) -> Option<&Txt>| {
            let text = project.and_then(text)?;
            text.value.known().map(str::to_owned)
        };
        let path = |text: fn(&Project) -> Option<&Txt>| {
            let path = setting(text)?;
            project.map(|project| project::beside(&project.source, &path))
        };
        let target = match (&arguments.target, setting(|p| p.run.target.as_ref())) {
            (Some(target), _) => target.clone(),
            (None, Some(text)) => text.parse().map_err(|error| {
                complain(&format!("the target `{text}` of deskhand.yaml {error}"));
                Exit::Usage
            })?,
            (None, None) => RunTarget::Local,
        };
        let artifacts = project::artifacts(arguments.artifacts.as_deref(), project);
        let junit = path(|p| p.run.junit.as_ref());
        let update = project.and_then(|p| p.run.update_baselines.as_ref()?.value.known().copied());
        let update = update.and_then(|Choice(word)| Which::from_str(word, false).ok());
        let otherwise = if environment.ci {
            Which::None
        } else {
            Which::Missing
        };
        let jobs = match (arguments.jobs, setting(|p| p.run.jobs.as_ref())) {
            (Some(jobs), _) => jobs,
            (None, Some(text)) => text.parse().map_err(|error| {
                complain(&format!("`jobs: {text}` of deskhand.yaml: {error}"));
                Exit::Usage
            })?,
            (None, None) => Jobs::default(),
        };
        Ok(Self {
            target,
            reports: arguments.options.reports(artifacts, project, junit),
            trace: arguments.trace.keep(),
            jobs,
            retries: arguments.retries,
            update_baselines: arguments
                .update_baselines
                .or(update)
                .unwrap_or(otherwise)
                .mode(),
        })
    }
}
