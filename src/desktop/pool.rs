//! Desktops that are opened before they are wanted.
//!
//! A desktop takes most of a second to start, and a scenario may take no longer to
//! play. A [`Pool`] opens the next desktops while others are in use:
//!
//! ```text
//! expect ─▶ warming ─▶ ready ─▶ lent ─▶ closed
//!              ▲         ▲        │
//!   open ──────┘         └────────┘ given back, where a file says so
//! ```
//!
//! Each desktop is opened in a task of its own, even if somebody waits for it: whoever stops
//! waiting leaves it to the pool, which hands it to somebody else or closes it.

mod places;
mod shelf;
#[cfg(test)]
mod tests;

use std::{
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::{
    runtime::Handle,
    task::JoinSet,
    time::{Instant, timeout},
};

use self::{
    places::{Place, Places},
    shelf::{Held, Shelf, Slot, Stage, Taken},
};
use super::{Desktop, Host, HostError, Session, Wanted, Whereabouts, wire::Extensions};

/// How long a desktop that has waited may take to say that it still works.
const STILL_THERE: Duration = Duration::from_secs(2);

/// How long to ask a full host again, once none of its desktops is ours.
const PATIENCE: Duration = Duration::from_secs(300);

/// How soon to ask it again, unless one of ours is closed before that.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// How long the desktops may take to close at the end.
const FAREWELL: Duration = Duration::from_secs(40);

/// A host that opens the desktops of another one before they are wanted.
///
/// What it opens is what [`Host::expect`] says, in that order. [`Host::open`] hands
/// over one that is ready or warming, or opens a fresh one. One that has stopped working while it
/// waited is closed and replaced. A failed start is reported to whoever would have got that
/// desktop, and is not tried again. [`Host::finish`] has to be awaited at the end: it closes
/// whatever has not been handed over.
pub struct Pool(Arc<Inner>);

struct Inner {
    host: Arc<dyn Host>,
    ahead: usize,
    state: Mutex<State>,
    places: Arc<Places>,
    /// What opens and closes desktops.
    work: Mutex<JoinSet<()>>,
}

#[derive(Default)]
struct State {
    shelf: Shelf,
    /// Whether nothing is opened any more.
    over: bool,
}

impl Pool {
    /// A pool of the desktops of `host`, at most `ahead` of which wait for somebody.
    #[must_use]
    pub fn new(host: Arc<dyn Host>, ahead: usize) -> Self {
        Self(Arc::new(Inner {
            host,
            ahead,
            state: Mutex::default(),
            places: Arc::default(),
            work: Mutex::default(),
        }))
    }
}

#[async_trait]
impl Host for Pool {
    fn kind(&self) -> &'static str {
        self.0.host.kind()
    }

    async fn offers(&self) -> Result<Extensions, HostError> {
        self.0.host.offers().await
    }

    fn most(&self) -> Option<usize> {
        self.0.host.most()
    }

    fn expect(&self, next: &[Wanted]) {
        self.0.lock().shelf.expect(next);
        self.0.tend();
    }

    async fn open(&self, wanted: &Wanted) -> Result<Box<dyn Session>, HostError> {
        self.0.lock().shelf.take_off(wanted);
        loop {
            let claim = Claim::new(&self.0, wanted)?;
            let has_waited = claim.has_waited;
            let mut checked = Checked {
                pool: Arc::clone(&self.0),
                held: Some(claim.held().await?),
            };
            if has_waited && !checked.works().await {
                continue;
            }
            if let Some(Held { session, mut place }) = checked.held.take() {
                place.lend(wanted);
                self.0.tend();
                return Ok(Box::new(Lent {
                    session,
                    place,
                    pool: Arc::clone(&self.0),
                    wanted: wanted.clone(),
                }));
            }
        }
    }

    async fn finish(&self) {
        self.0.end();
        let closed = async {
            loop {
                let mut work = std::mem::take(&mut *self.0.work());
                if work.is_empty() {
                    break;
                }
                while work.join_next().await.is_some() {}
            }
        };
        // Each host has a bound of its own for what is closed; this is for those that
        // have none.
        let _ = timeout(FAREWELL, closed).await;
        self.0.host.finish().await;
    }
}

impl Drop for Pool {
    /// Ends everything too, but nobody waits for it.
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Inner {
    /// Closes what nobody will want, and begins what will be wanted next.
    fn tend(self: &Arc<Self>) {
        let lent = self.places.lent();
        let spare = {
            let mut state = self.lock();
            // Without a runtime nothing can be opened.
            if state.over || Handle::try_current().is_err() {
                return;
            }
            let (spare, lacking) = state.shelf.sort_out(&lent);
            // Those who wait come first: another start would take processor time from theirs.
            if !state.shelf.is_waited_for() {
                let free = self.ahead.saturating_sub(state.shelf.unclaimed());
                for wanted in lacking.into_iter().take(free) {
                    let Some(place) = self.places.take_in_advance(self.host.most()) else {
                        break;
                    };
                    self.begin(&mut state, wanted, Some(place));
                }
            }
            spare
        };
        for slot in spare {
            self.discard(slot);
        }
    }

    /// Begins to open a desktop: in advance in the `place` that it is given, or for
    /// somebody who waits, as soon as there is one.
    fn begin(self: &Arc<Self>, state: &mut State, wanted: Wanted, place: Option<Place>) -> u64 {
        let (id, cancel) = state.shelf.add(wanted.clone(), place.is_none());
        let pool = Arc::clone(self);
        self.spawn(async move {
            // What panics does not leave anybody waiting.
            let _settled = Settled {
                pool: Arc::clone(&pool),
                id,
            };
            tokio::select! {
                biased;
                () = cancel.cancelled() => {}
                opened = pool.opened(id, &wanted, place) => {
                    if let Some(opened) = opened {
                        pool.settle(id, opened);
                    }
                }
            }
        });
        id
    }

    /// Opens a desktop once the host has room for it. `None`: it has none, and nobody
    /// waits.
    async fn opened(
        self: &Arc<Self>,
        id: u64,
        wanted: &Wanted,
        mut place: Option<Place>,
    ) -> Option<Result<Held, HostError>> {
        let begun = Instant::now();
        loop {
            let mut changed = pin!(self.places.changed());
            changed.as_mut().enable();
            let place = match place.take() {
                Some(place) => place,
                None => self.place().await,
            };
            let error = match self.host.open(wanted).await {
                Ok(session) => {
                    self.places.had_room();
                    return Some(Ok(Held { session, place }));
                }
                Err(error) if error.full => error,
                Err(error) => return Some(Err(error)),
            };
            place.was_refused();
            if self.lock().shelf.remove_unclaimed(id) {
                return None;
            }
            self.make_room();
            if self.places.is_empty_since(PATIENCE, begun) {
                return Some(Err(still_full(error)));
            }
            let _ = timeout(ASK_AGAIN, changed).await;
        }
    }

    /// Waits for a place among as many desktops as the host can have.
    async fn place(self: &Arc<Self>) -> Place {
        loop {
            let mut changed = pin!(self.places.changed());
            changed.as_mut().enable();
            if let Some(place) = self.places.take(self.host.most()) {
                return place;
            }
            self.make_room();
            changed.await;
        }
    }

    /// Closes a desktop that nobody waits for, if there is one: somebody does wait
    /// for another.
    fn make_room(self: &Arc<Self>) {
        let last = self.lock().shelf.take_last_unclaimed();
        if let Some(slot) = last {
            self.discard(slot);
        }
    }

    /// Hands the result of a start to whoever waits for it.
    fn settle(self: &Arc<Self>, id: u64, opened: Result<Held, HostError>) {
        let stage = match opened {
            Ok(held) => Stage::Ready(held),
            Err(error) => Stage::Failed(error),
        };
        let late = self.lock().shelf.settle(id, stage);
        if let Some(Stage::Ready(held)) = late {
            self.close(held);
        }
        self.places.tell();
        self.tend();
    }

    fn discard(self: &Arc<Self>, slot: Slot) {
        slot.cancel.cancel();
        if let Stage::Ready(held) = slot.stage {
            self.close(held);
        }
    }

    fn close(self: &Arc<Self>, held: Held) {
        let pool = Arc::clone(self);
        self.spawn(async move {
            held.session.close().await;
            drop(held.place);
            pool.tend();
        });
    }

    /// Has something done that the end waits for. Without a runtime nothing can be done, and a
    /// desktop ends by being dropped.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if Handle::try_current().is_ok() {
            let mut work = self.work();
            while work.try_join_next().is_some() {}
            work.spawn(task);
        }
    }

    /// Keeps a desktop for the next scenario that will want it; otherwise returns it.
    fn keep(&self, held: Held, wanted: &Wanted) -> Option<Held> {
        let mut state = self.lock();
        if state.over || !state.shelf.expects(wanted) {
            return Some(held);
        }
        state.shelf.put(wanted.clone(), held);
        None
    }

    fn end(self: &Arc<Self>) {
        let slots = {
            let mut state = self.lock();
            state.over = true;
            state.shelf.clear()
        };
        for slot in slots {
            self.discard(slot);
        }
        self.places.tell();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is consistent after every statement, even after a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) -> MutexGuard<'_, JoinSet<()>> {
        // So is this.
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A desktop that is being opened; if that ends without a result, it has failed.
struct Settled {
    pool: Arc<Inner>,
    id: u64,
}

impl Drop for Settled {
    fn drop(&mut self) {
        let is_open = self.pool.lock().shelf.is_warming(self.id);
        if is_open {
            let message = "the desktop could not be opened: its start was aborted".to_owned();
            let failed = HostError {
                message,
                ..HostError::default()
            };
            self.pool.settle(self.id, Err(failed));
        }
    }
}

/// A desktop that somebody waits for.
struct Claim {
    pool: Arc<Inner>,
    id: u64,
    /// Whether it was ready before it was asked for.
    has_waited: bool,
}

impl Claim {
    fn new(pool: &Arc<Inner>, wanted: &Wanted) -> Result<Self, HostError> {
        let mut state = pool.lock();
        if state.over {
            return Err(over());
        }
        let (id, has_waited) = match state.shelf.claim(wanted) {
            Some(found) => found,
            None => (pool.begin(&mut state, wanted.clone(), None), false),
        };
        drop(state);
        Ok(Self {
            pool: Arc::clone(pool),
            id,
            has_waited,
        })
    }

    async fn held(self) -> Result<Held, HostError> {
        loop {
            let mut changed = pin!(self.pool.places.changed());
            changed.as_mut().enable();
            let taken = self.pool.lock().shelf.take(self.id);
            match taken {
                Taken::Held(held) => return Ok(held),
                Taken::Failed(error) => return Err(error),
                Taken::Nothing => return Err(over()),
                Taken::NotYet => changed.await,
            }
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let was_there = self.pool.lock().shelf.let_go(self.id);
        if was_there {
            self.pool.tend();
        }
    }
}

/// A desktop that is closed unless it is taken out.
struct Checked {
    pool: Arc<Inner>,
    held: Option<Held>,
}

impl Checked {
    /// Whether the display answers and every process runs.
    async fn works(&self) -> bool {
        let Some(held) = &self.held else {
            return false;
        };
        let desktop = held.session.desktop();
        let asked = async { tokio::try_join!(desktop.health(), desktop.process_status()) };
        match timeout(STILL_THERE, asked).await {
            Ok(Ok((healthy, processes))) => healthy && processes.is_ready(),
            Ok(Err(_)) | Err(_) => false,
        }
    }
}

impl Drop for Checked {
    fn drop(&mut self) {
        if let Some(held) = self.held.take() {
            self.pool.close(held);
        }
    }
}

/// A desktop that was handed over.
struct Lent {
    session: Box<dyn Session>,
    place: Place,
    pool: Arc<Inner>,
    wanted: Wanted,
}

#[async_trait]
impl Session for Lent {
    fn desktop(&self) -> &dyn Desktop {
        self.session.desktop()
    }

    fn whereabouts(&self) -> Whereabouts {
        self.session.whereabouts()
    }

    fn lasts(&self, longest: Option<Duration>) -> bool {
        self.session.lasts(longest)
    }

    async fn close(self: Box<Self>) {
        self.session.close().await;
        drop(self.place);
        self.pool.tend();
    }

    async fn give_back(self: Box<Self>) {
        let Self {
            session,
            mut place,
            pool,
            wanted,
        } = *self;
        let mut left = Some(Held {
            session,
            place: {
                place.take_back();
                place
            },
        });
        if wanted.reuse
            && let Some(held) = left.take()
        {
            left = pool.keep(held, &wanted);
        }
        if let Some(held) = left {
            held.session.close().await;
            drop(held.place);
        }
        pool.tend();
    }
}

fn over() -> HostError {
    HostError {
        message: "no desktop is opened any more: the run is over".to_owned(),
        ..HostError::default()
    }
}

/// What a full host said, and for how long it was asked.
fn still_full(error: HostError) -> HostError {
    let waited = format!(
        "it was asked again for {} s, and no desktop of this run was left to close",
        PATIENCE.as_secs()
    );
    HostError {
        detail: Some(match error.detail {
            Some(detail) => format!("{detail}\n{waited}"),
            None => waited,
        }),
        ..error
    }
}
