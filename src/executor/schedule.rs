//! Which scenario is played when.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

use tokio::task::{Id, JoinSet};

use super::{
    fault::Breakage,
    folders::Folders,
    player::{Attempts, Run, place},
};
use crate::{
    event::{EventKind, Outcome, ScenarioId},
    plan::{Entry, LeftOut, Origin, Suite},
};

/// A scenario that waits for its turn.
struct Waiting<'s> {
    entry: &'s Entry,
    /// The folder of its artifacts, which does not depend on what is left out.
    folder: String,
}

/// The scenarios that wait and those that are being played.
struct Schedule<'s> {
    run: &'s Arc<Run>,
    waiting: VecDeque<Waiting<'s>>,
    playing: JoinSet<Outcome>,
    /// What is being played, by its task.
    entries: Vec<(Id, &'s Entry)>,
    /// The names that the scenarios being played use exclusively.
    held: HashSet<&'s str>,
    /// How many failed or met an error.
    failures: usize,
}

/// Plays the scenarios of a suite, up to `jobs` side by side, and reports those that
/// are not played.
pub(super) async fn play(suite: &Suite, jobs: usize, run: &Arc<Run>) {
    let mut folders = Folders::default();
    let mut by_number: Vec<&Entry> = suite.entries.iter().collect();
    by_number.sort_by_key(|entry| entry.number);
    let folder = |entry: &&Entry| folders.of(&entry.plan);
    let folders: Vec<String> = by_number.iter().map(folder).collect();
    let mut schedule = Schedule {
        run,
        waiting: VecDeque::new(),
        playing: JoinSet::new(),
        entries: Vec::new(),
        held: HashSet::new(),
        failures: 0,
    };
    for entry in &suite.entries {
        match &entry.left_out {
            Some(why) => skip(run, entry, why),
            None => schedule.waiting.push_back(Waiting {
                entry,
                folder: folders.get(entry.number).cloned().unwrap_or_default(),
            }),
        }
    }
    let ended = schedule.until_done(jobs).await;
    if let Some(reason) = ended.filter(|_| !suite.until_failure) {
        for Waiting { entry, .. } in schedule.waiting {
            let why = LeftOut {
                reason: reason.clone(),
                shard: None,
            };
            skip(run, entry, &why);
        }
    }
}

impl<'s> Schedule<'s> {
    /// Plays until nothing is played any more; returns why some were not begun, if so.
    async fn until_done(&mut self, jobs: usize) -> Option<String> {
        let wanted = self.waiting.iter().map(|next| next.entry.plan.wanted());
        self.run.host.expect(&wanted.collect::<Vec<_>>());
        loop {
            let over = self.over();
            while over.is_none() && self.playing.len() < jobs {
                let Some(next) = self.next() else { break };
                self.begin(next);
            }
            if over.is_some() {
                self.run.host.expect(&[]);
            }
            match self.playing.join_next_with_id().await {
                Some(Ok((task, outcome))) => self.ended(task, &outcome),
                Some(Err(panic)) => self.broke(panic.id()),
                None => return over,
            }
        }
    }

    /// Why no further scenario is begun, if so.
    fn over(&self) -> Option<String> {
        let most = self.run.settings.max_failures;
        if self.run.stop.is_cancelled() {
            Some("the run was interrupted before it began".to_owned())
        } else if most.is_some_and(|most| self.failures >= most) {
            let failures = match self.failures {
                1 => "1 failure".to_owned(),
                many => format!("{many} failures"),
            };
            Some(format!("the run stopped after {failures}"))
        } else {
            None
        }
    }

    /// The first that shares nothing with those that are being played.
    fn next(&mut self) -> Option<Waiting<'s>> {
        let is_free = |next: &Waiting<'_>| {
            let mut names = next.entry.plan.exclusive.iter();
            !names.any(|name| self.held.contains(name.as_str()))
        };
        let at = self.waiting.iter().position(is_free)?;
        self.waiting.remove(at)
    }

    fn begin(&mut self, next: Waiting<'s>) {
        let Waiting { entry, folder } = next;
        let names = entry.plan.exclusive.iter().map(String::as_str);
        self.held.extend(names);
        let attempts = Attempts {
            run: Arc::clone(self.run),
            entry: entry.clone(),
            folder,
        };
        let task = self.playing.spawn(attempts.play());
        self.entries.push((task.id(), entry));
    }

    fn ended(&mut self, task: Id, outcome: &Outcome) {
        if let Some(at) = self.entries.iter().position(|(id, _)| *id == task) {
            let (_, entry) = self.entries.swap_remove(at);
            for name in &entry.plan.exclusive {
                self.held.remove(name.as_str());
            }
        }
        if matches!(outcome, Outcome::Failed(_) | Outcome::Error(_)) {
            self.failures += 1;
        }
    }

    /// A panic is an error of Deskhand; the other scenarios go on.
    fn broke(&mut self, task: Id) {
        let breakage = Breakage {
            message: "deskhand itself failed while it played this scenario".to_owned(),
            help: Some("please report this with what is on stderr".to_owned()),
            ..Breakage::default()
        };
        let outcome = Outcome::Error(Box::new(breakage.into_trouble("deskhand")));
        if let Some((_, entry)) = self.entries.iter().find(|(id, _)| *id == task) {
            self.run.emit(EventKind::ScenarioFinished {
                scenario: ScenarioId(entry.number),
                outcome: outcome.clone(),
                again: false,
                took: std::time::Duration::ZERO,
                artifacts: Vec::new(),
            });
        }
        self.ended(task, &outcome);
    }
}

/// Tells of a scenario that is not played.
fn skip(run: &Run, entry: &Entry, why: &LeftOut) {
    run.emit(EventKind::ScenarioSkipped {
        scenario: ScenarioId(entry.number),
        name: entry.name.clone(),
        place: place(&Origin::of(&entry.plan)),
        tags: entry.plan.tags.clone(),
        reason: why.reason.clone(),
        shard: why.shard,
        expected: entry.expected,
    });
}
