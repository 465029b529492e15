//! The desktops of a pool that were not handed over yet, and what will be wanted.

use tokio_util::sync::CancellationToken;

use super::places::Place;
use crate::desktop::{HostError, Session, Wanted};

/// Desktops that warm or wait: those that came back, then the others, oldest first.
#[derive(Default)]
pub(super) struct Shelf {
    slots: Vec<Slot>,
    /// What will be opened, in that order.
    expected: Vec<Wanted>,
    next: u64,
}

/// One of them.
pub(super) struct Slot {
    id: u64,
    wanted: Wanted,
    pub(super) stage: Stage,
    /// Whether somebody waits for it.
    claimed: bool,
    /// Ends its start.
    pub(super) cancel: CancellationToken,
}

/// Its progress.
pub(super) enum Stage {
    Warming,
    Ready(Held),
    Failed(HostError),
}

/// An open desktop and its place.
pub(super) struct Held {
    pub(super) session: Box<dyn Session>,
    pub(super) place: Place,
}

/// What somebody gets who waits for a slot.
pub(super) enum Taken {
    Held(Held),
    Failed(HostError),
    NotYet,
    /// It no longer exists.
    Nothing,
}

impl Slot {
    /// Whether it is what `wanted` asks for. One that is ready knows how long it
    /// lasts; another one will last as long as was asked for it.
    fn suits(&self, wanted: &Wanted) -> bool {
        let lasts = match &self.stage {
            Stage::Ready(held) => held.session.lasts(wanted.longest),
            Stage::Warming | Stage::Failed(_) => self.wanted.longest >= wanted.longest,
        };
        lasts && self.wanted.is_like(wanted)
    }
}

impl Shelf {
    /// What will be opened from now on.
    pub(super) fn expect(&mut self, next: &[Wanted]) {
        self.expected = next.to_vec();
    }

    /// Whether somebody will want this.
    pub(super) fn expects(&self, wanted: &Wanted) -> bool {
        self.expected.iter().any(|next| wanted.is_like(next))
    }

    /// It is being opened now.
    pub(super) fn take_off(&mut self, wanted: &Wanted) {
        if let Some(at) = self.expected.iter().position(|next| next == wanted) {
            self.expected.remove(at);
        }
    }

    /// Takes out what nobody will want; returns it together with what will be wanted and is
    /// missing. What is `lent` and can come back does not count as missing.
    pub(super) fn sort_out(&mut self, lent: &[Wanted]) -> (Vec<Slot>, Vec<Wanted>) {
        let mut of_use: Vec<bool> = self.slots.iter().map(|slot| slot.claimed).collect();
        let mut lent = lent.to_vec();
        let mut lacking = Vec::new();
        for wanted in &self.expected {
            let mut slots = self.slots.iter().zip(&mut of_use);
            if let Some((_, used)) = slots.find(|(slot, used)| !**used && slot.suits(wanted)) {
                *used = true;
            } else if let Some(at) = lent.iter().position(|lent| lent.is_like(wanted)) {
                lent.swap_remove(at);
            } else {
                lacking.push(wanted.clone());
            }
        }
        let mut of_use = of_use.into_iter();
        let spare = self
            .slots
            .extract_if(.., |_| !of_use.next().unwrap_or(true));
        (spare.collect(), lacking)
    }

    /// Whether somebody waits for one that is not ready.
    pub(super) fn is_waited_for(&self) -> bool {
        let waits = |slot: &Slot| slot.claimed && matches!(slot.stage, Stage::Warming);
        self.slots.iter().any(waits)
    }

    /// How many nobody waits for.
    pub(super) fn unclaimed(&self) -> usize {
        self.slots.iter().filter(|slot| !slot.claimed).count()
    }

    /// A place for one that warms; what ends its start is with it.
    pub(super) fn add(&mut self, wanted: Wanted, claimed: bool) -> (u64, CancellationToken) {
        let slot = self.slot(wanted, Stage::Warming, claimed);
        let added = (slot.id, slot.cancel.clone());
        self.slots.push(slot);
        added
    }

    /// Puts one back that was handed over. It is the first to be handed over again, because a fresh
    /// one suits anybody.
    pub(super) fn put(&mut self, wanted: Wanted, held: Held) {
        let slot = self.slot(wanted, Stage::Ready(held), false);
        self.slots.insert(0, slot);
    }

    fn slot(&mut self, wanted: Wanted, stage: Stage, claimed: bool) -> Slot {
        self.next += 1;
        Slot {
            id: self.next,
            wanted,
            stage,
            claimed,
            cancel: CancellationToken::new(),
        }
    }

    /// Lets somebody wait for a suitable one, and returns whether it is ready: the first whose
    /// start has ended, or else the first.
    pub(super) fn claim(&mut self, wanted: &Wanted) -> Option<(u64, bool)> {
        let is_warming = |slot: &&mut Slot| matches!(slot.stage, Stage::Warming);
        let free = self.slots.iter_mut().filter(|slot| !slot.claimed);
        let suiting = free.filter(|slot| slot.suits(wanted));
        let slot = suiting.min_by_key(is_warming)?;
        slot.claimed = true;
        Some((slot.id, matches!(slot.stage, Stage::Ready(_))))
    }

    /// The result for one that somebody waits for.
    pub(super) fn take(&mut self, id: u64) -> Taken {
        let Some(at) = self.at(id) else {
            return Taken::Nothing;
        };
        if matches!(self.slots[at].stage, Stage::Warming) {
            return Taken::NotYet;
        }
        match self.slots.remove(at).stage {
            Stage::Ready(held) => Taken::Held(held),
            Stage::Failed(error) => Taken::Failed(error),
            Stage::Warming => Taken::NotYet,
        }
    }

    /// Nobody waits for it any more; returns whether it still exists.
    pub(super) fn let_go(&mut self, id: u64) -> bool {
        let at = self.at(id);
        at.is_some_and(|at| std::mem::take(&mut self.slots[at].claimed))
    }

    /// Takes one out unless somebody waits for it; returns whether it did.
    pub(super) fn remove_unclaimed(&mut self, id: u64) -> bool {
        let at = self.at(id).filter(|at| !self.slots[*at].claimed);
        at.map(|at| self.slots.remove(at)).is_some()
    }

    pub(super) fn is_warming(&self, id: u64) -> bool {
        let warms = |at: usize| matches!(self.slots[at].stage, Stage::Warming);
        self.at(id).is_some_and(warms)
    }

    /// The start of one has ended; returns the result if nobody has a slot for it any more.
    pub(super) fn settle(&mut self, id: u64, stage: Stage) -> Option<Stage> {
        match self.at(id) {
            Some(at) => {
                self.slots[at].stage = stage;
                None
            }
            None => Some(stage),
        }
    }

    /// Takes out the last that nobody waits for.
    pub(super) fn take_last_unclaimed(&mut self) -> Option<Slot> {
        let is_one = |slot: &Slot| !slot.claimed && !matches!(slot.stage, Stage::Failed(_));
        let at = self.slots.iter().rposition(is_one)?;
        Some(self.slots.remove(at))
    }

    /// Takes out everything, and expects nothing.
    pub(super) fn clear(&mut self) -> Vec<Slot> {
        self.expected.clear();
        std::mem::take(&mut self.slots)
    }

    fn at(&self, id: u64) -> Option<usize> {
        self.slots.iter().position(|slot| slot.id == id)
    }
}
