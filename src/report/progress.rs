//! How much of a run is done, and how long the rest will take.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{RunLog, ScenarioLog};

/// How much of a run is done, in one line: `12 of 40, 1 failed, about 3 min left`.
pub(super) fn so_far(log: &RunLog, now: DateTime<Utc>) -> String {
    let counts = log.counts();
    let ended = log.scenarios.iter().filter(|log| !log.is_running()).count();
    let bad = counts.failed + counts.error;
    // A scenario that is tried again has not failed yet.
    let again = |log: &&ScenarioLog| log.is_running() && log.outcome.is_some();
    let bad = bad - log.scenarios.iter().filter(again).count();
    let mut said = vec![match log.planned {
        0 => format!("{ended} played"),
        planned => format!("{ended} of {planned}"),
    }];
    if bad > 0 {
        said.push(format!("{bad} failed"));
    }
    said.extend(left(log, now).map(|left| match left {
        Duration::ZERO => "longer than expected".to_owned(),
        left => format!("about {} left", about(left)),
    }));
    said.join(", ")
}

/// How long the rest of a run takes if everything takes as long as in an earlier run;
/// zero if it should be over by now. `None` if no earlier run is known, or if nothing is
/// left.
///
/// What is left is divided among those that play side by side, but nothing ends before
/// the longest of what is being played now.
fn left(log: &RunLog, now: DateTime<Utc>) -> Option<Duration> {
    let expected = log.expected?;
    let planned = u32::try_from(log.planned).ok()?;
    let mean = expected.checked_div(planned)?;
    let running = || log.scenarios.iter().filter(|log| log.is_running());
    let ended = log.scenarios.len() - running().count();
    if ended >= log.planned {
        return None;
    }
    let of = |log: &ScenarioLog| log.expected.unwrap_or(mean);
    let rest = |log: &ScenarioLog| of(log).saturating_sub(log.since(now));
    let begun: Duration = log.scenarios.iter().map(of).sum();
    let waiting = if log.scenarios.len() < log.planned {
        expected.saturating_sub(begun)
    } else {
        Duration::ZERO
    };
    let playing: Duration = running().map(rest).sum();
    let jobs = u32::try_from(log.jobs.max(1)).ok()?;
    let longest = running().map(rest).max().unwrap_or_default();
    Some(((waiting + playing) / jobs).max(longest))
}

/// A duration, rounded as suits an estimate: `20 s`, `4 min`, `1 h 10 min`.
fn about(duration: Duration) -> String {
    let seconds = duration.as_millis().div_ceil(1000);
    let minutes = seconds.div_ceil(60);
    match seconds {
        0..=10 => format!("{seconds} s"),
        11..=55 => format!("{} s", seconds.div_ceil(5) * 5),
        56..=3600 => format!("{minutes} min"),
        _ => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::event::{Event, EventKind, Outcome};

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// A run of four scenarios, two side by side, of which some began together at 0 s
    /// and took so long earlier; those that have an outcome have ended.
    fn run(expected: Option<u64>, begun: &[(Option<u64>, Option<Outcome>)]) -> RunLog {
        let at = |time: i64, kind: EventKind| Event {
            time: DateTime::UNIX_EPOCH + TimeDelta::seconds(time),
            kind,
        };
        let mut events = vec![at(
            0,
            EventKind::RunStarted {
                version: String::new(),
                host: String::new(),
                target: String::new(),
                scenarios: 4,
                jobs: 2,
                shard: None,
                division: None,
                shuffle: None,
                expected: expected.map(seconds),
            },
        )];
        for (number, (expected, outcome)) in begun.iter().enumerate() {
            let mut kinds = crate::report::tests::scenario(
                number,
                "one",
                outcome.as_ref().unwrap_or(&Outcome::Passed),
            );
            if let EventKind::ScenarioStarted { expected: of, .. } = &mut kinds[0] {
                *of = expected.map(seconds);
            }
            if outcome.is_none() {
                kinds.truncate(1);
            }
            events.extend(kinds.into_iter().map(|kind| at(0, kind)));
        }
        events.iter().collect()
    }

    fn after(log: &RunLog, time: i64) -> String {
        so_far(log, DateTime::UNIX_EPOCH + TimeDelta::seconds(time))
    }

    #[test]
    fn a_run_whose_length_nobody_knows_counts_what_was_played() {
        let mut log = run(None, &[(None, Some(Outcome::Passed)), (None, None)]);
        log.planned = 0;
        assert_eq!(so_far(&log, DateTime::UNIX_EPOCH), "1 played");
    }

    #[test]
    fn what_is_left_is_what_earlier_runs_took_divided_among_those_that_play() {
        let passed = Some(Outcome::Passed);
        let log = run(Some(100), &[(Some(10), passed), (Some(20), None)]);
        // 70 s wait, and 20 s of the running one are left.
        assert_eq!(after(&log, 0), "1 of 4, about 45 s left");
        assert_eq!(after(&log, 10), "1 of 4, about 40 s left");
        // Whatever the running one takes, the others are still to come.
        assert_eq!(after(&log, 1000), "1 of 4, about 35 s left");
    }

    #[test]
    fn nothing_ends_before_the_longest_that_is_being_played() {
        let log = run(Some(100), &[(Some(5), None), (Some(90), None)]);
        assert_eq!(after(&log, 0), "0 of 4, about 2 min left");
        assert_eq!(after(&log, 50), "0 of 4, about 40 s left");
    }

    #[test]
    fn a_run_that_should_be_over_takes_longer_than_expected() {
        let passed = || (Some(10), Some(Outcome::Passed));
        let log = run(Some(40), &[passed(), passed(), passed(), (Some(10), None)]);
        assert_eq!(after(&log, 9), "3 of 4, about 1 s left");
        assert_eq!(after(&log, 10), "3 of 4, longer than expected");
        assert_eq!(after(&log, 1000), "3 of 4, longer than expected");
    }

    #[test]
    fn without_an_earlier_run_there_is_no_estimate_and_one_that_is_new_counts_as_the_mean() {
        let failed = Some(crate::report::tests::failure());
        let log = run(None, &[(None, failed.clone()), (None, None)]);
        assert_eq!(after(&log, 9), "1 of 4, 1 failed");
        let log = run(Some(40), &[(None, failed), (None, None)]);
        assert_eq!(after(&log, 0), "1 of 4, 1 failed, about 15 s left");
        let all = vec![(None, Some(Outcome::Passed)); 4];
        assert_eq!(after(&run(Some(40), &all), 0), "4 of 4");
    }

    #[test]
    fn estimates_are_rough() {
        for (time, text) in [
            (1, "1 s"),
            (11, "15 s"),
            (55, "55 s"),
            (56, "1 min"),
            (61, "2 min"),
            (4200, "1 h 10 min"),
        ] {
            assert_eq!(about(seconds(time)), text);
        }
    }
}
