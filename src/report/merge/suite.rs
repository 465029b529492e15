//! Whether runs are of one suite, and the numbers of its scenarios.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{MergeError, Told};
use crate::event::{Event, EventKind, ScenarioId, SourceLocation};

/// What a scenario is known by: its file and its name.
type Identity = (String, String);

/// How many shards there are, if any of the runs is one.
pub(super) fn shards(told: &[Told]) -> Result<Option<usize>, MergeError> {
    let mut known: Option<(&str, usize)> = None;
    for run in told {
        let parts = run.log.parts.iter().filter_map(|part| part.shard);
        let shards = parts
            .chain(run.log.missing.iter().copied())
            .chain(run.log.shard);
        for shard in shards {
            match known {
                None => known = Some((&run.name, shard.count)),
                Some((_, count)) if count == shard.count => {}
                Some((one, count)) => {
                    return Err(MergeError::Counts {
                        one: one.to_owned(),
                        other: run.name.clone(),
                        counts: (count, shard.count),
                    });
                }
            }
        }
    }
    Ok(known.map(|(_, count)| count))
}

/// Makes a number mean the same scenario in every run. Those of one suite do so
/// already; others are numbered anew, one run after the other.
pub(super) fn numbered(told: &mut [Told], divided: bool) -> Result<(), MergeError> {
    match difference(told, divided) {
        None => {}
        Some(error) if divided => return Err(error),
        Some(_) => renumber(told),
    }
    Ok(())
}

/// What shows that two runs are of different suites, if they are.
fn difference(told: &[Told], divided: bool) -> Option<MergeError> {
    let mut suite: BTreeMap<ScenarioId, (Identity, &str)> = BTreeMap::new();
    for run in told {
        for (id, identity) in run.scenarios() {
            match suite.entry(id) {
                Entry::Vacant(entry) => {
                    entry.insert((identity, &run.name));
                }
                Entry::Occupied(entry) if entry.get().0 == identity => {}
                Entry::Occupied(entry) => {
                    let (known, one) = entry.get();
                    return Some(MergeError::Suites {
                        one: (*one).to_owned(),
                        other: run.name.clone(),
                        what: format!(
                            "scenario {} is {} in the one and {} in the other",
                            id.0 + 1,
                            drawn(known),
                            drawn(&identity)
                        ),
                    });
                }
            }
        }
    }
    if divided && let Some(error) = other_division(told) {
        return Some(error);
    }
    let ended = |run: &&Told| run.log.shard.is_some() && run.log.took.is_some();
    let mut whole = told.iter().filter(ended).filter(|_| divided);
    whole.find_map(|run| {
        let own = run.scenarios();
        let (_, (identity, other)) = suite.iter().find(|(id, _)| !own.contains_key(id))?;
        Some(MergeError::Suites {
            one: run.name.clone(),
            other: (*other).to_owned(),
            what: format!("only the other has {}", drawn(identity)),
        })
    })
}

/// Two runs that divided the same scenarios differently, if there are such: what one left
/// to another one may then be played nowhere.
fn other_division(told: &[Told]) -> Option<MergeError> {
    let of = |run: &Told| run.log.division;
    let one = told.iter().find(|run| of(run).is_some())?;
    let is_other = |run: &&Told| of(run).is_some_and(|division| of(one) != Some(division));
    let other = told.iter().find(is_other)?;
    Some(MergeError::Suites {
        one: one.name.clone(),
        other: other.name.clone(),
        what: "they chose different scenarios, or were given different durations".to_owned(),
    })
}

fn drawn((file, name): &Identity) -> String {
    format!("`{name}` in {file}")
}

/// Numbers the scenarios of all runs anew. Two of one file and one name in one run are
/// two scenarios.
fn renumber(told: &mut [Told]) {
    let mut numbers: BTreeMap<(Identity, usize), ScenarioId> = BTreeMap::new();
    for run in told {
        let mut seen: BTreeMap<Identity, usize> = BTreeMap::new();
        let mut renamed = BTreeMap::new();
        for (id, identity) in run.scenarios() {
            let time = seen.entry(identity.clone()).or_default();
            *time += 1;
            let next = ScenarioId(numbers.len());
            let number = *numbers.entry((identity, *time)).or_insert(next);
            renamed.insert(id, number);
        }
        let number = |id: ScenarioId| renamed.get(&id).copied().unwrap_or(id);
        let attempts = std::mem::take(&mut run.attempts).into_iter();
        run.attempts = attempts.map(|(id, it)| (number(id), it)).collect();
        let skipped = std::mem::take(&mut run.skipped).into_iter();
        run.skipped = skipped.map(|(id, it)| (number(id), it)).collect();
        for (id, attempts) in &mut run.attempts {
            for event in attempts.iter_mut().flat_map(|attempt| &mut attempt.events) {
                set_number(event, *id);
            }
        }
        for (id, event) in &mut run.skipped {
            set_number(event, *id);
        }
    }
}

fn set_number(event: &mut Event, id: ScenarioId) {
    match &mut event.kind {
        EventKind::ScenarioSkipped { scenario, .. }
        | EventKind::ScenarioStarted { scenario, .. }
        | EventKind::DesktopStarted { scenario, .. }
        | EventKind::StepStarted { scenario, .. }
        | EventKind::StepFinished { scenario, .. }
        | EventKind::RecordingSaved { scenario, .. }
        | EventKind::ScenarioFinished { scenario, .. } => *scenario = id,
        EventKind::RunStarted { .. }
        | EventKind::RunsMerged { .. }
        | EventKind::RunFinished { .. } => {}
    }
}

impl Told {
    /// Every scenario that it reports.
    fn scenarios(&self) -> BTreeMap<ScenarioId, Identity> {
        let identity = |name: &String, place: &SourceLocation| (place.file.clone(), name.clone());
        let of = |event: &Event| match &event.kind {
            EventKind::ScenarioStarted { name, place, .. }
            | EventKind::ScenarioSkipped { name, place, .. } => Some(identity(name, place)),
            _ => None,
        };
        let first = |(id, attempts): (&ScenarioId, &Vec<super::Attempt>)| {
            Some((*id, of(attempts.first()?.events.first()?)?))
        };
        let played = self.attempts.iter().filter_map(first);
        let skipped = self
            .skipped
            .iter()
            .filter_map(|(id, event)| Some((*id, of(event)?)));
        skipped.chain(played).collect()
    }
}
