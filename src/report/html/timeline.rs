//! The steps of a scenario, one dense line each, against the time they took.

use std::time::Duration;

use super::{
    escape::{Text, Took, Url},
    finding,
    scenario::{mark, seek},
};
use crate::{
    event::{Artifact, ArtifactKind, Outcome},
    report::run_log::{ScenarioLog, StepLog},
};

/// The list of a scenario's steps, and how many more it has.
pub(super) fn steps(log: &ScenarioLog) -> String {
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
        0 => String::new(),
        1 => "<p class=\"missing\">One more step was not played.</p>\n".to_owned(),
        more => format!("<p class=\"missing\">{more} more steps were not played.</p>\n"),
    };
    if rows.is_empty() {
        return missing;
    }
    format!(
        "<div class=\"steps\"><ol>\n{}\n</ol>\n{missing}</div>\n",
        rows.join("\n")
    )
}

fn row(log: &ScenarioLog, step: &StepLog, bar: &str) -> String {
    format!(
        r#"<li class="step {word}" id="s{scenario}-{id}"{depth}>{mark}<span class="what">{title}</span>{bar}<span class="took">{took}</span><span class="line" title="{place}">{line}</span>{seek}{below}</li>"#,
        word = step.outcome().word(),
        depth = depth(log.depth(step)),
        scenario = log.id.0,
        id = step.id.0,
        mark = mark(step.outcome()),
        title = title(log, step),
        took = step
            .took
            .map_or(String::new(), |took| Took(took).to_string()),
        place = Text(&step.place.to_string()),
        line = line(log, step),
        seek = seek(log, step.moment.as_ref(), ""),
        below = below(log, step),
    )
}

/// How far a step is indented, if it is.
fn depth(depth: usize) -> String {
    if depth == 0 {
        return String::new();
    }
    format!(" style=\"--depth:{}\"", depth.min(12))
}

/// What a step does: its verb stands out, whether the title begins with it or
/// the scenario gave it a name of its own.
fn title(log: &ScenarioLog, step: &StepLog) -> String {
    let verb = Text(&step.verb);
    let rest = step.title.strip_prefix(&step.verb);
    let words = match rest.filter(|rest| rest.is_empty() || rest.starts_with([' ', ':'])) {
        Some(rest) => format!(
            "<code>{verb}</code> {}",
            Text(rest.trim_start_matches(':').trim())
        ),
        None => format!("{} <code class=\"aside\">{verb}</code>", Text(&step.title)),
    };
    let bad = matches!(step.outcome(), Outcome::Failed(_) | Outcome::Error(_));
    if bad && !log.is_told_inside(step) {
        let target = finding::id(log, Some(step));
        format!("<a href=\"#{target}\">{}</a>", words.trim_end())
    } else {
        words.trim_end().to_owned()
    }
}

/// The line of a step, with its file only where that is another one.
fn line(log: &ScenarioLog, step: &StepLog) -> String {
    if step.place.file == log.place.file {
        return format!("line {}", step.place.line);
    }
    let name = step.place.file.rsplit('/').next().unwrap_or_default();
    format!("{}:{}", Text(name), step.place.line)
}

/// Where a step lies in the time of all steps.
fn bar(begun: Duration, step: &StepLog, whole: Duration) -> String {
    let percent = |part: Duration| {
        if whole.is_zero() {
            0.0
        } else {
            part.as_secs_f64() / whole.as_secs_f64() * 100.0
        }
    };
    format!(
        r#"<span class="bar" aria-hidden="true"><i style="left:{:.2}%;width:{:.2}%"></i></span>"#,
        percent(begun),
        percent(step.took.unwrap_or_default()),
    )
}

/// Notes, and the pictures of a step that has no block of its own.
fn below(log: &ScenarioLog, step: &StepLog) -> String {
    let mut parts: Vec<String> = step
        .notes
        .iter()
        .map(|note| format!("<p class=\"note\">{}</p>", Text(note)))
        .collect();
    if !matches!(step.outcome(), Outcome::Failed(_) | Outcome::Error(_)) {
        parts.push(finding::pictures(&step.artifacts));
        let others = step
            .artifacts
            .iter()
            .filter(|artifact| is_link(log, artifact));
        parts.extend(others.map(|artifact| {
            let name = artifact.path.rsplit('/').next().unwrap_or_default();
            format!(
                "<p class=\"note\"><a href=\"{}\">{}</a></p>",
                Url(&artifact.path),
                Text(name)
            )
        }));
    }
    let parts = parts.concat();
    if parts.is_empty() {
        return parts;
    }
    format!("<div class=\"below\">{parts}</div>")
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
