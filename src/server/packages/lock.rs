//! Files that apt-get and dpkg lock while they work, and who holds one.

use std::{
    fmt,
    fs::{self, File},
    path::{Path, PathBuf},
};

use rustix::process::{Flock, FlockType, fcntl_getlk};

/// Every lock that `apt-get update` and `apt-get install` take. apt-get itself
/// waits for those of dpkg alone, and only if it is told to.
pub(super) const LOCKS: [&str; 4] = [
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
];

/// A process that holds a lock, as far as it can be known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Holder {
    file: PathBuf,
    /// Its id; a process of another container has none here.
    process: Option<i32>,
}

impl Holder {
    /// Whoever holds the first of these locks that is held.
    pub(super) fn of(locks: &[PathBuf]) -> Option<Self> {
        locks.iter().find_map(|file| Self::of_file(file))
    }

    fn of_file(file: &Path) -> Option<Self> {
        // A lock that is not there, or that nobody may open, is held by nobody.
        let open = File::open(file).ok()?;
        let held = fcntl_getlk(&open, &Flock::from(FlockType::WriteLock)).ok()??;
        Some(Self {
            file: file.to_owned(),
            process: held.pid.map(|pid| pid.as_raw_nonzero().get()),
        })
    }
}

impl fmt::Display for Holder {
    /// Who holds it, and what: a part of a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        let Some(process) = self.process else {
            return write!(
                f,
                "a process that cannot be seen from here, which holds {file}"
            );
        };
        let name = fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
        match name.trim_end() {
            "" => write!(f, "process {process}, which holds {file}"),
            name => write!(f, "`{name}` (process {process}), which holds {file}"),
        }
    }
}
