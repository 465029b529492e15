//! What the page of a film shows.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::recordings::{file, found, read};
use crate::{
    cli::show::{
        answer::Problem,
        desk::Desk,
        step::{below, elsewhere},
    },
    plain::visible,
    plan::{Disk, Files},
    scenario::{
        Source,
        edit::{FilmStep, Framing},
    },
    timeline::{Input, Timeline},
};

/// Which recording is meant.
#[derive(Debug, Deserialize)]
pub(super) struct About {
    /// The path of its timeline.
    pub(super) timeline: String,
}

/// What is written for a step, and whether it can be changed.
#[derive(Debug, Default, Serialize)]
struct WrittenStep {
    /// The caption's text as it is written.
    text: Option<String>,
    /// How long it is shown, if that is said.
    lasting: Option<String>,
    /// The zoom: a word, or an area.
    zoom: Option<Value>,
    /// Why it cannot be changed.
    locked: Option<String>,
}

/// What the page shows of a recording.
#[derive(Debug, Serialize)]
pub(super) struct State {
    scenario: String,
    recording: String,
    /// The path of the video in the run.
    video: String,
    /// All that happened, but for the way of the pointer.
    timeline: Timeline,
    /// By the number of the step.
    written: BTreeMap<usize, WrittenStep>,
    /// Why nothing can be changed, if that is so.
    locked: Option<String>,
    /// Whether drafts of the film can be drawn.
    previews: bool,
    /// What would be undone.
    undo: Option<String>,
}

/// All that is known of a recording.
pub(super) fn state(desk: &Desk, about: &About) -> Result<State, Problem> {
    let log = desk.runs.log();
    let filmed = found(&log, &about.timeline)?;
    let mut timeline = read(desk, filmed.path)?;
    let archive = file(desk, filmed.path).is_none();
    let locked = elsewhere(desk, filmed.scenario).or_else(|| {
        archive.then(|| "the run is in an archive, which has to be unpacked first".to_owned())
    });
    let written = written(desk, &timeline);
    timeline
        .input
        .retain(|input| !matches!(input, Input::Move { .. }));
    timeline.windows.clear();
    for step in &mut timeline.steps {
        step.title = visible(&step.title);
    }
    Ok(State {
        scenario: visible(&filmed.scenario.name),
        recording: visible(&filmed.recording.name),
        video: filmed.recording.artifact.path.clone(),
        written,
        locked: locked.map(|why| visible(&why)),
        previews: !archive,
        undo: desk.history().last_of(&about.timeline),
        timeline,
    })
}

/// What is written for each step.
fn written(desk: &Desk, timeline: &Timeline) -> BTreeMap<usize, WrittenStep> {
    let mut sources: BTreeMap<&str, Option<Source>> = BTreeMap::new();
    let mut written = BTreeMap::new();
    for step in &timeline.steps {
        let source = sources
            .entry(&step.file)
            .or_insert_with(|| source(&step.file, &desk.environment.folder));
        let found = source
            .as_ref()
            .map(|source| FilmStep::find(source, step.line, &step.verb));
        let about = match found {
            Some(Ok(found)) => {
                let caption = found.caption();
                WrittenStep {
                    lasting: caption.as_ref().and_then(|words| words.lasting.clone()),
                    text: caption.map(|words| words.text),
                    zoom: found.zoom().map(|zoom| match zoom {
                        Framing::Word(word) => Value::String(word),
                        Framing::Area(area) => json!(area),
                    }),
                    locked: None,
                }
            }
            Some(Err(why)) => WrittenStep {
                locked: Some(why.to_string()),
                ..WrittenStep::default()
            },
            None => WrittenStep {
                locked: Some(format!("{} is not here", visible(&step.file))),
                ..WrittenStep::default()
            },
        };
        written.insert(step.step, about);
    }
    written
}

fn source(file: &str, here: &Path) -> Option<Source> {
    let path = below(file, here).ok()?;
    let bytes = Disk.read(&here.join(path), Source::MAX_BYTES + 1).ok()?;
    Some(Source::new(file, &bytes))
}
