//! The end of a run in a few lines.

use std::fmt::Write as _;

use owo_colors::Style;

use super::{
    RunLog, ScenarioLog,
    story::Story,
    style::{mark, seconds, styled},
};
use crate::{event::Outcome, plain::plain};

/// How a run ended, for people: which scenarios did not just pass, what was left out and
/// why, and how many ended in which way.
#[must_use]
pub fn summary(log: &RunLog, colour: bool) -> String {
    let mut text = String::new();
    if log.scenarios.len() > 1 {
        let rank = |outcome: &Outcome| match outcome {
            Outcome::Failed(_) => 0,
            Outcome::Error(_) => 1,
            Outcome::Interrupted => 2,
            Outcome::Flaky => 3,
            Outcome::Skipped | Outcome::Noted(_) | Outcome::Passed => 4,
        };
        let is_listed = |log: &&ScenarioLog| rank(log.outcome()) < 4;
        let mut listed: Vec<&ScenarioLog> = log.scenarios.iter().filter(is_listed).collect();
        listed.sort_by_key(|log| rank(log.outcome()));
        for scenario in listed {
            let _ = writeln!(text, "{}", line(scenario, colour));
        }
    }
    for (reason, count) in reasons(log) {
        let line = format!("- {count} skipped: {}", plain(reason));
        let _ = writeln!(text, "{}", styled(&line, Style::new().dimmed(), colour));
    }
    let _ = writeln!(text, "{}", totals(log, colour));
    text
}

/// A scenario that did not just pass, by the place where somebody would look.
fn line(log: &ScenarioLog, colour: bool) -> String {
    let faults = log.faults();
    let story = faults.first().and_then(|(_, outcome)| Story::of(outcome));
    let place = story.as_ref().and_then(|story| story.place);
    let place = place.unwrap_or(&log.place);
    let (mark, style) = mark(log.outcome());
    let what = match log.outcome() {
        Outcome::Flaky => format!(" (passed on attempt {})", log.attempt),
        Outcome::Interrupted => " (interrupted)".to_owned(),
        _ => String::new(),
    };
    let mark = styled(&mark.to_string(), style, colour);
    let (file, name) = (plain(&place.file), plain(&log.name));
    format!("{mark} {file}:{}  {name}{what}", place.line)
}

/// Why scenarios were left out, each reason with their number.
fn reasons(log: &RunLog) -> Vec<(&str, usize)> {
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for skipped in log.left_out() {
        match reasons
            .iter_mut()
            .find(|(reason, _)| *reason == skipped.reason)
        {
            Some((_, count)) => *count += 1,
            None => reasons.push((&skipped.reason, 1)),
        }
    }
    reasons
}

/// How many scenarios ended in which way.
fn totals(log: &RunLog, colour: bool) -> String {
    let counts = log.counts();
    let said: Vec<String> = [
        (counts.passed, "passed"),
        (counts.failed, "failed"),
        (counts.flaky, "flaky"),
        (counts.error, "error"),
        (counts.interrupted, "interrupted"),
        (counts.skipped, "skipped"),
        (log.not_begun(), "not started"),
    ]
    .into_iter()
    .filter(|(count, word)| *count > 0 || *word == "passed")
    .map(|(count, word)| match (count, word) {
        (2.., "error") => format!("{count} errors"),
        _ => format!("{count} {word}"),
    })
    .collect();
    let bad = counts.failed + counts.error + counts.interrupted + log.not_begun();
    let style = if bad > 0 || log.interrupted || !log.missing.is_empty() {
        Style::new().red()
    } else if counts.flaky > 0 {
        Style::new().yellow()
    } else if counts.passed > 0 {
        Style::new().green()
    } else {
        Style::new()
    };
    let shard = log.shard.map(|shard| format!("shard {shard}: "));
    let said = format!("{}{}", shard.unwrap_or_default(), said.join(", "));
    let said = styled(&said, style.bold(), colour);
    format!("{said} in {}", seconds(log.lasted()))
}
