//! One scenario that did not just pass: its row, and what explains it.

use super::{
    LONGEST, Ways,
    escape::{attribute, block, code, path, prose, text},
    sign,
};
use crate::{
    event::{Artifact, ArtifactKind, Outcome},
    report::{
        ScenarioLog, StepLog,
        story::{Story, in_order},
    },
};

/// The row of a scenario.
pub(super) fn row(log: &ScenarioLog, ways: Ways<'_>) -> String {
    let told = log.explaining();
    let faults = told.faults();
    let first = faults.first().and_then(|(_, outcome)| Story::of(outcome));
    let place = first
        .as_ref()
        .and_then(|story| story.place)
        .unwrap_or(&log.place);
    let what = match (&first, log.outcome()) {
        (Some(story), _) => prose(&shortened(story.message)),
        (None, Outcome::Interrupted) => "the run was interrupted".to_owned(),
        (None, _) => String::new(),
    };
    let more = match faults.len() {
        0 | 1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    let after = match log.outcome() {
        Outcome::Flaky => format!("; passed on attempt {}", log.attempt),
        _ => String::new(),
    };
    format!(
        "| {} | {} | {} | {what}{more}{after} |\n",
        sign(log.outcome().word()),
        text(&shortened(&log.name)),
        ways.line(&place.file, place.line)
    )
}

/// Everything that went wrong in a scenario, folded; nothing, if nobody knows more than
/// its row says.
pub(super) fn details(log: &ScenarioLog, ways: Ways<'_>) -> String {
    let told = log.explaining();
    let faults = told.faults();
    if faults.is_empty() {
        return String::new();
    }
    let attempt = if log.is_retried() {
        format!(" (attempt {})", told.attempt)
    } else {
        String::new()
    };
    let mut page = format!(
        "<details>\n<summary>{} {}{attempt}</summary>\n\n",
        sign(log.outcome().word()),
        text(&shortened(&log.name))
    );
    for (step, outcome) in faults {
        if let Some(story) = Story::of(outcome) {
            page += &explained(&story, step, ways);
        }
    }
    let videos = told.recordings.iter().map(|recording| &recording.artifact);
    let of_scenario = in_order(videos.chain(&told.artifacts));
    page += &files("Videos and logs", &of_scenario, ways);
    page + "</details>\n\n"
}

/// One thing that went wrong.
fn explained(story: &Story<'_>, step: Option<&StepLog>, ways: Ways<'_>) -> String {
    let place = story.place.map(|place| ways.line(&place.file, place.line));
    let place = place.map(|place| format!("{place} ")).unwrap_or_default();
    let mut page = format!("{place}{}\n\n", prose(&shortened(story.message)));
    let rest = Story {
        place: None,
        ..story.clone()
    };
    let lines = rest.shortened();
    if !lines.is_empty() {
        page += &block(&lines);
        page.push('\n');
    }
    let artifacts = step
        .map(|step| in_order(step.artifacts.iter()))
        .unwrap_or_default();
    if ways.shows_artifacts {
        let shown = artifacts.iter().find(|artifact| is_picture(artifact));
        page += &shown
            .map(|artifact| picture(artifact, ways))
            .unwrap_or_default();
    }
    page + &files("Files", &artifacts, ways)
}

const fn is_picture(artifact: &Artifact) -> bool {
    matches!(
        artifact.kind,
        ArtifactKind::Comparison | ArtifactKind::Actual | ArtifactKind::Screenshot
    )
}

/// A picture that was uploaded by its path.
fn picture(artifact: &Artifact, ways: Ways<'_>) -> String {
    let path = path(&at(artifact, ways));
    format!(
        "<img src=\"artifact://{}\" alt=\"what was seen\">\n\n",
        attribute(&path)
    )
}

/// The names of files, if there are some, after what they are.
fn files(what: &str, artifacts: &[&Artifact], ways: Ways<'_>) -> String {
    let names: Vec<String> = artifacts
        .iter()
        .map(|artifact| code(&at(artifact, ways)))
        .collect();
    if names.is_empty() {
        return String::new();
    }
    format!("{what}: {}\n\n", names.join(", "))
}

fn at(artifact: &Artifact, ways: Ways<'_>) -> String {
    format!("{}/{}", ways.artifacts.trim_end_matches('/'), artifact.path)
}

/// The beginning of a text that has no end in sight.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
