//! Runs of a suite as their events tell them.

use std::time::Duration;

use chrono::{DateTime, TimeDelta};

use crate::{
    event::{Event, EventKind, Outcome, ScenarioId},
    report::{
        merge::Run,
        tests::{failure, place, scenario, trouble},
    },
    shard::Shard,
};

/// A suite of scenarios that each end as they do on every machine.
pub(super) const SUITE: usize = 10;

/// How the attempts at a scenario end.
pub(super) fn outcomes(number: usize) -> Vec<Outcome> {
    match number % 5 {
        0 => vec![failure()],
        1 => vec![failure(), Outcome::Flaky],
        2 => vec![trouble(), trouble()],
        _ => vec![Outcome::Passed],
    }
}

/// A run on its way: its events, and its clock in seconds.
pub(super) struct Telling {
    name: &'static str,
    events: Vec<Event>,
    clock: i64,
}

impl Telling {
    /// The run of a shard, or of the whole suite, that begins this many seconds after the
    /// first one.
    pub(super) fn new(
        name: &'static str,
        shard: Option<Shard>,
        clock: i64,
        scenarios: usize,
    ) -> Self {
        let mut telling = Self {
            name,
            events: Vec::new(),
            clock,
        };
        telling.tell(EventKind::RunStarted {
            version: "0.1.0".to_owned(),
            host: format!("node-{}", shard.map_or(0, |shard| shard.index)),
            target: "local".to_owned(),
            scenarios,
            jobs: 1,
            shard,
            division: None,
            shuffle: None,
            expected: None,
        });
        telling
    }

    pub(super) fn tell(&mut self, kind: EventKind) {
        let time = DateTime::UNIX_EPOCH + TimeDelta::seconds(self.clock);
        self.events.push(Event { time, kind });
        self.clock += 1;
    }

    pub(super) fn play(&mut self, number: usize, outcomes: &[Outcome]) {
        for (at, outcome) in outcomes.iter().enumerate() {
            for mut kind in scenario(number, &format!("scenario {number}"), outcome) {
                match &mut kind {
                    EventKind::ScenarioStarted {
                        attempt, attempts, ..
                    } => (*attempt, *attempts) = (at + 1, outcomes.len()),
                    EventKind::ScenarioFinished { again, .. } => *again = at + 1 < outcomes.len(),
                    EventKind::StepFinished { artifacts, .. } => {
                        for artifact in artifacts {
                            artifact.path = format!("s{number}/{at}.{}", artifact.path.len());
                        }
                    }
                    _ => {}
                }
                if let EventKind::ScenarioFinished { artifacts, .. } = &mut kind {
                    for artifact in artifacts {
                        artifact.path = format!("s{number}/{at}.log");
                    }
                }
                self.tell(kind);
            }
        }
    }

    pub(super) fn skip(&mut self, number: usize, reason: &str, shard: Option<usize>) {
        self.tell(EventKind::ScenarioSkipped {
            scenario: ScenarioId(number),
            name: format!("scenario {number}"),
            place: place(2),
            tags: vec!["smoke".to_owned()],
            reason: reason.to_owned(),
            shard,
            expected: None,
        });
    }

    pub(super) fn end(mut self) -> Run {
        self.tell(EventKind::RunFinished {
            interrupted: false,
            took: Duration::from_secs(5),
        });
        self.cut()
    }

    /// The run as it is if the machine is switched off now.
    pub(super) fn cut(self) -> Run {
        Run {
            name: self.name.to_owned(),
            events: self.events,
        }
    }
}

/// Scenario 9 has not the tag that was asked for; the others are dealt out.
pub(super) fn owner(number: usize, count: usize) -> Option<usize> {
    (number != SUITE - 1).then_some(number % count + 1)
}

/// A shard that played so much of its share that it had this many events.
pub(super) fn shard(
    name: &'static str,
    (index, count): (usize, usize),
    clock: i64,
    cut: Option<usize>,
) -> Run {
    let own = (0..SUITE).filter(|number| owner(*number, count) == Some(index));
    let own: Vec<usize> = own.collect();
    let of_suite = (count > 1).then_some(Shard { index, count });
    let mut telling = Telling::new(name, of_suite, clock, own.len());
    for number in 0..SUITE {
        match owner(number, count) {
            None => telling.skip(number, "it has no tag `smoke`", None),
            Some(other) if other != index => {
                telling.skip(number, "another shard plays it", Some(other));
            }
            Some(_) => {}
        }
    }
    for number in own {
        telling.play(number, &outcomes(number));
    }
    let mut run = match cut {
        None => telling.end(),
        Some(_) => telling.cut(),
    };
    run.events.truncate(cut.unwrap_or(usize::MAX));
    run
}

/// A run of scenario 0 alone that ended so.
pub(super) fn of_one(name: &'static str, clock: i64, outcomes: &[Outcome]) -> Telling {
    let mut telling = Telling::new(name, None, clock, 1);
    telling.play(0, outcomes);
    telling
}
