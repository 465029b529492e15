//! The one way to stdout and stderr.
//!
//! What a command was asked for goes to stdout, and when it cannot be written
//! there, the program says so and ends with [`Exit::Report`]. Everything else
//! goes to stderr, and when that cannot be written (it is a file on a full disk,
//! or its reader has left), nothing changes: the work itself was done or was
//! not, and only the exit status can still tell which.
//!
//! A stream that was closed before the program started (`>&-`) is a wish to
//! write nothing there, as `/dev/null` is.

use std::io::{self, ErrorKind, Write};

use super::Exit;

/// Whether somebody still reads what is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reader {
    /// As far as anybody can know.
    Stays,
    /// It has seen enough, as `head` has.
    Left,
}

/// Says on stderr what is wrong.
pub(super) fn complain(message: &str) {
    tell(&format!("deskhand: {message}"));
}

/// Says something on stderr, on a line of its own.
pub(super) fn tell(message: &str) {
    draw(&format!("{message}\n"));
}

/// Puts a text with its own line ends on stderr; where colours cannot be shown,
/// they are left out.
pub(super) fn draw(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Puts bytes on stderr as they are.
pub(super) fn pass_on(bytes: &[u8]) {
    let _ = io::stderr().write_all(bytes);
}

/// Puts what was asked for on stdout; where colours cannot be shown, they are
/// left out. A reader that has left is no error.
///
/// # Errors
///
/// The status to end with; what is wrong has been said.
pub(super) fn print(text: &str) -> Result<(), Exit> {
    written(anstream::stdout(), text.as_bytes()).map(|_| ())
}

/// Puts what was asked for on stdout, byte for byte.
///
/// # Errors
///
/// The status to end with; what is wrong has been said.
pub(super) fn hand_over(bytes: &[u8]) -> Result<Reader, Exit> {
    written(io::stdout().lock(), bytes)
}

fn written(mut out: impl Write, bytes: &[u8]) -> Result<Reader, Exit> {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(Reader::Stays),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Reader::Left),
        Err(error) => {
            complain(&format!("cannot write to stdout: {error}"));
            Err(Exit::Report)
        }
    }
}
