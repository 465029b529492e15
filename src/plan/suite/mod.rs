//! What a run has to play: every scenario that it was given, in the order in which they are played,
//! and why some of them are left out.
//!
//! A scenario's number is its place in the whole suite, before anything is left
//! out, shuffled or divided. So it is the same on every machine that is given the
//! same files, and reports of several machines can be put together.

mod division;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::Plan;
use crate::shard::Shard;

/// What a run has to play.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// Every scenario, in the order in which they are played.
    pub entries: Vec<Entry>,
    /// The share that is played, if the suite is divided among machines.
    pub shard: Option<Shard>,
    /// A digest of the division, if there is one: that of another machine differs if it
    /// was given other files, other options or other durations.
    pub division: Option<u32>,
    /// The seed of the order, if it is not that of the files.
    pub shuffle: Option<u64>,
    /// Whether it is played only until something fails, so that what was not played
    /// after that was not left out.
    pub until_failure: bool,
}

/// One scenario of a suite, to be played once.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the suite, from 0.
    pub number: usize,
    /// Its name, for people; no other entry with the same file has it.
    pub name: String,
    /// What it plays.
    pub plan: Arc<Plan>,
    /// How long it took in an earlier run, where that is known.
    pub expected: Option<Duration>,
    /// Why it is not played, if it is not.
    pub left_out: Option<LeftOut>,
}

/// Why a scenario is not played.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeftOut {
    /// In a few words: "it has no tag `smoke`".
    pub reason: String,
    /// The shard that plays it, if that is the reason.
    pub shard: Option<usize>,
}

/// How long scenarios took in an earlier run, by their files and names.
pub type Durations = BTreeMap<(String, String), Duration>;

impl Suite {
    /// The suite that plays each of `plans` this often, one round after another.
    #[must_use]
    pub fn repeated(plans: impl IntoIterator<Item = Plan>, times: usize) -> Self {
        let plans: Vec<Arc<Plan>> = plans.into_iter().map(Arc::new).collect();
        let rounds = (1..=times).flat_map(|round| plans.iter().map(move |plan| (round, plan)));
        let entry = |(number, (round, plan)): (usize, (usize, &Arc<Plan>))| Entry {
            number,
            name: if times == 1 {
                plan.name.clone()
            } else {
                format!("{} #{round}", plan.name)
            },
            plan: Arc::clone(plan),
            expected: None,
            left_out: None,
        };
        Self {
            entries: rounds.enumerate().map(entry).collect(),
            ..Self::default()
        }
    }

    /// How many are played; 0 if that depends on how they end.
    #[must_use]
    pub fn planned(&self) -> usize {
        if self.until_failure {
            0
        } else {
            self.played().count()
        }
    }

    /// The entries that are played.
    pub fn played(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.left_out.is_none())
    }

    /// Leaves out each entry for which `reason` has one, unless it is left out already.
    pub fn leave_out(&mut self, reason: impl Fn(&Entry) -> Option<String>) {
        for entry in &mut self.entries {
            if entry.left_out.is_none() {
                entry.left_out = reason(entry).map(|reason| LeftOut {
                    reason,
                    shard: None,
                });
            }
        }
    }

    /// Remembers how long its scenarios took earlier.
    pub fn expect(&mut self, durations: &Durations) {
        for entry in &mut self.entries {
            // What is repeated takes as long each time.
            let known = |name: &String| durations.get(&(entry.plan.file.clone(), name.clone()));
            entry.expected = known(&entry.name).or(known(&entry.plan.name)).copied();
        }
    }

    /// Leaves out what other shards play. What was left out before is divided
    /// among none of them.
    pub fn divide(&mut self, shard: Shard) {
        self.shard = Some(shard);
        let mut played: Vec<&mut Entry> = self
            .entries
            .iter_mut()
            .filter(|entry| entry.left_out.is_none())
            .collect();
        let expected: Vec<_> = played.iter().map(|entry| entry.expected).collect();
        let shares = division::divide(&expected, shard.count);
        let mut digest = crc32fast::Hasher::new();
        for (entry, index) in played.iter().zip(&shares) {
            // What is left out has no share, and its number is missing here.
            digest.update(format!("{} {index}\n", entry.number).as_bytes());
        }
        self.division = Some(digest.finalize());
        for (entry, index) in played.iter_mut().zip(shares) {
            if index != shard.index {
                entry.left_out = Some(LeftOut {
                    reason: format!("shard {index} of {} plays it", shard.count),
                    shard: Some(index),
                });
            }
        }
    }

    /// Puts its entries in an order that only `seed` decides.
    pub fn shuffle(&mut self, seed: u64) {
        self.shuffle = Some(seed);
        fastrand::Rng::with_seed(seed).shuffle(&mut self.entries);
    }
}

/// Each plan once, in its order.
impl FromIterator<Plan> for Suite {
    fn from_iter<T: IntoIterator<Item = Plan>>(plans: T) -> Self {
        Self::repeated(plans, 1)
    }
}

#[cfg(test)]
mod tests;
