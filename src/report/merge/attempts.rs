//! What several runs did of one scenario, as attempts at it.

use super::Told;
use crate::event::{Event, EventKind, Outcome, ScenarioId};

/// One attempt at a scenario: its events, from its start on.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) events: Vec<Event>,
}

impl Attempt {
    /// The attempt that begins with an event.
    pub(super) fn of(start: Event) -> Self {
        Self {
            events: vec![start],
        }
    }

    fn outcome(&self) -> Option<&Outcome> {
        self.events.iter().find_map(|event| match &event.kind {
            EventKind::ScenarioFinished { outcome, .. } => Some(outcome),
            _ => None,
        })
    }

    /// Whether it came to its end.
    pub(super) fn is_finished(&self) -> bool {
        let outcome = self.outcome();
        outcome.is_some_and(|outcome| *outcome != Outcome::Interrupted)
    }

    /// Whether it came to its end, and none was to come after it.
    fn is_final(&self) -> bool {
        let is_last =
            |event: &Event| matches!(event.kind, EventKind::ScenarioFinished { again: false, .. });
        self.is_finished() && self.events.iter().any(is_last)
    }

    fn went_wrong(&self) -> bool {
        matches!(self.outcome(), Some(Outcome::Failed(_) | Outcome::Error(_)))
    }
}

/// The attempts of all runs at a scenario in their order, each with its run: numbered
/// anew, and with the outcomes that they have together.
pub(super) fn joined(told: &[Told], id: ScenarioId) -> Vec<(usize, Attempt)> {
    let of_run = |(run, told): (usize, &Told)| Some((run, told.attempts.get(&id)?.clone()));
    let mut runs: Vec<(usize, Vec<Attempt>)> = told.iter().enumerate().filter_map(of_run).collect();
    // The attempts of one run stay together, whatever its clock did meanwhile.
    runs.sort_by_key(|(_, attempts)| attempts.first().map(|it| it.events[0].time));
    let is_new = |at: usize| {
        let (run, attempts) = &runs[at];
        let later = runs[at + 1..]
            .iter()
            .filter_map(|(_, later)| verdict(later));
        let mut later = later.map(|verdict| tells_nothing_new(attempts, verdict));
        !told[*run].is_stopped() || !later.any(|repeated| repeated)
    };
    let is_new: Vec<bool> = (0..runs.len()).map(is_new).collect();
    let mut news = is_new.into_iter();
    runs.retain(|_| news.next() == Some(true));
    let is_decided = runs
        .iter()
        .any(|(_, attempts)| attempts.iter().any(Attempt::is_final));
    let mut attempts: Vec<(usize, Attempt)> = runs
        .into_iter()
        .flat_map(|(run, attempts)| attempts.into_iter().map(move |attempt| (run, attempt)))
        .collect();
    let last = attempts.len().saturating_sub(1);
    let mut number = 0..;
    attempts.retain(|(_, attempt)| {
        let is_last = number.next() == Some(last);
        attempt.is_finished() || (is_last && !is_decided)
    });
    let count = attempts.len();
    let mut went_wrong = false;
    for (number, (_, attempt)) in (1..).zip(&mut attempts) {
        let flaky = went_wrong && number == count;
        went_wrong |= attempt.went_wrong();
        for event in &mut attempt.events {
            renumber(&mut event.kind, (number, count), flaky);
        }
    }
    attempts
}

/// How a run's attempts at a scenario ended, if they came to their end.
fn verdict(attempts: &[Attempt]) -> Option<&Outcome> {
    let last = attempts.last().filter(|last| last.is_final());
    last.and_then(Attempt::outcome)
}

/// Whether a later run, which ended with `later`, has told what is told by the attempts
/// of one that did not come to its end: that one was played again as a whole.
fn tells_nothing_new(attempts: &[Attempt], later: &Outcome) -> bool {
    match verdict(attempts) {
        Some(verdict) => verdict.word() == later.word(),
        // If an attempt went wrong before it was cut off, a pass is flaky.
        None => !later.is_passed() || !attempts.iter().any(Attempt::went_wrong),
    }
}

/// Makes of an attempt one of several.
fn renumber(kind: &mut EventKind, (number, count): (usize, usize), flaky: bool) {
    match kind {
        EventKind::ScenarioStarted {
            attempt, attempts, ..
        } => {
            *attempt = number;
            *attempts = count.max(*attempts);
        }
        EventKind::ScenarioFinished { again, outcome, .. } => {
            *again = number < count;
            if matches!(outcome, Outcome::Passed | Outcome::Flaky) {
                *outcome = if flaky {
                    Outcome::Flaky
                } else {
                    Outcome::Passed
                };
            }
        }
        _ => {}
    }
}
