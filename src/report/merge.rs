//! Several runs as one: the shards of a suite, or a suite and what was played of it
//! again.
//!
//! The result is the events of a run like any other, so every report can be made from it, and it
//! can be merged again with more runs.
//!
//! - A scenario is the same in two runs if its file and its name are.
//! - What several runs finished of a scenario are attempts at it, in the order in which
//!   those runs began it. If the last one passed and one before it did not, it is flaky.
//! - What was cut off or interrupted counts only where no run finished the scenario. What
//!   a run finished before that counts only where a later run ended otherwise, since such
//!   a run is played again as a whole.
//! - A scenario that one run skipped and another played was played.
//! - A scenario that a shard should have played and did not is an error.

mod attempts;
mod files;
mod suite;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chrono::{DateTime, Utc};
use thiserror::Error;

pub use self::files::Moved;
use self::{
    attempts::{Attempt, joined},
    files::Folders,
    suite::numbered,
};
use super::RunLog;
use crate::{
    event::{Event, EventKind, Part, ScenarioId},
    shard::Shard,
};

/// A run to merge with others.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its name, for people.
    pub name: String,
    /// Its events.
    pub events: Vec<Event>,
}

/// The result of merging several runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// Its events: those of a run.
    pub events: Vec<Event>,
    /// The files that belong to it. They keep their paths where these are free.
    pub files: Vec<Moved>,
    /// The shards of which no run was given, and whose scenarios were not played.
    pub missing: Vec<Shard>,
}

/// Why runs cannot be merged.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum MergeError {
    /// Something other than a run was given.
    #[error("{run} is not a run: its first event is not the start of one")]
    NoRun {
        /// Its name.
        run: String,
    },
    /// Suites were divided differently.
    #[error(
        "{one} is one of {} shards and {other} is one of {}: give only runs of one division",
        counts.0,
        counts.1
    )]
    Counts {
        /// One of them.
        one: String,
        /// One that was divided otherwise.
        other: String,
        /// How many shards there are.
        counts: (usize, usize),
    },
    /// Different suites were divided.
    #[error(
        "{one} and {other} are not shards of one suite: {what}; play all shards with the same \
         files and options"
    )]
    Suites {
        /// One of them.
        one: String,
        /// One of another suite.
        other: String,
        /// The difference.
        what: String,
    },
}

/// Merges runs. Neither their order nor that of their events matters.
///
/// # Errors
///
/// If one of them is not a run, or if they are shards of different suites.
pub fn merge(runs: Vec<Run>) -> Result<Merged, MergeError> {
    let told = runs.into_iter().enumerate().map(Told::new);
    let mut told = without_twins(told.collect::<Result<Vec<_>, _>>()?);
    told.sort_by_key(|told| {
        let index = told.log.shard.map_or(usize::MAX, |shard| shard.index);
        (index, told.log.started, told.name.clone())
    });
    let count = suite::shards(&told)?;
    numbered(&mut told, count.is_some())?;
    Ok(Merging {
        count,
        folders: Folders::default(),
        given: told.iter().flat_map(Told::shards).collect(),
        told: &told,
    }
    .merged())
}

/// The runs without those that are in another one: a run counts once, also if what it was
/// put into is given with it.
fn without_twins(told: Vec<Told>) -> Vec<Told> {
    let parts: Vec<Vec<Part>> = told.iter().map(Told::parts).collect();
    let is_in = |one: usize, other: usize| {
        let inside = parts[one].iter().all(|part| parts[other].contains(part));
        inside && (parts[other].len() > parts[one].len() || other < one)
    };
    let is_alone = |one: usize| !(0..parts.len()).any(|other| other != one && is_in(one, other));
    let alone: Vec<bool> = (0..parts.len()).map(is_alone).collect();
    let kept = told.into_iter().zip(alone);
    kept.filter_map(|(told, alone)| alone.then_some(told))
        .collect()
}

/// A run with its events sorted by what they belong to.
struct Told {
    /// Its place among those that were given.
    number: usize,
    name: String,
    log: RunLog,
    /// When its last event was.
    last: DateTime<Utc>,
    attempts: BTreeMap<ScenarioId, Vec<Attempt>>,
    skipped: BTreeMap<ScenarioId, Event>,
}

impl Told {
    fn new((number, run): (usize, Run)) -> Result<Self, MergeError> {
        let Run { name, events } = run;
        let is_start = |event: &Event| matches!(event.kind, EventKind::RunStarted { .. });
        if !events.first().is_some_and(is_start) {
            return Err(MergeError::NoRun { run: name });
        }
        let log: RunLog = events.iter().collect();
        let times = events.iter().map(|event| event.time);
        let mut told = Self {
            number,
            name,
            log,
            last: times.max().unwrap_or_default(),
            attempts: BTreeMap::new(),
            skipped: BTreeMap::new(),
        };
        for event in events {
            told.sort(event);
        }
        Ok(told)
    }

    fn sort(&mut self, event: Event) {
        match &event.kind {
            EventKind::RunStarted { .. }
            | EventKind::RunsMerged { .. }
            | EventKind::RunFinished { .. } => {}
            EventKind::ScenarioSkipped { scenario, .. } => {
                self.skipped.insert(*scenario, event);
            }
            EventKind::ScenarioStarted { scenario, .. } => {
                let attempts = self.attempts.entry(*scenario).or_default();
                attempts.push(Attempt::of(event));
            }
            EventKind::DesktopStarted { scenario, .. }
            | EventKind::StepStarted { scenario, .. }
            | EventKind::StepFinished { scenario, .. }
            | EventKind::RecordingSaved { scenario, .. }
            | EventKind::ScenarioFinished { scenario, .. } => {
                let attempts = self.attempts.get_mut(scenario);
                if let Some(attempt) = attempts.and_then(|attempts| attempts.last_mut()) {
                    attempt.events.push(event);
                }
            }
        }
    }

    /// The shards that it has the run of.
    fn shards(&self) -> impl Iterator<Item = usize> {
        let parts = self.log.parts.iter().filter_map(|part| part.shard);
        parts.chain(self.log.shard).map(|shard| shard.index)
    }

    fn parts(&self) -> Vec<Part> {
        if !self.log.parts.is_empty() {
            return self.log.parts.clone();
        }
        vec![Part {
            host: self.log.host.clone(),
            shard: self.log.shard,
            started: self.started(),
            took: self.log.took,
            scenarios: self.attempts.len(),
        }]
    }

    fn started(&self) -> DateTime<Utc> {
        self.log.started.unwrap_or(self.last)
    }

    /// Whether it did not come to its end.
    fn is_stopped(&self) -> bool {
        self.log.took.is_none() || self.log.interrupted
    }

    /// When it ended, or was cut off.
    fn ended(&self) -> DateTime<Utc> {
        let took = self
            .log
            .took
            .and_then(|took| chrono::Duration::from_std(took).ok());
        let end = took.and_then(|took| self.started().checked_add_signed(took));
        end.unwrap_or(self.last)
    }

    /// How many scenarios it should have played but did not, and that are not among `played`.
    fn unplayed(&self, played: &BTreeSet<ScenarioId>) -> usize {
        let of_another_shard = |id: &ScenarioId| {
            let skipped = self.skipped.get(id).map(|event| &event.kind);
            let shard = matches!(
                skipped,
                Some(EventKind::ScenarioSkipped { shard: Some(_), .. })
            );
            shard && self.log.shard.is_some()
        };
        let is_own = |id: &&ScenarioId| !self.attempts.contains_key(id) && !of_another_shard(id);
        let made_up_for = played.iter().filter(is_own).count();
        let begun = self.attempts.len();
        self.log.planned.saturating_sub(begun + made_up_for)
    }
}

/// Runs that are being merged.
struct Merging<'t> {
    told: &'t [Told],
    /// How many shards there are, if the suite was divided.
    count: Option<usize>,
    /// The shards that a run was given of.
    given: BTreeSet<usize>,
    folders: Folders,
}

impl Merging<'_> {
    fn merged(mut self) -> Merged {
        let mut events = Vec::new();
        let mut played = BTreeSet::new();
        let ids: BTreeSet<ScenarioId> = self.ids();
        let mut is_whole = true;
        for id in &ids {
            let attempts = joined(self.told, *id);
            if let Some((_, last)) = attempts.last() {
                is_whole &= last.is_finished();
                played.insert(*id);
                for (run, attempt) in attempts {
                    let number = self.told[run].number;
                    let moved = self.folders.moved(number, attempt.events);
                    events.extend(moved);
                }
            } else {
                events.extend(self.left_out(*id));
            }
        }
        let missing = self.missing(&played);
        let unplayed = ids.difference(&played);
        let owed = unplayed.filter(|id| self.owes(**id)).count();
        let cut_off = |told: &&Told| told.log.took.is_none() && told.log.shard.is_none();
        let left = self.told.iter().filter(cut_off);
        let left = left.map(|told| told.unplayed(&played)).max().unwrap_or(0);
        let stopped = self.told.iter().filter(|told| told.log.interrupted);
        let stopped = stopped
            .map(|told| told.unplayed(&played))
            .max()
            .unwrap_or(0);
        let planned = match left {
            0 => played.len() + owed,
            // Those that were left out are reported, and these are not.
            left => ids.len() + left,
        };
        events.splice(0..0, self.beginning(planned, missing.clone()));
        events.push(self.end(!is_whole || left > 0 || stopped > 0));
        Merged {
            events,
            files: self.folders.files(),
            missing,
        }
    }

    fn ids(&self) -> BTreeSet<ScenarioId> {
        let ids = |told: &'_ Told| {
            let played = told.attempts.keys().copied();
            played
                .chain(told.skipped.keys().copied())
                .collect::<Vec<_>>()
        };
        self.told.iter().flat_map(ids).collect()
    }

    /// What the runs say of a scenario that none of them played, each with the shard
    /// that it names.
    fn skips(&self, id: ScenarioId) -> impl Iterator<Item = (&Event, Option<usize>)> {
        let skipped = self
            .told
            .iter()
            .filter_map(move |told| told.skipped.get(&id));
        skipped.map(|event| match &event.kind {
            EventKind::ScenarioSkipped { shard, .. } => (event, *shard),
            _ => (event, None),
        })
    }

    /// Whether some shard should have played a scenario, and no run knows another reason
    /// why it was not.
    fn owes(&self, id: ScenarioId) -> bool {
        self.skips(id).next().is_some() && self.skips(id).all(|(_, shard)| shard.is_some())
    }

    /// The event of a scenario that none of the runs played.
    fn left_out(&self, id: ScenarioId) -> Option<Event> {
        if let Some((event, _)) = self.skips(id).find(|(_, shard)| shard.is_none()) {
            return Some(event.clone());
        }
        let (event, index) = self.skips(id).next()?;
        let mut event = event.clone();
        if let EventKind::ScenarioSkipped { reason, .. } = &mut event.kind {
            let (index, count) = (index?, self.count?);
            *reason = if self.given.contains(&index) {
                format!("shard {index} of {count} ended before it played this scenario")
            } else {
                format!("shard {index} of {count} is missing")
            };
        }
        Some(event)
    }

    /// The shards that nobody gave, except those of which everything was played.
    fn missing(&self, played: &BTreeSet<ScenarioId>) -> Vec<Shard> {
        let Some(count) = self.count else {
            return Vec::new();
        };
        let mut shares: BTreeMap<usize, Vec<ScenarioId>> = BTreeMap::new();
        for id in self.ids() {
            for index in self.skips(id).filter_map(|(_, shard)| shard) {
                shares.entry(index).or_default().push(id);
            }
        }
        let is_made_up_for = |index: &usize| {
            let share = shares.get(index);
            share.is_some_and(|share| share.iter().all(|id| played.contains(id)))
        };
        (1..=count)
            .filter(|index| !self.given.contains(index) && !is_made_up_for(index))
            .map(|index| Shard { index, count })
            .collect()
    }

    fn beginning(&self, planned: usize, missing: Vec<Shard>) -> [Event; 2] {
        let distinct = |text: fn(&Told) -> &String| {
            let mut texts: Vec<&str> = Vec::new();
            for text in self.told.iter().flat_map(|told| text(told).split(", ")) {
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
            texts.join(", ")
        };
        let mut seeds = self.told.iter().map(|told| told.log.shuffle);
        let seed = seeds.next().flatten();
        let starts = self.told.iter().map(Told::started);
        let jobs = self.told.iter().map(|told| told.log.jobs);
        let time = starts.min().unwrap_or_default();
        let start = EventKind::RunStarted {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            host: distinct(|told| &told.log.host),
            target: distinct(|told| &told.log.target),
            scenarios: planned,
            jobs: jobs.max().unwrap_or(1),
            shard: None,
            division: self.told.iter().find_map(|told| told.log.division),
            shuffle: seed.filter(|_| seeds.all(|other| other == seed)),
            expected: None,
        };
        let merged = EventKind::RunsMerged {
            runs: self.told.iter().flat_map(Told::parts).collect(),
            missing,
        };
        [start, merged].map(|kind| Event { time, kind })
    }

    fn end(&self, interrupted: bool) -> Event {
        let starts = self.told.iter().map(Told::started);
        let ends = self.told.iter().map(Told::ended);
        let (start, time) = (
            starts.min().unwrap_or_default(),
            ends.max().unwrap_or_default(),
        );
        let took = (time - start).to_std().unwrap_or(Duration::ZERO);
        Event {
            time,
            kind: EventKind::RunFinished { interrupted, took },
        }
    }
}

#[cfg(test)]
mod tests;
