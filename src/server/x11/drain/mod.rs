//! Waiting until a program has read the keys that were sent to it.
//!
//! X says nothing about that, but the Extended Window Manager Hints do: a program
//! that takes part in `_NET_WM_PING` answers a ping when it meets it in its
//! queue, and the keys came before. Of one that does not, the kernel tells
//! whether it has come to rest (see `rest`).

mod rest;

use std::{
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use x11rb::{
    connection::Connection,
    protocol::{
        Event,
        res::{ClientIdMask, ClientIdSpec, ConnectionExt as _},
        xproto::{
            ChangeWindowAttributesAux, ClientMessageEvent, ConnectionExt as _, EventMask,
            Window as XWindow,
        },
    },
};

use super::{Screen, XError, lock};

/// How long to wait for a program about which nothing is known: it runs elsewhere.
const UNKNOWN: Duration = Duration::from_millis(300);

/// How long a program may take to answer: a busy one answers late.
const PATIENCE: Duration = Duration::from_secs(5);

/// How soon a program that is not busy answers.
const SOON: Duration = Duration::from_millis(30);

/// How long a program may take to come to rest...
const REST: Duration = Duration::from_secs(2);
/// ...how long, if its window has just appeared: it may go on drawing...
const REST_OF_NEW: Duration = Duration::from_millis(300);
/// ...and how long, if it has just received the keyboard: it may show a film.
const REST_WITH_KEYBOARD: Duration = Duration::from_secs(1);

const LOOK_AGAIN: Duration = Duration::from_millis(1);

impl Screen {
    /// The window that keys go to now, if there is one.
    pub(super) fn receiver(&self) -> Result<Option<XWindow>, XError> {
        if let Some(window) = self.active_window()? {
            return Ok(Some(window));
        }
        let focus = self.connection.get_input_focus()?.reply()?.focus;
        // 0 is none, and 1 wherever the pointer is.
        Ok(Some(focus).filter(|window| *window > 1))
    }

    /// Waits until the programs of these windows have read every key so far.
    /// Called with the keyboard held: it reads this connection's events.
    pub(super) fn drain(&self, windows: &[XWindow]) -> Result<(), XError> {
        self.round_trip()?;
        for window in windows {
            match self.drain_one(*window) {
                // It closed meanwhile, and nobody reads its keys any more.
                Err(XError::Refused(_)) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        // Nobody wants the events that gathered meanwhile.
        self.round_trip()?;
        while self.connection.poll_for_event()?.is_some() {}
        Ok(())
    }

    /// Waits until the program that gets keys now knows of a change of the
    /// keymap. Those that answer pings learn of it in the order of their events;
    /// but Tk, for one, translates all keys that it finds in its socket before
    /// it looks at a change that came before them.
    pub(super) fn keymap_changed(&self) -> Result<(), XError> {
        let Some(window) = self.receiver()? else {
            return Ok(());
        };
        let settled = match self.answers_pings(window) {
            Ok(true) => Ok(()),
            Ok(false) => self.wait_for_rest(window, REST),
            Err(error) => Err(error),
        };
        match settled {
            Err(XError::Refused(_)) => Ok(()),
            other => other,
        }
    }

    fn answers_pings(&self, window: XWindow) -> Result<bool, XError> {
        if lock(&self.mute).contains(&window) {
            return Ok(false);
        }
        let protocols = self.numbers(window, self.atoms.WM_PROTOCOLS)?;
        Ok(protocols.contains(&self.atoms._NET_WM_PING))
    }

    fn drain_one(&self, window: XWindow) -> Result<(), XError> {
        if self.answers_pings(window)? {
            self.listen_to_root(EventMask::SUBSTRUCTURE_NOTIFY)?;
            let answered = self.ping(window);
            self.listen_to_root(EventMask::NO_EVENT)?;
            return answered;
        }
        self.wait_for_rest(window, REST)
    }

    /// Waits until the program of a window that has just appeared has done what came
    /// with it: its own parts are laid out and one of them has the keyboard.
    pub(super) fn rest_new(&self, window: XWindow) -> Result<(), XError> {
        self.settle_program(window, REST_OF_NEW)
    }

    /// Waits until the program of a window that has just got the keyboard knows it.
    pub(super) fn rest_with_keyboard(&self, window: XWindow) -> Result<(), XError> {
        self.settle_program(window, REST_WITH_KEYBOARD)
    }

    /// Waits until the program of a window that was clicked has seen the click.
    pub(super) fn rest_clicked(&self, window: XWindow) -> Result<(), XError> {
        self.settle_program(window, REST)
    }

    /// Waits until the program of a window that was moved, resized or shown again has
    /// drawn it, as far as that can be seen from outside. It is not pinged: some
    /// programs of Qt say that they answer, and never do.
    pub(in crate::server) fn rest_arranged(&self, window: XWindow) -> Result<(), XError> {
        match self.wait_for_rest(window, REST_OF_NEW) {
            Err(XError::Refused(_)) => Ok(()),
            other => other,
        }
    }

    fn settle_program(&self, window: XWindow, patience: Duration) -> Result<(), XError> {
        let _alone = lock(&self.typing);
        let rested = match self.answers_pings(window) {
            Ok(true) => self.drain_one(window),
            Ok(false) => self.wait_for_rest(window, patience),
            Err(error) => Err(error),
        };
        match rested {
            Err(XError::Refused(_)) => Ok(()),
            other => other,
        }
    }

    fn wait_for_rest(&self, window: XWindow, patience: Duration) -> Result<(), XError> {
        let rests = |process| rest::wait_for(process, patience);
        if !self.process_of(window)?.is_some_and(rests) {
            thread::sleep(UNKNOWN);
        }
        Ok(())
    }

    /// The process that made a window, if it runs on this machine. The X server
    /// knows it from the connection, whatever the program says about itself.
    fn process_of(&self, window: XWindow) -> Result<Option<u32>, XError> {
        let mask = ClientIdMask::LOCAL_CLIENT_PID;
        let client = window;
        let asked = self
            .connection
            .res_query_client_ids(&[ClientIdSpec { client, mask }])?;
        let ids = asked.reply()?.ids;
        let found = ids.iter().find(|id| id.spec.mask == mask);
        Ok(found.and_then(|id| id.value.first().copied()))
    }

    /// Programs send their answer to the root window.
    fn listen_to_root(&self, to: EventMask) -> Result<(), XError> {
        let listening = ChangeWindowAttributesAux::new().event_mask(to);
        self.connection
            .change_window_attributes(self.root, &listening)?
            .check()?;
        Ok(())
    }

    fn ping(&self, window: XWindow) -> Result<(), XError> {
        // The time names the ping in its answer. Counting down from the greatest
        // keeps the window manager from taking the answer for one of its own.
        let name = self.pings.fetch_sub(1, Ordering::Relaxed);
        let ping = ClientMessageEvent::new(
            32,
            window,
            self.atoms.WM_PROTOCOLS,
            [self.atoms._NET_WM_PING, name, window, 0, 0],
        );
        self.connection
            .send_event(false, window, EventMask::NO_EVENT, ping)?;
        self.connection.flush()?;
        let wanted = [self.atoms._NET_WM_PING, name, window];
        if self.is_answered(wanted, SOON)? {
            return Ok(());
        }
        // All of Qt 5 and 6 say that they answer, and never do. One that rests has read
        // the ping, and the keys before it.
        let process = self.process_of(window)?;
        let rested = process.is_some_and(|process| rest::wait_for(process, PATIENCE));
        if !self.is_answered(wanted, if rested { SOON } else { PATIENCE })? {
            // Or it hangs or is gone; its keys are its own matter then.
            lock(&self.mute).insert(window);
        }
        Ok(())
    }

    /// Whether a ping is answered in this time.
    fn is_answered(&self, wanted: [u32; 3], time: Duration) -> Result<bool, XError> {
        let deadline = Instant::now() + time;
        while Instant::now() < deadline {
            match self.connection.poll_for_event()? {
                Some(Event::ClientMessage(answer))
                    if answer.window == self.root && answer.data.as_data32()[..3] == wanted =>
                {
                    return Ok(true);
                }
                Some(_) => {}
                None => thread::sleep(LOOK_AGAIN),
            }
        }
        Ok(false)
    }
}
