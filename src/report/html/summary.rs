//! The head of the page: how the run ended, where it was played, and what is missing.

use maud::{Markup, html};

use super::escape::{Text, Took};
use crate::{
    event::Part,
    report::{Counts, RunLog, verdict::warnings},
};

/// The head of the page.
pub(super) fn head(log: &RunLog, verdict: &str) -> Markup {
    html! {
        header class={ "run " (mood(log)) } {
            h1 { (verdict) }
            (facts(log))
            (totals(log.counts()))
            (warning(log))
            (parts(log))
        }
    }
}

/// The worst outcome, as the word that styles and pictures use.
fn mood(log: &RunLog) -> &'static str {
    let counts = log.counts();
    let is_cut_off = log.took.is_none() && log.not_begun() > 0;
    if counts.failed > 0 {
        "failed"
    } else if counts.error > 0 || !log.missing.is_empty() {
        "error"
    } else if counts.interrupted > 0 || log.interrupted || is_cut_off {
        "interrupted"
    } else if counts.flaky > 0 {
        "flaky"
    } else if counts.passed > 0 {
        "passed"
    } else {
        "skipped"
    }
}

/// The picture in the browser's tab: a disc in the run's colour.
pub(super) fn icon(log: &RunLog) -> String {
    let colour = match mood(log) {
        "passed" => "1a7f4b",
        "failed" => "c62f2f",
        "error" => "b87408",
        "flaky" => "7b3fb3",
        _ => "7a828a",
    };
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
         %3Ccircle cx='8' cy='8' r='7' fill='%23{colour}'/%3E%3C/svg%3E"
    )
}

/// When, how long, where, and how it was played.
fn facts(log: &RunLog) -> Markup {
    let row = |name: &str, value: Markup| {
        html! { @if !value.0.is_empty() { div { dt { (name) } dd { (value) } } } }
    };
    let is_merged = !log.parts.is_empty();
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
            (row("Shard", html! { @if let Some(shard) = log.shard { (shard) } }))
            (row("Side by side", html! { @if log.jobs > 1 { (log.jobs) } }))
            (row("Shuffled with", html! { @if let Some(seed) = log.shuffle { (seed) } }))
            (row("Desktop", html! { (Text(&log.target)) }))
            @if !is_merged { (row("Machine", html! { (Text(&log.host)) })) }
            (row("Deskhand", html! { (Text(&log.version)) }))
        }
    }
}

/// The outcomes, each with how many scenarios ended in it, if any did.
pub(super) fn outcomes(counts: Counts) -> impl Iterator<Item = (&'static str, usize)> {
    let kinds = [
        ("failed", counts.failed),
        ("error", counts.error),
        ("interrupted", counts.interrupted),
        ("flaky", counts.flaky),
        ("skipped", counts.skipped),
        ("passed", counts.passed),
    ];
    kinds.into_iter().filter(|(_, count)| *count > 0)
}

/// How many scenarios ended in which way, as a bar.
fn totals(counts: Counts) -> Markup {
    html! {
        .totals {
            .share aria-hidden="true" {
                @for (word, count) in outcomes(counts) {
                    i class=(word) style={ "flex-grow:" (count) } {}
                }
            }
        }
    }
}

/// What is missing from the page, if the run did not reach its end.
fn warning(log: &RunLog) -> Markup {
    let told = warnings(log);
    html! { @if !told.is_empty() { p.warning { (told.join(" ")) } } }
}

/// The runs that this one was merged from.
fn parts(log: &RunLog) -> Markup {
    let number = log.parts.len();
    let divided = log.parts.iter().any(|part| part.shard.is_some());
    html! {
        @if number > 0 {
            details.parts {
                summary { "Merged from " (number) @if number == 1 { " run" } @else { " runs" } }
                table {
                    thead {
                        tr {
                            @if divided { th { "Shard" } }
                            th { "Machine" }
                            th { "Started" }
                            th.took { "Took" }
                            th.took { "Scenarios" }
                        }
                    }
                    tbody { @for part in &log.parts { (row(part, divided)) } }
                }
            }
        }
    }
}

fn row(part: &Part, divided: bool) -> Markup {
    html! {
        tr {
            @if divided { td { @if let Some(shard) = part.shard { (shard) } } }
            td { (Text(&part.host)) }
            td { (part.started.format("%H:%M:%S").to_string()) }
            td.took { @if let Some(took) = part.took { (Took(took)) } @else { "cut off" } }
            td.took { (part.scenarios) }
        }
    }
}
