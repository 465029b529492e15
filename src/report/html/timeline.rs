//! The steps of a scenario, one dense line each, against the time they took.

use std::time::Duration;

use maud::{Markup, html};

use super::{
    escape::{Text, Took},
    finding,
    mark::{key, mark, seek},
};
use crate::{
    event::{Artifact, ArtifactKind, Failure, Outcome},
    report::{ScenarioLog, StepLog},
};

/// The list of a scenario's steps, and how many more it has.
pub(super) fn steps(log: &ScenarioLog) -> Markup {
    // A block takes the time of the steps inside of it.
    let inside = |step: &&StepLog| !log.is_block(step);
    let whole = log.steps.iter().filter(inside).filter_map(|s| s.took).sum();
    let mut begun = Duration::ZERO;
    let mut rows = Vec::new();
    for step in &log.steps {
        rows.push(row(log, step, &bar(begun, step, whole)));
        if inside(&step) {
            begun += step.took.unwrap_or_default();
        }
    }
    let outermost = log.steps.iter().filter(|step| step.parent.is_none());
    let missing = match log.planned.saturating_sub(outermost.count()) {
        0 => Markup::default(),
        1 => html! { p.missing { "One more step was not played." } },
        more => html! { p.missing { (more) " more steps were not played." } },
    };
    if rows.is_empty() {
        return missing;
    }
    html! {
        .steps {
            ol { @for row in rows { (row) } }
            (missing)
        }
    }
}

fn row(log: &ScenarioLog, step: &StepLog, bar: &Markup) -> Markup {
    let depth = log.depth(step).min(12);
    let depth = (depth > 0).then(|| format!("--depth:{depth}"));
    html! {
        li.step.(step.outcome().word()) id={ "s" (key(log)) "-" (step.id.0) } style=[depth] {
            (mark(step.outcome()))
            span.what { (title(log, step)) }
            (bar)
            span.took { @if let Some(took) = step.took { (Took(took)) } }
            span.line title=(Text(&step.place.to_string())) { (line(log, step)) }
            (seek(log, step.moment.as_ref(), ""))
            (below(log, step))
        }
    }
}

/// What a step does: its verb stands out, whether the title begins with it or
/// the scenario gave it a name of its own.
fn title(log: &ScenarioLog, step: &StepLog) -> Markup {
    let verb = Text(&step.verb);
    let rest = step.title.strip_prefix(&step.verb);
    let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with([' ', ':']));
    let rest = rest.map(|rest| rest.trim_start_matches(':').trim());
    let words = html! {
        @match rest {
            Some("") => { code { (verb) } },
            Some(rest) => { code { (verb) } " " (Text(rest)) },
            None => { (Text(&step.title)) " " code.aside { (verb) } },
        }
    };
    let bad = matches!(step.outcome(), Outcome::Failed(_) | Outcome::Error(_));
    if !bad || log.is_told_inside(step) {
        return words;
    }
    html! { a href={ "#" (finding::id(log, Some(step))) } { (words) } }
}

/// The line of a step, with its file only where that is another one.
fn line(log: &ScenarioLog, step: &StepLog) -> Markup {
    let name = step.place.file.rsplit('/').next().unwrap_or_default();
    html! {
        @if step.place.file == log.place.file { "line " } @else { (Text(name)) ":" }
        (step.place.line)
    }
}

/// Where a step lies in the time of all steps.
fn bar(begun: Duration, step: &StepLog, whole: Duration) -> Markup {
    let percent = |part: Duration| {
        if whole.is_zero() {
            0.0
        } else {
            part.as_secs_f64() / whole.as_secs_f64() * 100.0
        }
    };
    let (left, width) = (percent(begun), percent(step.took.unwrap_or_default()));
    html! {
        span.bar aria-hidden="true" { i style=(format!("left:{left:.2}%;width:{width:.2}%")) {} }
    }
}

/// Notes, and the pictures of a step that has no block of its own.
fn below(log: &ScenarioLog, step: &StepLog) -> Markup {
    let has_block = matches!(step.outcome(), Outcome::Failed(_) | Outcome::Error(_));
    let links = step
        .artifacts
        .iter()
        .filter(|artifact| is_link(log, artifact));
    let parts = html! {
        @if let Outcome::Noted(failure) = step.outcome() { (noted(failure)) }
        @for note in &step.notes { p.note { (Text(note)) } }
        @if !has_block {
            (finding::pictures(&step.artifacts))
            @for artifact in links { p.note { (finding::link(artifact)) } }
        }
    };
    html! { @if !parts.0.is_empty() { .below { (parts) } } }
}

/// What did not hold, of a check that need not.
fn noted(failure: &Failure) -> Markup {
    html! {
        p.note { "Does not hold, and need not: " (Text(&failure.message)) }
        p.note { "expected: " (Text(&failure.expected)) }
        p.note { "seen: " (Text(&failure.seen)) }
    }
}

/// Whether an artifact is neither a picture nor shown as a recording.
fn is_link(log: &ScenarioLog, artifact: &Artifact) -> bool {
    match artifact.kind {
        ArtifactKind::Log => true,
        ArtifactKind::Video => !log
            .recordings
            .iter()
            .any(|recording| recording.artifact.path == artifact.path),
        _ => false,
    }
}
