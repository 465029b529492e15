//! One scenario on the page: a section that folds away.

use super::{
    escape::{Clock, Text, Took, Url},
    finding, timeline,
};
use crate::{
    event::{Artifact, ArtifactKind, Moment, Outcome},
    report::run_log::ScenarioLog,
};

/// The section of a scenario, open unless it passed.
pub(super) fn section(log: &ScenarioLog) -> String {
    let word = log.outcome().word();
    let parts = [
        stopped(log),
        finding::all(log),
        played(log),
        files(&log.artifacts),
    ];
    format!(
        r#"<details class="scenario {word}" id="s{id}" data-outcome="{word}"{open}>
<summary>
<span class="badge {word}">{word}</span>
<h2>{name}</h2>{tags}
<span class="took">{took}</span>
<span class="place"><code>{file}:{line}</code>{desktop}</span>
</summary>
<div class="body">
{body}
</div>
</details>"#,
        id = log.id.0,
        open = if log.outcome().is_passed() {
            ""
        } else {
            " open"
        },
        name = Text(&log.name),
        tags = tags(log),
        took = log
            .took
            .map_or(String::new(), |took| Took(took).to_string()),
        file = Text(&log.place.file),
        line = log.place.line,
        desktop = desktop(log),
        body = parts.concat().trim_end(),
    )
}

/// The mark that stands for an outcome, with its word for those who listen.
pub(super) fn mark(outcome: &Outcome) -> String {
    let sign = match outcome {
        Outcome::Passed => "✓",
        Outcome::Failed(_) => "✕",
        Outcome::Error(_) => "!",
        Outcome::Skipped => "–",
        Outcome::Interrupted => "■",
    };
    let word = outcome.word();
    format!(
        r#"<span class="mark {word}" role="img" aria-label="{word}" title="{word}">{sign}</span>"#
    )
}

/// A button that shows a moment of a recording, if that was saved.
pub(super) fn seek(log: &ScenarioLog, moment: Option<&Moment>, label: &str) -> String {
    let Some(moment) = moment.filter(|moment| moment.seconds.is_finite()) else {
        return String::new();
    };
    let found = log
        .recordings
        .iter()
        .rposition(|recording| recording.name == moment.recording);
    let Some(at) = found else {
        return String::new();
    };
    format!(
        r#"<button type="button" class="seek" data-video="{video}" data-at="{seconds:.3}" aria-label="Show {clock} in the video {name}"><span aria-hidden="true">▶</span> {label}{clock}</button>"#,
        video = video_id(log, at),
        seconds = moment.seconds.max(0.0),
        clock = Clock(moment.seconds),
        name = Text(&moment.recording),
    )
}

fn video_id(log: &ScenarioLog, recording: usize) -> String {
    format!("v{}-{recording}", log.id.0)
}

fn tags(log: &ScenarioLog) -> String {
    let tag = |tag: &String| format!(r#"<span class="tag">{}</span>"#, Text(tag));
    let tags: Vec<String> = log.tags.iter().map(tag).collect();
    if tags.is_empty() {
        return String::new();
    }
    format!("\n<span class=\"tags\">{}</span>", tags.concat())
}

fn desktop(log: &ScenarioLog) -> String {
    log.desktop.as_ref().map_or(String::new(), |desktop| {
        format!(
            "<span>display {}</span><span>{}</span><span>ready after {}</span>",
            Text(&desktop.display),
            Text(&desktop.size).to_string().replace('x', "×"),
            Took(desktop.took),
        )
    })
}

/// Why a scenario has no end.
fn stopped(log: &ScenarioLog) -> String {
    let told = match log.outcome {
        None => "The events stop here: the run was cut off while this scenario played.",
        Some(Outcome::Interrupted) => "Somebody stopped the run while this scenario played.",
        Some(Outcome::Skipped) => "Not played, because something before it went wrong.",
        _ => return String::new(),
    };
    format!("<p class=\"stopped\">{told}</p>\n")
}

/// The steps, with the videos beside them.
fn played(log: &ScenarioLog) -> String {
    let steps = timeline::steps(log);
    if log.recordings.is_empty() {
        return steps;
    }
    let videos: Vec<String> = (0..log.recordings.len()).map(|at| video(log, at)).collect();
    format!(
        "<div class=\"played\">\n<div class=\"videos\">{}</div>\n{steps}</div>\n",
        videos.join("\n")
    )
}

fn video(log: &ScenarioLog, at: usize) -> String {
    let recording = &log.recordings[at];
    format!(
        r#"<figure class="video"><video id="{id}" controls preload="metadata" src="{url}" aria-label="Recording {name}"></video>
<figcaption><a href="{url}">{name}</a> <span>{span}</span></figcaption></figure>"#,
        id = video_id(log, at),
        url = Url(&recording.artifact.path),
        name = Text(&recording.name),
        span = Took(recording.span),
    )
}

/// What the desktop left: pictures to be seen, everything else to be opened.
fn files(artifacts: &[Artifact]) -> String {
    let pictures = finding::pictures(artifacts);
    let link = |artifact: &Artifact| {
        let name = artifact.path.rsplit('/').next().unwrap_or_default();
        format!(
            r#"<li><a href="{}">{}</a></li>"#,
            Url(&artifact.path),
            Text(name)
        )
    };
    let links: Vec<String> = artifacts
        .iter()
        .filter(|artifact| matches!(artifact.kind, ArtifactKind::Log | ArtifactKind::Video))
        .map(link)
        .collect();
    if links.is_empty() {
        return pictures;
    }
    format!(
        "{pictures}<div class=\"files\"><h3>Files</h3><ul>{}</ul></div>\n",
        links.concat()
    )
}
