//! One scenario on the page: a section that folds away.

use std::time::Duration;

use maud::{Markup, html};

use super::{
    escape::{Text, Took, Url},
    finding,
    mark::video_id,
    timeline, trace,
};
use crate::{
    event::{Artifact, ArtifactKind, Outcome},
    report::ScenarioLog,
};

/// The section of a scenario, open unless it passed. What is inside one that passed is
/// `noscript`, which the script unfolds once somebody wants to see it: a browser reads the
/// page of a large run several times as fast.
pub(super) fn section(log: &ScenarioLog) -> Markup {
    let word = log.outcome().word();
    html! {
        details.scenario.(word) id={ "s" (log.id.0) } data-outcome=(word)
            open[!log.outcome().is_passed()] {
            summary {
                span.badge.(word) { (word) }
                h2 { (Text(&log.name)) }
                @if !log.tags.is_empty() {
                    span.tags { @for tag in &log.tags { span.tag { (Text(tag)) } } }
                }
                span.took {
                    @if log.is_retried() { (log.earlier.len() + 1) " attempts, " }
                    @if let Some(took) = took(log) { (Took(took)) }
                }
                span.place {
                    code { (Text(&log.place.file)) ":" (log.place.line) }
                    @if let Some(desktop) = &log.desktop {
                        span { "display " (Text(&desktop.display)) }
                        span { (Text(&desktop.size.replace('x', "×"))) }
                        span { "ready after " (Took(desktop.took)) }
                    }
                }
            }
            @if log.outcome().is_passed() { noscript.body { (body(log)) } }
            @else { .body { (body(log)) } }
        }
    }
}

fn body(log: &ScenarioLog) -> Markup {
    html! {
        @if log.is_retried() {
            @for attempt in log.all_attempts() { (self::attempt(attempt)) }
        } @else {
            (told(log))
        }
    }
}

/// How long all its attempts took together.
fn took(log: &ScenarioLog) -> Option<Duration> {
    log.took?;
    Some(log.all_attempts().filter_map(|log| log.took).sum())
}

/// One attempt of several, with its heading.
fn attempt(log: &ScenarioLog) -> Markup {
    let word = match log.outcome() {
        Outcome::Flaky => "passed",
        outcome => outcome.word(),
    };
    html! {
        section.attempt {
            h3 {
                "Attempt " (log.attempt) " "
                span.badge.(word) { (word) }
                @if let Some(took) = log.took { span.took { (Took(took)) } }
            }
            (told(log))
        }
    }
}

/// Everything that is known about an attempt.
fn told(log: &ScenarioLog) -> Markup {
    html! {
        @if let Some(told) = stopped(log) { p.stopped { (told) } }
        (finding::all(log))
        (trace::section(log))
        (played(log))
        (files(&log.artifacts))
    }
}

/// Why a scenario has no end.
fn stopped(log: &ScenarioLog) -> Option<&'static str> {
    match log.outcome {
        None => {
            Some("The events end here: the run ended unexpectedly while this scenario was playing.")
        }
        Some(Outcome::Interrupted) => Some(
            "The run was interrupted while this scenario was \
                                            playing.",
        ),
        Some(Outcome::Skipped) => Some("Skipped, because an earlier step failed."),
        _ => None,
    }
}

/// The steps, with the videos next to them.
fn played(log: &ScenarioLog) -> Markup {
    let steps = timeline::steps(log);
    if log.recordings.is_empty() {
        return steps;
    }
    html! {
        .played {
            .videos { @for at in 0..log.recordings.len() { (video(log, at)) } }
            (steps)
        }
    }
}

fn video(log: &ScenarioLog, at: usize) -> Markup {
    let recording = &log.recordings[at];
    let (url, name) = (Url(&recording.artifact.path), Text(&recording.name));
    html! {
        figure.video {
            video id=(video_id(log, at)) controls preload="metadata" src=(url)
                aria-label={ "Recording " (name) } {}
            figcaption { a href=(url) { (name) } " " span { (Took(recording.span)) } }
        }
    }
}

/// What the desktop left: pictures to be seen, everything else to be opened.
fn files(artifacts: &[Artifact]) -> Markup {
    let is_link =
        |artifact: &&Artifact| matches!(artifact.kind, ArtifactKind::Log | ArtifactKind::Video);
    html! {
        (finding::pictures(artifacts))
        @if let Some(links) = finding::links(artifacts.iter().filter(is_link)) {
            .files { h3 { "Files" } (links) }
        }
    }
}
