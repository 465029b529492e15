//! What went wrong, in full: the block that somebody reads to understand it.

use maud::{Markup, html};

use super::{
    escape::{Prose, Text, Url},
    mark::{key, seek},
};
use crate::{
    event::{Artifact, ArtifactKind, Excerpt, Failure, Moment, Outcome, SourceLocation, Trouble},
    geometry::Rect,
    report::{ScenarioLog, StepLog, scripts::script_path},
};

/// A block for each step that went wrong, and one for the scenario itself, if
/// what ended it belongs to no step.
pub(super) fn all(log: &ScenarioLog) -> Markup {
    let outcome = log.outcome();
    html! {
        @for step in log.steps.iter().filter(|step| !log.is_told_inside(step)) {
            (block(log, Some(step), step.outcome()))
        }
        @if log.steps.iter().all(|step| step.outcome() != outcome) {
            (block(log, None, outcome))
        }
    }
}

/// The name of a block on the page.
pub(super) fn id(log: &ScenarioLog, step: Option<&StepLog>) -> String {
    step.map_or_else(
        || format!("f{}", key(log)),
        |step| format!("f{}-{}", key(log), step.id.0),
    )
}

/// The pictures among some artifacts, side by side. The ready-made comparison is shown only if its
/// parts are missing.
pub(super) fn pictures(artifacts: &[Artifact]) -> Markup {
    const KINDS: [(ArtifactKind, &str, &str); 5] = [
        (ArtifactKind::Expected, "expected", "Expected"),
        (ArtifactKind::Actual, "actual", "Actual"),
        (ArtifactKind::Diff, "diff", "Difference"),
        (ArtifactKind::Comparison, "comparison", "Candidates"),
        (ArtifactKind::Screenshot, "screenshot", "Screen"),
    ];
    let of = |kind| {
        artifacts
            .iter()
            .filter(move |artifact| artifact.kind == kind)
    };
    let both = is_compared(artifacts);
    let kinds = KINDS
        .into_iter()
        .filter(|(kind, ..)| !(both && *kind == ArtifactKind::Comparison));
    let figures = html! {
        @for (kind, word, label) in kinds {
            @for artifact in of(kind) {
                figure {
                    a.picture href=(Url(&artifact.path)) data-kind=(word) data-label=(label)
                        data-path=[both.then_some(Text(&artifact.path))]
                        aria-label={ (label) ": enlarge" } {
                        img src=(Url(&artifact.path)) alt=(label) loading="lazy";
                    }
                    figcaption { (label) }
                }
            }
        }
    };
    html! {
        @if !figures.0.is_empty() {
            .pictures data-pixels=[pixels(artifacts)] {
                .row { (figures) }
                @if both {
                    .compare role="group" aria-label="Expected against actual" {
                        button type="button" data-way="slider" { "Slider" }
                        button type="button" data-way="onion" { "Onion skin" }
                        button type="button" data-way="blink" { "Blink" }
                    }
                }
            }
        }
    }
}

/// Links to some artifacts, by the names of their files; `None` for none.
pub(super) fn links<'a>(artifacts: impl Iterator<Item = &'a Artifact>) -> Option<Markup> {
    let mut artifacts = artifacts.peekable();
    artifacts.peek()?;
    Some(html! { ul { @for artifact in artifacts { li { (link(artifact)) } } } })
}

/// A link to an artifact, by the name of its file.
pub(super) fn link(artifact: &Artifact) -> Markup {
    let name = artifact.path.rsplit('/').next().unwrap_or_default();
    html! { a href=(Url(&artifact.path)) { (Text(name)) } }
}

fn block(log: &ScenarioLog, step: Option<&StepLog>, outcome: &Outcome) -> Markup {
    let (head, body) = match outcome {
        Outcome::Failed(failure) => (Head::of_failure(failure), of_failure(failure)),
        Outcome::Error(trouble) => (Head::of_trouble(trouble), of_trouble(trouble)),
        Outcome::Passed
        | Outcome::Flaky
        | Outcome::Noted(_)
        | Outcome::Skipped
        | Outcome::Interrupted => {
            return Markup::default();
        }
    };
    let artifacts = step.map_or(&[][..], |step| &step.artifacts);
    let logs = artifacts
        .iter()
        .filter(|artifact| artifact.kind == ArtifactKind::Log);
    html! {
        article.finding.(outcome.word()) id=(id(log, step)) data-candidate=[candidate(artifacts)] {
            h3 { (Prose(head.message)) }
            p.where {
                @if let Some(place) = head.place { code { (Text(&place.to_string())) } }
                code.aside { (Text(head.verb)) }
                (seek(log, head.moment, "Watch "))
            }
            (beside(artifacts, outcome))
            (changes(outcome))
            @if let Some(lines) = head.excerpt { (excerpt(lines)) }
            (body)
            @if let Some(help) = head.help { p.help { (Prose(help)) } }
            @if let Some(links) = links(logs) { .files { (links) } }
        }
    }
}

/// The path of what can become a baseline, for what acts on it.
fn candidate(artifacts: &[Artifact]) -> Option<Text<'_>> {
    let found = artifacts
        .iter()
        .find(|artifact| artifact.candidate.is_some());
    found.map(|artifact| Text(&artifact.path))
}

/// What a failure and an error have in common.
struct Head<'a> {
    verb: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    place: Option<&'a SourceLocation>,
    excerpt: Option<&'a Excerpt>,
    moment: Option<&'a Moment>,
}

impl<'a> Head<'a> {
    fn of_failure(failure: &'a Failure) -> Self {
        Self {
            verb: &failure.verb,
            message: &failure.message,
            help: failure.help.as_deref(),
            place: Some(&failure.place),
            excerpt: Some(&failure.excerpt),
            moment: failure.moment.as_ref(),
        }
    }

    fn of_trouble(trouble: &'a Trouble) -> Self {
        Self {
            verb: &trouble.verb,
            message: &trouble.message,
            help: trouble.help.as_deref(),
            place: trouble.place.as_ref(),
            excerpt: trouble.excerpt.as_ref(),
            moment: trouble.moment.as_ref(),
        }
    }
}

/// Pictures and widgets: side by side where a widget was missed on the screen, and folded
/// below where a picture differs.
fn beside(artifacts: &[Artifact], outcome: &Outcome) -> Markup {
    let differs = is_compared(artifacts);
    let (pictures, widgets) = (pictures(artifacts), widgets(outcome, !differs));
    html! {
        @if differs || pictures.0.is_empty() || widgets.0.is_empty() { (pictures) (widgets) }
        @else { .with-widgets { (pictures) (widgets) } }
    }
}

/// The script that lets the page read the pixels of a pair of pictures.
fn pixels(artifacts: &[Artifact]) -> Option<String> {
    let mut artifacts = artifacts.iter().filter(|_| is_compared(artifacts));
    let actual = artifacts.find(|artifact| artifact.kind == ArtifactKind::Actual)?;
    Some(Url(&script_path(&actual.path)).to_string())
}

/// Whether a picture was compared with an expected one.
fn is_compared(artifacts: &[Artifact]) -> bool {
    let has = |kind| artifacts.iter().any(|artifact| artifact.kind == kind);
    has(ArtifactKind::Expected) && has(ArtifactKind::Actual)
}

/// What differs between two pictures, in words, each with its place in them.
fn changes(outcome: &Outcome) -> Markup {
    let Outcome::Failed(failure) = outcome else {
        return Markup::default();
    };
    let changes = &failure.changes;
    html! {
        @if !changes.is_empty() {
            .changes {
                h4 { "What changed" }
                ul {
                    @for change in &changes.told {
                        li data-area=(place_of(changes.in_picture(change))) tabindex="0"
                            data-change=(change.kind.word()) {
                            span.boxes { (change.numbers()) "." } " "
                            (Prose(&change.to_string()))
                        }
                    }
                    @if let Some(rest) = changes.rest() { li { (rest) } }
                }
            }
        }
    }
}

/// The widgets that were on the screen when a step failed, each with its place there.
fn widgets(outcome: &Outcome, open: bool) -> Markup {
    let Outcome::Failed(failure) = outcome else {
        return Markup::default();
    };
    if failure.widgets.is_empty() {
        return Markup::default();
    }
    html! {
        details.widgets open[open] {
            summary { "Widgets on the screen" span.aside { (failure.widgets.len()) } }
            ol {
                @for widget in &failure.widgets {
                    li style={ "--depth:" (widget.depth) }
                        data-area=[widget.area.map(place_of)]
                        tabindex=[widget.area.map(|_| "0")] {
                        code { (Text(&widget.text)) }
                    }
                }
            }
        }
    }
}

/// A rectangle for the script: left, top, width and height in pixels.
fn place_of(area: Rect) -> String {
    format!("{} {} {} {}", area.x, area.y, area.width, area.height)
}

fn of_failure(failure: &Failure) -> Markup {
    html! {
        .pair {
            div { h4 { "Expected" } pre { (Text(&failure.expected)) } }
            .seen { h4 { "Seen" } pre { (Text(&failure.seen)) } }
        }
        @if !failure.circumstances.is_empty() {
            .also {
                h4 { "Also" }
                ul { @for text in &failure.circumstances { li { (circumstance(text)) } } }
            }
        }
    }
}

/// What else may explain a failure: its first line is a sentence.
fn circumstance(text: &str) -> Markup {
    let (sentence, rest) = text.split_once('\n').unwrap_or((text, ""));
    html! {
        (Prose(sentence))
        @if !rest.is_empty() { pre { (Text(rest)) } }
    }
}

fn of_trouble(trouble: &Trouble) -> Markup {
    html! {
        @if let Some(detail) = &trouble.detail {
            pre.detail tabindex="0" { (Text(detail.trim_end())) }
        }
    }
}

/// The lines of the scenario, the underline marked.
fn excerpt(excerpt: &Excerpt) -> Markup {
    let drawn = excerpt.to_string();
    let here = format!("{} |", excerpt.line);
    let line = |line: &str| {
        let (gutter, code) = line.split_at(line.find('|').map_or(0, |at| at + 1));
        let class = match gutter.trim_start() {
            "|" => "caret",
            other if other == here => "here",
            _ => return html! { (Text(line)) },
        };
        html! { (gutter) span class=(class) { (Text(code)) } }
    };
    html! {
        pre.excerpt tabindex="0" {
            @for (at, text) in drawn.lines().enumerate() {
                @if at > 0 { "\n" }
                (line(text))
            }
        }
    }
}
