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
pub(crate) struct Holder {
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
                "a process that is not visible from here, which has locked {file}"
            );
        };
        let name = fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
        match name.trim_end() {
            "" => write!(f, "process {process}, which has locked {file}"),
            name => write!(f, "`{name}` (process {process}), which has locked {file}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_holds_a_lock_is_called_as_well_as_it_is_known() {
        let holder = |process| Holder {
            file: PathBuf::from("/var/lib/dpkg/lock"),
            process,
        };
        let us = std::process::id().try_into().unwrap();
        let name = fs::read_to_string(format!("/proc/{us}/comm")).unwrap();
        for (process, words) in [
            (None, "a process that is not visible from here".to_owned()),
            (Some(us), format!("`{}` (process {us})", name.trim_end())),
            // No process has a number as high as this.
            (Some(i32::MAX), format!("process {}", i32::MAX)),
        ] {
            let told = holder(process).to_string();
            assert_eq!(
                told,
                format!("{words}, which has locked /var/lib/dpkg/lock")
            );
        }
    }

    #[test]
    fn a_lock_that_is_not_there_or_not_taken_is_held_by_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let free = folder.path().join("lock");
        fs::write(&free, "").unwrap();
        assert_eq!(Holder::of(&[folder.path().join("none"), free]), None);
    }
}
