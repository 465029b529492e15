//! Writes a trace while the scenario is being played: pictures are compared and packed in parallel.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use tokio::task::JoinHandle;

use super::patches::patches;
use crate::{
    event::{Patch, Snapshot},
    geometry::Rect,
    vision::Frame,
};

/// A moment, and the picture of the screen if it has changed.
pub(super) struct Moment {
    pub(super) snapshot: Snapshot,
    /// The screen, and the part of it in which something was drawn.
    pub(super) seen: Option<(Frame, Rect)>,
}

/// Writes moments to a file, in order, while the scenario is being played.
pub(super) struct Writer {
    path: PathBuf,
    page: Arc<Mutex<Page>>,
    /// The moment that is being written: packing a screen takes less time than most
    /// steps, so the next one rarely waits.
    writing: Option<JoinHandle<io::Result<()>>>,
}

/// What the next line builds on.
#[derive(Default)]
struct Page {
    file: Option<File>,
    last: Option<Frame>,
}

impl Writer {
    /// One that writes to a new file.
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            page: Arc::default(),
            writing: None,
        }
    }

    /// Takes a moment.
    ///
    /// # Errors
    ///
    /// The one before could not be written.
    pub(super) async fn take(&mut self, moment: Moment) -> io::Result<()> {
        self.finish().await?;
        let (page, path) = (Arc::clone(&self.page), self.path.clone());
        self.writing = Some(tokio::task::spawn_blocking(move || {
            let mut page = page.lock().unwrap_or_else(PoisonError::into_inner);
            page.write(moment, &path)
        }));
        Ok(())
    }

    /// Waits until everything is written.
    ///
    /// # Errors
    ///
    /// The moments could not be written.
    pub(super) async fn finish(&mut self) -> io::Result<()> {
        match self.writing.take() {
            Some(writing) => writing.await.map_err(io::Error::other)?,
            None => Ok(()),
        }
    }

    /// Removes what was written.
    pub(super) async fn discard(mut self) {
        // Whether it could be written does not matter any more.
        let _ = self.finish().await;
        let _ = fs::remove_file(&self.path);
        if let Some(folder) = self.path.parent() {
            // Only if nothing else is in it.
            let _ = fs::remove_dir(folder);
        }
    }
}

impl Page {
    fn write(&mut self, moment: Moment, path: &Path) -> io::Result<()> {
        let Moment { mut snapshot, seen } = moment;
        if let Some((frame, drawn)) = seen {
            let size = frame.size();
            if self.last.as_ref().map(Frame::size) != Some(size) {
                snapshot.screen = Some((size.width, size.height));
            }
            let parts = patches(self.last.as_ref(), &frame, drawn);
            let packed = parts.iter().filter_map(|part| packed(&frame, *part));
            snapshot.drawn = packed.collect();
            self.last = Some(frame);
        }
        let mut line = serde_json::to_string(&snapshot).map_err(io::Error::other)?;
        line.push('\n');
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(new_file(path)?),
        };
        // One call per line, so that a run that is killed leaves complete lines.
        file.write_all(line.as_bytes())
    }
}

fn new_file(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .open(path)
}

fn packed(frame: &Frame, part: Rect) -> Option<Patch> {
    let png = frame.crop(part).ok()?.encode_png();
    Some(Patch {
        x: part.x,
        y: part.y,
        png: BASE64_STANDARD.encode(png),
    })
}
