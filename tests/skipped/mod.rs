//! Tests that cannot say anything on this machine.
//!
//! Those that install a program from a registry have names that begin with
//! `needs_`, so that `cargo test -- --skip needs_` leaves them out. Without a
//! network they pass, and say that they were skipped: the harness knows no other
//! way, and it shows only what failing tests print, so this goes past it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

/// How npm and pip say that nobody answers them.
const UNREACHABLE: [&str; 11] = [
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ENETUNREACH",
    "EHOSTUNREACH",
    "ETIMEDOUT",
    "NewConnectionError",
    "ConnectTimeoutError",
    "NameResolutionError",
    "ProxyError",
    "Temporary failure in name resolution",
];

/// Says that this test is skipped, and what it lacks.
pub(crate) fn for_lack_of(what: &str) {
    let this = thread::current();
    let name = this.name().unwrap_or("a test");
    let line = format!("\n== skipped: {name} needs {what}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// A Python environment with what a list of requirements names, its path below the root
/// of the project; installed once for all runs of the tests. `None` where pip reaches
/// nobody.
pub(crate) fn python_with(requirements: &str, name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join(requirements);
    let wanted = fs::read_to_string(&requirements).unwrap();
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Some(folder);
    }
    let made = Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let installed_all = installs(
        Command::new(folder.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--retries", "1"])
            .arg("--requirement")
            .arg(&requirements),
    );
    if !installed_all {
        return None;
    }
    // Written last: what was begun and not finished is begun again.
    fs::write(installed, wanted).unwrap();
    Some(folder)
}

/// Whether a command installs what it is to install; false if it reaches nobody.
/// Any other failure is one of the test.
pub(crate) fn installs(command: &mut Command) -> bool {
    let done = command.stdin(Stdio::null()).output();
    let done = done.unwrap_or_else(|error| {
        panic!("{command:?}: {error}; `deskhand desktop install --for-tests` installs it")
    });
    let said = [done.stdout, done.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let reaches_nobody = UNREACHABLE.iter().any(|words| said.contains(words));
    assert!(
        done.status.success() || reaches_nobody,
        "{command:?}: {}: {said}",
        done.status
    );
    done.status.success()
}
