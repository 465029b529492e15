//! What went wrong, in full: the block that somebody reads to understand it.

use super::{
    escape::{Prose, Text, Url},
    scenario::seek,
};
use crate::{
    event::{Artifact, ArtifactKind, Excerpt, Failure, Moment, Outcome, Place, Trouble},
    report::run_log::{ScenarioLog, StepLog},
};

/// A block for each step that went wrong, and one for the scenario itself, if
/// what ended it belongs to no step.
pub(super) fn all(log: &ScenarioLog) -> String {
    let mut blocks: Vec<String> = log
        .steps
        .iter()
        .filter(|step| !log.is_told_inside(step))
        .map(|step| block(log, Some(step), step.outcome()))
        .collect();
    let outcome = log.outcome();
    if log.steps.iter().all(|step| step.outcome() != outcome) {
        blocks.push(block(log, None, outcome));
    }
    blocks.concat()
}

/// The name of a block on the page.
pub(super) fn id(log: &ScenarioLog, step: Option<&StepLog>) -> String {
    step.map_or_else(
        || format!("f{}", log.id.0),
        |step| format!("f{}-{}", log.id.0, step.id.0),
    )
}

/// The pictures among some artifacts, side by side. The ready-made comparison
/// is shown only where its parts are not there.
pub(super) fn pictures(artifacts: &[Artifact]) -> String {
    const KINDS: [(ArtifactKind, &str, &str); 5] = [
        (ArtifactKind::Expected, "expected", "Expected"),
        (ArtifactKind::Actual, "actual", "Actual"),
        (ArtifactKind::Diff, "diff", "Difference"),
        (ArtifactKind::Comparison, "comparison", "Comparison"),
        (ArtifactKind::Screenshot, "screenshot", "Screen"),
    ];
    let has = |kind| artifacts.iter().any(|artifact| artifact.kind == kind);
    let both = has(ArtifactKind::Expected) && has(ArtifactKind::Actual);
    let mut figures = Vec::new();
    for (kind, word, label) in KINDS {
        if kind == ArtifactKind::Comparison && both {
            continue;
        }
        for artifact in artifacts.iter().filter(|artifact| artifact.kind == kind) {
            let url = Url(&artifact.path);
            figures.push(format!(
                r#"<figure><a class="picture" href="{url}" data-kind="{word}" data-label="{label}" aria-label="{label}: enlarge"><img src="{url}" alt="{label}" loading="lazy"></a><figcaption>{label}</figcaption></figure>"#
            ));
        }
    }
    if figures.is_empty() {
        return String::new();
    }
    let blink = if both {
        r#"<button type="button" class="blink">Blink expected and actual</button>"#
    } else {
        ""
    };
    format!(
        "<div class=\"pictures\"><div class=\"row\">{}</div>{blink}</div>\n",
        figures.concat()
    )
}

fn block(log: &ScenarioLog, step: Option<&StepLog>, outcome: &Outcome) -> String {
    let (head, body) = match outcome {
        Outcome::Failed(failure) => (Head::of_failure(failure), of_failure(failure)),
        Outcome::Error(trouble) => (Head::of_trouble(trouble), of_trouble(trouble)),
        Outcome::Passed | Outcome::Skipped | Outcome::Interrupted => return String::new(),
    };
    let pictures = step.map_or(String::new(), |step| pictures(&step.artifacts));
    let logs = step.map_or(String::new(), |step| logs(&step.artifacts));
    let help = help(head.help);
    format!(
        r#"<article class="finding {word}" id="{id}">
<h3>{message}</h3>
<p class="where">{where_}<code class="aside">{verb}</code>{seek}</p>
{excerpt}{body}{help}{pictures}{logs}</article>
"#,
        word = outcome.word(),
        id = id(log, step),
        message = Prose(head.message),
        where_ = head.place.map_or(String::new(), |place| format!(
            "<code>{}</code> ",
            Text(&place.to_string())
        )),
        verb = Text(head.verb),
        seek = seek(log, head.moment, "Watch "),
        excerpt = head.excerpt.map_or(String::new(), excerpt),
    )
}

/// What a failure and an error have in common.
struct Head<'a> {
    verb: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    place: Option<&'a Place>,
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

fn of_failure(failure: &Failure) -> String {
    format!(
        r#"<div class="pair"><div><h4>Expected</h4><pre>{}</pre></div><div class="seen"><h4>Seen</h4><pre>{}</pre></div></div>
"#,
        Text(&failure.expected),
        Text(&failure.seen),
    ) + &circumstances(&failure.circumstances)
}

/// What else may explain a failure: the first line of each is a sentence.
fn circumstances(texts: &[String]) -> String {
    let items = texts.iter().map(|text| {
        let (sentence, rest) = text.split_once('\n').unwrap_or((text, ""));
        let rest = if rest.is_empty() {
            String::new()
        } else {
            format!("<pre>{}</pre>", Text(rest))
        };
        format!("<li>{}{rest}</li>", Prose(sentence))
    });
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        return String::new();
    }
    format!(
        "<div class=\"also\"><h4>Also</h4><ul>{}</ul></div>\n",
        items.concat()
    )
}

fn of_trouble(trouble: &Trouble) -> String {
    trouble.detail.as_ref().map_or(String::new(), |detail| {
        format!(
            "<pre class=\"detail\" tabindex=\"0\">{}</pre>\n",
            Text(detail.trim_end())
        )
    })
}

/// The lines of the scenario, the underline marked.
fn excerpt(excerpt: &Excerpt) -> String {
    let drawn = excerpt.to_string();
    let here = format!("{} |", excerpt.line);
    let line = |line: &str| {
        let (gutter, code) = line.split_at(line.find('|').map_or(0, |at| at + 1));
        let class = if gutter.trim_start() == "|" {
            "caret"
        } else if gutter.trim_start() == here {
            "here"
        } else {
            return Text(line).to_string();
        };
        format!("{gutter}<span class=\"{class}\">{}</span>", Text(code))
    };
    let lines: Vec<String> = drawn.lines().map(line).collect();
    format!(
        "<pre class=\"excerpt\" tabindex=\"0\">{}</pre>\n",
        lines.join("\n")
    )
}

fn help(text: Option<&str>) -> String {
    text.map_or(String::new(), |text| {
        format!("<p class=\"help\">{}</p>\n", Prose(text))
    })
}

fn logs(artifacts: &[Artifact]) -> String {
    let links: Vec<String> = artifacts
        .iter()
        .filter(|artifact| artifact.kind == ArtifactKind::Log)
        .map(|artifact| {
            let name = artifact.path.rsplit('/').next().unwrap_or_default();
            format!(
                "<li><a href=\"{}\">{}</a></li>",
                Url(&artifact.path),
                Text(name)
            )
        })
        .collect();
    if links.is_empty() {
        return String::new();
    }
    format!("<div class=\"files\"><ul>{}</ul></div>\n", links.concat())
}
