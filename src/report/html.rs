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
mod skipped;
mod summary;
mod timeline;
mod trace;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use self::escape::Text;
use super::{RunLog, ScenarioLog, verdict::sentence};
use crate::event::Outcome;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");
const TRACE_STYLE: &str = include_str!("html/trace.css");
const TRACE_SCRIPT: &str = include_str!("html/trace.js");

/// The page for a run. Scenarios that did not pass stand first, and open.
#[must_use]
pub fn render(log: &RunLog) -> String {
    let mut scenarios: Vec<&ScenarioLog> = log.scenarios.iter().collect();
    scenarios.sort_by_key(|scenario| rank(scenario.outcome()));
    let verdict = sentence(log);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "Deskhand " (Text(&log.version)) };
                title { (verdict) " · Deskhand" }
                link rel="icon" href=(summary::icon(log));
                style { (PreEscaped(STYLE)) (PreEscaped(TRACE_STYLE)) }
            }
            body {
                (summary::head(log, &verdict))
                main {
                    @for scenario in scenarios { (scenario::section(scenario)) }
                    (skipped::section(log))
                }
                (viewer())
                script { (PreEscaped(SCRIPT)) }
                @if super::traces(log).next().is_some() {
                    script { (PreEscaped(TRACE_SCRIPT)) }
                }
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
        Outcome::Passed | Outcome::Noted(_) => 5,
    }
}

#[cfg(test)]
mod tests;
