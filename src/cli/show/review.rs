//! The pictures and trees of a run that can become baselines, and what people decide
//! about them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    answer::{Problem, Settled},
    desk::Desk,
    found::{Found, artifacts, found, nothing},
    git,
    runs::Runs,
    step::elsewhere,
};
use crate::{
    cli::{
        accept::baseline::{self, Offer, is_tree, variants},
        verdicts::{self, About, Verdicts},
    },
    event::ArtifactKind,
    plain::visible,
    vision::Frame,
};

/// A picture or tree to decide about.
#[derive(Debug, Serialize)]
pub(super) struct Item {
    /// The path of its artifact.
    artifact: String,
    /// The file of the baseline.
    baseline: String,
    /// Whether it is a tree of widgets.
    tree: bool,
    /// Where the step is written.
    place: String,
    /// Why nothing can be written for it, if its scenario is not here.
    elsewhere: Option<String>,
    /// Whether masks and a region can be written for its step.
    drawable: bool,
    state: State,
    /// What git knows of the baseline.
    git: Option<git::State>,
}

/// What was decided, as the files that are there say.
#[derive(Debug, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
enum State {
    /// Nothing.
    Open,
    /// The baseline is this picture.
    Accepted,
    /// A variant of the baseline is this picture.
    Variant { name: String },
    /// It must not become the baseline.
    Rejected { note: String, by: Option<String> },
    /// It cannot become a baseline.
    Refused { why: String },
}

/// What is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Accept {
    artifact: String,
    /// The name of the variant that it becomes.
    variant: Option<String>,
    /// Whether to replace what has changed since the run, or since the page knew it.
    #[serde(default)]
    replace: bool,
    /// The state that the page knew.
    knew: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reject {
    artifact: String,
    note: String,
    /// Whether to replace what somebody else has decided.
    #[serde(default)]
    replace: bool,
    /// The state that the page knew.
    knew: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reopen {
    artifact: String,
    /// Whether to take back what the page has not shown.
    #[serde(default)]
    replace: bool,
    /// The state that the page knew.
    knew: Option<Value>,
}

/// Everything to decide about, without what git knows.
pub(super) fn items(desk: &Desk) -> (Vec<Item>, Vec<PathBuf>) {
    let log = desk.runs.log();
    let (mut items, mut files) = (Vec::new(), Vec::new());
    for found in artifacts(&log) {
        if let Some(offer) = found.offer() {
            items.push(item(desk, &found, &offer));
            files.push(PathBuf::from(&offer.candidate.baseline));
        }
    }
    (items, files)
}

/// The same, with what git knows of the files.
pub(super) fn with_git(items: &mut [Item], states: &[git::State]) {
    for (item, state) in items.iter_mut().zip(states) {
        if !matches!(item.state, State::Refused { .. }) {
            item.git = Some(*state);
        }
    }
}

fn item(desk: &Desk, found: &Found<'_>, offer: &Offer) -> Item {
    let file = offer.file(&desk.environment.folder);
    let state = match &file {
        Ok(file) => state(&desk.runs, &offer.path, file),
        Err(refused) => State::Refused {
            why: visible(&refused.to_string()),
        },
    };
    let shown = file.unwrap_or_else(|_| PathBuf::from(&offer.candidate.baseline));
    Item {
        artifact: offer.path.clone(),
        tree: is_tree(&shown),
        elsewhere: elsewhere(desk, found.scenario).map(|why| visible(&why)),
        baseline: visible(&shown.display().to_string()),
        place: visible(&found.step.place.to_string()),
        drawable: found.step.verb == "screenshot-assert",
        state,
        git: None,
    }
}

/// What was decided about an artifact.
fn state(runs: &Runs, artifact: &str, file: &Path) -> State {
    let bytes = match runs.read(artifact) {
        Ok(bytes) => bytes,
        Err(error) => {
            return State::Refused {
                why: visible(&format!("cannot read {artifact}: {error}")),
            };
        }
    };
    let is_same = |file: &Path| {
        let is_as_long = fs::metadata(file).is_ok_and(|it| it.len() == bytes.len() as u64);
        is_as_long && fs::read(file).is_ok_and(|there| there == bytes)
    };
    if is_same(file) {
        return State::Accepted;
    }
    if let Some(variant) = variants(file).iter().find(|file| is_same(file)) {
        let name = variant.file_name().unwrap_or_default().to_string_lossy();
        let name = name.split_once('@').map_or("", |(_, name)| name);
        let name = name.trim_end_matches(".png").trim_end_matches(".tree.yaml");
        return State::Variant {
            name: visible(name),
        };
    }
    let rejection = runs.source(artifact).and_then(|(source, path)| {
        let verdicts = Verdicts::read(&verdicts::file(&source.path)).ok()?;
        verdicts.of(&path, &bytes).cloned()
    });
    rejection.map_or(State::Open, |rejection| State::Rejected {
        note: visible(&rejection.note),
        by: rejection.by.as_deref().map(visible),
    })
}

/// Makes an artifact the baseline, or a variant of it.
pub(super) fn accept(desk: &Desk, asked: &Accept) -> Settled {
    let log = desk.runs.log();
    let found = found(&log, &asked.artifact)?;
    let mut offer = found.offer().ok_or_else(nothing)?;
    if let Some(why) = elsewhere(desk, found.scenario) {
        return Err(Problem::new(why));
    }
    if let Some(name) = &asked.variant {
        baseline::variant(name)
            .map_err(|wrong| Problem::new(format!("the name of a variant: {wrong}")))?;
    }
    let file = offer.file(&desk.environment.folder)?;
    let before = state(&desk.runs, &offer.path, &file);
    let (source, path) = desk.runs.source(&offer.path).ok_or_else(nothing)?;
    offer.path.clone_from(&path);
    let variant = asked.variant.as_deref();
    let accepted = offer.read((&source.path, &mut source.lock()), &file, variant)?;
    if !asked.replace {
        let other = decided(&before, asked.knew.as_ref());
        let changed = conflict(desk, &found, &accepted.file, &accepted.bytes);
        let why: Vec<String> = other.into_iter().chain(changed).collect();
        if !why.is_empty() {
            return Err(Problem::conflict(why.join(", and ")));
        }
    }
    let place = accepted.file.display().to_string();
    baseline::write(&[accepted])?;
    let verdicts = verdicts::file(&source.path);
    // What was accepted is not rejected any more.
    if let Ok(mut known) = Verdicts::read(&verdicts)
        && known.withdraw(&path)
    {
        known
            .write(&verdicts)
            .map_err(|error| unwritten(&verdicts, &error))?;
    }
    Ok(format!("accepted {place}"))
}

/// A problem, if somebody else has made a decision that the page does not know.
fn unless_decided(
    desk: &Desk,
    found: &Found<'_>,
    replace: bool,
    knew: Option<&Value>,
) -> Result<(), Problem> {
    let offer = found.offer().ok_or_else(nothing)?;
    let Ok(file) = offer.file(&desk.environment.folder) else {
        return Ok(());
    };
    let now = state(&desk.runs, &offer.path, &file);
    let why = decided(&now, knew).filter(|_| !replace);
    why.map_or(Ok(()), |why| Err(Problem::conflict(why)))
}

/// What somebody else has decided, if it is not what the page knew.
fn decided(now: &State, knew: Option<&Value>) -> Option<String> {
    let knew = knew?;
    if serde_json::to_value(now).is_ok_and(|now| now == *knew) {
        return None;
    }
    Some(match now {
        State::Open => "the decision about it has been taken back".to_owned(),
        State::Accepted => "it has since been accepted".to_owned(),
        State::Variant { name } => format!("it has since been kept as the variant {name}"),
        State::Rejected { note, by: None } => format!("it has since been rejected: {note}"),
        State::Rejected { note, by: Some(by) } => {
            format!("it has since been rejected by {by}: {note}")
        }
        State::Refused { .. } => return None,
    })
}

/// Why a file should not be replaced without asking: it is no longer what the run compared
/// with.
fn conflict(desk: &Desk, found: &Found<'_>, file: &Path, new: &[u8]) -> Option<String> {
    let shown = file.display();
    let mut artifacts = found.step.artifacts.iter();
    let expected = artifacts.find(|artifact| artifact.kind == ArtifactKind::Expected);
    let candidate = found.artifact.candidate.as_ref()?;
    let is_own = Path::new(&candidate.baseline).ends_with(file);
    let there = match fs::read(file) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let gone = is_own && expected.is_some();
            return gone.then(|| format!("{shown} has been deleted since the run"));
        }
        // A file that cannot be read may not be writable either: that has its own message.
        Err(_) => return None,
    };
    if there == new {
        return None;
    }
    if !is_own {
        return Some(format!("{shown} already exists"));
    }
    let is_as_compared = if is_tree(file) {
        // What it was compared with is not kept; its age is all that there is.
        let changed = fs::metadata(file).and_then(|about| about.modified());
        let run = desk.runs.log().started;
        changed.is_ok_and(|changed| run.is_some_and(|run| changed <= run.into()))
    } else {
        let expected = expected.and_then(|expected| desk.runs.read(&expected.path).ok());
        let picture = |png: &[u8]| Frame::decode_png(png).ok();
        match expected {
            Some(expected) => picture(&expected) == picture(&there),
            None => false,
        }
    };
    (!is_as_compared).then(|| format!("{shown} has changed since the run"))
}

/// Keeps a note that an artifact must not become the baseline.
pub(super) fn reject(desk: &Desk, asked: &Reject, by: Option<&str>) -> Settled {
    let log = desk.runs.log();
    let found = found(&log, &asked.artifact)?;
    let offer = found.offer().ok_or_else(nothing)?;
    let note = asked.note.trim();
    if note.is_empty() {
        return Err(Problem::new(
            "say what is wrong, so that others know".to_owned(),
        ));
    }
    unless_decided(desk, &found, asked.replace, asked.knew.as_ref())?;
    let (source, path) = desk.runs.source(&offer.path).ok_or_else(nothing)?;
    let bytes = desk.runs.read(&offer.path);
    let bytes = bytes.map_err(|error| Problem::new(format!("cannot read {path}: {error}")))?;
    let file = verdicts::file(&source.path);
    let mut known = Verdicts::read(&file).map_err(|error| unwritten(&file, &error))?;
    let about = About {
        artifact: &path,
        bytes: &bytes,
        baseline: &offer.candidate.baseline,
        scenario: &found.scenario.name,
        place: &found.step.place.to_string(),
    };
    known.reject(about, note, by);
    known
        .write(&file)
        .map_err(|error| unwritten(&file, &error))?;
    Ok(format!("rejected; the note is in {}", file.display()))
}

/// Takes a rejection back.
pub(super) fn reopen(desk: &Desk, asked: &Reopen) -> Settled {
    let log = desk.runs.log();
    let found = found(&log, &asked.artifact)?;
    unless_decided(desk, &found, asked.replace, asked.knew.as_ref())?;
    let (source, path) = desk.runs.source(&asked.artifact).ok_or_else(nothing)?;
    let file = verdicts::file(&source.path);
    let mut known = Verdicts::read(&file).map_err(|error| unwritten(&file, &error))?;
    known.withdraw(&path);
    known
        .write(&file)
        .map_err(|error| unwritten(&file, &error))?;
    Ok("the rejection was taken back".to_owned())
}

fn unwritten(file: &Path, error: &io::Error) -> Problem {
    Problem::new(format!(
        "cannot keep the note in {}: {error}",
        file.display()
    ))
}
