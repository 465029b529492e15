//! The steps of a scenario, one dense line each, against the time they took.

use std::{collections::HashMap, time::Duration};

use maud::{Markup, html};

use super::{
    escape::{Text, Took},
    finding,
    mark::{key, mark, seek},
};
use crate::{
    event::{Artifact, ArtifactKind, Failure, Outcome, StepId},
    report::{ScenarioLog, StepLog},
};

/// The list of a scenario's steps, and how many more it has.
pub(super) fn steps(log: &ScenarioLog) -> Markup {
    let inside = Blocks::of(log);
    // A block takes the time of the steps inside it.
    let single = |step: &&StepLog| inside.of_block(step).is_empty();
    let whole = log.steps.iter().filter(single).filter_map(|s| s.took).sum();
    let mut list = List {
        log,
        inside: &inside,
        begun: Duration::ZERO,
        whole,
    };
    let rows = list.rows(&inside.outermost, 0);
    let missing = match log.planned.saturating_sub(inside.outermost.len()) {
        0 => Markup::default(),
        1 => html! { p.missing { "One more step was not played." } },
        more => html! { p.missing { (more) " more steps were not played." } },
    };
    if log.steps.is_empty() {
        return missing;
    }
    html! { .steps { (rows) (missing) } }
}

/// How deep lists are nested at most; what is deeper goes into the last one.
const DEEPEST: usize = 12;

/// Where a step is written.
#[derive(Clone, Copy, Default)]
struct Place {
    block: Option<StepId>,
    depth: usize,
}

/// The steps of a scenario by the blocks that they are in.
struct Blocks<'a> {
    outermost: Vec<&'a StepLog>,
    inside: HashMap<StepId, Vec<&'a StepLog>>,
}

impl<'a> Blocks<'a> {
    fn of(log: &'a ScenarioLog) -> Self {
        let mut blocks = Self {
            outermost: Vec::new(),
            inside: HashMap::new(),
        };
        let mut places = HashMap::new();
        for step in &log.steps {
            // A file of events may say anything: only what began before has steps inside.
            let around = step
                .parent
                .and_then(|parent| Some((parent, *places.get(&parent)?)));
            let place = match around {
                Some((parent, Place { depth, .. })) if depth < DEEPEST => Place {
                    block: Some(parent),
                    depth: depth + 1,
                },
                Some((_, beside)) => beside,
                None => Place::default(),
            };
            places.insert(step.id, place);
            match place.block {
                Some(block) => blocks.inside.entry(block).or_default().push(step),
                None => blocks.outermost.push(step),
            }
        }
        blocks
    }

    fn of_block(&self, block: &StepLog) -> &[&'a StepLog] {
        self.inside.get(&block.id).map_or(&[], Vec::as_slice)
    }
}

/// The list of steps while it is written.
struct List<'a> {
    log: &'a ScenarioLog,
    inside: &'a Blocks<'a>,
    /// How much time the steps written so far took, and how much all of them took.
    begun: Duration,
    whole: Duration,
}

impl List<'_> {
    fn rows(&mut self, steps: &[&StepLog], depth: usize) -> Markup {
        html! {
            ol style=[(depth > 0).then(|| format!("--depth:{depth}"))] {
                @for step in steps {
                    li {
                        (self.row(step))
                        @let inside = self.inside.of_block(step);
                        @if !inside.is_empty() { (self.rows(inside, depth + 1)) }
                    }
                }
            }
        }
    }

    fn row(&mut self, step: &StepLog) -> Markup {
        let bar = bar(self.begun, step, self.whole);
        if self.inside.of_block(step).is_empty() {
            self.begun += step.took.unwrap_or_default();
        }
        row(self.log, step, &bar)
    }
}

fn row(log: &ScenarioLog, step: &StepLog, bar: &Markup) -> Markup {
    let id = format!("s{}-{}", key(log), step.id.0);
    html! {
        .step.(step.outcome().word()) id=(id) {
            (mark(step.outcome()))
            a.number href={ "#" (id) } aria-label={ "Step " (step.id.0) ": link" } { (step.id.0) }
            span.what { (title(log, step)) }
            (bar)
            span.took { @if let Some(took) = step.took { (Took(took)) } }
            span.line title=(Text(&step.place.to_string())) data-yaml=[step.yaml.as_deref().map(Text)] {
                (line(log, step))
            }
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

/// What did not hold, of an optional check.
fn noted(failure: &Failure) -> Markup {
    html! {
        p.note { "Does not hold, but is optional: " (Text(&failure.message)) }
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
