//! Baselines: the pictures that the screen is held against.

use std::{fs, io, path::PathBuf};

use super::{artifacts, fault::Fault, stage::Stage};
use crate::vision::Frame;

impl Stage<'_> {
    /// The file of a baseline.
    pub(super) fn baseline_path(&self, name: &str) -> PathBuf {
        self.baselines.join(format!("{name}.png"))
    }

    /// The baseline of that name; `None` if there is none yet.
    pub(super) fn read_baseline(&self, name: &str) -> Result<Option<Frame>, Fault> {
        let path = self.baseline_path(name);
        let unreadable =
            |reason: String| Fault::broken(format!("the baseline {} {reason}", path.display()));
        match fs::read(&path) {
            Ok(bytes) => match Frame::decode_png(&bytes) {
                Ok(frame) => Ok(Some(frame)),
                Err(error) => Err(unreadable(error.to_string())),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreadable(format!("cannot be read: {error}"))),
        }
    }

    /// Writes a baseline, whole or not at all.
    pub(super) fn write_baseline(&self, name: &str, frame: &Frame) -> Result<(), Fault> {
        let path = self.baseline_path(name);
        let written = fs::create_dir_all(self.baselines)
            .and_then(|()| artifacts::write_whole(&path, &frame.encode_png()));
        written.map_err(|error| artifacts::cannot_write(&path, &error))
    }
}
