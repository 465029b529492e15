//! The X server, spoken to directly: pictures by MIT-SHM, the pointer and the
//! keyboard by XTEST, windows by the properties of the window manager.
//!
//! A process for each click would cost more than the click. Calls block for as
//! long as the X server takes, so async code makes them by `within`: on a thread that
//! may wait, and not for ever.

mod arrange;
mod barrier;
mod camera;
mod capture;
mod clipboard;
mod damage;
mod drain;
mod hold;
mod keyboard;
mod paint;
mod patience;
mod pointer;
mod receiver;
mod resize;
mod selection;
mod settle;
mod stack;
mod text;
mod windows;

use std::{
    collections::HashSet,
    io,
    os::unix::net::UnixStream,
    sync::{Mutex, MutexGuard, PoisonError, atomic::AtomicU32},
    time::Duration,
};

use x11rb::{
    connection::Connection,
    errors::{ConnectError, ConnectionError, ReplyError, ReplyOrIdError},
    protocol::{
        ErrorKind, randr, xkb,
        xproto::{ChangeWindowAttributesAux, ConnectionExt as _, Window},
        xtest,
    },
    rust_connection::{DefaultStream, RustConnection},
    x11_utils::X11Error,
};

pub(super) use self::{
    arrange::{Arranging, number},
    barrier::Barrier,
    camera::{Camera, Pointer, Woken, bytes},
    damage::follow,
    keyboard::can_type,
    paint::{Unpainted, watch},
    patience::{PATIENCE, within},
};
use self::{capture::Capture, clipboard::Owner, hold::Down, keyboard::Bindings, windows::Atoms};
use crate::geometry::Size;

/// Why the X server did not do what it was asked to do.
#[derive(Debug, thiserror::Error)]
pub(super) enum XError {
    /// No connection to the display.
    #[error("cannot connect to display {display}: {reason}")]
    Connect {
        /// Its name.
        display: String,
        /// The system's words.
        reason: String,
    },
    /// The connection broke: the X server is gone.
    #[error("the connection to the X server broke: {0}")]
    Broken(String),
    /// It did not answer in time, although it is running.
    #[error("the X server did not answer within {} s", .0.as_secs_f32())]
    Silent(Duration),
    /// It answered when nobody waited any more.
    #[error("the X server answered too late")]
    Late,
    /// The X server refused a request.
    #[error("the X server refused: {0}")]
    Refused(String),
    /// A program of the session did not do its part.
    #[error("{0}")]
    Program(String),
    /// The request makes no sense for this screen.
    #[error("{0}")]
    Request(String),
}

impl From<ConnectionError> for XError {
    fn from(error: ConnectionError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<ReplyError> for XError {
    fn from(error: ReplyError) -> Self {
        match error {
            ReplyError::ConnectionError(error) => error.into(),
            ReplyError::X11Error(error) => error.into(),
        }
    }
}

impl From<ReplyOrIdError> for XError {
    fn from(error: ReplyOrIdError) -> Self {
        match error {
            ReplyOrIdError::IdsExhausted => Self::Broken("no more ids".to_owned()),
            ReplyOrIdError::ConnectionError(error) => error.into(),
            ReplyOrIdError::X11Error(error) => error.into(),
        }
    }
}

impl From<X11Error> for XError {
    fn from(error: X11Error) -> Self {
        let kind = match error.error_kind {
            ErrorKind::Unknown(code) => format!("error {code}"),
            kind => format!("Bad{kind:?}"),
        };
        let request = error.request_name.map_or_else(
            || format!("request {}.{}", error.major_opcode, error.minor_opcode),
            str::to_owned,
        );
        Self::Refused(format!("{request}: {kind} (value {})", error.bad_value))
    }
}

/// A window can go away between two questions; then the answer is an error.
fn unless_gone<T>(reply: Result<T, ReplyError>) -> Result<Option<T>, XError> {
    match reply {
        Ok(reply) => Ok(Some(reply)),
        Err(ReplyError::X11Error(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl From<io::Error> for XError {
    fn from(error: io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

/// One X screen, with what is worth keeping between two calls.
pub(super) struct Screen {
    connection: RustConnection,
    root: Window,
    atoms: Atoms,
    capture: Mutex<Capture>,
    /// What is bound to free keycodes. Held for a whole text: two texts must not
    /// mix. Also by all who read the connection's events.
    typing: Mutex<Bindings>,
    /// The window that gets keys and whose program knows it, unless the keyboard may
    /// have gone elsewhere since.
    typed_into: Mutex<Option<Window>>,
    /// The name of the next ping.
    pings: AtomicU32,
    /// The windows that say that they answer pings, and did not.
    mute: Mutex<HashSet<Window>>,
    /// Held for a whole drag.
    pointing: Mutex<()>,
    /// What is down from one call to another.
    held: Mutex<Down>,
    /// Held from one size to another.
    resizing: Mutex<()>,
    /// What has the clipboards, from the first text on that was put there.
    clipboards: Mutex<Option<Owner>>,
    /// Where the X server is, and what it lets one in by.
    display: u32,
    cookie: [u8; 16],
}

impl Screen {
    /// Connects to display `number` of this machine with the cookie that its
    /// server was started with.
    pub(super) fn connect(number: u32, cookie: &[u8; 16]) -> Result<Self, XError> {
        let connection = open(number, cookie)?;
        let root = connection.setup().roots[0].root;
        xtest::get_version(&connection, 2, 2)?.reply()?;
        xkb::use_extension(&connection, 1, 0)?.reply()?;
        randr::query_version(&connection, 1, 5)?.reply()?;
        let atoms = Atoms::new(&connection)?.reply()?;
        Ok(Self {
            connection,
            root,
            atoms,
            capture: Mutex::default(),
            typing: Mutex::default(),
            typed_into: Mutex::default(),
            pings: AtomicU32::new(u32::MAX),
            mute: Mutex::default(),
            pointing: Mutex::default(),
            held: Mutex::default(),
            resizing: Mutex::default(),
            clipboards: Mutex::default(),
            display: number,
            cookie: *cookie,
        })
    }

    /// The size of the screen now.
    pub(super) fn size(&self) -> Result<Size, XError> {
        let geometry = self.connection.get_geometry(self.root)?.reply()?;
        Ok(Size::new(geometry.width.into(), geometry.height.into()))
    }

    /// Paints the root window, for a session in which nothing else does.
    pub(super) fn paint_root(&self, [red, green, blue]: [u8; 3]) -> Result<(), XError> {
        let pixel = u32::from_be_bytes([0, red, green, blue]);
        let colour = ChangeWindowAttributesAux::new().background_pixel(pixel);
        self.connection
            .change_window_attributes(self.root, &colour)?;
        self.connection.clear_area(false, self.root, 0, 0, 0, 0)?;
        self.round_trip()
    }

    /// Waits until the X server has done everything that was asked before.
    pub(super) fn round_trip(&self) -> Result<(), XError> {
        self.connection.get_input_focus()?.reply()?;
        Ok(())
    }
}

/// A connection to display `number` of this machine.
fn open(number: u32, cookie: &[u8]) -> Result<RustConnection, XError> {
    let connected = || -> Result<RustConnection, ConnectError> {
        let socket = UnixStream::connect(format!("/tmp/.X11-unix/X{number}"))?;
        let (stream, _) = DefaultStream::from_unix_stream(socket)?;
        let name = b"MIT-MAGIC-COOKIE-1".to_vec();
        RustConnection::connect_to_stream_with_auth_info(stream, 0, name, cookie.to_vec())
    };
    connected().map_err(|error| XError::Connect {
        display: format!(":{number}"),
        reason: error.to_string(),
    })
}

/// What these locks guard is consistent after every statement, even after a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_request_and_its_value_as_x11_does() {
        let error = X11Error {
            error_kind: ErrorKind::Match,
            error_code: 8,
            sequence: 77,
            bad_value: 42,
            minor_opcode: 4,
            major_opcode: 130,
            extension_name: Some("MIT-SHM".to_owned()),
            request_name: Some("GetImage"),
        };
        let unknown = X11Error {
            error_kind: ErrorKind::Unknown(200),
            request_name: None,
            ..error.clone()
        };
        assert_eq!(
            XError::from(ReplyError::from(error)).to_string(),
            "the X server refused: GetImage: BadMatch (value 42)"
        );
        assert_eq!(
            XError::from(ReplyOrIdError::from(unknown)).to_string(),
            "the X server refused: request 130.4: error 200 (value 42)"
        );
    }
}
