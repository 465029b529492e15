//! The marks of outcomes, and the buttons that show a moment of a video.

use maud::{Markup, html};

use super::escape::{Clock, Text};
use crate::{
    event::{Moment, Outcome},
    report::ScenarioLog,
};

/// The mark that stands for an outcome, with its word for those who listen.
pub(super) fn mark(outcome: &Outcome) -> Markup {
    let sign = match outcome {
        Outcome::Passed => "✓",
        Outcome::Flaky => "~",
        Outcome::Noted(_) => "○",
        Outcome::Failed(_) => "✕",
        Outcome::Error(_) => "!",
        Outcome::Skipped => "–",
        Outcome::Interrupted => "■",
    };
    let word = outcome.word();
    html! { span.mark.(word) role="img" aria-label=(word) title=(word) { (sign) } }
}

/// A button that shows a moment of a recording, if that was saved.
pub(super) fn seek(log: &ScenarioLog, moment: Option<&Moment>, label: &str) -> Markup {
    let button = || {
        let moment = moment.filter(|moment| moment.seconds.is_finite())?;
        let mut recordings = log.recordings.iter();
        let at = recordings.rposition(|recording| recording.name == moment.recording)?;
        let clock = Clock(moment.seconds);
        let verb = if label.is_empty() { "Show " } else { label };
        let seconds = format!("{:.3}", moment.seconds.max(0.0));
        Some(html! {
            button.seek type="button" data-video=(video_id(log, at)) data-at=(seconds)
                aria-label={ (verb) (clock) " in the video " (Text(&moment.recording)) } {
                span aria-hidden="true" { "▶" } " " (label) (clock)
            }
        })
    };
    button().unwrap_or_default()
}

/// The name of the element with a recording.
pub(super) fn video_id(log: &ScenarioLog, recording: usize) -> String {
    format!("v{}-{recording}", key(log))
}

/// What the names of everything in an attempt have in them: the scenario's number, and
/// which attempt it is.
pub(super) fn key(log: &ScenarioLog) -> String {
    match log.attempt {
        0 | 1 => log.id.0.to_string(),
        attempt => format!("{}.{attempt}", log.id.0),
    }
}
