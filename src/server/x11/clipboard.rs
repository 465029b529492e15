//! Putting a text on a clipboard: owning a selection, as the Inter-Client
//! Communication Conventions (ICCCM 2.0, section 2) describe it.
//!
//! X11 keeps no copy: whoever has a selection hands it to every program that asks, for
//! as long as no other program takes it. So a thread with a connection of its own
//! answers until the X server ends.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Duration,
};

use x11rb::{
    connection::Connection,
    protocol::{
        Event,
        xproto::{
            Atom, AtomEnum, ChangeWindowAttributesAux, ConnectionExt as _, CreateWindowAux,
            EventMask, PropMode, Property, SELECTION_NOTIFY_EVENT, SelectionNotifyEvent,
            SelectionRequestEvent, Timestamp, Window as XWindow, WindowClass,
        },
    },
    rust_connection::RustConnection,
    wrapper::ConnectionExt as _,
};

use super::{Screen, XError, lock, open, windows::Atoms};
use crate::input::Clipboard;

/// The most bytes that are put into a property at once. A longer text goes in parts
/// (INCR), as every program expects it from a request's usual greatest length on.
const PART: usize = 200_000;

/// How long the X server may take to tell the time.
const CLOCK: Duration = Duration::from_secs(1);

/// The most texts that are handed over in parts at the same time.
const MOST_TRANSFERS: usize = 64;

/// What has the clipboards of one X server.
pub(super) struct Owner {
    connection: Arc<RustConnection>,
    /// The window that the selections belong to.
    window: XWindow,
    offers: Arc<Mutex<Offers>>,
    /// The times of the window's own events.
    clock: Receiver<Timestamp>,
}

/// The texts that are on the clipboards, by the atoms of their selections.
type Offers = HashMap<Atom, Offer>;

#[derive(Clone)]
struct Offer {
    text: Arc<str>,
    /// Since when, by the X server's clock.
    since: Timestamp,
}

impl Screen {
    /// Puts a text on a clipboard, where it stays until another program puts something
    /// there.
    pub(in crate::server) fn copy(&self, clipboard: Clipboard, text: &str) -> Result<(), XError> {
        let mut owner = lock(&self.clipboards);
        let owner = match &mut *owner {
            Some(owner) => owner,
            none => none.insert(self.owner()?),
        };
        let selection = self.atom_of(clipboard);
        let now = owner.now(self.atoms.DESKHAND_SELECTION)?;
        let offer = Offer {
            text: text.into(),
            since: now,
        };
        // It is asked for as soon as it is there.
        let before = lock(&owner.offers).insert(selection, offer);
        let connection = &owner.connection;
        connection.set_selection_owner(owner.window, selection, now)?;
        let has = connection.get_selection_owner(selection)?.reply()?.owner;
        if has == owner.window {
            return Ok(());
        }
        let mut offers = lock(&owner.offers);
        match before {
            Some(before) => offers.insert(selection, before),
            None => offers.remove(&selection),
        };
        let problem = format!("another program took {} at once", clipboard.noun());
        Err(XError::Program(problem))
    }

    fn owner(&self) -> Result<Owner, XError> {
        // It has answered before: what keeps it from that now has broken other
        // connections, too.
        let connection = open(self.display, &self.cookie);
        let connection = connection.map_err(|error| XError::Broken(error.to_string()))?;
        let connection = Arc::new(connection);
        let window = connection.generate_id()?;
        let hidden = CreateWindowAux::new()
            .override_redirect(1)
            .event_mask(EventMask::PROPERTY_CHANGE);
        let kind = WindowClass::INPUT_ONLY;
        connection
            .create_window(0, window, self.root, -1, -1, 1, 1, 0, kind, 0, &hidden)?
            .check()?;
        let offers = Arc::<Mutex<Offers>>::default();
        let (times, clock) = mpsc::channel();
        let mut server = Server {
            connection: Arc::clone(&connection),
            window,
            atoms: self.atoms,
            offers: Arc::clone(&offers),
            clock: times,
            transfers: Vec::new(),
        };
        thread::Builder::new()
            .name("clipboard".to_owned())
            .spawn(move || {
                // The end of the X server ends this too, and is not an error.
                while server.next().is_ok() {}
            })?;
        Ok(Owner {
            connection,
            window,
            offers,
            clock,
        })
    }
}

impl Owner {
    /// What the X server's clock shows. It tells that only with an event, here that of
    /// a property to which nothing is appended (ICCCM, section 2.1).
    fn now(&self, place: Atom) -> Result<Timestamp, XError> {
        let (append, kind) = (PropMode::APPEND, AtomEnum::STRING);
        self.connection
            .change_property8(append, self.window, place, kind, &[])?;
        self.connection.flush()?;
        let time = self.clock.recv_timeout(CLOCK);
        time.map_err(|_| XError::Silent(CLOCK))
    }
}

/// The thread that hands the texts over.
struct Server {
    connection: Arc<RustConnection>,
    window: XWindow,
    atoms: Atoms,
    offers: Arc<Mutex<Offers>>,
    clock: Sender<Timestamp>,
    /// Texts that are on their way in parts.
    transfers: Vec<Transfer>,
}

/// A text on its way in parts: another one goes whenever the program that asked has
/// deleted the one before.
struct Transfer {
    to: XWindow,
    place: Atom,
    format: Atom,
    bytes: Vec<u8>,
    sent: usize,
}

impl Server {
    fn next(&mut self) -> Result<(), XError> {
        match self.connection.wait_for_event()? {
            Event::SelectionRequest(request) => self.answer(&request)?,
            Event::SelectionClear(taken) => self.taken(taken.selection, taken.time),
            Event::PropertyNotify(change) if change.window == self.window => {
                // Nobody waits for it any more if this fails.
                let _ = self.clock.send(change.time);
            }
            Event::PropertyNotify(change) if change.state == Property::DELETE => {
                self.go_on(change.window, change.atom)?;
            }
            Event::DestroyNotify(gone) => self.transfers.retain(|it| it.to != gone.window),
            _ => {}
        }
        self.connection.flush()?;
        Ok(())
    }

    /// Another program has the selection now, unless it was taken back since.
    fn taken(&self, selection: Atom, time: Timestamp) {
        let mut offers = lock(&self.offers);
        // The clock of an X server starts again after 49 days.
        let is_older = |offer: &Offer| time.wrapping_sub(offer.since) < u32::MAX / 2;
        if offers.get(&selection).is_some_and(is_older) {
            offers.remove(&selection);
        }
    }

    fn answer(&mut self, request: &SelectionRequestEvent) -> Result<(), XError> {
        // Programs of before 1990 leave the place to the owner.
        let place = match request.property {
            x11rb::NONE => request.target,
            place => place,
        };
        let offer = lock(&self.offers).get(&request.selection).cloned();
        let is_done = match offer {
            None => false,
            Some(offer) if request.target == self.atoms.MULTIPLE => {
                self.put_several(request.requestor, place, &offer)?
            }
            Some(offer) => self.put(request.requestor, request.target, place, &offer)?,
        };
        let notice = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property: if is_done { place } else { x11rb::NONE },
        };
        self.connection
            .send_event(false, request.requestor, EventMask::NO_EVENT, notice)?;
        Ok(())
    }

    /// Puts the text in one format into a property; false where it is not offered.
    fn put(
        &mut self,
        to: XWindow,
        format: Atom,
        place: Atom,
        offer: &Offer,
    ) -> Result<bool, XError> {
        let (replace, atoms) = (PropMode::REPLACE, self.atoms);
        if format == atoms.TARGETS {
            let formats = [atoms.TARGETS, atoms.TIMESTAMP, atoms.MULTIPLE];
            let formats: Vec<Atom> = formats.into_iter().chain(self.formats(offer)).collect();
            let kind = AtomEnum::ATOM;
            self.connection
                .change_property32(replace, to, place, kind, &formats)?;
        } else if format == atoms.TIMESTAMP {
            let kind = AtomEnum::INTEGER;
            self.connection
                .change_property32(replace, to, place, kind, &[offer.since])?;
        } else if self.formats(offer).contains(&format) {
            self.hand_over(to, format, place, offer)?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Puts the text into several properties. The property `list` has pairs of formats
    /// and places, and shows afterwards which of them were not offered.
    fn put_several(&mut self, to: XWindow, list: Atom, offer: &Offer) -> Result<bool, XError> {
        let pair = self.atoms.ATOM_PAIR;
        let asked = self
            .connection
            .get_property(false, to, list, pair, 0, 256)?;
        // The window may be gone, which is not a fault of ours.
        let Ok(asked) = asked.reply() else {
            return Ok(false);
        };
        let mut pairs: Vec<Atom> = asked.value32().into_iter().flatten().collect();
        for pair in pairs.chunks_exact_mut(2) {
            if !self.put(to, pair[0], pair[1], offer)? {
                pair[1] = x11rb::NONE;
            }
        }
        let replace = PropMode::REPLACE;
        self.connection
            .change_property32(replace, to, list, pair, &pairs)?;
        Ok(true)
    }

    /// The formats in which a text is offered: `STRING` has no characters beyond
    /// ISO 8859-1.
    fn formats(&self, offer: &Offer) -> Vec<Atom> {
        let atoms = self.atoms;
        let is_latin = offer.text.chars().all(|char| u32::from(char) <= 0xff);
        let unicode = [atoms.UTF8_STRING, atoms.TEXT, atoms.PLAIN_UTF8, atoms.PLAIN];
        let latin = is_latin.then_some(AtomEnum::STRING.into());
        unicode.into_iter().chain(latin).collect()
    }

    /// Puts the text into a property, or announces there that it comes in parts.
    fn hand_over(
        &mut self,
        to: XWindow,
        format: Atom,
        place: Atom,
        offer: &Offer,
    ) -> Result<(), XError> {
        let replace = PropMode::REPLACE;
        let bytes = if format == u32::from(AtomEnum::STRING) {
            let latin = offer.text.chars().map(u32::from);
            latin.filter_map(|char| u8::try_from(char).ok()).collect()
        } else {
            offer.text.as_bytes().to_vec()
        };
        // `TEXT` leaves the encoding to the owner.
        let format = if format == self.atoms.TEXT {
            self.atoms.UTF8_STRING
        } else {
            format
        };
        if bytes.len() <= PART {
            self.connection
                .change_property8(replace, to, place, format, &bytes)?;
            return Ok(());
        }
        self.listen(to, EventMask::PROPERTY_CHANGE | EventMask::STRUCTURE_NOTIFY)?;
        let least = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let incr = self.atoms.INCR;
        self.connection
            .change_property32(replace, to, place, incr, &[least])?;
        if self.transfers.len() == MOST_TRANSFERS {
            // Its program has given up, or never meant it.
            self.transfers.remove(0);
        }
        self.transfers.push(Transfer {
            to,
            place,
            format,
            bytes,
            sent: 0,
        });
        Ok(())
    }

    /// Puts the next part of a text where the one before was taken. A part of nothing
    /// is the last.
    fn go_on(&mut self, to: XWindow, place: Atom) -> Result<(), XError> {
        let is_this = |it: &Transfer| it.to == to && it.place == place;
        let Some(index) = self.transfers.iter().position(is_this) else {
            return Ok(());
        };
        let transfer = &mut self.transfers[index];
        let rest = &transfer.bytes[transfer.sent..];
        let part = &rest[..rest.len().min(PART)];
        let replace = PropMode::REPLACE;
        self.connection
            .change_property8(replace, to, place, transfer.format, part)?;
        transfer.sent += part.len();
        if part.is_empty() {
            self.transfers.remove(index);
            if self.transfers.iter().all(|it| it.to != to) {
                self.listen(to, EventMask::NO_EVENT)?;
            }
        }
        Ok(())
    }

    /// Asks for these events of the window of a program.
    fn listen(&self, window: XWindow, events: EventMask) -> Result<(), XError> {
        let listening = ChangeWindowAttributesAux::new().event_mask(events);
        self.connection
            .change_window_attributes(window, &listening)?;
        Ok(())
    }
}
