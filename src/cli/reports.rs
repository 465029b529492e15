//! The reports of a run and its exit status: the same after playing it and after reading its events
//! again.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::ValueEnum;

use super::{Exit, complain, last_run, repository::Repository, tell};
use crate::{
    report::{self, Dialect, Paths, RunLog, Verdict},
    scenario::{Choice, Project},
};

/// The words for [`Dialect`].
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Readers {
    /// Most CI systems and annotators
    Common,
    /// Jenkins' xUnit plugin, and others that validate reports against its schema
    Xunit,
}

impl Readers {
    const fn dialect(self) -> Dialect {
        match self {
            Self::Common => Dialect::Common,
            Self::Xunit => Dialect::Xunit,
        }
    }
}

/// What a command line says about the reports.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Options {
    /// Where to write the JUnit report [default: junit.xml in the artifacts]
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Which programs the JUnit report is for [default: common]
    #[arg(long, value_name = "WHICH")]
    junit_dialect: Option<Readers>,
    /// End with status 6 if a scenario passed only when it was tried again
    #[arg(long)]
    fail_on_flaky: bool,
}

impl Options {
    /// The reports of a run in a folder of artifacts. What the command line does not say
    /// of them the project does; `junit` is where it wants that report.
    pub(super) fn reports(
        &self,
        artifacts: PathBuf,
        project: Option<&Project>,
        junit: Option<PathBuf>,
    ) -> Reports {
        let junit = self.junit.clone().or(junit);
        Reports {
            junit: junit.unwrap_or_else(|| artifacts.join(last_run::JUNIT)),
            artifacts,
            dialect: self.dialect(project),
            fail_on_flaky: self.fail_on_flaky(project),
        }
    }

    /// Which programs the JUnit report is for: what the command line says, or else the project.
    fn dialect(&self, project: Option<&Project>) -> Dialect {
        let word = project.and_then(|it| it.run.junit_dialect.as_ref()?.value.known().copied());
        let set = word.and_then(|Choice(word)| Readers::from_str(word, false).ok());
        let readers = self.junit_dialect.or(set).unwrap_or(Readers::Common);
        readers.dialect()
    }

    /// Whether a flaky scenario fails the run, by the command line or the project.
    fn fail_on_flaky(&self, project: Option<&Project>) -> bool {
        let flag = project.and_then(|it| it.run.fail_on_flaky.as_ref()?.value.known().copied());
        self.fail_on_flaky || flag == Some(true)
    }
}

/// Where the reports of a run go, and what of them is asked for.
pub(super) struct Reports {
    /// The folder of its artifacts.
    pub(super) artifacts: PathBuf,
    junit: PathBuf,
    dialect: Dialect,
    /// Whether a scenario that passed only when it was tried again fails the run.
    fail_on_flaky: bool,
}

impl Reports {
    /// Writes every report that can be written; false if one could not. `unwritten` is
    /// why the file of events is not whole, if it is not.
    pub(super) fn write(
        &self,
        log: &RunLog,
        unwritten: Option<io::Error>,
        repository: &Repository,
    ) -> bool {
        let folder = &self.artifacts;
        let page = folder.join(last_run::HTML);
        let (mut problems, mut written) = (Vec::new(), String::new());
        if let Some(reason) = unwritten {
            let path = folder.join(last_run::EVENTS);
            problems.push(report::Problem { path, reason }.to_string());
        }
        let artifacts = repository.artifacts(folder);
        let paths = Paths {
            file: &|file| repository.file(file),
            attachment: &|path| {
                Path::new(&artifacts)
                    .join(path)
                    .to_string_lossy()
                    .into_owned()
            },
        };
        let reports = [
            (&self.junit, report::junit(log, self.dialect, paths)),
            (&page, report::html(log)),
        ];
        for (path, text) in reports {
            match report::write(path, &text) {
                Ok(()) => written = path.display().to_string(),
                Err(problem) => problems.push(problem.to_string()),
            }
        }
        // They take more room than the reports, which come first where there is little.
        problems.extend(self.write_scripts(log).err());
        for problem in &problems {
            complain(problem);
        }
        if !written.is_empty() {
            tell(&format!("report: {written}"));
        }
        problems.is_empty()
    }
}

impl Reports {
    /// Writes the scripts that the page loads, up to the first that cannot be written. A
    /// trace or a picture that is gone is not a problem of the page.
    fn write_scripts(&self, log: &RunLog) -> Result<(), String> {
        for script in report::scripts(log) {
            if let Ok(text) = script.text(|path| fs::read(self.artifacts.join(path))) {
                let written = report::write(&self.artifacts.join(&script.path), &text);
                written.map_err(|problem| problem.to_string())?;
            }
        }
        Ok(())
    }

    /// The exit status of a run, by the worst of its scenarios.
    pub(super) fn exit(&self, log: &RunLog) -> Exit {
        match Verdict::of(log) {
            Verdict::Interrupted => Exit::Interrupted,
            Verdict::Error => Exit::Desktop,
            Verdict::Failed => Exit::Failed,
            Verdict::Flaky if self.fail_on_flaky => Exit::Flaky,
            Verdict::Flaky | Verdict::Passed => Exit::Passed,
        }
    }
}
