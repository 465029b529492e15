//! The browser of whoever sits there.

use std::process::{Command, Stdio};

use crate::cli::ProcessEnvironment;

/// What opens an address, on the systems that have such a program.
const OPENERS: [&str; 2] = if cfg!(target_os = "macos") {
    ["open", "xdg-open"]
} else {
    ["xdg-open", "wslview"]
};

/// Asks for the page to be opened. Whether there is a browser nobody can tell: the address
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
        // It ends by itself, and a process that has ended must be waited for.
        std::thread::spawn(move || opener.wait());
    }
}
