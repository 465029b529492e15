//! `deskhand render`: films of a run's recordings, without a desktop.

mod bar;
mod check;
mod recording;
pub(super) mod style;
mod targets;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use self::{bar::Bar, recording::Recording, targets::targets};
use super::{
    Exit, ProcessEnvironment, complain, interrupt, project, runtime,
    say::{self, tell},
};
use crate::{
    film::{
        Film, Style,
        encode::{Fault, Sound, Stop},
        output::{Order, Show, Target, Written, render},
    },
    scenario::{self, Project},
    timeline::Timeline,
};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// The run: the folder of its artifacts [default: that of the last run]
    #[arg(value_name = "RUN")]
    run: Option<PathBuf>,
    /// The file to write, in the format of its ending; can be repeated [default: a video next to
    /// the recording]
    ///
    /// `.mp4` and `.webm` are videos with chapters and subtitles, `.gif` and `.webp` play in
    /// pages and documents, `.png` or a folder has a picture of each chapter, `.vtt` has the
    /// captions, and `.md` is a manual of the steps.
    #[arg(long, value_name = "FILE")]
    to: Vec<PathBuf>,
    /// Which recording, such as `demo` or `hello/demo`, if the run has several
    #[arg(long, value_name = "NAME")]
    recording: Option<String>,
    /// A file with the style of the film, used instead of `style` in `deskhand.yaml`
    #[arg(long, value_name = "FILE")]
    style: Option<PathBuf>,
    /// The maximum size of each film, such as `5MB`
    #[arg(long, value_name = "SIZE", value_parser = targets::bytes)]
    max_size: Option<u64>,
    /// Write nothing, and fail if an existing film no longer shows what the scenario does
    #[arg(long, requires = "to", conflicts_with = "max_size")]
    check: bool,
}

/// A film that is ready to be drawn.
pub(super) struct Planned {
    run: PathBuf,
    recording: Recording,
    style: Style,
    film: Film,
}

impl Planned {
    fn show(&self) -> Show<'_> {
        Show {
            timeline: &self.recording.timeline,
            style: &self.style,
            film: &self.film,
        }
    }
}

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    let done = runtime::block_on(until_stopped(arguments.clone(), environment.clone()));
    done.unwrap_or_else(|exit| exit)
}

/// Works on another thread, which ends soon after somebody asks to stop.
async fn until_stopped(arguments: Arguments, environment: ProcessEnvironment) -> Exit {
    let asked = match interrupt::quiet() {
        Ok(asked) => asked,
        Err(error) => {
            complain(&format!("cannot listen for Ctrl-C: {error}"));
            return Exit::Desktop;
        }
    };
    let stop = Stop::default();
    let bar = Arc::new(Bar::new(&environment));
    let (working, shown) = (stop.clone(), Arc::clone(&bar));
    let mut work =
        tokio::task::spawn_blocking(move || work(&arguments, &environment, &working, &shown));
    let done = tokio::select! {
        done = &mut work => done,
        () = asked.cancelled() => {
            stop.ask();
            work.await
        }
    };
    bar.end();
    match done {
        Ok(Ok(exit) | Err(exit)) => exit,
        Err(error) => {
            complain(&format!("the film was not made: {error}"));
            Exit::Desktop
        }
    }
}

fn work(
    arguments: &Arguments,
    environment: &ProcessEnvironment,
    stop: &Stop,
    bar: &Bar,
) -> Result<Exit, Exit> {
    let usage = |wrong: String| {
        complain(&wrong);
        Exit::Usage
    };
    let project = settings(environment)?;
    let mut wanted = targets(&arguments.to).map_err(usage)?;
    if arguments.check {
        wanted.iter().try_for_each(targets::story).map_err(usage)?;
    }
    let style = style::style(arguments.style.as_deref(), project.as_ref(), environment)?;
    let styled = arguments.style.as_deref();
    let styled = styled.or_else(|| Some(Path::new(project.as_ref()?.source.name())));
    let sound = sound(&style, styled).map_err(usage)?;
    let run = project::artifacts(arguments.run.as_deref(), project.as_ref());
    let recording = Recording::find(&run, arguments.recording.as_deref()).map_err(usage)?;
    if wanted.is_empty() {
        wanted = targets(&[recording.beside(".film.mp4")]).map_err(usage)?;
    }
    let source = recording
        .frames()
        .map_err(|error| fault(&Fault::Source(error)))?;
    let film = Film::plan_drawn(&recording.timeline, source.drawings(), &style);
    for note in film.notes() {
        tell(&format!("note: {note}"));
    }
    let planned = Planned {
        run,
        recording,
        style,
        film,
    };
    if arguments.check {
        return check::all(&planned, &wanted, stop);
    }
    let order = Order {
        show: planned.show(),
        targets: &wanted,
        max_size: arguments.max_size,
        sound,
        stop: stop.clone(),
        progress: &|progress| bar.show(progress),
    };
    let written = render(&order, source).map_err(|error| fault(&error))?;
    bar.end();
    tell_of(&planned, &wanted, &written);
    Ok(Exit::Passed)
}

/// The sound of the film; the path of its file is relative to the current folder.
fn sound(style: &Style, styled: Option<&Path>) -> Result<Option<Sound>, String> {
    let Some(file) = &style.audio.file else {
        return Ok(None);
    };
    let folder = styled.and_then(Path::parent).unwrap_or(Path::new(""));
    let file = folder.join(file);
    if !file.is_file() {
        return Err(format!(
            "`style.audio.file`: there is no file {}",
            file.display()
        ));
    }
    Ok(Some(Sound {
        file,
        volume: style.audio.volume,
        fade: style.audio.fade,
    }))
}

/// Says what was written.
fn tell_of(planned: &Planned, wanted: &[Target], written: &[Written]) {
    let film = &planned.film;
    let seconds = f64::from(film.frames()) / f64::from(film.frame_rate());
    let Timeline { recording, .. } = &planned.recording.timeline;
    tell(&format!(
        "{recording}: {seconds:.1} s, {}, {} chapters",
        film.size(),
        film.chapters().len()
    ));
    let is_wanted = |path: &Path| wanted.iter().any(|target| target.path == path);
    for Written {
        path,
        bytes,
        choice,
    } in written
    {
        let choice = choice.as_ref().map(|choice| format!(": {choice}"));
        let line = format!(
            "{} ({}{})",
            path.display(),
            targets::shown(*bytes),
            choice.unwrap_or_default()
        );
        let more = if is_wanted(path) { "" } else { "  with " };
        tell(&format!("{more}{line}"));
    }
}

/// Says why there is no film.
fn fault(fault: &Fault) -> Exit {
    match fault {
        Fault::Stopped => {
            tell("stopped; nothing was written");
            return Exit::Interrupted;
        }
        other => complain(&other.to_string()),
    }
    match fault {
        Fault::Write { .. } | Fault::TooLarge(_) => Exit::Report,
        Fault::Read { .. } => Exit::Usage,
        _ => Exit::Desktop,
    }
}

/// The settings of the project, if there are some.
fn settings(environment: &ProcessEnvironment) -> Result<Option<Project>, Exit> {
    let Some(source) = project::find(environment)? else {
        return Ok(None);
    };
    match Project::read(source) {
        Ok((project, _)) => Ok(Some(project)),
        Err(problems) => {
            let drawn = scenario::render([&problems], environment.width, environment.colour);
            say::show(&drawn);
            Err(Exit::Invalid)
        }
    }
}
