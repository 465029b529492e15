//! The folder of the recordings: `rec_1795444313123.mp4`, named by the
//! millisecond in which each began, and `rec_1795444313123.mkv` beside a clean one.

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use chrono::{DateTime, Utc};

const PREFIX: &str = "rec_";
const ENDING: &str = ".mp4";
const FRAMES_ENDING: &str = ".mkv";

/// The maximum number of digits of a name: more than a millisecond of any year needs.
const MAX_DIGITS: usize = 16;

/// How often to try again if others remove the folder just before a file is made in it.
const MOST_TIDYINGS: usize = 100;

/// The name of a recording: nothing but a prefix and digits, so it cannot lead
/// out of the folder.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Name(String);

impl Name {
    /// The name that an id stands for; `None` for an id that is not ours.
    pub(super) fn of(id: &str) -> Option<Self> {
        let digits = id.strip_prefix(PREFIX)?;
        let plain = (1..=MAX_DIGITS).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| Self(id.to_owned()))
    }

    pub(super) fn id(&self) -> &str {
        &self.0
    }

    pub(super) fn file_name(&self) -> String {
        format!("{}{ENDING}", self.0)
    }

    /// Path of the URL that gives the video.
    pub(super) fn download(&self) -> String {
        format!("/api/recordings/{}/download", self.0)
    }

    /// When the recording began.
    pub(super) fn created(&self) -> DateTime<Utc> {
        let number = self.0[PREFIX.len()..].parse().unwrap_or_default();
        DateTime::from_timestamp_millis(number).unwrap_or_default()
    }
}

/// The folder of the recordings, which is created when it is needed.
pub(super) struct Store {
    folder: PathBuf,
    /// Whether the folder was not there before.
    made: AtomicBool,
}

impl Store {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            made: AtomicBool::new(false),
        }
    }

    /// An unused name, claimed with an empty file.
    pub(super) fn reserve(&self, now: DateTime<Utc>) -> io::Result<Name> {
        let mut missing = 0;
        let mut number = now.timestamp_millis();
        loop {
            let name = Name(format!("{PREFIX}{number}"));
            match File::create_new(self.file(&name)) {
                Ok(_) => {
                    // Of a recording that somebody else has removed.
                    let _ = fs::remove_file(self.frames(&name));
                    return Ok(name);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                // Another desktop may just have removed it.
                Err(error) if error.kind() == ErrorKind::NotFound && missing < MOST_TIDYINGS => {
                    missing += 1;
                    fs::create_dir_all(&self.folder).map_err(|error| self.named(&error))?;
                    self.made.store(true, Ordering::Relaxed);
                }
                Err(error) => return Err(self.named(&error)),
            }
        }
    }

    /// The same error with the folder, which whoever wants a recording may never
    /// have heard of.
    fn named(&self, error: &io::Error) -> io::Error {
        let folder = self.folder.display();
        io::Error::new(
            error.kind(),
            format!("cannot create a file in {folder}: {error}"),
        )
    }

    pub(super) fn file(&self, name: &Name) -> PathBuf {
        self.folder.join(name.file_name())
    }

    /// Where the clean video of a recording is, if there is one.
    pub(super) fn frames(&self, name: &Name) -> PathBuf {
        self.folder.join(format!("{}{FRAMES_ENDING}", name.id()))
    }

    /// The same, if it is there.
    pub(super) fn has_frames(&self, name: &Name) -> Option<PathBuf> {
        let path = self.frames(name);
        // A link would lead out of the folder.
        let file = fs::symlink_metadata(&path).ok()?;
        file.is_file().then_some(path)
    }

    /// Removes what is left of a recording that did not begin.
    pub(super) fn remove(&self, name: &Name) {
        for path in [self.file(name), self.frames(name)] {
            let _ = fs::remove_file(path);
        }
    }

    /// Where a recording is rewritten, until it replaces the first file.
    pub(super) fn whole(&self, name: &Name) -> PathBuf {
        self.folder.join(format!(".{}.whole{ENDING}", name.id()))
    }

    /// The size of a recording's file in bytes; `None` if there is none.
    pub(super) fn size(&self, name: &Name) -> Option<u64> {
        // A link would lead out of the folder.
        let file = fs::symlink_metadata(self.file(name)).ok()?;
        file.is_file().then_some(file.len())
    }

    /// Every recording, oldest first.
    pub(super) fn list(&self) -> io::Result<Vec<Name>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let id = |entry: fs::DirEntry| {
            let file = entry.file_name();
            Name::of(file.to_str()?.strip_suffix(ENDING)?)
        };
        let mut names: Vec<Name> = entries.filter_map(|entry| id(entry.ok()?)).collect();
        names.sort_by_key(|name| (name.created(), name.clone()));
        Ok(names)
    }

    /// Removes the folder if it was made here and there is nothing in it.
    pub(super) fn tidy(&self) {
        if self.made.load(Ordering::Relaxed) {
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_prefix_and_digits_and_nothing_else() {
        for (id, good) in [
            ("rec_1", true),
            ("rec_1795444313123", true),
            ("rec_", false),
            ("rec_12345678901234567", false),
            ("rec_1.mp4", false),
            ("rec_../1", false),
            ("../rec_1", false),
            ("rec_１", false),
            ("", false),
        ] {
            assert_eq!(Name::of(id).is_some(), good, "{id}");
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let error = Store::new(Path::new("/proc/nowhere")).reserve(Utc::now());
        let error = error.unwrap_err().to_string();
        assert!(
            error.starts_with("cannot create a file in /proc/nowhere: "),
            "{error}"
        );
    }

    #[test]
    fn two_recordings_of_one_millisecond_have_two_names() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(&folder.path().join("made/when/needed"));
        assert!(store.list().unwrap().is_empty());
        let now = Utc::now();
        let names = [store.reserve(now).unwrap(), store.reserve(now).unwrap()];
        assert_eq!(store.list().unwrap(), names);
        assert_eq!(
            names[0].created().timestamp_millis(),
            now.timestamp_millis()
        );
        fs::write(folder.path().join("made/when/needed/notes.txt"), "").unwrap();
        assert_eq!(store.list().unwrap().len(), 2);
    }

    #[test]
    fn a_desktop_that_tidies_the_folder_away_does_not_disturb_another_that_begins() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("recordings");
        let store = Store::new(&folder);
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let _ = fs::remove_dir(&folder);
                    // Far more often than any desktop does.
                    std::thread::sleep(std::time::Duration::from_micros(200));
                }
            });
            let reserved: Vec<_> = (0..500)
                .map(|_| {
                    store
                        .reserve(Utc::now())
                        .map(|name| fs::remove_file(store.file(&name)))
                })
                .collect();
            done.store(true, Ordering::Relaxed);
            for result in reserved {
                result.unwrap().unwrap();
            }
        });
    }

    #[test]
    fn a_link_is_no_recording() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        fs::write(folder.path().join("precious"), "x").unwrap();
        let link = folder.path().join("rec_7.mp4");
        std::os::unix::fs::symlink(folder.path().join("precious"), link).unwrap();
        assert_eq!(store.size(&Name::of("rec_7").unwrap()), None);
    }
}
