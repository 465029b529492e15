//! How the program ends.

use std::process::ExitCode;

/// The exit status of every command. A script can rely on the numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// Everything passed.
    Passed = 0,
    /// A scenario failed: the desktop did otherwise than it expects.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A scenario is invalid; nothing was played.
    Invalid = 3,
    /// The desktop, or something that it needs, failed.
    Desktop = 4,
    /// A report, or what the command prints on stdout, could not be written.
    Report = 5,
    /// Everything passed, but some of it only when it was tried again, and that was not
    /// allowed.
    Flaky = 6,
    /// Stopped by Ctrl-C or SIGTERM, after the teardown, with reports written.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
