//! Waiting until a program has read the keys that were sent to it.
//!
//! X says nothing of that, but the Extended Window Manager Hints do: a program
//! that takes part in `_NET_WM_PING` answers a ping when it meets it in its
//! queue, and the keys came before.

use std::{
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use x11rb::{
    connection::Connection,
    protocol::{
        Event,
        xproto::{
            ChangeWindowAttributesAux, ClientMessageEvent, ConnectionExt as _, EventMask,
            Window as XWindow,
        },
    },
};

use super::{Screen, XError};

/// What a program gets that takes no part in pings.
const WITHOUT_PING: Duration = Duration::from_millis(150);

/// What a program gets to answer: one that is busy answers late.
const PATIENCE: Duration = Duration::from_secs(5);

const LOOK_AGAIN: Duration = Duration::from_millis(1);

impl Screen {
    /// Waits until the program that has the focus has read every key so far.
    /// Called with the keyboard held: it reads this connection's events.
    pub(super) fn drain(&self) -> Result<(), XError> {
        self.round_trip()?;
        match self.window_with_ping()? {
            Some(window) => {
                self.listen_to_root(EventMask::SUBSTRUCTURE_NOTIFY)?;
                let answered = self.ping(window);
                self.listen_to_root(EventMask::NO_EVENT)?;
                answered?;
            }
            None => thread::sleep(WITHOUT_PING),
        }
        // Nobody wants the events that gathered meanwhile.
        self.round_trip()?;
        while self.connection.poll_for_event()?.is_some() {}
        Ok(())
    }

    fn window_with_ping(&self) -> Result<Option<XWindow>, XError> {
        let Some(window) = self.active_window()? else {
            return Ok(None);
        };
        match self.numbers(window, self.atoms.WM_PROTOCOLS) {
            Ok(protocols) => {
                Ok(Some(window).filter(|_| protocols.contains(&self.atoms._NET_WM_PING)))
            }
            // It closed just now.
            Err(XError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
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
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            match self.connection.poll_for_event()? {
                Some(Event::ClientMessage(answer))
                    if answer.window == self.root
                        && answer.data.as_data32()[..3]
                            == [self.atoms._NET_WM_PING, name, window] =>
                {
                    return Ok(());
                }
                Some(_) => {}
                None => thread::sleep(LOOK_AGAIN),
            }
        }
        // It hangs or is gone; its keys are its own matter then.
        Ok(())
    }
}
