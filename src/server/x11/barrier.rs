//! Waiting until a thread that listens to the X server has received everything that has happened so
//! far.
//!
//! What such a thread knows is a little older than what the X server answers to us,
//! and on a busy machine much older. So we send it a message through the X server,
//! which comes after every event up to now: once it has that, it has them all.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use x11rb::{
    connection::Connection,
    protocol::xproto::{
        AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask,
        Window as XWindow, WindowClass,
    },
    rust_connection::RustConnection,
};

use super::{Screen, XError};

/// How long a thread may take to hear of everything. It never takes so long, but a
/// thread that has ended must not keep anybody.
const PATIENCE: Duration = Duration::from_millis(500);

/// One listening thread, and how far it has come.
#[derive(Default)]
pub(in crate::server) struct Barrier {
    state: Mutex<State>,
    met: Condvar,
}

#[derive(Default)]
struct State {
    /// The window to which messages go; none until somebody listens.
    window: XWindow,
    sent: u32,
    met: u32,
}

impl Barrier {
    /// Makes the window of the thread that listens by this connection.
    pub(super) fn open(
        self: &Arc<Self>,
        connection: &RustConnection,
        root: XWindow,
    ) -> Result<(), XError> {
        let window = connection.generate_id()?;
        let hidden = CreateWindowAux::new().override_redirect(1);
        let kind = WindowClass::INPUT_ONLY;
        connection
            .create_window(0, window, root, -1, -1, 1, 1, 0, kind, 0, &hidden)?
            .check()?;
        let mut state = self.lock();
        state.window = window;
        state.met = state.sent;
        Ok(())
    }

    /// The thread has met a message.
    pub(super) fn meet(&self, message: &ClientMessageEvent) {
        let mut state = self.lock();
        if message.window == state.window {
            state.met = message.data.as_data32()[0];
            self.met.notify_all();
        }
    }

    /// Nobody listens any more.
    pub(super) fn close(&self) {
        self.lock().window = x11rb::NONE;
        self.met.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // It is consistent after every statement.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Screen {
    /// Waits until the threads behind these barriers have heard all that happened
    /// so far.
    pub(in crate::server) fn catch_up(&self, barriers: &[&Barrier]) -> Result<(), XError> {
        let mut sent = Vec::with_capacity(barriers.len());
        for barrier in barriers {
            let mut state = barrier.lock();
            if state.window == x11rb::NONE {
                continue;
            }
            state.sent = state.sent.wrapping_add(1);
            let (window, number) = (state.window, state.sent);
            drop(state);
            // Any type will do: nobody else gets it.
            let kind = AtomEnum::INTEGER;
            let message = ClientMessageEvent::new(32, window, kind, [number, 0, 0, 0, 0]);
            self.connection
                .send_event(false, window, EventMask::NO_EVENT, message)?
                .ignore_error();
            sent.push((barrier, number));
        }
        self.connection.flush()?;
        for (barrier, number) in sent {
            let state = barrier.lock();
            let behind = |state: &mut State| {
                state.window != x11rb::NONE && number.wrapping_sub(state.met).cast_signed() > 0
            };
            let waited = barrier.met.wait_timeout_while(state, PATIENCE, behind);
            let late = waited.is_ok_and(|(_, waited)| waited.timed_out());
            if late {
                // Is it the thread that is late, or does the X server hang?
                self.round_trip()?;
            }
        }
        Ok(())
    }
}
