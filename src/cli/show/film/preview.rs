//! Drafts of films, drawn while somebody waits for one.
//!
//! There is one at a time: whoever asks for another ends it, and so does a page that is
//! closed, or says nothing for a while.

use std::{
    fs::File,
    io,
    path::PathBuf,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{
    drafts::{Preview, Stage, Told, Which, lock},
    recordings::{file, found, read},
    state::About,
};
use crate::{
    cli::{
        project,
        render::style,
        show::{answer::Problem, desk::Desk, runs::Content},
    },
    event::ArtifactKind,
    film::{
        Film, Style,
        encode::Stop,
        output::{Kind, Order, Show, Target, render},
        source::Frames,
    },
    geometry::Size,
    plain::visible,
    scenario::Project,
    timeline::Timeline,
};

/// A page that wants its preview asks for it more often than this.
const FORGOTTEN: Duration = Duration::from_secs(15);

/// The most frames of a second of a draft.
const RATE: u32 = 15;

/// The least width and height that a film can have.
const LEAST: u32 = 16;

/// The name of the file in its folder.
const NAME: &str = "preview.mp4";

/// Begins to draw a recording as its film is now.
pub(super) fn start(desk: &Desk, about: &About) -> Result<Told, Problem> {
    let log = desk.runs.log();
    let filmed = found(&log, &about.timeline)?;
    let timeline = read(desk, filmed.path)?;
    let clean = filmed.recording.film.iter();
    let clean = clean.filter(|_| timeline.clean.is_some());
    let frames = clean
        .filter(|artifact| artifact.kind == ArtifactKind::Frames)
        .map(|artifact| &artifact.path)
        .next();
    let frames = frames.unwrap_or(&filmed.recording.artifact.path);
    let frames = file(desk, frames).ok_or_else(|| {
        Problem::new(format!(
            "the run has no file {frames}, or is an archive, which has to be unpacked first"
        ))
    })?;
    let style = look(desk)?;
    let folder = tempfile::Builder::new()
        .prefix("deskhand-preview-")
        .tempdir();
    let folder = folder
        .map_err(|error| Problem::new(format!("cannot make a folder for the preview: {error}")))?;
    let draft = Draft {
        timeline,
        style,
        frames,
        folder: Arc::new(folder),
        stop: Stop::default(),
        stage: Arc::new(Mutex::new(Stage::Working { done: 0, all: 0 })),
        seen: Arc::new(Mutex::new(Instant::now())),
    };
    let mut known = desk.previews.lock();
    known.put_away();
    known.last += 1;
    let number = known.last;
    known.now = Some(Preview {
        number,
        page: about.timeline.clone(),
        stop: draft.stop.clone(),
        folder: Arc::clone(&draft.folder),
        stage: Arc::clone(&draft.stage),
        seen: Arc::clone(&draft.seen),
        work: thread::spawn(move || draft.draw()),
    });
    Ok(Told {
        number,
        stage: Stage::Working { done: 0, all: 0 },
    })
}

/// How far a draft is.
pub(super) fn told(desk: &Desk, which: &Which) -> Result<Told, Problem> {
    let known = desk.previews.lock();
    let preview = known.of(which)?;
    *lock(&preview.seen) = Instant::now();
    Ok(Told {
        number: preview.number,
        stage: lock(&preview.stage).clone(),
    })
}

/// The film of a draft.
pub(super) fn content(desk: &Desk, which: &Which) -> io::Result<Content> {
    let known = desk.previews.lock();
    let preview = known.of(which).map_err(|_| io::ErrorKind::NotFound)?;
    let file = File::open(preview.folder.path().join(NAME))?;
    let length = file.metadata()?.len();
    Ok(Content::File(file, length))
}

/// Ends the draft of a page that is closed.
pub(super) fn stop(desk: &Desk, about: &About) {
    let mut known = desk.previews.lock();
    let is_its = |preview: &Preview| preview.page == about.timeline;
    if known.now.as_ref().is_some_and(is_its) {
        known.put_away();
    }
}

/// The look that the project's settings give to films.
fn look(desk: &Desk) -> Result<Style, Problem> {
    let wrong = |_| Problem::new("deskhand.yaml has problems: `deskhand check` lists them".into());
    let Some(settings) = project::find(&desk.environment).map_err(wrong)? else {
        return Ok(Style::default());
    };
    let Ok((project, _)) = Project::read(settings) else {
        return Err(wrong(crate::cli::Exit::Invalid));
    };
    match &project.style {
        None => Ok(Style::default()),
        Some(written) => style::of(written).map_err(|problem| {
            Problem::new(format!("the style in deskhand.yaml: {}", problem.message))
        }),
    }
}

/// A draft that is to be drawn.
struct Draft {
    timeline: Timeline,
    style: Style,
    frames: PathBuf,
    folder: Arc<TempDir>,
    stop: Stop,
    stage: Arc<Mutex<Stage>>,
    seen: Arc<Mutex<Instant>>,
}

impl Draft {
    fn draw(self) {
        let stage = self.drawn().unwrap_or_else(|reason| Stage::Failed {
            reason: visible(&reason),
        });
        *lock(&self.stage) = stage;
    }

    fn drawn(&self) -> Result<Stage, String> {
        let source = Frames::open(&self.frames, self.timeline.size);
        let source = source.map_err(|error| error.to_string())?;
        let mut style = self.style.clone();
        let whole = Film::plan_drawn(&self.timeline, source.drawings(), &style);
        style.size = Some(half(whole.size()));
        style.frame_rate = style.frame_rate.min(RATE);
        // What is heard belongs to the film and not to a draft.
        style.audio.file = None;
        let film = Film::plan_drawn(&self.timeline, source.drawings(), &style);
        let targets = [self.target()];
        let order = Order {
            show: Show {
                timeline: &self.timeline,
                style: &style,
                film: &film,
            },
            targets: &targets,
            max_size: None,
            sound: None,
            stop: self.stop.clone(),
            progress: &|progress| {
                if lock(&self.seen).elapsed() > FORGOTTEN {
                    self.stop.ask();
                }
                let (done, all) = (progress.done, progress.all);
                *lock(&self.stage) = Stage::Working { done, all };
            },
        };
        render(&order, source).map_err(|fault| fault.to_string())?;
        Ok(Stage::Ready {
            seconds: f64::from(film.frames()) / f64::from(film.frame_rate().max(1)),
            notes: whole.notes().iter().map(|note| visible(note)).collect(),
        })
    }

    fn target(&self) -> Target {
        Target {
            path: self.folder.path().join(NAME),
            kind: Kind::Mp4,
        }
    }
}

/// Half of a size, in even numbers of pixels.
const fn half(size: Size) -> Size {
    const fn side(pixels: u32) -> u32 {
        let half = pixels / 4 * 2;
        if half < LEAST { LEAST } else { half }
    }
    Size::new(side(size.width), side(size.height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_half_as_large_in_even_numbers() {
        assert_eq!(half(Size::new(1280, 800)), Size::new(640, 400));
        assert_eq!(half(Size::new(1283, 799)), Size::new(640, 398));
        assert_eq!(half(Size::new(20, 2)), Size::new(16, 16));
    }
}
