//! The scenarios that were left out, each with its reason: a list that folds away.

use maud::{Markup, html};

use super::escape::{Prose, Text};
use crate::report::{RunLog, SkippedLog};

/// The list of what was left out, one part for each reason.
pub(super) fn section(log: &RunLog) -> Markup {
    let reasons = by_reason(log);
    let count = log.left_out().count();
    html! {
        @if count > 0 {
            details.scenario.skipped.left-out data-outcome="skipped" {
                summary {
                    span.badge.skipped { "skipped" }
                    h2 { (count) @if count == 1 { " scenario" } @else { " scenarios" } " left out" }
                }
                .body {
                    @for (reason, scenarios) in reasons {
                        h3 { (Prose(reason)) }
                        ul {
                            @for scenario in scenarios {
                                li {
                                    (Text(&scenario.name)) " "
                                    code.aside {
                                        (Text(&scenario.place.file)) ":" (scenario.place.line)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What was left out for each reason, in the order of the reasons' first scenarios.
fn by_reason(log: &RunLog) -> Vec<(&str, Vec<&SkippedLog>)> {
    let mut reasons: Vec<(&str, Vec<&SkippedLog>)> = Vec::new();
    for scenario in log.left_out() {
        match reasons
            .iter_mut()
            .find(|(reason, _)| *reason == scenario.reason)
        {
            Some((_, scenarios)) => scenarios.push(scenario),
            None => reasons.push((&scenario.reason, vec![scenario])),
        }
    }
    reasons
}
