//! Which windows have painted themselves since they were mapped.
//!
//! A program that maps a window is not ready for a click before it has drawn the
//! window for the first time. X11 does not tell who drew, but it tells the order:
//! when a window is realized, the server fills its background (a damage), then
//! sends `Expose` to everybody who asks for it, and only then the program draws
//! (another damage). So a damage after the `Expose` is the program's own drawing,
//! unless another `Expose` follows it at once: then the window got another size, and
//! the server filled its background again.
//! A window that is wholly covered by its children gets no `Expose`; of its
//! children's, that of the first counts.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use x11rb::{
    connection::{Connection, SequenceNumber},
    protocol::{
        Event,
        damage::{ConnectionExt as _, Damage, ReportLevel},
        xproto::{
            ChangeWindowAttributesAux, ConnectionExt as _, EventMask, MapState, Window as XWindow,
        },
    },
    rust_connection::RustConnection,
};

use super::{Barrier, XError, open, unless_gone};

/// A window that has drawn nothing for so long leaves that to the X server: a
/// plain background is all that it shows.
const LEAVES_IT_TO_X11: Duration = Duration::from_secs(3);

/// A window that was mapped before anybody listened to it may have drawn itself
/// before, too; so it is waited for no longer than this.
const MAY_HAVE_PAINTED: Duration = Duration::from_millis(500);

/// How long the window that was mapped last counts as new.
const NEW: Duration = Duration::from_secs(1);

/// Where no `Expose` comes, a damage so long after the first one is a drawing, in
/// milliseconds of the X server.
const AFTER_BACKGROUND: u32 = 20;

/// The windows that were mapped and have painted nothing yet.
#[derive(Default)]
pub(in crate::server) struct Unpainted(Mutex<Mapped>);

#[derive(Default)]
struct Mapped {
    /// Those that have painted nothing yet, with the time until which they are
    /// waited for.
    unpainted: HashMap<XWindow, Instant>,
    /// All that are mapped, with the time when they were.
    since: HashMap<XWindow, Instant>,
    /// The one that was mapped last.
    latest: Option<(XWindow, Instant)>,
}

impl Unpainted {
    /// Whether a window has painted itself since it was mapped, or will not.
    pub(super) fn is_painted(&self, window: XWindow) -> bool {
        let until = self.lock().unpainted.get(&window).copied();
        until.is_none_or(|until| until < Instant::now())
    }

    /// Whether every window has been mapped for so long that it has painted itself,
    /// or will not.
    pub(in crate::server) fn is_empty(&self) -> bool {
        let windows = self.lock();
        let mut mapped = windows.since.values();
        mapped.all(|mapped| mapped.elapsed() > LEAVES_IT_TO_X11)
    }

    /// Whether a window was mapped so short a time ago that it may still be blank,
    /// whoever has drawn in it.
    pub(super) fn is_new(&self, window: XWindow) -> bool {
        let mapped = self.lock().since.get(&window).copied();
        mapped.is_some_and(|mapped| mapped.elapsed() <= LEAVES_IT_TO_X11)
    }

    /// The window that was mapped last, and when, if that was a moment ago and its
    /// program has not settled since.
    pub(super) fn new_one(&self) -> Option<(XWindow, Instant)> {
        let latest = self.lock().latest;
        latest.filter(|(_, mapped)| mapped.elapsed() <= NEW)
    }

    /// These windows show something, so that nobody has to look again.
    pub(super) fn is_seen(&self, windows: &[XWindow]) {
        let mut mapped = self.lock();
        for window in windows {
            if !mapped.unpainted.contains_key(window) {
                mapped.since.remove(window);
            }
        }
    }

    /// A window is not mapped any more.
    fn forget(&self, window: XWindow) {
        let mut mapped = self.lock();
        mapped.unpainted.remove(&window);
        mapped.since.remove(&window);
    }

    /// The program of a window has done all that came with its appearance.
    pub(super) fn has_settled(&self, window: XWindow) {
        let mut mapped = self.lock();
        mapped.latest = mapped.latest.filter(|(latest, _)| *latest != window);
    }

    fn lock(&self) -> MutexGuard<'_, Mapped> {
        // It is consistent after every statement.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps `unpainted` up to date for display `number`, by a connection and a
/// thread of its own, until its X server ends.
pub(in crate::server) fn watch(
    number: u32,
    cookie: &[u8],
    unpainted: Arc<Unpainted>,
    barrier: Arc<Barrier>,
) -> Result<(), XError> {
    let connection = open(number, cookie)?;
    connection.damage_query_version(1, 1)?.reply()?;
    let root = connection.setup().roots[0].root;
    let listening = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
    connection
        .change_window_attributes(root, &listening)?
        .check()?;
    barrier.open(&connection, root)?;
    let mut watcher = Watcher {
        connection,
        root,
        windows: HashMap::new(),
        tops: HashMap::new(),
        unpainted,
        barrier,
    };
    thread::Builder::new()
        .name("paint".to_owned())
        .spawn(move || {
            // The end of the X server ends this too, and is not an error.
            while watcher.next().is_ok() {}
            *watcher.unpainted.lock() = Mapped::default();
            watcher.barrier.close();
        })?;
    Ok(())
}

struct Watcher {
    connection: RustConnection,
    root: XWindow,
    /// Every window that was made as a child of the root.
    windows: HashMap<XWindow, Progress>,
    /// Their own children, each with the window that it is in.
    tops: HashMap<XWindow, XWindow>,
    unpainted: Arc<Unpainted>,
    barrier: Arc<Barrier>,
}

/// How far a window has come.
struct Progress {
    /// What reports drawings in it, and the request that began it.
    damage: Option<(Damage, SequenceNumber)>,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Unmapped,
    /// Mapped, and perhaps its background is filled: since when, by the X
    /// server's clock.
    Mapped {
        filled: Option<u32>,
    },
    /// Ready to be drawn.
    Exposed,
    /// Drawn since, perhaps by the X server.
    Drawn,
    Painted,
}

impl Watcher {
    fn next(&mut self) -> Result<(), XError> {
        let mut next = Some(self.connection.wait_for_event_with_sequence()?);
        while let Some((event, sequence)) = next {
            self.take(&event, sequence)?;
            next = self.connection.poll_for_event_with_sequence()?;
        }
        self.decide()?;
        self.connection.flush()?;
        Ok(())
    }

    fn take(&mut self, event: &Event, sequence: SequenceNumber) -> Result<(), XError> {
        match event {
            Event::CreateNotify(made) if made.parent == self.root => self.made(made.window)?,
            Event::CreateNotify(made) => self.made_inside(made.parent, made.window)?,
            Event::MapNotify(mapped) => {
                let begun = self.windows.get(&mapped.window).and_then(|it| it.damage);
                let followed = begun.is_some_and(|(_, begun)| begun <= sequence);
                self.mapped(mapped.window, followed);
            }
            Event::Expose(exposed) => self.exposed(exposed.window),
            Event::DamageNotify(drawn) => self.drawn(drawn.drawable, drawn.timestamp),
            Event::UnmapNotify(gone) => self.unmapped(gone.window)?,
            Event::DestroyNotify(gone) => {
                self.windows.remove(&gone.window);
                self.tops.remove(&gone.window);
                self.unpainted.forget(gone.window);
            }
            Event::ClientMessage(message) => self.barrier.meet(message),
            Event::Error(_) => self.refused(sequence),
            _ => {}
        }
        Ok(())
    }

    fn made(&mut self, window: XWindow) -> Result<(), XError> {
        let listening =
            EventMask::STRUCTURE_NOTIFY | EventMask::SUBSTRUCTURE_NOTIFY | EventMask::EXPOSURE;
        self.listen(window, listening)?;
        let damage = Some(self.follow(window)?);
        let state = State::Unmapped;
        self.windows.insert(window, Progress { damage, state });
        // On a busy machine we hear of it so late that it has long been mapped, and
        // inside another window, from which nobody tells us.
        let asked = self.connection.get_window_attributes(window)?.reply();
        if unless_gone(asked)?.is_some_and(|it| it.map_state != MapState::UNMAPPED) {
            self.mapped(window, false);
        }
        Ok(())
    }

    /// A child of a window that is followed: its own `Expose` counts for that one.
    fn made_inside(&mut self, parent: XWindow, child: XWindow) -> Result<(), XError> {
        let top = self.tops.get(&parent).copied().unwrap_or(parent);
        if self.windows.contains_key(&top) {
            self.tops.insert(child, top);
            self.listen(child, EventMask::STRUCTURE_NOTIFY | EventMask::EXPOSURE)?;
        }
        Ok(())
    }

    fn listen(&self, window: XWindow, to: EventMask) -> Result<(), XError> {
        let listening = ChangeWindowAttributesAux::new().event_mask(to);
        self.connection
            .change_window_attributes(window, &listening)?
            .ignore_error();
        Ok(())
    }

    fn follow(&self, window: XWindow) -> Result<(Damage, SequenceNumber), XError> {
        let damage = self.connection.generate_id()?;
        let level = ReportLevel::RAW_RECTANGLES;
        let asked = self.connection.damage_create(damage, window, level)?;
        Ok((damage, asked.sequence_number()))
    }

    /// A request failed: where it began to follow a window, that one went away, or
    /// is made for input alone and never paints anything.
    fn refused(&mut self, sequence: SequenceNumber) {
        let began = |progress: &Progress| progress.damage.is_some_and(|it| it.1 == sequence);
        let window = self.windows.iter().find(|(_, progress)| began(progress));
        if let Some(window) = window.map(|(window, _)| *window) {
            self.windows.remove(&window);
            self.unpainted.lock().unpainted.remove(&window);
        }
    }

    /// A window is mapped. If that was before it was `followed`, so was what the X
    /// server did at once: what is drawn now is drawn by the program.
    fn mapped(&mut self, window: XWindow, followed: bool) {
        let Some(progress) = self.windows.get_mut(&window) else {
            return;
        };
        if progress.state != State::Unmapped {
            return;
        }
        let now = Instant::now();
        let mut mapped = self.unpainted.lock();
        mapped.latest = Some((window, now));
        mapped.since.insert(window, now);
        let (state, patience) = if followed {
            (State::Mapped { filled: None }, LEAVES_IT_TO_X11)
        } else {
            (State::Exposed, MAY_HAVE_PAINTED)
        };
        progress.state = state;
        mapped.unpainted.insert(window, now + patience);
    }

    fn exposed(&mut self, window: XWindow) {
        let top = self.tops.get(&window).copied().unwrap_or(window);
        if let Some(progress) = self.windows.get_mut(&top)
            && matches!(progress.state, State::Mapped { .. } | State::Drawn)
        {
            progress.state = State::Exposed;
        }
    }

    fn drawn(&mut self, window: XWindow, time: u32) {
        let Some(progress) = self.windows.get_mut(&window) else {
            return;
        };
        let drawn = match &mut progress.state {
            State::Mapped { filled } => {
                let first = *filled.get_or_insert(time);
                time.wrapping_sub(first) > AFTER_BACKGROUND
            }
            State::Exposed => true,
            State::Unmapped | State::Drawn | State::Painted => false,
        };
        if drawn {
            progress.state = State::Drawn;
        }
    }

    /// All events that came together are taken: what was drawn and not exposed again
    /// is painted.
    fn decide(&mut self) -> Result<(), XError> {
        for (window, progress) in &mut self.windows {
            if progress.state != State::Drawn {
                continue;
            }
            progress.state = State::Painted;
            // From here on it would only report every frame of a video.
            if let Some((damage, _)) = progress.damage.take() {
                self.connection.damage_destroy(damage)?.ignore_error();
            }
            self.unpainted.lock().unpainted.remove(window);
        }
        Ok(())
    }

    fn unmapped(&mut self, window: XWindow) -> Result<(), XError> {
        if !self.windows.contains_key(&window) {
            return Ok(());
        }
        let followed = self.follow(window)?;
        self.unpainted.forget(window);
        if let Some(progress) = self.windows.get_mut(&window) {
            progress.state = State::Unmapped;
            if let Some((damage, _)) = progress.damage.replace(followed) {
                self.connection.damage_destroy(damage)?.ignore_error();
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: XWindow = 7;

    /// A window that was mapped then and has painted nothing.
    fn mapped_at(then: Instant) -> Unpainted {
        let windows = Unpainted::default();
        let mut mapped = windows.lock();
        mapped.unpainted.insert(WINDOW, then + LEAVES_IT_TO_X11);
        mapped.since.insert(WINDOW, then);
        mapped.latest = Some((WINDOW, then));
        drop(mapped);
        windows
    }

    fn mapped(ago: Duration) -> Unpainted {
        mapped_at(Instant::now().checked_sub(ago).unwrap())
    }

    /// One that stays new for as long as the test may take.
    fn just_mapped() -> Unpainted {
        mapped_at(Instant::now() + Duration::from_secs(3600))
    }

    #[test]
    fn a_window_that_paints_nothing_leaves_that_to_the_x_server_in_the_end() {
        let new = just_mapped();
        assert!(new.is_new(WINDOW) && !new.is_painted(WINDOW) && !new.is_empty());
        let old = mapped(LEAVES_IT_TO_X11 * 2);
        assert!(!old.is_new(WINDOW) && old.is_painted(WINDOW) && old.is_empty());
        // One that was mapped before anybody listened has painted itself.
        assert!(new.is_painted(8) && !new.is_new(8));
    }

    #[test]
    fn a_window_that_was_seen_to_show_something_is_not_looked_at_again() {
        let windows = just_mapped();
        windows.is_seen(&[WINDOW]);
        assert!(windows.is_new(WINDOW), "it has painted nothing yet");
        windows.lock().unpainted.remove(&WINDOW);
        windows.is_seen(&[WINDOW]);
        assert!(!windows.is_new(WINDOW) && windows.is_empty());
    }

    #[test]
    fn the_latest_window_is_waited_for_until_it_settles_or_is_old() {
        let windows = just_mapped();
        windows.has_settled(8);
        assert_eq!(windows.new_one().map(|(window, _)| window), Some(WINDOW));
        windows.has_settled(WINDOW);
        assert!(windows.new_one().is_none());
        assert!(mapped(NEW * 2).new_one().is_none());
    }

    #[test]
    fn a_window_that_goes_away_is_forgotten() {
        let windows = just_mapped();
        windows.forget(WINDOW);
        assert!(windows.is_empty() && windows.is_painted(WINDOW));
    }
}
