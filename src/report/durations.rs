//! How long scenarios took, for estimates and for dividing them among machines.

use std::{collections::BTreeMap, io::BufRead, time::Duration};

use super::run_log::{ReadError, read_events};
use crate::event::{EventKind, Outcome, ScenarioId};

/// How long the scenarios of a run took, by their files and names.
///
/// A scenario that did not pass says little about how long it takes when it does, so an earlier
/// duration takes precedence. The same is true for one that was left out: a run of a few scenarios
/// does not forget the others.
///
/// # Errors
///
/// As [`RunLog::from_jsonl`](super::RunLog::from_jsonl).
pub fn durations(reader: impl BufRead) -> Result<BTreeMap<(String, String), Duration>, ReadError> {
    let mut begun: BTreeMap<ScenarioId, ((String, String), Option<Duration>)> = BTreeMap::new();
    let mut durations = BTreeMap::new();
    for event in &read_events(reader)? {
        match &event.kind {
            EventKind::ScenarioSkipped {
                name,
                place,
                expected: Some(expected),
                ..
            } => {
                durations.insert((place.file.clone(), name.clone()), *expected);
            }
            EventKind::ScenarioStarted {
                scenario,
                name,
                place,
                expected,
                ..
            } => {
                begun.insert(*scenario, ((place.file.clone(), name.clone()), *expected));
            }
            EventKind::ScenarioFinished {
                scenario,
                outcome,
                took,
                again: false,
                ..
            } => {
                let Some((key, expected)) = begun.get(scenario) else {
                    continue;
                };
                let took = match outcome {
                    Outcome::Passed | Outcome::Flaky => Some(*took),
                    Outcome::Failed(_) => expected.or(Some(*took)),
                    _ => *expected,
                };
                if let Some(took) = took {
                    durations.insert(key.clone(), took);
                }
            }
            _ => {}
        }
    }
    Ok(durations)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: &str = r#""place":{"file":"a.yaml","line":1,"column":1},"tags":[]"#;

    fn started(more: &str) -> String {
        format!(
            r#"{{"time":"2026-01-01T00:00:00Z","event":"scenario-started","scenario":0,"name":"a","steps":1,{PLACE}{more}}}"#
        )
    }

    fn finished(outcome: &str, took: f64) -> String {
        format!(
            r#"{{"time":"2026-01-01T00:00:00Z","event":"scenario-finished","scenario":0,"outcome":{{"is":"{outcome}"}},"took":{took},"artifacts":[]}}"#
        )
    }

    fn of(lines: &[String]) -> Option<f64> {
        let text = lines.join("\n") + "\n";
        let durations = durations(text.as_bytes()).unwrap();
        let key = ("a.yaml".to_owned(), "a".to_owned());
        durations.get(&key).map(Duration::as_secs_f64)
    }

    #[test]
    fn a_scenario_that_passed_takes_as_long_again() {
        assert_eq!(of(&[started(""), finished("passed", 4.0)]), Some(4.0));
        let earlier = started(r#","expected":9.0"#);
        assert_eq!(of(&[earlier, finished("flaky", 5.0)]), Some(5.0));
    }

    #[test]
    fn one_that_was_interrupted_takes_as_long_as_was_known_before() {
        let earlier = started(r#","expected":9.0"#);
        assert_eq!(of(&[earlier, finished("interrupted", 1.0)]), Some(9.0));
        assert_eq!(of(&[started(""), finished("interrupted", 1.0)]), None);
    }

    #[test]
    fn one_that_was_left_out_is_not_forgotten() {
        let skipped = format!(
            r#"{{"time":"2026-01-01T00:00:00Z","event":"scenario-skipped","scenario":0,"name":"a","reason":"","expected":3.5,{PLACE}}}"#
        );
        assert_eq!(of(&[skipped]), Some(3.5));
    }
}
