//! `deskhand run`: from paths to an exit status.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::ValueEnum;

use super::{
    Exit, ProcessEnvironment, complain,
    host::{self, Access, RunTarget},
    inline::Inline,
    interrupt, last_run,
    plans::Selection,
    project,
    repository::Repository,
    say, tell,
};
use crate::{
    desktop::MemoryHost,
    event::{ArtifactKind, Event, EventSink, Outcome},
    executor::{self, Settings, Tesseract, UpdateBaselines},
    plan::Plan,
    report::{self, Appearance, Dialect, JsonLines, Paths, RunLog, Show, Terminal},
    scenario::{Choice, Project, Txt},
    vision::{self, Frame, Recognizer, read_png},
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// Where to play: local, leap0, or the URL of a desktop [default: local]
    #[arg(long, value_name = "WHERE")]
    target: Option<RunTarget>,
    /// The token of the desktop at a URL [env: `DESKHAND_TOKEN`]
    #[arg(long)]
    token: Option<String>,
    /// Keep the Leap0 sandboxes after the run
    #[arg(long)]
    keep: bool,
    /// Install missing Debian packages that the local desktop and the scenarios need
    #[arg(long)]
    install_deps: bool,
    /// Which baselines to write [default: missing, or none if CI is set]
    #[arg(long, value_name = "WHICH")]
    update_baselines: Option<Which>,
    /// The folder for reports, pictures and videos [default: artifacts]
    #[arg(long, value_name = "DIR")]
    artifacts: Option<PathBuf>,
    /// Where to write the JUnit report [default: junit.xml in the artifacts]
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Which programs the JUnit report is for [default: common]
    #[arg(long, value_name = "WHICH")]
    junit_dialect: Option<Readers>,
    /// Go through the steps without a desktop, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// How a run works: what the command line says, else the project's settings.
struct Way {
    target: RunTarget,
    artifacts: PathBuf,
    junit: PathBuf,
    dialect: Dialect,
    update_baselines: UpdateBaselines,
}

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

/// The words for [`UpdateBaselines`].
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
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

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    match prepare(arguments, environment) {
        Ok((plans, _)) if arguments.dry_run => rehearse(&plans, environment),
        Ok((plans, way)) => play(&plans, &way, arguments, environment),
        Err(exit) => exit,
    }
}

/// Everything that can be wrong before a desktop starts.
fn prepare(
    arguments: &Arguments,
    environment: &ProcessEnvironment,
) -> Result<(Vec<Plan>, Way), Exit> {
    let read = arguments.selection.read(environment, !arguments.dry_run)?;
    let read = read.playable(environment)?;
    let way = Way::new(arguments, read.project.as_ref(), environment)?;
    if read.plans.is_empty() {
        complain("nothing to play: files in a folder `parts` are only for `use`");
        return Err(Exit::Usage);
    }
    if arguments.install_deps && !arguments.dry_run {
        host::install(environment, &read.plans)?;
    }
    Ok((read.plans, way))
}

impl Way {
    fn new(
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
        let artifacts = arguments.artifacts.clone();
        let artifacts = artifacts.or_else(|| path(|p| p.run.artifacts.as_ref()));
        let artifacts = artifacts.unwrap_or_else(|| PathBuf::from("artifacts"));
        let junit = arguments.junit.clone();
        let junit = junit.or_else(|| path(|p| p.run.junit.as_ref()));
        let readers = project.and_then(|p| p.run.junit_dialect.as_ref()?.value.known().copied());
        let readers = readers.and_then(|Choice(word)| Readers::from_str(word, false).ok());
        let readers = arguments.junit_dialect.or(readers);
        let update = project.and_then(|p| p.run.update_baselines.as_ref()?.value.known().copied());
        let update = update.and_then(|Choice(word)| Which::from_str(word, false).ok());
        let otherwise = if environment.ci {
            Which::None
        } else {
            Which::Missing
        };
        Ok(Self {
            target,
            junit: junit.unwrap_or_else(|| artifacts.join(last_run::JUNIT)),
            artifacts,
            dialect: readers.unwrap_or(Readers::Common).dialect(),
            update_baselines: arguments
                .update_baselines
                .or(update)
                .unwrap_or(otherwise)
                .mode(),
        })
    }
}

/// Goes through the steps on a desktop in memory.
fn rehearse(plans: &[Plan], environment: &ProcessEnvironment) -> Exit {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("cannot start: {error}"));
            return Exit::Desktop;
        }
    };
    let appearance = Appearance {
        colour: environment.colour,
        live: environment.live,
        prefix: String::new(),
    };
    let terminal = Terminal::new(say::run_output(), appearance);
    let settings = Settings {
        dry: true,
        ..Settings::default()
    };
    let played = runtime.block_on(async {
        let stop = interrupt::token()?;
        executor::run(plans, &MemoryHost, &settings, &terminal, &stop).await;
        Ok::<bool, io::Error>(stop.is_cancelled())
    });
    match played {
        Ok(false) => Exit::Passed,
        Ok(true) => Exit::Interrupted,
        Err(error) => {
            complain(&format!("cannot listen for Ctrl-C: {error}"));
            Exit::Desktop
        }
    }
}

/// Shows what differs between the lines, where the terminal can.
fn show(way: &Way, environment: &ProcessEnvironment) -> Show {
    let inline = Inline::new(environment.pictures);
    let folder = way.artifacts.clone();
    Box::new(move |artifacts| {
        let kept = |kind| artifacts.iter().find(|artifact| artifact.kind == kind);
        let read = |kind| {
            let file = File::open(folder.join(&kept(kind)?.path)).ok()?;
            Frame::decode_png(&read_png(file).ok()?).ok()
        };
        kept(ArtifactKind::Diff)?;
        inline.text(|| {
            vision::glimpse(
                &read(ArtifactKind::Expected)?,
                &read(ArtifactKind::Actual)?,
                &read(ArtifactKind::Diff)?,
            )
        })
    })
}

fn play(
    plans: &[Plan],
    way: &Way,
    arguments: &Arguments,
    environment: &ProcessEnvironment,
) -> Exit {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("cannot start: {error}"));
            return Exit::Desktop;
        }
    };
    let events = last_run::make_room(&way.artifacts)
        .and_then(|()| JsonLines::create(&way.artifacts.join(last_run::EVENTS)));
    let events = match events {
        Ok(events) => events,
        Err(error) => {
            let folder = way.artifacts.display();
            complain(&format!(
                "cannot write to {folder}: {error}; choose another with `--artifacts`"
            ));
            return Exit::Report;
        }
    };
    let appearance = Appearance {
        colour: environment.colour,
        live: environment.live,
        prefix: prefix(&way.artifacts),
    };
    let sinks = Sinks {
        terminal: Terminal::new(say::run_output(), appearance).showing(show(way, environment)),
        events,
    };
    let access = Access {
        token: arguments.token.as_deref(),
        keep: arguments.keep,
        #[cfg(all(target_os = "linux", feature = "local-desktop"))]
        recordings: way.artifacts.join(last_run::RECORDINGS),
    };
    let host = match host::host(&way.target, &access, environment) {
        Ok(host) => host,
        Err(exit) => return exit,
    };
    let settings = settings(plans, way, environment);
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
    let reported = write_reports(&log, problem, way, &Repository::new(environment));
    match exit(&log) {
        // A failed play is worse news than a report that is not there.
        Exit::Passed if !reported => Exit::Report,
        exit => exit,
    }
}

fn settings(plans: &[Plan], way: &Way, environment: &ProcessEnvironment) -> Settings {
    let names = plans.iter().flat_map(|plan| &plan.secrets);
    let secret = |name: &String| Some((name.clone(), ProcessEnvironment::variable(name)?));
    let tesseract = environment.program_in_path("tesseract").map(Tesseract::new);
    Settings {
        update_baselines: way.update_baselines,
        artifacts: way.artifacts.clone(),
        secrets: names.filter_map(secret).collect(),
        recognizer: tesseract.map(|program| Arc::new(program) as Arc<dyn Recognizer>),
        dry: false,
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
    way: &Way,
    repository: &Repository,
) -> bool {
    let folder = &way.artifacts;
    let page = folder.join(last_run::HTML);
    let (mut problems, mut written) = (Vec::new(), String::new());
    if let Some(reason) = problem {
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
        (&way.junit, report::junit(log, way.dialect, paths)),
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
