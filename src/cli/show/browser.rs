//! The browser of whoever started the command.

use std::process::{Command, Stdio};

use crate::cli::ProcessEnvironment;

/// What opens an address, on the systems that have such a program.
const OPENERS: [&str; 2] = if cfg!(target_os = "macos") {
    ["open", "xdg-open"]
} else {
    ["xdg-open", "wslview"]
};

/// Asks for the page to be opened. It cannot be known whether there is a browser; the address
/// was printed, and that is enough.
pub(super) fn open(page: &str, environment: &ProcessEnvironment) {
    let mut found = OPENERS
        .iter()
        .filter_map(|name| environment.program_in_path(name));
    let Some(program) = found.next() else {
        return;
    };
    let started = Command::new(program)
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Ok(mut opener) = started {
        // It ends on its own, and a process that has ended must be waited for.
        std::thread::spawn(move || opener.wait());
    }
}
