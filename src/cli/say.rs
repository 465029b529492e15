//! The only door to stdout and stderr.
//!
//! What a command was asked for goes to stdout, and when it cannot be written
//! there, the program says so and ends with [`Exit::Report`]. Everything else
//! goes to stderr, and when that cannot be written (it is a file on a full disk,
//! or its reader has left), nothing changes: the work itself was done or was
//! not, and only the exit status can still tell which. A stream that was closed before the program
//! started (`>&-`) means that nothing should be written there, like `/dev/null`.
//!
//! File names, titles of windows and the output of programs end up in what is said
//! here, and a log may be read by a terminal or by a CI runner, for which some lines are commands.
//! So everything is written in one of these ways: as text without commands; as a document for
//! programs, which reads the same; or byte for byte, if somebody asked for exactly these bytes or
//! Deskhand alone wrote them.

use std::{
    io::{self, ErrorKind, Write},
    sync::OnceLock,
};

use indicatif::{MultiProgress, ProgressDrawTarget};

use super::Exit;
use crate::{
    plain::{document, plain, styled},
    report,
};

/// Whether somebody still reads what is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reader {
    /// As far as is known.
    Stays,
    /// It has seen enough, like `head`.
    Left,
}

/// The outcome of printing; the error is the status to end with, after what is
/// wrong has been said.
pub(super) type Printed = Result<Reader, Exit>;

/// Says on stderr what is wrong.
pub(super) fn complain(message: &str) {
    tell(&format!("deskhand: {message}"));
}

/// Says something on stderr, on a line of its own.
pub(super) fn tell(message: &str) {
    on_stderr(&format!("{}\n", plain(message)));
}

/// Shows on stderr what is drawn in colours; where these cannot be shown, they are
/// left out.
pub(super) fn show(drawn: &str) {
    on_stderr(&format!("{}\n", styled(drawn)));
}

/// Writes to stderr what a command wrote there, byte for byte.
pub(super) fn exactly_on_stderr(bytes: &[u8]) {
    let _ = io::stderr().write_all(bytes);
}

/// Writes text for people to stdout.
pub(super) fn print(text: &str) -> Printed {
    exactly(plain(text).as_bytes())
}

/// Writes what is drawn in colours to stdout.
pub(super) fn print_drawn(drawn: &str) -> Printed {
    written(anstream::stdout(), styled(drawn).as_bytes())
}

/// Writes JSON, or YAML without commands to a terminal or CI runner, to stdout.
pub(super) fn print_document(text: &str) -> Printed {
    exactly(document(text).as_bytes())
}

/// Writes bytes to stdout as they are: those that somebody asked for, or that
/// Deskhand alone wrote.
pub(super) fn exactly(bytes: &[u8]) -> Printed {
    written(io::stdout().lock(), bytes)
}

/// Where a run is shown while it is in progress; its report makes text safe itself.
pub(super) fn run_output() -> io::Stderr {
    io::stderr()
}

/// The lines of a run that change at the end of stderr, once there are some.
static LINES: OnceLock<MultiProgress> = OnceLock::new();

/// The lines of a run that change at the end of stderr, which is a terminal. What is
/// said here meanwhile is written above them.
pub(super) fn run_lines(colour: bool) -> MultiProgress {
    let new = || report::lines(io::stderr(), Box::new(size), colour);
    LINES.get_or_init(new).clone()
}

/// Removes those lines, before the program ends in the middle of a run.
pub(super) fn clear_run_lines() {
    if let Some(lines) = LINES.get() {
        let _ = lines.clear();
        lines.set_draw_target(ProgressDrawTarget::hidden());
    }
}

/// The columns and rows of the terminal that stderr is.
fn size() -> (u16, u16) {
    let size = terminal_size::terminal_size_of(io::stderr());
    size.map_or((80, 24), |(width, height)| (width.0, height.0))
}

fn on_stderr(text: &str) {
    let write = || {
        let _ = anstream::stderr().write_all(text.as_bytes());
    };
    match LINES.get() {
        Some(lines) => lines.suspend(write),
        None => write(),
    }
}

fn written(mut out: impl Write, bytes: &[u8]) -> Printed {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(Reader::Stays),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Reader::Left),
        Err(error) => {
            complain(&format!("cannot write to stdout: {error}"));
            Err(Exit::Report)
        }
    }
}
