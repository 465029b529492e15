//! Reading what is selected or was copied: X11's selections, as the Inter-Client
//! Communication Conventions (ICCCM 2.0, section 2) describe them.
//!
//! The program that has a selection is asked to put it into a property of a window
//! of ours; a long text comes in parts (INCR, section 2.7.2).

use std::{
    thread,
    time::{Duration, Instant},
};

use x11rb::{
    CURRENT_TIME,
    connection::Connection,
    protocol::{
        Event,
        xproto::{
            Atom, AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, GetPropertyReply,
            Property, Window as XWindow, WindowClass,
        },
    },
};

use super::{Screen, XError, lock, text};
use crate::{
    desktop::wire::{ClipboardContent, limits},
    input::Clipboard,
};

/// How long the program that has the selection may take to answer, and between two
/// parts of a long text.
const PATIENCE: Duration = Duration::from_secs(1);

const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// The longest property that is read at once, in units of four bytes: what a text of
/// the greatest length needs, and one unit that reveals a longer one.
#[expect(clippy::cast_possible_truncation, reason = "it is a small constant")]
const MAX_LENGTH: u32 = (limits::CLIPBOARD / 4) as u32 + 1;

impl Screen {
    /// What a clipboard has, once the program with the keyboard has read all input
    /// so far: it may be about to copy something.
    pub(in crate::server) fn clipboard(
        &self,
        clipboard: Clipboard,
    ) -> Result<ClipboardContent, XError> {
        // Whoever types reads this connection's events too.
        let _alone = lock(&self.typing);
        if let Some(window) = self.receiver()? {
            self.drain(&[window])?;
        }
        self.content(clipboard)
    }

    /// The atom of a clipboard's selection.
    pub(super) fn atom_of(&self, clipboard: Clipboard) -> Atom {
        match clipboard {
            Clipboard::Copied => self.atoms.CLIPBOARD,
            Clipboard::Primary => AtomEnum::PRIMARY.into(),
        }
    }

    fn content(&self, clipboard: Clipboard) -> Result<ClipboardContent, XError> {
        let selection = self.atom_of(clipboard);
        let owner = self.connection.get_selection_owner(selection)?.reply()?;
        if owner.owner == x11rb::NONE {
            return Ok(ClipboardContent::default());
        }
        // A window of its own for each question: an answer that comes too late
        // goes nowhere.
        let window = self.connection.generate_id()?;
        let hidden = CreateWindowAux::new()
            .override_redirect(1)
            .event_mask(EventMask::PROPERTY_CHANGE);
        let kind = WindowClass::INPUT_ONLY;
        self.connection
            .create_window(0, window, self.root, -1, -1, 1, 1, 0, kind, 0, &hidden)?
            .check()?;
        let content = Question {
            screen: self,
            window,
            clipboard,
        }
        .content();
        self.connection.destroy_window(window)?;
        self.round_trip()?;
        content
    }
}

/// One question for a selection.
struct Question<'s> {
    screen: &'s Screen,
    /// Where the answer is put.
    window: XWindow,
    clipboard: Clipboard,
}

impl Question<'_> {
    fn content(&self) -> Result<ClipboardContent, XError> {
        let atoms = &self.screen.atoms;
        // Every program of this century knows the first.
        for format in [atoms.UTF8_STRING, AtomEnum::STRING.into()] {
            if let Some(text) = self.text(format)? {
                return Ok(ClipboardContent {
                    text: Some(text),
                    formats: Vec::new(),
                });
            }
        }
        Ok(ClipboardContent {
            text: None,
            formats: self.formats()?,
        })
    }

    /// The text in one format, if the program offers that.
    fn text(&self, format: Atom) -> Result<Option<String>, XError> {
        if !self.is_converted(format)? {
            return Ok(None);
        }
        let first = self.take()?;
        let (kind, bytes) = if first.type_ == self.screen.atoms.INCR {
            let (kind, bytes) = self.parts()?;
            (kind.unwrap_or(first), bytes)
        } else {
            let bytes = first.value.clone();
            (first, bytes)
        };
        if bytes.len() > limits::CLIPBOARD {
            return Err(self.too_long());
        }
        Ok(Some(text::decoded(self.screen.kind(&kind), &bytes)))
    }

    /// The parts of a long text, and the property of the first, which has its type.
    fn parts(&self) -> Result<(Option<GetPropertyReply>, Vec<u8>), XError> {
        let (mut first, mut bytes) = (None, Vec::new());
        loop {
            self.wait(|event| match event {
                Event::PropertyNotify(change) => (change.window == self.window
                    && change.state == Property::NEW_VALUE)
                    .then_some(()),
                _ => None,
            })?;
            let part = self.take()?;
            if part.value_len == 0 {
                return Ok((first, bytes));
            }
            bytes.extend_from_slice(&part.value);
            if bytes.len() > limits::CLIPBOARD {
                return Err(self.too_long());
            }
            first.get_or_insert(part);
        }
    }

    /// The names of the formats that the program offers, for people.
    fn formats(&self) -> Result<Vec<String>, XError> {
        if !self.is_converted(self.screen.atoms.TARGETS)? {
            return Ok(Vec::new());
        }
        let connection = &self.screen.connection;
        let atoms = self.take()?;
        let atoms = atoms.value32().into_iter().flatten().take(64);
        let names: Result<Vec<_>, _> = atoms.map(|atom| connection.get_atom_name(atom)).collect();
        let names = names?.into_iter().map(|name| {
            let name = name.reply()?.name;
            Ok(String::from_utf8_lossy(&name).into_owned())
        });
        names.collect()
    }

    /// Asks for the selection in one format, and says whether the program offers that.
    fn is_converted(&self, format: Atom) -> Result<bool, XError> {
        let (screen, window) = (self.screen, self.window);
        let selection = screen.atom_of(self.clipboard);
        let place = screen.atoms.DESKHAND_SELECTION;
        screen
            .connection
            .convert_selection(window, selection, format, place, CURRENT_TIME)?;
        self.wait(|event| match event {
            Event::SelectionNotify(answer) if answer.requestor == window => {
                Some(answer.property != x11rb::NONE)
            }
            _ => None,
        })
    }

    /// The property, which is deleted: that asks for the next part.
    fn take(&self) -> Result<GetPropertyReply, XError> {
        let (any, place) = (AtomEnum::ANY, self.screen.atoms.DESKHAND_SELECTION);
        let property = self
            .screen
            .connection
            .get_property(true, self.window, place, any, 0, MAX_LENGTH)?
            .reply()?;
        if property.bytes_after > 0 {
            return Err(self.too_long());
        }
        Ok(property)
    }

    /// What `wanted` makes of the first event that it wants.
    fn wait<T>(&self, wanted: impl Fn(&Event) -> Option<T>) -> Result<T, XError> {
        self.screen.connection.flush()?;
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            match self.screen.connection.poll_for_event()? {
                Some(event) => {
                    if let Some(found) = wanted(&event) {
                        return Ok(found);
                    }
                }
                None => thread::sleep(LOOK_AGAIN),
            }
        }
        let what = self.clipboard.noun();
        let seconds = PATIENCE.as_secs();
        let problem = format!("the program that has {what} did not hand it over in {seconds} s");
        Err(XError::Program(problem))
    }

    fn too_long(&self) -> XError {
        let (what, most) = (self.clipboard.noun(), limits::CLIPBOARD);
        XError::Program(format!("{what} has a text of more than {most} bytes"))
    }
}
