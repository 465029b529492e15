//! The report as one HTML page, for people in a browser.
//!
//! The page contains its style and its scripts; pictures and videos are next to it and are named by
//! relative URLs, so the folder of the artifacts can be opened from a disk, unpacked from an
//! archive, or served from anywhere. Without its scripts the page still shows everything; it only
//! cannot search, jump and blink.

mod escape;
mod finding;
mod mark;
mod scenario;
mod skipped;
mod summary;
mod timeline;
mod toolbar;
mod trace;
mod viewer;

use maud::{DOCTYPE, PreEscaped, html};

use self::escape::Text;
use super::{RunLog, ScenarioLog, verdict::sentence};
use crate::event::Outcome;

/// The look of the page, for other pages that should look like it.
pub(crate) const PAGE_STYLE: &str = include_str!("html/page.css");

/// The styles, in the order in which they are written.
const STYLES: [&str; 3] = [
    PAGE_STYLE,
    include_str!("html/viewer.css"),
    include_str!("html/trace.css"),
];

/// The scripts; what the first one defines is used by the others.
const SCRIPTS: [&str; 6] = [
    include_str!("html/page.js"),
    include_str!("html/steps.js"),
    include_str!("html/viewer.js"),
    include_str!("html/trace.js"),
    include_str!("html/filter.js"),
    include_str!("html/keys.js"),
];

/// The page for a run. Scenarios that did not pass come first, and are open.
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
                style { (PreEscaped(STYLES.concat())) }
            }
            body {
                (summary::head(log, &verdict))
                (toolbar::section(log))
                main {
                    @for scenario in scenarios { (scenario::section(scenario)) }
                    (skipped::section(log))
                }
                (viewer::window())
                (toolbar::shortcuts())
                script { (PreEscaped(SCRIPTS.concat())) }
            }
        }
    };
    page.into_string()
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
