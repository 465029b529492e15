//! The text that is selected: X11's PRIMARY selection, as the Inter-Client
//! Communication Conventions (ICCCM 2.0, section 2) have it.
//!
//! Whoever selected it is asked to put it into a property of a window of ours.

use std::{
    thread,
    time::{Duration, Instant},
};

use x11rb::{
    CURRENT_TIME,
    connection::Connection,
    protocol::{
        Event,
        xproto::{AtomEnum, ConnectionExt as _, CreateWindowAux, Window as XWindow, WindowClass},
    },
};

use super::{Screen, XError, lock, text};

/// How long the program that has the selection may take.
const PATIENCE: Duration = Duration::from_secs(1);

const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// The longest text that is read, in units of four bytes.
const MAX_LENGTH: u32 = 1 << 21;

impl Screen {
    /// The selected text; empty where nothing is selected, or something that
    /// is no text.
    pub(in crate::server) fn selection(&self) -> Result<String, XError> {
        // Whoever types reads this connection's events too.
        let _alone = lock(&self.typing);
        let primary = AtomEnum::PRIMARY.into();
        let owner = self.connection.get_selection_owner(primary)?.reply()?;
        if owner.owner == x11rb::NONE {
            return Ok(String::new());
        }
        // A window of its own for each question: an answer that comes too late
        // goes nowhere.
        let window = self.connection.generate_id()?;
        let hidden = CreateWindowAux::new().override_redirect(1);
        let kind = WindowClass::INPUT_ONLY;
        self.connection
            .create_window(0, window, self.root, -1, -1, 1, 1, 0, kind, 0, &hidden)?
            .check()?;
        let text = self.converted(window);
        self.connection.destroy_window(window)?;
        self.round_trip()?;
        text
    }

    fn converted(&self, window: XWindow) -> Result<String, XError> {
        let (primary, text) = (AtomEnum::PRIMARY, self.atoms.UTF8_STRING);
        let place = self.atoms.DESKHAND_SELECTION;
        self.connection
            .convert_selection(window, primary.into(), text, place, CURRENT_TIME)?;
        self.connection.flush()?;
        if self.answer(window)? == x11rb::NONE {
            return Ok(String::new());
        }
        let any = AtomEnum::ANY;
        let property = self
            .connection
            .get_property(false, window, place, any, 0, MAX_LENGTH)?
            .reply()?;
        if property.type_ == self.atoms.INCR || property.bytes_after > 0 {
            let problem = "the selected text is too long to be read at once";
            return Err(XError::Program(problem.to_owned()));
        }
        Ok(text::decoded(self.kind(&property), &property.value))
    }

    /// The property that has the selection, or none if it is no text.
    fn answer(&self, window: XWindow) -> Result<u32, XError> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            match self.connection.poll_for_event()? {
                Some(Event::SelectionNotify(answer)) if answer.requestor == window => {
                    return Ok(answer.property);
                }
                Some(_) => {}
                None => thread::sleep(LOOK_AGAIN),
            }
        }
        let problem = "the program with the selected text did not hand it over within 1 s";
        Err(XError::Program(problem.to_owned()))
    }
}
