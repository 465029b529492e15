//! The report as one HTML page, for people in a browser.
//!
//! The page carries its style and its script; pictures and videos lie beside it
//! and are named by relative URLs, so the folder of the artifacts can be opened
//! from a disk, unpacked from an archive, or served from anywhere. Without its
//! script the page still shows everything; it only cannot jump and blink.

mod escape;
mod finding;
mod mark;
mod scenario;
mod timeline;

use maud::{DOCTYPE, Markup, PreEscaped, html};

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
    let verdict = verdict(log);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "Deskhand " (Text(&log.version)) };
                title { (verdict) " · Deskhand" }
                link rel="icon" href=(icon(log));
                style { (PreEscaped(STYLE)) }
            }
            body {
                header class={ "run " (mood(log)) } {
                    h1 { (verdict) }
                    (facts(log))
                    (totals(log.counts()))
                    (warning(log))
                }
                main {
                    @for scenario in scenarios { (scenario::section(scenario)) }
                }
                (viewer())
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// The window in which pictures are shown large; the script fills it.
fn viewer() -> Markup {
    html! {
        dialog #viewer aria-labelledby="viewer-title" {
            .viewer-bar {
                strong #viewer-title {}
                span.viewer-kinds role="group" aria-label="Pictures" {}
                button #viewer-blink type="button" aria-pressed="false" { "Blink" }
                button #viewer-size type="button" aria-pressed="false" { "Actual size" }
                button #viewer-close type="button" { "Close" }
            }
            .viewer-stage tabindex="0" { img #viewer-picture alt=""; }
        }
    }
}

/// The order of the sections: what needs somebody's eyes comes first.
const fn rank(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Failed(_) => 0,
        Outcome::Error(_) => 1,
        Outcome::Interrupted => 2,
        Outcome::Flaky => 3,
        Outcome::Skipped => 4,
        Outcome::Passed => 5,
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
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
         %3Ccircle cx='8' cy='8' r='7' fill='%23{colour}'/%3E%3C/svg%3E"
    )
}

/// When, how long, where.
fn facts(log: &RunLog) -> Markup {
    let row = |name: &str, value: Markup| {
        html! { @if !value.0.is_empty() { div { dt { (name) } dd { (value) } } } }
    };
    html! {
        dl.facts {
            (row("Took", html! { @if let Some(took) = log.took { (Took(took)) } }))
            (row("Started", html! {
                @if let Some(time) = log.started {
                    time datetime=(time.format("%Y-%m-%dT%H:%M:%SZ").to_string()) {
                        (time.format("%-d %b %Y, %H:%M:%S UTC").to_string())
                    }
                }
            }))
            (row("Desktop", html! { (Text(&log.target)) }))
            (row("Machine", html! { (Text(&log.host)) }))
            (row("Deskhand", html! { (Text(&log.version)) }))
        }
    }
}

/// How many scenarios ended in which way: a bar, and buttons that filter.
fn totals(counts: Counts) -> Markup {
    let kinds = [
        ("failed", counts.failed),
        ("error", counts.error),
        ("interrupted", counts.interrupted),
        ("skipped", counts.skipped),
        ("passed", counts.passed),
    ];
    let kinds = kinds.into_iter().filter(|(_, count)| *count > 0);
    html! {
        .totals {
            .share aria-hidden="true" {
                @for (word, count) in kinds.clone() {
                    i class=(word) style={ "flex-grow:" (count) } {}
                }
            }
            .chips role="group" aria-label="Show only" {
                @for (word, count) in kinds {
                    button.chip.(word) type="button" data-only=(word) aria-pressed="false" {
                        b { (count) } " " (word)
                    }
                }
            }
        }
    }
}

/// What is missing from the page, if the run did not reach its end.
fn warning(log: &RunLog) -> Markup {
    let mut told = Vec::new();
    if log.interrupted {
        told.push("The run was stopped before its end.".to_owned());
    } else if log.took.is_none() {
        told.push("The run ended unexpectedly: its last events are missing.".to_owned());
    }
    match log.planned.saturating_sub(log.scenarios.len()) {
        0 => {}
        1 => told.push("One scenario did not start.".to_owned()),
        missing => told.push(format!("{missing} scenarios did not start.")),
    }
    html! { @if !told.is_empty() { p.warning { (told.join(" ")) } } }
}

#[cfg(test)]
mod tests;
