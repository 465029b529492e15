//! How texts and timelines are read, and put into their places.

use std::{fs, path::Path};

use super::history::Change;
use crate::{
    cli::show::{answer::Problem, desk::Desk},
    plan::{Disk, Files},
    scenario::Source,
    whole::{self, Whole},
};

/// What UTF-8 files of some systems begin with.
const MARK: &str = "\u{feff}";

/// The text of a file.
pub(super) fn source(full: &Path, name: &str) -> Result<Source, Problem> {
    let bytes = Disk.read(full, Source::MAX_BYTES + 1);
    let bytes = bytes.map_err(|error| Problem::new(format!("cannot read {name}: {error}")))?;
    Ok(Source::new(name, &bytes))
}

impl Change {
    /// Replaces the text of the file, and then the timelines, which are written already;
    /// the text stays as it was if one of them cannot be put into its place.
    pub(super) fn put(
        &self,
        desk: &Desk,
        (before, after): (&str, &str),
        timelines: Vec<Whole>,
    ) -> Result<(), Problem> {
        let full = desk.environment.folder.join(&self.path);
        let unwritten = |name: &str, error| Problem::new(format!("cannot write {name}: {error}"));
        let has_mark = fs::read(&full).is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes()));
        let mark = if has_mark { MARK } else { "" };
        let write = |text: &str| whole::write(&full, format!("{mark}{text}").as_bytes());
        write(after).map_err(|error| unwritten(&self.name, error))?;
        for timeline in timelines {
            if let Err(error) = timeline.put() {
                write(before).map_err(|error| unwritten(&self.name, error))?;
                return Err(unwritten("the timeline", error));
            }
        }
        Ok(())
    }
}
