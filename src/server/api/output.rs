//! The output of a command, read from a pipe: it needs no disk space, and only the end of a long
//! output takes memory.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::fd::AsFd,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tokio::{
    io::AsyncReadExt,
    net::unix::pipe::{OpenOptions as PipeOptions, Receiver},
    sync::oneshot,
};
use tokio_util::sync::CancellationToken;

/// The most that is kept, in bytes.
const MOST: usize = 1 << 20;

/// The largest read at once: what a pipe holds.
const PIPE: usize = 1 << 16;

/// One stream of a command that is still to be started.
pub(super) struct Output {
    reader: Receiver,
    writer: File,
    name: Name,
}

/// The pipe's name, which goes once nobody has to open it any more.
struct Name(PathBuf);

impl Drop for Name {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Output {
    /// An empty pipe in `folder`. It has a name there, because whoever starts the
    /// command may live in another user namespace, where `/proc/PID/fd` of this
    /// process is closed to it.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = Name(folder.join(format!("output-{number}")));
        mknodat(CWD, &name.0, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)?;
        // The other end opens only once there is this one.
        let reader = PipeOptions::new().open_receiver(&name.0)?;
        let writer = OpenOptions::new().append(true).open(&name.0)?;
        Ok(Self {
            reader,
            writer,
            name,
        })
    }

    /// The file that the command has to write to.
    pub(super) fn path(&self) -> &Path {
        &self.name.0
    }

    /// Reads from now on, when the command runs; gives the end of what it has
    /// written once it `ended`. What it started may write on, to nobody: it must
    /// not end by a broken pipe.
    pub(super) fn read(self, ended: CancellationToken) -> oneshot::Receiver<String> {
        let Self {
            mut reader,
            writer,
            name,
        } = self;
        drop((writer, name));
        let (sender, text) = oneshot::channel();
        tokio::spawn(async move {
            let mut end = End::default();
            let mut part = vec![0; PIPE];
            loop {
                let read = tokio::select! {
                    read = reader.read(&mut part) => read,
                    () = ended.cancelled() => break,
                };
                match read {
                    Ok(length @ 1..) => end.add(&part[..length]),
                    _ => break,
                }
            }
            // What it wrote before its end is in the pipe now, even if nobody has
            // told us yet that something is. No pipe holds more than `MOST`, and
            // what it started may go on writing.
            for _ in 0..MOST / PIPE {
                match rustix::io::read(reader.as_fd(), &mut part) {
                    Ok(length @ 1..) => end.add(&part[..length]),
                    _ => break,
                }
            }
            let _ = sender.send(end.text());
            while matches!(reader.read(&mut part).await, Ok(1..)) {}
        });
        text
    }
}

/// The end of something long.
#[derive(Default)]
struct End(Vec<u8>);

impl End {
    fn add(&mut self, part: &[u8]) {
        self.0.extend_from_slice(part);
        if self.0.len() > 2 * MOST {
            self.0.drain(..self.0.len() - MOST);
        }
    }

    fn text(self) -> String {
        let from = self.0.len().saturating_sub(MOST);
        String::from_utf8_lossy(&self.0[from..]).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;

    use super::*;

    #[tokio::test]
    async fn everything_before_the_end_is_there_and_nothing_is_waited_for_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        // Whoever holds this after the end of the command keeps the pipe open.
        let file = OpenOptions::new().append(true).open(output.path()).unwrap();
        let ended = CancellationToken::new();
        let text = output.read(ended.clone());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let writer = tokio::task::spawn_blocking(move || {
            use std::io::Write as _;
            for _ in 0..3000 {
                (&file).write_all(&[b'x'; 1000]).unwrap();
            }
            (&file).write_all(b"last").unwrap();
            file
        });
        let file = writer.await.unwrap();
        ended.cancel();
        let text = text.await.unwrap();
        assert_eq!(text.len(), MOST);
        assert!(text.ends_with("xlast"));
        let wrote = tokio::task::spawn_blocking(move || {
            use std::io::Write as _;
            (&file).write_all(&vec![b'y'; 4 * PIPE])
        });
        wrote.await.unwrap().unwrap();
    }
}
