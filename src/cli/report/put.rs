//! The folder in which several runs become one.

use std::{fs, io, path::Path};

use super::given::Given;
use crate::{
    cli::{complain, last_run, run_folder::inside},
    report::{Merged, Moved, RunLog},
    whole,
};

/// A folder that may be written to.
pub(super) struct Folder<'f>(&'f Path);

impl<'f> Folder<'f> {
    /// The folder, if nothing is lost by writing to it: it is new, empty, or contains the result of
    /// an earlier merge that is not one of the given runs.
    pub(super) fn free(folder: &'f Path, given: &[Given]) -> Result<Self, String> {
        let shown = folder.display();
        let other = "choose another folder with `--artifacts`";
        let mut entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self(folder)),
            Err(error) => return Err(format!("cannot write to {shown}: {error}; {other}")),
        };
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let place = real(folder);
        for run in given {
            let name = &run.name;
            if real(&run.folder).starts_with(&place) {
                return Err(format!(
                    "{shown} contains the run {name}, which must not be changed: {other}"
                ));
            }
        }
        if entries.next().is_some() && !is_merged(folder) {
            return Err(format!(
                "{shown} contains something other than the result of an earlier `deskhand report`: \
                 {other}"
            ));
        }
        Ok(Self(folder))
    }

    /// Replaces what an earlier merge left by this one: its files, and its events.
    pub(super) fn put(&self, merged: &Merged, given: &[Given]) -> io::Result<()> {
        last_run::make_room(self.0)?;
        let mut missing: Vec<Vec<&str>> = vec![Vec::new(); given.len()];
        for file in &merged.files {
            let run = &given[file.run];
            if !self.bring(file, run)? {
                missing[file.run].push(&file.from);
            }
        }
        for (run, missing) in given.iter().zip(missing) {
            let more = match missing.len() {
                0 => continue,
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            complain(&format!(
                "{} lacks files that its events name: {}{more}",
                run.name, missing[0]
            ));
        }
        let mut text = Vec::new();
        for event in &merged.events {
            serde_json::to_writer(&mut text, event)?;
            text.push(b'\n');
        }
        whole::write(&self.0.join(last_run::EVENTS), &text)
    }

    /// Puts a file of a run into this folder, without copying its bytes if the file system can do
    /// that; false if it does not exist.
    fn bring(&self, file: &Moved, run: &Given) -> io::Result<bool> {
        let Ok(from) = inside(&run.folder, &file.from) else {
            return Ok(false);
        };
        let to = self.0.join(&file.to);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        if fs::hard_link(&from, &to).is_err() {
            fs::copy(&from, &to)?;
        }
        Ok(true)
    }
}

/// Whether a folder has the result of a merge.
fn is_merged(folder: &Path) -> bool {
    let Ok(events) = fs::read(folder.join(last_run::EVENTS)) else {
        return false;
    };
    RunLog::from_jsonl(&*events).is_ok_and(|log| !log.parts.is_empty())
}
