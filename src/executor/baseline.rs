//! Baselines: the pictures that the screen is compared with.
//!
//! `saved.png` is a baseline, and `saved@trixie.png` next to it a variant of it: whatever looks
//! like any of them is right. The file `saved.yaml` next to a picture says in which environment it
//! was made.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::{artifacts, environment::Environment, fault::Fault, stage::Stage};
use crate::{
    event::Candidate,
    vision::{Frame, read_png},
    whole,
};

/// Separates the name of a baseline from that of a variant; no name of a baseline contains it.
const VARIANT: char = '@';

/// What the files of pictures, and of trees of widgets, end with.
const PICTURE: &str = ".png";
const TREE: &str = ".tree.yaml";

/// One picture of a baseline.
pub(super) struct Variant {
    pub(super) path: PathBuf,
    pub(super) frame: Frame,
    /// Where it was made, as far as that is known.
    pub(super) environment: Environment,
}

impl Stage<'_> {
    /// The file of a tree of widgets that has no variants.
    pub(super) fn tree_path(&self, name: &str) -> PathBuf {
        self.baselines.join(format!("{name}{TREE}"))
    }

    /// All trees of the baseline with that name, the one without a variant's name first; none if
    /// none exists yet.
    pub(super) fn read_trees(&self, name: &str) -> Result<Vec<(PathBuf, Vec<u8>)>, Fault> {
        let mut trees = Vec::new();
        for path in files(self.baselines, name, TREE) {
            match fs::read(&path) {
                Ok(text) => trees.push((path, text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    let path = path.display();
                    let message = format!("the baseline {path} cannot be read: {error}");
                    return Err(Fault::broken(message));
                }
            }
        }
        Ok(trees)
    }

    /// Writes a tree of widgets as a baseline, completely or not at all.
    pub(super) fn write_tree(&self, path: &Path, text: &str) -> Result<(), Fault> {
        // Before the file exists, because another scenario may use it at once.
        self.written.add(path);
        let written =
            fs::create_dir_all(self.baselines).and_then(|()| whole::write(path, text.as_bytes()));
        written.map_err(|error| artifacts::cannot_write(path, &error))
    }

    /// The file of a baseline that has no variants.
    pub(super) fn baseline_path(&self, name: &str) -> PathBuf {
        self.baselines.join(format!("{name}.png"))
    }

    /// All pictures of the baseline with that name, the one without a variant's name first; none if
    /// none exists yet. In the meantime, the caller may ask the desktop.
    pub(super) async fn read_baseline(&self, name: &str) -> Result<Vec<Variant>, Fault> {
        let (folder, name) = (self.baselines.to_owned(), name.to_owned());
        let read = tokio::task::spawn_blocking(move || read(&folder, &name));
        read.await.unwrap_or_else(|error| {
            Err(Fault::broken(format!(
                "a baseline could not be \
                                                               compared: {error}"
            )))
        })
    }

    /// Writes a baseline with the environment that it was made in, each whole or
    /// not at all.
    pub(super) async fn write_baseline(&mut self, path: &Path, frame: &Frame) -> Result<(), Fault> {
        let picture = path.file_name().unwrap_or_default().to_string_lossy();
        let about = self.environment().await.to_yaml(&picture);
        // Before the file exists, because another scenario may use it at once.
        self.written.add(path);
        let written = about.map_err(io::Error::other).and_then(|about| {
            fs::create_dir_all(self.baselines)?;
            whole::write(path, &frame.encode_png())?;
            whole::write(&path.with_extension("yaml"), about.as_bytes())
        });
        written.map_err(|error| artifacts::cannot_write(path, &error))
    }

    /// What a picture of the screen can become.
    pub(super) async fn candidate(&mut self, path: &Path) -> Candidate {
        Candidate {
            baseline: path.to_string_lossy().replace('\\', "/"),
            environment: self.environment().await.0.clone(),
        }
    }

    /// The environment of what is on the screen now, which a step asks for once.
    pub(super) async fn environment(&mut self) -> &Environment {
        if self.environment.is_none() {
            self.environment = Some(Environment::of(self.desktop).await);
        }
        self.environment.get_or_insert_default()
    }
}

/// Reads every picture of a baseline.
fn read(folder: &Path, name: &str) -> Result<Vec<Variant>, Fault> {
    let mut variants = Vec::new();
    for path in files(folder, name, PICTURE) {
        let unreadable =
            |reason: String| Fault::broken(format!("the baseline {} {reason}", path.display()));
        let bytes = match File::open(&path).and_then(read_png) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(unreadable(format!("cannot be read: {error}"))),
        };
        let frame = Frame::decode_png(&bytes).map_err(|error| unreadable(error.to_string()))?;
        let about = fs::read_to_string(path.with_extension("yaml")).unwrap_or_default();
        variants.push(Variant {
            path,
            frame,
            environment: Environment::from_yaml(&about),
        });
    }
    Ok(variants)
}

/// The files of a baseline: `name.png`, then `name@….png` in the order of their
/// names.
fn files(folder: &Path, name: &str, ending: &str) -> Vec<PathBuf> {
    let prefix = format!("{name}{VARIANT}");
    let is_variant = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(&prefix) && name.ends_with(ending))
    };
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut variants: Vec<PathBuf> = paths.filter(is_variant).collect();
    variants.sort();
    variants.insert(0, folder.join(format!("{name}{ending}")));
    variants
}
