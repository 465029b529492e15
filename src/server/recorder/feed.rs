//! The pipe through which ffmpeg gets the pictures of a recording, and the thread that
//! fills it.
//!
//! The pipe has a name (a FIFO), because it is the keeper that starts ffmpeg. However Deskhand
//! ends, the pipe ends with it, and ffmpeg then completes its file and ends too.

use std::{
    collections::VecDeque,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use rustix::fs::{CWD, Mode, OFlags, fcntl_getfl, fcntl_setfl, mkfifoat};

use super::matroska;
use crate::geometry::Size;

/// How many bytes of pictures may wait for ffmpeg, and how many pictures at least.
const WAITING: usize = 20 << 20;
const FEWEST: usize = 2;

/// A FIFO that nobody has opened yet; it is removed when this is dropped.
pub(super) struct Pipe(PathBuf);

impl Pipe {
    /// Makes it, replacing one that was left there.
    pub(super) fn make(path: PathBuf) -> io::Result<Self> {
        let _ = fs::remove_file(&path);
        mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR)?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// The end for writing; none as long as nobody reads.
    pub(super) fn open(&self) -> io::Result<Option<File>> {
        let mut wanted = OpenOptions::new();
        // Otherwise this would wait for the reader.
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
        let opened = wanted.write(true).custom_flags(flags).open(&self.0);
        match opened {
            Ok(file) => {
                fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
                Ok(Some(file))
            }
            Err(error) if rustix::io::Errno::from_io_error(&error) == Some(NO_READER) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

const NO_READER: rustix::io::Errno = rustix::io::Errno::NXIO;

impl Drop for Pipe {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// The pictures on their way to one ffmpeg.
#[derive(Clone)]
pub(super) struct Feed(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    most: usize,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Shot>,
    /// Memory of pictures that were written.
    spare: Vec<Vec<u8>>,
    /// Whether a picture is being written.
    writing: bool,
    closed: bool,
}

struct Shot {
    time: Duration,
    pixels: Vec<u8>,
}

impl Feed {
    /// Starts the thread that writes to `pipe`. It ends once this is closed and everything is
    /// written, or when the reader is gone.
    pub(super) fn start(pipe: File, size: Size) -> io::Result<Self> {
        let picture = crate::server::x11::bytes(size).max(1);
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            changed: Condvar::new(),
            most: (WAITING / picture).max(FEWEST),
        });
        let feed = Self(Arc::clone(&shared));
        thread::Builder::new()
            .name("recording".to_owned())
            .spawn(move || {
                // Without a reader there is nothing left to do.
                let _ = shared.write(pipe, size);
                shared.lock().closed = true;
            })?;
        Ok(feed)
    }

    /// Whether there is room for another picture.
    pub(super) fn has_room(&self) -> bool {
        let queue = self.0.lock();
        queue.waiting.len() + usize::from(queue.writing) < self.0.most
    }

    /// Sends a picture, which `finish` may still draw on; times must not go back.
    pub(super) fn send(&self, time: Duration, picture: &[u8], finish: impl FnOnce(&mut [u8])) {
        let mut pixels = self.0.lock().spare.pop().unwrap_or_default();
        pixels.clear();
        pixels.extend_from_slice(picture);
        finish(&mut pixels);
        let mut queue = self.0.lock();
        if !queue.closed {
            queue.waiting.push_back(Shot { time, pixels });
            self.0.changed.notify_one();
        }
    }

    /// Says that no more pictures will come.
    pub(super) fn close(&self) {
        self.0.lock().closed = true;
        self.0.changed.notify_one();
    }

    /// Whether it was closed, or ffmpeg has stopped reading.
    pub(super) fn is_closed(&self) -> bool {
        self.0.lock().closed
    }
}

impl Shared {
    fn write(&self, mut pipe: File, size: Size) -> io::Result<()> {
        pipe.write_all(&matroska::head(size))?;
        while let Some(Shot { time, pixels }) = self.next() {
            pipe.write_all(&matroska::before(time, pixels.len()))?;
            pipe.write_all(&pixels)?;
            let mut queue = self.lock();
            queue.writing = false;
            queue.spare.push(pixels);
        }
        Ok(())
    }

    /// Waits for a picture; none when it is closed.
    fn next(&self) -> Option<Shot> {
        let mut queue = self.lock();
        loop {
            if let Some(shot) = queue.waiting.pop_front() {
                queue.writing = true;
                return Some(shot);
            }
            if queue.closed {
                return None;
            }
            let waited = self.changed.wait(queue);
            queue = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // The state is consistent after every statement, even after a panic.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    const SIZE: Size = Size::new(3, 1);

    #[test]
    fn a_pipe_is_opened_once_somebody_reads_and_ends_when_all_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let pipe = Pipe::make(path.clone()).unwrap();
        assert!(pipe.open().unwrap().is_none());
        let reader = thread::spawn(move || {
            let mut read = Vec::new();
            File::open(path).unwrap().read_to_end(&mut read).unwrap();
            read
        });
        let open = loop {
            if let Some(open) = pipe.open().unwrap() {
                break open;
            }
        };
        drop(pipe);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let feed = Feed::start(open, SIZE).unwrap();
        let picture = [7; 12];
        feed.send(Duration::from_micros(5), &picture, |pixels| pixels[0] = 9);
        feed.close();
        // What comes afterwards is too late.
        feed.send(Duration::from_micros(6), &picture, |_| {});
        let mut shown = picture;
        shown[0] = 9;
        let before = matroska::before(Duration::from_micros(5), shown.len());
        let expected = [matroska::head(SIZE), before, shown.to_vec()].concat();
        assert_eq!(reader.join().unwrap(), expected);
    }

    #[test]
    fn a_reader_that_goes_away_closes_the_feed() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = Pipe::make(folder.path().join("pipe")).unwrap();
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap();
        let mut reading = OpenOptions::new();
        let reader = reading.read(true).custom_flags(flags).open(pipe.path());
        let open = pipe.open().unwrap().unwrap();
        let feed = Feed::start(open, SIZE).unwrap();
        assert!(feed.has_room() && !feed.is_closed());
        drop(reader.unwrap());
        while !feed.is_closed() {
            feed.send(Duration::ZERO, &[0; 12], |_| {});
        }
    }
}
