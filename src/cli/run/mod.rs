//! `deskhand run`: from paths to an exit status.

mod jobs;
mod way;

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use strum::VariantNames;
use tokio_util::sync::CancellationToken;

use self::{
    jobs::Jobs,
    way::{TraceWhen, Way, Which},
};
use super::{
    Exit, ProcessEnvironment, addresses,
    choice::{Choosing, at_least_one},
    ci::{self, Ci},
    complain,
    host::{self, Access, RunTarget},
    inline::Inline,
    interrupt, last_run, list,
    plans::Selection,
    reports::Options,
    repository::Repository,
    runtime, say, tell,
};
use crate::{
    desktop::MemoryHost,
    event::{ArtifactKind, Event, EventSink},
    executor::{self, Settings, Tesseract},
    plan::Suite,
    report::{Appearance, JsonLines, Show, Terminal},
    timeline::Pace,
    vision::{self, Frame, Recognizer, read_png},
};

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
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
    /// How many scenarios to play side by side, or `auto` [default: auto]
    ///
    /// `auto` means as many as there are processors, and fewer if memory is short.
    #[arg(long, value_name = "N")]
    jobs: Option<Jobs>,
    /// How often to try a failed scenario again [default: what its file says, or 0]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=10))]
    retries: Option<u32>,
    /// Begin no further scenario after the first failure
    #[arg(long, conflicts_with = "max_failures")]
    fail_fast: bool,
    /// Begin no further scenario after this many failures
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    max_failures: Option<usize>,
    /// Install missing Debian packages that the local desktop and the scenarios need
    #[arg(long)]
    install_deps: bool,
    /// Which baselines to write [default: missing, or none if CI is set]
    #[arg(long, value_name = "WHICH")]
    update_baselines: Option<Which>,
    /// When to keep a trace: what the screen showed before and after each step
    ///
    /// The page shows it step by step. `on-failure` keeps none on a desktop that does not report
    /// what was drawn, where each look would take a picture of the whole screen.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    trace: TraceWhen,
    /// For whom to play: `test`, as fast as the desktop responds, or `demo`, as a person
    /// would, for an audience [default: what the scenario says, or test]
    #[arg(long, value_name = "PACE", value_parser = pace())]
    pace: Option<Pace>,
    /// The folder for reports, pictures and videos [default: artifacts]
    #[arg(long, value_name = "DIR")]
    artifacts: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
    /// Which CI system reads the log and shows a summary
    #[arg(long, value_name = "WHICH", default_value = "auto", value_parser = ci::choice())]
    ci: ci::Choice,
    /// Go through the steps without a desktop, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print which scenarios would be played, and play nothing
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    choosing: Choosing,
}

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    match prepare(arguments, environment) {
        Ok((suite, _)) if arguments.list => list::print_suite(&suite),
        Ok((suite, _)) if arguments.dry_run => rehearse(&suite, environment),
        Ok((suite, way)) => play(&suite, &way, arguments, environment),
        Err(exit) => exit,
    }
}

/// Everything that can be wrong before a desktop starts.
fn prepare(arguments: &Arguments, environment: &ProcessEnvironment) -> Result<(Suite, Way), Exit> {
    let for_real = !arguments.dry_run && !arguments.list;
    // What is left out may lack its secrets.
    let read = arguments.selection.read(environment, false)?;
    let mut read = read.sound(environment)?;
    let way = Way::new(arguments, read.project.as_ref(), environment)?;
    if read.plans.is_empty() {
        complain("nothing to play: files in a folder `parts` are only for `use`");
        return Err(Exit::Usage);
    }
    let suite = arguments
        .choosing
        .suite(&mut read, &way.reports.artifacts, environment)?;
    let known = |name: &String| ProcessEnvironment::variable(name).is_some();
    if for_real
        && !suite
            .played()
            .all(|entry| entry.plan.secrets.iter().all(known))
    {
        let files = suite.played().map(|entry| &*entry.plan.file).collect();
        let read = arguments
            .selection
            .narrowed(&files)
            .read(environment, true)?;
        read.sound(environment)?;
    }
    let files = suite
        .played()
        .flat_map(|entry| entry.plan.files())
        .collect();
    read.draw_warnings(&files, environment);
    if arguments.install_deps && for_real {
        let plans: Vec<_> = suite.played().map(|entry| &*entry.plan).collect();
        host::install(environment, &plans)?;
    }
    Ok((suite, way))
}

/// Goes through the steps on a desktop in memory.
fn rehearse(suite: &Suite, environment: &ProcessEnvironment) -> Exit {
    let appearance = Appearance {
        colour: environment.colour,
        live: environment.live,
        prefix: String::new(),
    };
    let terminal = Arc::new(Terminal::new(say::run_output(), appearance));
    let settings = Settings {
        dry: true,
        jobs: 1,
        ..Settings::default()
    };
    let played = runtime::block_on(async {
        let stop = listen()?;
        executor::run(suite, Arc::new(MemoryHost), &settings, terminal, &stop).await;
        Ok(stop.is_cancelled())
    });
    match played.flatten() {
        Ok(false) => Exit::Passed,
        Ok(true) => Exit::Interrupted,
        Err(exit) => exit,
    }
}

/// Shows what differs between the lines, where the terminal can.
fn show(way: &Way, environment: &ProcessEnvironment) -> Show {
    let inline = Inline::new(environment.pictures);
    let folder = way.reports.artifacts.clone();
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

fn play(suite: &Suite, way: &Way, arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    let jobs = match jobs(suite, way) {
        Ok(jobs) => jobs,
        Err(exit) => return exit,
    };
    let artifacts = &way.reports.artifacts;
    let events = last_run::make_room(artifacts)
        .and_then(|()| JsonLines::create(&artifacts.join(last_run::EVENTS)));
    let events = match events {
        Ok(events) => events,
        Err(error) => {
            let folder = artifacts.display();
            complain(&format!(
                "cannot write to {folder}: {error}; choose another with `--artifacts`"
            ));
            return Exit::Report;
        }
    };
    let ci = Ci::new(arguments.ci, environment);
    let terminal = terminal(way, ci.as_ref(), environment);
    let sinks = Arc::new(Sinks { terminal, events });
    let access = Access {
        token: arguments.token.as_deref(),
        keep: arguments.keep,
        #[cfg(all(target_os = "linux", feature = "local-desktop"))]
        recordings: artifacts.join(last_run::RECORDINGS),
    };
    let settings = Settings {
        jobs,
        max_failures: arguments.most_failures(),
        pace: arguments.pace,
        ..settings(suite, way, environment)
    };
    // A desktop ahead for every two that are in use: more would take the processors
    // from the scenarios.
    let ahead = settings.jobs.div_ceil(2);
    let host = match host::host(&way.target, &access, ahead, environment) {
        Ok(host) => host,
        Err(exit) => return exit,
    };
    let told = Arc::clone(&sinks) as Arc<dyn EventSink>;
    let played = runtime::block_on(async {
        let stop = listen()?;
        executor::run(suite, host, &settings, told, &stop).await;
        Ok(())
    });
    if let Err(exit) = played.flatten() {
        return exit;
    }
    let (log, unwritten) = sinks.events.finish();
    let reported = way
        .reports
        .write(&log, unwritten, &Repository::new(environment));
    if let Some(ci) = ci {
        ci.summarize(&log, artifacts, environment);
    }
    if let Some(seed) = suite.shuffle {
        tell(&format!("order: `--shuffle {seed}` repeats it"));
    }
    match way.reports.exit(&log) {
        // A failed scenario is worse news than a missing report.
        Exit::Passed if !reported => Exit::Report,
        exit => exit,
    }
}

/// Where the run is shown while it is in progress.
fn terminal(way: &Way, ci: Option<&Ci>, environment: &ProcessEnvironment) -> Terminal<io::Stderr> {
    let appearance = Appearance {
        colour: environment.colour,
        // Some CI systems report a terminal, and fold the lines of their logs.
        live: environment.live && ci.is_none(),
        prefix: prefix(&way.reports.artifacts),
    };
    let live = appearance.live;
    let terminal = Terminal::new(say::run_output(), appearance).showing(show(way, environment));
    match ci {
        Some(ci) => terminal.in_groups(ci.groups(environment)),
        None if live => terminal.drawing(say::run_lines(environment.colour)),
        None => terminal,
    }
}

/// What is cancelled when somebody asks the program to end.
fn listen() -> Result<CancellationToken, Exit> {
    interrupt::token().map_err(|error| {
        complain(&format!("cannot listen for Ctrl-C: {error}"));
        Exit::Desktop
    })
}

impl Arguments {
    fn most_failures(&self) -> Option<usize> {
        if self.fail_fast || self.choosing.is_until_failure() {
            Some(1)
        } else {
            self.max_failures
        }
    }
}

/// How many scenarios are played side by side.
fn jobs(suite: &Suite, way: &Way) -> Result<usize, Exit> {
    let number = way.jobs.number(&way.target, suite.played().count());
    let Some(limit) = addresses::limit() else {
        return Ok(number);
    };
    let screens = suite.played().map(|entry| entry.plan.size);
    let largest = screens.max_by_key(|size| u64::from(size.width) * u64::from(size.height));
    let largest = largest.unwrap_or_default();
    way.jobs.within(limit, number, largest).map_err(|problem| {
        complain(&problem);
        Exit::Desktop
    })
}

fn settings(suite: &Suite, way: &Way, environment: &ProcessEnvironment) -> Settings {
    let names = suite.played().flat_map(|entry| &entry.plan.secrets);
    let secret = |name: &String| Some((name.clone(), ProcessEnvironment::variable(name)?));
    let tesseract = environment.program_in_path("tesseract").map(Tesseract::new);
    Settings {
        update_baselines: way.update_baselines,
        artifacts: way.reports.artifacts.clone(),
        secrets: names.filter_map(secret).collect(),
        recognizer: tesseract.map(|program| Arc::new(program) as Arc<dyn Recognizer>),
        jobs: 1,
        retries: way.retries,
        max_failures: None,
        trace: way.trace,
        pace: None,
        dry: false,
    }
}

/// Reads one of the paces.
fn pace() -> impl TypedValueParser<Value = Pace> {
    PossibleValuesParser::new(Pace::VARIANTS).map(|word| word.parse().unwrap_or_default())
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

/// What is put before an artifact's path: as the user would type it.
fn prefix(folder: &Path) -> String {
    let text = folder.to_string_lossy();
    let text = text
        .strip_prefix("./")
        .unwrap_or(&text)
        .trim_end_matches('/');
    format!("{text}/")
}
