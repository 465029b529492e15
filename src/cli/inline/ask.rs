//! Asking the terminal.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
};

use rustix::{
    process::{Signal, getpgrp, getpid, kill_process},
    termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetpgrp, tcgetwinsize,
        tcsetattr,
    },
};

use super::{CELL, PictureTerminal, answer};
use crate::geometry::Size;

/// A read ends after this time without an answer, in tenths of a second.
const PATIENCE: u8 = 2;

/// More than any terminal answers.
const MOST_BYTES: usize = 4096;

/// What a terminal sends for Ctrl-C.
const INTERRUPT: u8 = 3;

/// The terminal of this process, if it shows pictures.
pub(super) fn screen() -> Option<PictureTerminal> {
    let mut options = OpenOptions::new();
    let mut terminal = options.read(true).write(true).open("/dev/tty").ok()?;
    // Whoever is in the background would be stopped.
    if tcgetpgrp(&terminal).ok()? != getpgrp() {
        return None;
    }
    let answer = ask(&mut terminal)?;
    let way = answer::way(&answer)?;
    let size = tcgetwinsize(&terminal).ok()?;
    let [columns, rows, width, height] =
        [size.ws_col, size.ws_row, size.ws_xpixel, size.ws_ypixel].map(u32::from);
    let known = columns > 0 && rows > 0 && width >= columns && height >= rows;
    Some(PictureTerminal {
        way,
        columns: if columns > 0 { columns } else { 80 },
        cell: if known {
            Size::new(width / columns, height / rows)
        } else {
            CELL
        },
    })
}

fn ask(terminal: &mut File) -> Option<Vec<u8>> {
    let quiet = Quiet::begin(terminal)?;
    let mut answer = Vec::new();
    quiet
        .terminal()
        .write_all(answer::QUESTION.as_bytes())
        .ok()?;
    while !answer::is_whole(&answer) && answer.len() < MOST_BYTES {
        let mut part = [0; 256];
        match quiet.terminal().read(&mut part) {
            Ok(0) | Err(_) => break,
            Ok(length) => answer.extend_from_slice(&part[..length]),
        }
    }
    drop(quiet);
    if answer.contains(&INTERRUPT) {
        // Somebody wanted to stop the program while it listened.
        let _ = kill_process(getpid(), Signal::INT);
    }
    Some(answer)
}

/// A terminal that neither shows what it is sent nor waits for whole lines, until
/// this is dropped. It sends no signals meanwhile, so that nothing ends the
/// program before the terminal is as it was.
struct Quiet<'t> {
    terminal: &'t File,
    before: Termios,
}

impl<'t> Quiet<'t> {
    fn begin(terminal: &'t File) -> Option<Self> {
        let before = tcgetattr(terminal).ok()?;
        let mut modes = before.clone();
        modes
            .local_modes
            .remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
        modes.special_codes[SpecialCodeIndex::VMIN] = 0;
        modes.special_codes[SpecialCodeIndex::VTIME] = PATIENCE;
        tcsetattr(terminal, OptionalActions::Now, &modes).ok()?;
        Some(Self { terminal, before })
    }

    fn terminal(&self) -> &'t File {
        self.terminal
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}
