//! The report as one HTML page, for people in a browser.
//!
//! The page carries its style and its script; pictures and videos lie beside it
//! and are named by relative URLs, so the folder of the artifacts can be opened
//! from a disk, unpacked from an archive, or served from anywhere. Without its
//! script the page still shows everything; it only cannot jump and blink.

mod escape;
mod finding;
mod scenario;
mod timeline;

use self::escape::{Text, Took};
use super::run_log::{Counts, RunLog, ScenarioLog};
use crate::event::Outcome;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The page for a run. Scenarios that did not pass stand first, and open.
#[must_use]
pub fn render(log: &RunLog) -> String {
    let mut scenarios: Vec<&ScenarioLog> = log.scenarios.iter().collect();
    scenarios.sort_by_key(|scenario| rank(scenario.outcome()));
    let sections: Vec<String> = scenarios.into_iter().map(scenario::section).collect();
    let verdict = verdict(log);
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Deskhand {version}">
<title>{verdict} · Deskhand</title>
{icon}
<style>
{STYLE}</style>
</head>
<body>
{header}
<main>
{sections}
</main>
{VIEWER}
<script>
{SCRIPT}</script>
</body>
</html>
"#,
        version = Text(&log.version),
        icon = icon(log),
        header = header(log, &verdict),
        sections = sections.join("\n"),
    )
}

/// The window in which pictures are shown large; the script fills it.
const VIEWER: &str = r#"<dialog id="viewer" aria-labelledby="viewer-title">
<div class="viewer-bar">
<strong id="viewer-title"></strong>
<span class="viewer-kinds" role="group" aria-label="Pictures"></span>
<button type="button" id="viewer-blink" aria-pressed="false">Blink</button>
<button type="button" id="viewer-size" aria-pressed="false">Pixel for pixel</button>
<button type="button" id="viewer-close">Close</button>
</div>
<div class="viewer-stage" tabindex="0"><img id="viewer-picture" alt=""></div>
</dialog>"#;

/// The order of the sections: what needs somebody's eyes comes first.
const fn rank(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Failed(_) => 0,
        Outcome::Error(_) => 1,
        Outcome::Interrupted => 2,
        Outcome::Skipped => 3,
        Outcome::Passed => 4,
    }
}

/// The run in one line.
fn verdict(log: &RunLog) -> String {
    let counts = log.counts();
    let all = log.scenarios.len().max(log.planned);
    let noun = if all == 1 { "scenario" } else { "scenarios" };
    match (all, counts.passed) {
        (0, _) => "No scenario was played".to_owned(),
        (1, 1) => "The scenario passed".to_owned(),
        (1, 0) if counts.failed == 1 => "The scenario failed".to_owned(),
        (_, passed) if passed == all => format!("All {all} {noun} passed"),
        (_, 0) => format!("None of {all} {noun} passed"),
        (_, passed) => format!("{passed} of {all} {noun} passed"),
    }
}

/// The worst that happened, as the word that styles and pictures go by.
fn mood(log: &RunLog) -> &'static str {
    let counts = log.counts();
    if counts.failed > 0 {
        "failed"
    } else if counts.error > 0 {
        "error"
    } else if counts.interrupted > 0 || log.interrupted || log.took.is_none() {
        "interrupted"
    } else if counts.passed > 0 {
        "passed"
    } else {
        "skipped"
    }
}

/// The picture in the browser's tab: a disc in the run's colour.
fn icon(log: &RunLog) -> String {
    let colour = match mood(log) {
        "passed" => "1a7f4b",
        "failed" => "c62f2f",
        "error" => "b87408",
        _ => "7a828a",
    };
    format!(
        r#"<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%23{colour}'/%3E%3C/svg%3E">"#
    )
}

fn header(log: &RunLog, verdict: &str) -> String {
    format!(
        r#"<header class="run {mood}">
<h1>{verdict}</h1>
<dl class="facts">
{facts}
</dl>
{totals}{warning}
</header>"#,
        mood = mood(log),
        facts = facts(log),
        totals = totals(log.counts()),
        warning = warning(log),
    )
}

/// When, how long, where.
fn facts(log: &RunLog) -> String {
    let mut rows = Vec::new();
    let mut row = |name: &str, value: String| {
        if !value.is_empty() {
            rows.push(format!("<div><dt>{name}</dt><dd>{value}</dd></div>"));
        }
    };
    row(
        "Took",
        log.took
            .map_or(String::new(), |took| Took(took).to_string()),
    );
    row(
        "Started",
        log.started.map_or(String::new(), |time| {
            format!(
                r#"<time datetime="{}">{}</time>"#,
                time.format("%Y-%m-%dT%H:%M:%SZ"),
                time.format("%-d %b %Y, %H:%M:%S UTC")
            )
        }),
    );
    row("Desktop", Text(&log.target).to_string());
    row("Machine", Text(&log.host).to_string());
    row("Deskhand", Text(&log.version).to_string());
    rows.join("\n")
}

/// How many scenarios ended in which way: a bar, and buttons that filter.
fn totals(counts: Counts) -> String {
    let kinds = [
        ("failed", counts.failed),
        ("error", counts.error),
        ("interrupted", counts.interrupted),
        ("skipped", counts.skipped),
        ("passed", counts.passed),
    ];
    let mut bar = Vec::new();
    let mut chips = Vec::new();
    for (word, count) in kinds.into_iter().filter(|(_, count)| *count > 0) {
        bar.push(format!(
            r#"<i class="{word}" style="flex-grow:{count}"></i>"#
        ));
        chips.push(format!(
            r#"<button type="button" class="chip {word}" data-only="{word}" aria-pressed="false"><b>{count}</b> {word}</button>"#
        ));
    }
    format!(
        r#"<div class="totals"><div class="share" aria-hidden="true">{}</div>
<div class="chips" role="group" aria-label="Show only">{}</div></div>"#,
        bar.concat(),
        chips.join("\n"),
    )
}

/// What is missing from the page, if the run did not reach its end.
fn warning(log: &RunLog) -> String {
    let mut told = Vec::new();
    if log.interrupted {
        told.push("The run was stopped before its end.".to_owned());
    } else if log.took.is_none() {
        told.push("The run was cut off: its last events are missing.".to_owned());
    }
    match log.planned.saturating_sub(log.scenarios.len()) {
        0 => {}
        1 => told.push("One scenario never began.".to_owned()),
        missing => told.push(format!("{missing} scenarios never began.")),
    }
    if told.is_empty() {
        String::new()
    } else {
        format!("\n<p class=\"warning\">{}</p>", told.join(" "))
    }
}

#[cfg(test)]
mod tests;
