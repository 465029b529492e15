//! `deskhand run`: from paths to an exit status.

use std::{
    io,
    path::{Path, PathBuf},
};

use clap::ValueEnum;

use super::{
    Environment, Exit, complain,
    host::{self, Access, Target},
    interrupt, last_run, scenarios, tell,
};
use crate::{
    event::{Event, EventSink, Outcome},
    executor::{self, Settings, UpdateBaselines},
    plan::{self, Plan},
    report::{self, Appearance, JsonLines, RunLog, Terminal},
    scenario,
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Scenarios, or folders of them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Where to play: local, leap0, or the URL of a desktop
    #[arg(long, value_name = "WHERE", default_value = "local")]
    target: Target,
    /// What the desktop at a URL wants to be told [env: `DESKHAND_TOKEN`]
    #[arg(long)]
    token: Option<String>,
    /// Keep the sandboxes of leap0 after their scenarios
    #[arg(long)]
    keep: bool,
    /// Install the Debian packages that the local desktop needs, if any is missing
    #[arg(long)]
    install_deps: bool,
    /// Which baselines to write [default: missing, and none where CI is set]
    #[arg(long, value_name = "WHICH")]
    update_baselines: Option<Which>,
    /// The folder for reports, pictures and videos
    #[arg(long, value_name = "DIR", default_value = "artifacts")]
    artifacts: PathBuf,
    /// Where to write the JUnit report [default: junit.xml in the artifacts]
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

/// The words for [`UpdateBaselines`].
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    /// Every baseline
    All,
    /// Missing ones, and those that the screen differs from
    Changed,
    /// Missing ones
    Missing,
    /// None; a missing one is a failure
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

pub(super) fn run(arguments: &Arguments, environment: &Environment) -> Exit {
    match prepare(arguments, environment) {
        Ok(plans) => play(&plans, arguments, environment),
        Err(exit) => exit,
    }
}

/// Everything that can be wrong before a desktop starts.
fn prepare(arguments: &Arguments, environment: &Environment) -> Result<Vec<Plan>, Exit> {
    let sources = scenarios::read(&arguments.paths).map_err(|errors| {
        for error in errors {
            complain(&error.to_string());
        }
        Exit::Usage
    })?;
    let draw = |problems: &[scenario::Problems]| {
        tell(&scenario::render(
            problems,
            environment.width,
            environment.colour,
        ));
    };
    let plans = plan::read(sources).map_err(|problems| {
        draw(&problems);
        Exit::Invalid
    })?;
    if !plans.warnings.is_empty() {
        draw(&plans.warnings);
    }
    if arguments.install_deps {
        host::install(environment, false)?;
    }
    Ok(plans.plans)
}

fn play(plans: &[Plan], arguments: &Arguments, environment: &Environment) -> Exit {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("cannot start: {error}"));
            return Exit::Desktop;
        }
    };
    let events = last_run::make_room(&arguments.artifacts)
        .and_then(|()| JsonLines::create(&arguments.artifacts.join(last_run::EVENTS)));
    let events = match events {
        Ok(events) => events,
        Err(error) => {
            let folder = arguments.artifacts.display();
            complain(&format!(
                "cannot write to {folder}: {error}; choose another with `--artifacts`"
            ));
            return Exit::Report;
        }
    };
    let prefix = prefix(&arguments.artifacts);
    let appearance = Appearance {
        colour: environment.colour,
        live: environment.live,
        prefix: prefix.clone(),
    };
    let sinks = Sinks {
        terminal: Terminal::new(io::stderr(), appearance),
        events,
    };
    let access = Access {
        token: arguments.token.as_deref(),
        keep: arguments.keep,
        #[cfg(target_os = "linux")]
        recordings: arguments.artifacts.join(last_run::RECORDINGS),
    };
    let host = match host::host(&arguments.target, &access, environment) {
        Ok(host) => host,
        Err(exit) => return exit,
    };
    let settings = settings(arguments, environment);
    let played = runtime.block_on(async {
        let stop = interrupt::token()?;
        executor::run(plans, host.as_ref(), &settings, &sinks, &stop).await;
        Ok::<(), io::Error>(())
    });
    if let Err(error) = played {
        complain(&format!("cannot listen for Ctrl-C: {error}"));
        return Exit::Desktop;
    }
    let (log, problem) = sinks.events.finish();
    let reported = write_reports(&log, problem, arguments, &prefix);
    match exit(&log) {
        // A failed play is worse news than a report that is not there.
        Exit::Passed if !reported => Exit::Report,
        exit => exit,
    }
}

fn settings(arguments: &Arguments, environment: &Environment) -> Settings {
    let otherwise = if environment.ci {
        UpdateBaselines::None
    } else {
        UpdateBaselines::Missing
    };
    Settings {
        update_baselines: arguments.update_baselines.map_or(otherwise, Which::mode),
        artifacts: arguments.artifacts.clone(),
    }
}

/// The terminal and the file of events.
struct Sinks {
    terminal: Terminal<io::Stderr>,
    events: JsonLines,
}

impl EventSink for Sinks {
    fn emit(&self, event: &Event) {
        self.events.emit(event);
        self.terminal.emit(event);
    }
}

/// Writes every report that can be written; false if one could not.
fn write_reports(
    log: &RunLog,
    problem: Option<io::Error>,
    arguments: &Arguments,
    prefix: &str,
) -> bool {
    let folder = &arguments.artifacts;
    let page = folder.join(last_run::HTML);
    let junit = arguments
        .junit
        .clone()
        .unwrap_or_else(|| folder.join(last_run::JUNIT));
    let (mut problems, mut written) = (Vec::new(), String::new());
    if let Some(reason) = problem {
        let path = folder.join(last_run::EVENTS);
        problems.push(report::Problem { path, reason }.to_string());
    }
    let reports = [
        (&junit, report::junit(log, prefix)),
        (&page, report::html(log)),
    ];
    for (path, text) in reports {
        match report::write(path, &text) {
            Ok(()) => written = path.display().to_string(),
            Err(problem) => problems.push(problem.to_string()),
        }
    }
    for problem in &problems {
        complain(problem);
    }
    if !written.is_empty() {
        tell(&format!("report: {written}"));
    }
    problems.is_empty()
}

/// What is put before an artifact's path: as the user would type it.
fn prefix(folder: &Path) -> String {
    let text = folder.to_string_lossy();
    let text = text
        .strip_prefix("./")
        .unwrap_or(&text)
        .trim_end_matches('/');
    format!("{text}/")
}

/// The exit status of a run, by the worst of its scenarios.
fn exit(log: &RunLog) -> Exit {
    let any = |wanted: fn(&Outcome) -> bool| {
        log.scenarios
            .iter()
            .any(|scenario| wanted(scenario.outcome()))
    };
    if log.interrupted || any(|outcome| matches!(outcome, Outcome::Interrupted)) {
        Exit::Interrupted
    } else if any(|outcome| matches!(outcome, Outcome::Error(_))) {
        Exit::Desktop
    } else if any(|outcome| matches!(outcome, Outcome::Failed(_))) {
        Exit::Failed
    } else {
        Exit::Passed
    }
}
