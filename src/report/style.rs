//! How outcomes and durations look in a terminal.

use std::time::Duration;

use owo_colors::{OwoColorize, Style};

use crate::event::Outcome;

/// The text in a style, where colours are shown.
pub(super) fn styled(text: &str, style: Style, colour: bool) -> String {
    if colour {
        text.style(style).to_string()
    } else {
        text.to_owned()
    }
}

/// The mark of an outcome, and how it is drawn.
pub(super) fn mark(outcome: &Outcome) -> (char, Style) {
    match outcome {
        Outcome::Passed => ('✓', Style::new().green()),
        Outcome::Flaky => ('~', Style::new().yellow()),
        Outcome::Noted(_) => ('○', Style::new().yellow()),
        Outcome::Skipped => ('-', Style::new().dimmed()),
        Outcome::Failed(_) => ('✗', Style::new().red()),
        Outcome::Error(_) => ('!', Style::new().red()),
        Outcome::Interrupted => ('■', Style::new().yellow()),
    }
}

/// A duration in seconds.
pub(super) fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}
